"""How long the files of hazards are kept, and what of them goes to the archive."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from bihuan.cases.kinds import Filing, Paper, Trait
from bihuan.cases.models import Case
from bihuan.core.retention import GRADE
from bihuan.hazards.models import Hazard


def _grade(case: Case) -> str:
    return case.hazard.grade


def _graded(grades: frozenset[str]) -> Q:
    return Q(Exists(Hazard.objects.filter(case=OuterRef("pk"), grade__in=sorted(grades))))


FILING = Filing(
    traits={GRADE: Trait(_grade, _graded)},
    tables={
        "hazards.Hazard": {
            "standard": Paper(_("Standard")),
            "measures": Paper(_("Measures")),
            "contingency": Paper(_("Contingency plan")),
            "progress": Paper(_("Progress")),
            "remark": Paper(_("Remark")),
        },
        "hazards.Control": {},
    },
)
