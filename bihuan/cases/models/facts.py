"""Facts about the rows around a case, as annotations of the query for the case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Concat

from bihuan.cases import kinds
from bihuan.cases.models.access import Exclusion
from bihuan.cases.models.around import Assist, Contest, Evidence, Extension, Participation
from bihuan.cases.models.undo import UndoableAct
from bihuan.clocks.models import Clock
from bihuan.core.lifecycle import Fact
from bihuan.files.models import StoredFile

if TYPE_CHECKING:
    from bihuan.cases.models.case import Case

# The prefix of a case's chain in the journal.
CASE_SUBJECT = "case/"


Asked = Exists | Subquery


@dataclass(frozen=True)
class Surroundings:
    """Rows that an app above stores about cases, and what the rules need of them.

    `facts` and `beside` are annotations of `with_facts()` and `with_beside()`, by name; `holds` and
    `askers` read them from a case that was loaded with its facts.
    """

    facts: Mapping[str, Asked]
    beside: Mapping[str, Exists]
    holds: Callable[[Case], frozenset[Fact]]
    # Who requested what a move decides: they may not make it.
    askers: Callable[[Case], Mapping[str, int]]


_registered: list[Surroundings] = []


def register(surroundings: Surroundings) -> None:
    """Register these rows. For `AppConfig.ready`."""
    _registered.append(surroundings)


def surroundings() -> tuple[Surroundings, ...]:
    return tuple(_registered)


def clocks_of(number: str = "number") -> QuerySet[Clock]:
    """Return the clocks of the case in the outer query."""
    return Clock.objects.filter(subject=Concat(Value(CASE_SUBJECT), OuterRef(number)))


def facts(cases: type[Case]) -> dict[str, Asked]:
    """Return the annotations that the rules need."""
    here = OuterRef("pk")
    contest = Contest.objects.filter(case=here, upheld=None)
    extension = Extension.objects.filter(case=here, granted=None)
    # Only photos from those who work on the fix show that it was done.
    fixed = Participation.objects.filter(
        case=OuterRef("case"), member=OuterRef("added_by"), side=Participation.Side.FIX
    )
    after = Evidence.objects.filter(
        Exists(fixed),
        case=here,
        phase=Evidence.Phase.AFTER,
        file__kind=StoredFile.Kind.PHOTO,
        added_at__gte=OuterRef("round_at"),
    ).exclude(case__returned_at__gte=F("added_at"))
    fix = clocks_of().filter(
        rule_id__in=sorted(kinds.fix_rules()), started_at__gte=OuterRef("round_at")
    )
    return {
        "assigned_at": Subquery(fix.order_by("started_at").values("started_at")[:1]),
        "has_open_children": Exists(cases._default_manager.filter(parent=here, ended_at=None)),
        "has_after_evidence": Exists(after),
        "contested_by": Subquery(contest.values("raised_by")[:1]),
        "contest_from": Subquery(contest.values("from_unit__path")[:1]),
        "contest_to": Subquery(contest.values("to_unit__path")[:1]),
        "extension_asked_by": Subquery(extension.values("asked_by")[:1]),
        "extension_rule": Subquery(extension.values("rule_id")[:1]),
        **{name: asked for each in _registered for name, asked in each.facts.items()},
    }


def beside(cases: type[Case]) -> dict[str, Exists]:
    """Return the annotations for pages, so that they need no other query."""
    here = OuterRef("pk")
    return {
        "has_bars": Exists(Exclusion.objects.filter(case=here)),
        "has_parts": Exists(cases._default_manager.filter(parent=here)),
        "has_undoable": Exists(UndoableAct.objects.filter(case=here, undone_at=None)),
        "has_assists": Exists(Assist.objects.filter(case=here, ended_at=None)),
        **{name: asked for each in _registered for name, asked in each.beside.items()},
    }
