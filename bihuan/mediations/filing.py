"""What of mediations goes to the archive."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bihuan.cases.kinds import Filing, Paper

FILING = Filing(
    tables={
        "mediations.Mediation": {},
        "mediations.Party": {},
        "mediations.Session": {"record": Paper(_("Record of the meeting"))},
        "mediations.Agreement": {"terms": Paper(_("Terms of the agreement"))},
        "mediations.Confirmation": {},
        "mediations.Performance": {},
    },
)
