"""The decision on the grade: by a criterion of the list in force when the hazard was found."""

from __future__ import annotations

from bihuan.cases.actions import loop
from bihuan.core import legible
from bihuan.core.hazard import UPWARD, Grade
from bihuan.core.refusal import Missing, Refusal
from bihuan.criteria import queries as criteria
from bihuan.criteria.lists import Criterion
from bihuan.hazards.models import Judgement
from bihuan.orgs.models import Unit


class UnusableCriterion(Refusal):
    """It is not in a list that was in force when the hazard was found, or is an unconfirmed
    draft.
    """


def judge(act: loop.OfficeAct, grade: str, *, standard: str, criterion: str) -> None:
    """Set the grade, and keep by what it was decided: the criterion with the version of its list
    and its text, or another standard by its name.
    """
    hazard = act.case.hazard
    if grade != Grade.MAJOR:
        standard = criterion = ""
    chosen = _chosen(act, criterion) if criterion else None
    named = cited(chosen) if chosen else legible.clean(standard)
    if grade == Grade.MAJOR and not legible.has_words(named):
        raise Missing("standard")
    act.change(hazard, grade=Grade(grade).value, standard=named)
    hazard.save(update_fields=["grade", "standard"])
    act.detail["grade"] = grade
    if grade == Grade.MAJOR:
        act.detail["criterion"] = named
        _keep(act, chosen, named)


def cited(criterion: Criterion) -> str:
    """Return how papers and ledgers cite the criterion."""
    return f"{criterion.list.name} {criterion.item.key}"[:200]


def upward(grade: str) -> tuple[str, ...]:
    """Return the clock of the report to the level above (HAZ-4)."""
    return (UPWARD,) if grade == Grade.MAJOR else ()


def _chosen(act: loop.OfficeAct, criterion: str) -> Criterion:
    usable = criteria.usable(act.case.hazard.found_date)
    found = next((each for each in usable if each.id == criterion), None)
    if found is None:
        raise UnusableCriterion
    return found


def _keep(act: loop.OfficeAct, chosen: Criterion | None, named: str) -> None:
    unit: Unit = act.unit
    Judgement.objects.create(
        case=act.case,
        grade=Grade.MAJOR.value,
        criterion=chosen.id if chosen else "",
        list_version=chosen.version if chosen else "",
        standard=named,
        text_zh=chosen.item.text.zh if chosen else "",
        text_en=chosen.item.text.en if chosen else "",
        unit=unit,
        judged_at=act.now,
    )
