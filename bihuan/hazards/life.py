"""The hazard as the loop knows it: its table, its numbers, and who answers for its clocks."""

from __future__ import annotations

from bihuan.cases.lives import Life, Look
from bihuan.cases.models import Case
from bihuan.core.hazard import HAZARD, Stage
from bihuan.core.powers import Power

CHECKED = frozenset({Stage.VERIFIED, Stage.CLOSED, Stage.RECHECKED})


def look(case: Case) -> Look:
    """When the fix was checked, if it was."""
    return Look(checked_date=case.hazard.verified_date if case.stage in CHECKED else None)


LIFE = Life(
    lifecycle=HAZARD,
    series="YH",
    look=look,
    shows_fix=frozenset({Stage.ASSIGNED, Stage.RECTIFYING, Stage.SUBMITTED}),
    answerable={
        "LOC-1": (frozenset({Power.COORDINATE}), "origin"),
        "LOC-2": (frozenset({Power.COORDINATE}), "origin"),
        "HAZ-5": (frozenset({Power.HANDLE}), "owner"),
        "LOC-3": (frozenset({Power.VERIFY}), "above"),
        "HAZ-7": (frozenset({Power.VERIFY}), "above"),
        "LOC-4": (frozenset({Power.VERIFY}), "above"),
        "LOC-5": (frozenset({Power.APPROVE, Power.COORDINATE}), "above"),
        "LOC-7": (frozenset({Power.HANDLE}), "owner"),
        "HAZ-11a": (frozenset({Power.COORDINATE}), "origin"),
        "HAZ-11b": (frozenset({Power.COORDINATE, Power.APPROVE}), "above"),
        "LOC-8": (frozenset({Power.COORDINATE, Power.APPROVE}), "above"),
    },
)
