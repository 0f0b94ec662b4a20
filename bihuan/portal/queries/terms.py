"""The time limits of a case as shown to the public: which are rights, and which are not."""

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
    """What a time limit means for the reader."""

    RIGHT = "right"  # the law grants it, and its text was verified
    YOURS = "yours"  # until when the reporter may act, by law
    LAW = "law"  # the law sets it between offices
    TARGET = "target"  # the office set it for itself


@dataclass(frozen=True)
class Term:
    """One running time limit of the case, and its derivation."""

    clock: Clock
    rule: Rule
    standing: Standing
    derived: Explanation


def standing(rule: Rule) -> Standing | None:
    """Return its meaning; None if the law was not verified: that is never shown (confidence R)."""
    if rule.confidence is Confidence.RECALLED:
        return None
    if rule.confidence is Confidence.PROJECT_DEFAULT:
        return Standing.TARGET
    if rule.owed_by is Party.CITIZEN:
        return Standing.YOURS
    return Standing.RIGHT if rule.is_public_right else Standing.LAW


def is_told(rule_id: str) -> bool:
    """Whether the public may be shown this rule, in any version."""
    known = [rule for rule in rules.every_rule() if rule.id == rule_id]
    return all(standing(rule) is not None for rule in known)


def terms(rows: Iterable[Clock]) -> list[Term]:
    """Return what these clocks mean to the public: rights first, and the first to end first."""
    told = []
    for row in rows:
        clock = running.of(row)
        kind = standing(clock.rule)
        if kind is not None:
            told.append(Term(row, clock.rule, kind, _derived(clock)))
    return sorted(told, key=lambda term: (term.standing is Standing.TARGET, term.clock.due_at))


def _derived(clock: Ticking) -> Explanation:
    """Return the derivation of the staff target, or of the end of the reporter's time."""
    calendar = running.calendar_of(clock.rule)
    if clock.rule.owed_by is Party.STAFF:
        return explain.explain_target(clock, calendar)
    return explain.explain(clock, calendar)
