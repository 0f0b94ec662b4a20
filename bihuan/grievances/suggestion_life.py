"""The suggestion as the loop knows it: its table, its numbers, and who answers for its clock."""

from __future__ import annotations

from bihuan.cases.lives import Life, Look
from bihuan.cases.models import Case
from bihuan.core.lifecycle import Fact
from bihuan.core.powers import Power
from bihuan.core.suggestion import SUGGESTION


def look(case: Case) -> Look:
    """Whether the person agreed that it is published."""
    agreed = case.suggestion.may_publish
    return Look(facts=frozenset({Fact.MAY_PUBLISH}) if agreed else frozenset())


LIFE = Life(
    lifecycle=SUGGESTION,
    series="JY",
    look=look,
    answerable={
        "PET-1": (frozenset({Power.COORDINATE, Power.APPROVE}), "owner"),
        "LOC-14": (frozenset({Power.COORDINATE, Power.APPROVE}), "owner"),
    },
)
