"""How each constraint about retention is violated."""

from __future__ import annotations

from datetime import timedelta

from tests.constraints import BEFORE, GRANTED, REFUSED, A, B, Check, Entry, Twice
from tests.factories import NOW, TODAY

LATER = NOW + timedelta(seconds=1)
LIFTED_AT = {"lifted_at": NOW}
LIFTED = {**LIFTED_AT, "lifted_by": A, "why_lifted": "判决生效"}

ENTRIES: dict[str, Entry] = {
    "case_is_never_disposed_of_before_it_ended": Check(
        {"reported_at": BEFORE, "ended_at": NOW, "disposed_at": LATER},
        ({"disposed_at": NOW}, {"ended_at": BEFORE - timedelta(1)}),
    ),
    "nothing_of_a_held_case_is_ever_erased_or_corrected": (
        Check({**REFUSED, "is_held": True}, (GRANTED, {"outcome": "partly"})),
        Check({}, ({"is_held": True},)),
    ),
    "refusal_names_a_hold_only_where_there_is_one": Check(
        {**REFUSED, "is_held": True, "basis": "held"}, ({"is_held": False},)
    ),
    "gone_row_once": Twice(),
    "gone_row_is_always_known_by_a_digest": Check(
        {"key": "0" * 32}, ({"key": "井盖破损"}, {"key": ""})
    ),
    "hold_is_on_a_case_or_on_a_unit": Check(
        {"unit": A, "case": None}, ({"unit": None}, {"case": B})
    ),
    "hold_always_says_why": Check({"reason": "涉诉"}, ({"reason": ""},)),
    "hold_is_lifted_by_somebody_with_a_reason": (
        Check(LIFTED, ({"lifted_by": None}, {"why_lifted": ""}, {"lifted_at": None})),
        Check({}, (LIFTED_AT, {"why_lifted": "判决生效"}, {"lifted_by": A})),
    ),
    "nobody_confirms_their_own_disposal_list": Check(
        {"proposed_by": A, "confirmed_by": B, "confirmed_at": NOW}, ({"confirmed_by": A},)
    ),
    "disposal_list_is_confirmed_by_somebody_at_some_time": Check(
        {"confirmed_by": A, "confirmed_at": NOW}, ({"confirmed_by": None}, {"confirmed_at": None})
    ),
    "disposal_list_always_has_a_reason": Check({"reason": "保管期满"}, ({"reason": ""},)),
    "nothing_is_disposed_of_without_a_second_officer": Check(
        {}, ({"done_at": NOW}, {"cases_gone": 1}, {"files_gone": 1})
    ),
    "disposal_list_is_withdrawn_or_done": Check(
        {"confirmed_by": A, "confirmed_at": NOW, "done_at": NOW}, ({"withdrawn_at": NOW},)
    ),
    "case_is_on_one_disposal_list_at_a_time": Twice(
        {"state": "waiting"}, apart={"state": "left", "why": "held"}
    ),
    "case_that_is_kept_after_all_says_why": (
        Check({"state": "waiting"}, ({"why": "held"}, {"state": "left"})),
        Check({"state": "left", "why": "held"}, ({"why": ""},)),
    ),
    "hand_over_is_received_with_a_receipt_and_its_day": Check(
        {"receipt": "档接3号", "received_date": TODAY, "received_at": NOW},
        ({"receipt": ""}, {"received_date": None}, {"received_at": None}),
    ),
    "hand_over_is_never_empty": Check({"cases": 1}, ({"cases": 0},)),
    "case_once_in_a_hand_over": Twice(),
}  # fmt: skip
