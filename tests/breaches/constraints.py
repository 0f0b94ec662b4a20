"""How the constraints of the register of data breaches are violated."""

from __future__ import annotations

from collections.abc import Mapping

from tests.constraints import BEFORE, A, B, Check, Entry, One
from tests.factories import NOW

CLOSED = {"stage": "closed", "closed_at": NOW, "closed_by": A, "asked_by": B}

ENTRIES: Mapping[str, Entry] = {
    "breach_never_found_after_it_was_recorded": Check(
        {"found_at": NOW, "recorded_at": NOW}, ({"recorded_at": BEFORE},)
    ),
    "breach_closed_exactly_when_somebody_checked_it": (
        Check(
            CLOSED,
            ({"closed_at": None}, {"closed_by": None}, {"asked_by": None}, {"stage": "reported"}),
        ),
        Check({}, ({"stage": "closed"}, {"closed_at": NOW}, {"closed_by": A})),
    ),
    "nobody_checks_a_breach_they_handed_in": Check(CLOSED, ({"asked_by": A}, {"closed_by": B})),
    "step_never_stated_before_it_happened": Check(
        {"at": NOW, "made_at": NOW}, ({"made_at": BEFORE},)
    ),
    "step_names_an_authority_exactly_when_one_was_told": (
        Check({"act": "tell", "authority": "police"}, ({"authority": ""}, {"act": "add"})),
        Check({"act": "add"}, ({"act": "tell"}, {"authority": "police"}, {"receipt": "12"})),
    ),
    "step_strikes_another_exactly_when_it_says_so": (
        Check({"act": "strike", "struck": One("step")}, ({"struck": None}, {"act": "add"})),
        Check({"act": "add"}, ({"act": "strike"}, {"struck": One("step")})),
    ),
    "step_has_a_grade_exactly_when_it_grades": (
        Check({"act": "grade", "grade": "lesser"}, ({"grade": ""}, {"act": "add"})),
        Check({"act": "add"}, ({"act": "grade"}, {"grade": "lesser"})),
    ),
}
