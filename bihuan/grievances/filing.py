"""How the files of grievances and suggestions are kept, and what of them goes to the archive."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.cases.kinds import Filing, Paper, Trait
from bihuan.cases.models import Case
from bihuan.core.retention import LED, NO, YES
from bihuan.grievances.models import Grievance
from bihuan.grievances.wording import DECISIONS


def _is_led(case: Case) -> str:
    return YES if Grievance.objects.filter(case=case, lead__isnull=False).exists() else NO


def _led(values: frozenset[str]) -> Q:
    # A subquery: negating a join would leave out cases without such a row.
    led = Q(Exists(Grievance.objects.filter(case=OuterRef("pk"), lead__isnull=False)))
    return led if YES in values else ~led


OF_GRIEVANCES = Filing(
    traits={LED: Trait(_is_led, _led)},
    tables={
        "grievances.Grievance": {},
        "grievances.Handover": {},
        "grievances.Opinion": {
            "request": Paper(_("Request")),
            "facts": Paper(pgettext_lazy("case", "Details")),
            "reasons": Paper(_("Reasons")),
            "decision": Paper(
                pgettext_lazy("written opinion", "Decision"), lambda said: str(DECISIONS[said])
            ),
            "basis": Paper(_("Legal basis")),
        },
    },
)
OF_SUGGESTIONS = Filing(tables={"grievances.Suggestion": {"answer": Paper(_("Answer"))}})
