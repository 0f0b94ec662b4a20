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
        "hazards.CriterionHint": {},
        "hazards.Judgement": {
            "standard": Paper(_("Standard")),
            "text_zh": Paper(_("Text of the criterion")),
        },
        "hazards.RemedyPlan": {
            "goals": Paper(_("Goals")),
            "methods": Paper(_("Methods")),
            "team": Paper(_("Posts and teams")),
            "safety": Paper(_("Safety measures")),
            "contingency": Paper(_("Contingency plan")),
        },
        "hazards.UpwardReport": {
            "state": Paper(_("State and cause")),
            "harm": Paper(_("Danger and difficulty")),
            "plan": Paper(_("What is planned")),
        },
        "hazards.Listing": {
            "number": Paper(_("Number")),
            "reason": Paper(_("Reason")),
            "conditions": Paper(_("Conditions for removal")),
            "site_findings": Paper(_("Review of the site")),
        },
        "hazards.Order": {
            "number": Paper(_("Number")),
            "basis": Paper(_("Legal basis")),
            "what": Paper(_("What is ordered")),
            "findings": Paper(_("Findings of the re-check")),
            "lifted_because": Paper(_("Why it was lifted")),
        },
        "hazards.Acceptance": {
            "number": Paper(_("Number")),
            "findings": Paper(_("Findings of the team")),
        },
        "hazards.Opinion": {
            "member": Paper(_("Member of the team")),
            "opinion": Paper(_("Opinion")),
        },
    },
)
