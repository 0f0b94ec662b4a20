"""How the constraints of risks are violated."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from bihuan.risks.models import ControlCheck
from tests.constraints import A, B, Check, Entry, Twice
from tests.factories import NOW, TODAY
from tests.keeping import kept

GRADED = {"likelihood": 3, "consequence": 3, "colour": "yellow"}
GRANTED = {"asked_by": A, "decided_by": B, "decided_at": NOW, "is_granted": True}
REFUSED = {"asked_by": A, "decided_by": A, "decided_at": NOW, "is_granted": False}

ENTRIES: Mapping[str, Entry] = {
    "risk_once_at_a_site": Twice(GRADED),
    "risk_always_has_levels_of_the_matrix": Check(
        GRADED,
        ({"likelihood": 0}, {"likelihood": 6}, {"consequence": 0}, {"consequence": 6}),
    ),
    "risk_always_has_one_of_four_colours": Check(GRADED, ({"colour": "green"}, {"colour": ""})),
    "risk_retired_exactly_when_the_stage_says_so": (
        Check(GRADED, ({"stage": "retired"}, {"retired_at": NOW})),
        Check(
            {**GRADED, "stage": "retired", "retired_at": NOW},
            ({"stage": "in_force"}, {"retired_at": None}),
        ),
    ),
    "one_open_regrading_of_a_risk": Twice({"is_granted": None}, apart=GRANTED),
    "nobody_confirms_a_lower_grade_they_proposed": (
        Check(GRANTED, ({"decided_by": A},)),
        Check(REFUSED, ({"is_granted": True},)),
    ),
    "regrading_is_decided_by_somebody": (
        Check({"is_granted": None}, ({"is_granted": False}, {"decided_by": B, "asked_by": A})),
        Check(GRANTED, ({"decided_by": None}, {"decided_at": None}, {"is_granted": None})),
    ),
    "control_is_checked_at_least_every_two_years": Check(
        {"every_days": 30}, ({"every_days": 0}, {"every_days": 731})
    ),
    "control_never_due_before_its_last_check": Check(
        {
            "every_days": 1,
            "last_checked_date": TODAY,
            "next_due_date": TODAY + timedelta(days=1),
        },
        ({"next_due_date": TODAY},),
    ),
    "failed_check_always_says_why": Check(
        {"is_effective": False, "note": "门锁坏"}, ({"note": ""},)
    ),
}

TRIGGERS = kept(
    "control_check",
    ControlCheck,
    {"is_effective": True},
    {"checked_date": TODAY - timedelta(days=9)},
    {"is_effective": False, "note": "失效"},
    {"recorded_at": NOW - timedelta(days=9)},
)
