"""The time limits of a case as the public is told of them: what is a right, and what is not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bihuan.clocks.actions import running
from bihuan.clocks.models import Clock
from bihuan.core import explain, rules
from bihuan.core.clocks import Clock as Ticking
from bihuan.core.explain import Explanation
from bihuan.core.rules import Confidence, Party, Rule


class Standing(StrEnum):
    """What a time limit is to whoever reads it."""

    RIGHT = "right"  # the law gives it, and somebody has read the law
    YOURS = "yours"  # until when the person may act, by law
    LAW = "law"  # the law sets it between offices
    TARGET = "target"  # the office set it for itself


@dataclass(frozen=True)
class Term:
    """One time limit that runs on the case, and how it came about."""

    clock: Clock
    rule: Rule
    standing: Standing
    derived: Explanation


def standing(rule: Rule) -> Standing | None:
    """Nothing where nobody has read the law: that is never shown (confidence R)."""
    if rule.confidence is Confidence.RECALLED:
        return None
    if rule.confidence is Confidence.PROJECT_DEFAULT:
        return Standing.TARGET
    if rule.owed_by is Party.CITIZEN:
        return Standing.YOURS
    return Standing.RIGHT if rule.is_public_right else Standing.LAW


def is_told(rule_id: str) -> bool:
    """Whether the public may be told of this rule, whichever version of it runs."""
    known = [rule for rule in rules.every_rule() if rule.id == rule_id]
    return all(standing(rule) is not None for rule in known)


def terms(rows: Iterable[Clock]) -> list[Term]:
    """What these clocks are to the public: rights first, and the first to end first."""
    told = []
    for row in rows:
        clock = running.of(row)
        kind = standing(clock.rule)
        if kind is not None:
            told.append(Term(row, clock.rule, kind, _derived(clock)))
    return sorted(told, key=lambda term: (term.standing is Standing.TARGET, term.clock.due_at))


def _derived(clock: Ticking) -> Explanation:
    """How the end came about that the office works towards, or until which the person may act."""
    calendar = running.calendar_of(clock.rule)
    if clock.rule.owed_by is Party.STAFF:
        return explain.explain_target(clock, calendar)
    return explain.explain(clock, calendar)
