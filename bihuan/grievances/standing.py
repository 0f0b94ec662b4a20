"""The state of a grievance or a suggestion, as the journal's entries hold it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bihuan.cases.lent_columns import Lent
from bihuan.cases.standing import CasePart
from bihuan.grievances.models import Grievance, Handover, Opinion, Suggestion

# The case had this column before, so it stays in its line.
LENT = (Lent("stage", "stopped_at", after="ended_at", model=Grievance, field="hearing_began_at"),)
PARTS = (
    CasePart(
        "grievance",
        Grievance,
        _("the content of the grievance"),
        without=tuple(each.kept.name for each in LENT),
    ),
    CasePart("handovers", Handover, _("the transfers")),
    CasePart("opinions", Opinion, _("the written opinions")),
    CasePart("suggestion", Suggestion, _("the content of the suggestion")),
)
