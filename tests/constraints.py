"""How each constraint is violated: a row that may stand, and what makes it wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F

from tests.factories import NOW, TODAY

Values = Mapping[str, Any]


@dataclass(frozen=True)
class One:
    """A record that is made for the entry; the same name in two columns means the same record."""

    name: str


@dataclass(frozen=True)
class Check:
    """A row that may stand, and changes to it each of which is refused."""

    stands: Values
    refused: tuple[Values, ...]


@dataclass(frozen=True)
class Twice:
    """What two rows have in common besides the constraint's own columns, so that the second is
    refused; `again` is the second's own, and `apart` lets it stand where there is a condition."""

    stands: Values = field(default_factory=dict)
    apart: Values = field(default_factory=dict)
    again: Values = field(default_factory=dict)


Entry = Twice | Check | tuple[Check, ...]

A, B, C, L = One("a"), One("b"), One("c"), One("letter")
BEFORE = NOW - timedelta(seconds=1)
KEY = UUID(int=7)
ENDED = {"stage": "rejected", "ended_at": NOW}
# Of a kind that nobody registered, so that no constraint of a kind is asked.
NO_HAZARD = {"kind": "other", "stage": "begun"}
PHOTO = {
    "kind": "photo", "width": 1, "height": 1,
    "capture_place": "no_place", "capture_time": "no_time",
}  # fmt: skip
SEEN = {"kind": "letter", "shown_at": NOW, "seen_at": NOW}
UNDONE = {"until_at": NOW, "undone_at": NOW, "undo_seq": 2}
BY_OFFICER = {"added_by": A, "slot": "", "shown_to": "office"}
BY_B = {"granted_at": NOW, "confirmed_at": NOW, "confirmed_by": B}
CONFIRMED = Check(BY_B, ({"confirmed_by": None}, {"confirmed_at": None}, {"granted_at": None}))
BY_ANOTHER = Check({**BY_B, "granted_by": A}, ({"granted_by": B}, {"confirmed_by": A}))
CONFIRMED_HELD = {"decided_at": NOW, "decided_by": A, "is_confirmed": True, "note": "已核实"}
GRANTED = {"decided_at": NOW, "decided_by": A, "unit": One("unit"), "outcome": "granted"}
REFUSED = {**GRANTED, "outcome": "refused", "answer": "案件仍在办理。", "basis": "needed"}
STOPPED = {"outcome": "met", "stopped_at": NOW}
DONE = {"done_at": NOW, "done_by": A, "answer": "已查看。"}
ISSUED = {
    "drafted_by": A, "issued_by": B, "issued_at": NOW, "letter": L,
    "request": "修灯", "facts": "已坏", "reasons": "该修", "decision": "support",
}  # fmt: skip


BARRED_UNIT = {"unit": A, "member": None, "since_at": NOW}
IMPORT_CONFIRMED = {
    "import_check": "confirmed", "channel": "import", "import_by": A, "import_checked_by": B,
}  # fmt: skip

ORGANISATION: dict[str, Entry] = {
    "unit_is_never_its_own_parent": Check({}, ({"parent": F("pk")},)),
    "only_a_closed_unit_has_a_successor": Check(
        {"end_date": TODAY, "successor": A}, ({"end_date": None},)
    ),
    "unit_never_succeeds_itself": Check({"end_date": TODAY}, ({"successor": F("pk")},)),
    "post_title_once_in_a_unit": Twice(),
    "post_has_one_open_holder": Twice({"end_date": None}, apart={"end_date": TODAY}),
    "tenure_never_ends_before_it_starts": Check(
        {"start_date": TODAY, "end_date": TODAY}, ({"end_date": TODAY - timedelta(days=1)},)
    ),
    "powers_confirmed_by_somebody": CONFIRMED,
    "nobody_confirms_powers_they_added": BY_ANOTHER,
    "tenure_confirmed_by_somebody": CONFIRMED,
    "nobody_confirms_an_appointment_they_made": BY_ANOTHER,
    "nobody_confirms_their_own_appointment": Check({"member": A, **BY_B}, ({"confirmed_by": A},)),
    "password_confirmed_by_somebody": CONFIRMED,
    "nobody_confirms_a_password_they_gave": BY_ANOTHER,
    "nobody_confirms_their_own_password": Check(BY_B, ({"confirmed_by": F("pk")},)),
    "post_is_never_left_before_the_day_of_the_entry": Check(
        {"start_date": TODAY, "end_date": TODAY, "acted_until_date": TODAY},
        ({"acted_until_date": TODAY - timedelta(days=1)}, {"end_date": None}),
    ),
    "stand_in_always_has_a_last_day": Check(
        {"holder_tenure": A, "end_date": TODAY}, ({"end_date": None},)
    ),
    "only_a_stand_in_is_stopped": Check(
        {"holder_tenure": A, "end_date": TODAY, "stopped_at": NOW}, ({"holder_tenure": None},)
    ),
    "stand_in_asked_once_for_a_day": Twice(),
    "stand_in_never_asked_to_end_before_the_start": Check(
        {"start_date": TODAY, "end_date": TODAY}, ({"end_date": TODAY - timedelta(days=1)},)
    ),
    "chain_subject_once": Twice(),
    "entry_seq_once_in_a_chain": Twice(),
    "values_kept_once_for_an_entry": Twice(),
    "written_counted_once_on_a_line": Twice(),
    "erased_values_are_never_there": Check({"erased_at": NOW}, ({"before": "{}"}, {"after": "{}"})),
    "run_takes_a_turn_once": Twice(),
    "run_never_ends_before_it_starts": Check(
        {"started_at": NOW, "ended_at": NOW}, ({"ended_at": BEFORE},)
    ),
    "time_seen_is_one_row": Check({"id": 1}, ({"id": 2},)),
    "calendar_year_version_once": Twice(),
    "calendar_year_version_starts_at_1": Check({"version": 1}, ({"version": 0},)),
    "stored_file_is_never_empty": Check({"size_bytes": 1}, ({"size_bytes": 0},)),
    "photo_always_has_a_size_in_pixels_and_a_document_never": (
        Check(PHOTO, tuple({side: n} for side in ("width", "height") for n in (None, 0))),
        Check({"kind": "document"}, ({"width": 1}, {"height": 1})),
    ),
    "photo_always_has_a_capture_verdict_and_a_document_never": (
        Check(PHOTO, ({"capture_place": ""}, {"capture_time": ""}, {"capture_place": "near"})),
        Check({"kind": "document"}, ({"capture_place": "no_place"}, {"capture_time": "no_time"})),
    ),
    "photo_of_the_public_never_has_a_name_of_its_own": (
        Check(
            PHOTO | {"name": "photo.jpg"}, ({"name": "IMG_张三.jpg"}, {"name": "photo-张三.jpg"})
        ),
        Check(PHOTO | {"stored_by": A, "name": "桥.jpg"}, ({"stored_by": None},)),
    ),
    "document_never_has_a_perceptual_hash": Check({"kind": "document"}, ({"perceptual_hash": 1},)),
    "attachment_always_has_a_subject": Check({"subject": "unit/a"}, ({"subject": ""},)),
    "form_attaches_the_same_file_once": Twice({"form_key": KEY}),
    "told_once_of_a_cause": Twice(),
    "passkey_name_once_for_officer": Twice(),
    "recovery_code_once": Twice(),
    "nobody_confirms_the_removal_they_asked_for": Check(
        {"asked_by": A, "confirmed_by": B, "ended_at": NOW}, ({"confirmed_by": A},)
    ),
    "nobody_removes_their_own_lost_factor": Check(
        {"holder": C, "asked_by": A, "confirmed_by": B, "ended_at": NOW},
        ({"holder": A}, {"holder": B}),
    ),
    "subject_of_one_officer": Twice(),
    "confirmed_removal_has_always_ended": Check(
        {"asked_by": A, "confirmed_by": B, "ended_at": NOW}, ({"ended_at": None},)
    ),
    "one_open_removal_for_each_officer": Twice({"ended_at": None}, apart={"ended_at": NOW}),
}

CASES: dict[str, Entry] = {
    "renewed_code_says_when": Check({}, ({"renewed_at": NOW}, {"renewals": 1})),
    "act_is_held_once": Twice(apart=CONFIRMED_HELD),
    "held_act_is_decided_by_somebody_with_a_reason": Check(
        CONFIRMED_HELD,
        ({"decided_by": None}, {"decided_at": None}, {"is_confirmed": None}, {"note": ""}),
    ),
    "nobody_decides_what_they_entered": Check({**CONFIRMED_HELD, "member": B}, ({"member": A},)),
    "one_amendment_open_for_each_thing": Twice(apart=GRANTED),
    "amendment_is_decided_by_somebody_for_a_unit": (
        Check({}, ({"outcome": "granted"}, {"decided_by": A}, {"decided_at": NOW})),
        Check(GRANTED, ({"decided_by": None}, {"unit": None}, {"outcome": ""})),
    ),
    "withdrawn_amendment_is_never_decided": Check(GRANTED, ({"withdrawn_at": NOW},)),
    "refused_amendment_always_says_why_and_by_what_law": Check(
        REFUSED, ({"answer": ""}, {"basis": ""}, {"outcome": "partly", "basis": ""})
    ),
    "open_correction_always_brings_the_right_words": Check(
        {"wants": "correct", "right_words": "三轮车"}, ({"right_words": ""},)
    ),
    "erasure_never_brings_words": Check({}, ({"right_words": "三轮车"},)),
    "whoever_handled_it_never_decides_what_is_amended": Check(
        {**GRANTED, "handled_by": B}, ({"handled_by": A},)
    ),
    "one_side_for_each_person": Twice(),
    "batch_ordered_once_by_a_form": Twice(),
    "case_once_in_a_batch": Twice(),
    "what_a_batch_refused_says_why": Check(
        {"state": "refused", "why": "已变动"}, ({"why": ""}, {"state": "undone"}, {"state": "gone"})
    ),
    "clock_stopped_exactly_when_it_has_an_outcome": (
        Check({"outcome": "running"}, ({"stopped_at": NOW}, {"outcome": "met"})),
        Check(STOPPED, ({"stopped_at": None}, {"outcome": "running"})),
    ),
    "one_clock_runs_where_only_one_may": Twice({"is_only": True}, apart=STOPPED),
    "stopped_clock_never_causes_anything": Check(STOPPED, ({"next_at": NOW},)),
    "provisional_clock_names_its_holidays": Check(
        {"is_provisional": True, "calendar_version": "0123456789ab"}, ({"calendar_version": ""},)
    ),
    "only_what_is_due_is_provisional": Check(
        {"due_at": NOW, "is_due_provisional": True}, ({"due_at": None},)
    ),
    "file_once_in_a_phase_of_a_case": Twice(),
    "evidence_always_comes_from_an_officer_or_under_a_code": Check(
        BY_OFFICER, ({"added_by": None}, {"slot": "reporter", "shown_to": "codes"})
    ),
    "only_after_photos_of_officers_are_ever_compared": Check(
        {**BY_OFFICER, "phase": "after", "reused_from": B},
        ({"phase": "before"}, {"added_by": None, "slot": "reporter", "shown_to": "giver"}),
    ),
    "only_an_officer_ever_brings_evidence_of_a_check": Check(
        {**BY_OFFICER, "phase": "check"},
        ({"added_by": None, "slot": "reporter", "shown_to": "giver"},),
    ),
    "photo_never_turned_more_than_three_quarters": Check(
        {"turns": 3, **BY_OFFICER}, ({"turns": 4},)
    ),
    "evidence_always_says_for_whom_it_is": (
        Check({**BY_OFFICER, "shown_to": "codes"}, ({"shown_to": "giver"}, {"shown_to": "all"})),
        Check({"slot": "reporter", "shown_to": "giver"}, ({"shown_to": "office"},)),
    ),
    "one_extension_asked_at_a_time": Twice(
        {"granted": None}, apart={"granted": True, "decided_by": A}
    ),
    "nobody_grants_their_own_extension": Check(
        {"asked_by": A, "decided_by": B, "granted": True}, ({"decided_by": A},)
    ),
    "extension_decided_by_somebody": (
        Check({"granted": None}, ({"granted": True}, {"granted": False}, {"decided_by": B})),
        Check({"granted": True, "decided_by": B}, ({"decided_by": None},)),
    ),
    "one_contest_at_a_time": Twice({"upheld": None}, apart={"upheld": True}),
    "nobody_decides_their_own_contest": Check(
        {"raised_by": A, "decided_by": B}, ({"decided_by": A},)
    ),
    "phrase_is_of_an_officer_or_of_a_unit": Check({"member": A, "unit": None}, ({"member": None},)),
    "act_undoable_once": Twice(),
    "act_never_undone_after_its_time": Check(UNDONE, ({"until_at": BEFORE},)),
    "undone_act_always_names_its_entry": Check(UNDONE, ({"undo_seq": None}, {"undone_at": None})),
    "message_never_seen_before_it_is_shown": Check(SEEN, ({"seen_at": BEFORE},)),
    "unit_assists_a_case_once": Twice({"ended_at": None}, apart={"ended_at": NOW}),
    "view_name_once_for_a_member": Twice(),
    "one_seal_for_each_slot": Twice(),
    "one_probe_for_each_seal_key": Twice(),
    "seal_is_empty_exactly_when_erased": (
        Check({}, ({"content": ""}, {"wrapped_key": ""}, {"erased_at": NOW})),
        Check(
            {"content": "", "wrapped_key": "", "erased_at": NOW},
            ({"content": "x"}, {"wrapped_key": "x"}, {"erased_at": None}),
        ),
    ),
    "nobody_allows_their_own_opening": Check(
        {"asked_by": A, "allowed_by": B}, ({"allowed_by": A},)
    ),
    "in_danger_nobody_opens_alone": Check(
        {"is_danger": True, "opened_at": NOW, "allowed_by": A}, ({"allowed_by": None},)
    ),
    "opening_always_has_a_reason": Check({"reason": "回访"}, ({"reason": ""},)),
    "bar_names_a_unit_or_an_officer": (
        Check(BARRED_UNIT, ({"unit": None, "since_at": None}, {"member": B})),
        Check({"unit": None, "member": A}, ({"member": None}, {"unit": B, "since_at": NOW})),
    ),
    "bar_of_a_unit_always_says_since_when": (
        Check(BARRED_UNIT, ({"since_at": None},)),
        Check({"unit": None, "member": A}, ({"since_at": NOW},)),
    ),
    "unit_barred_once": Twice(BARRED_UNIT),
    "officer_barred_once": Twice({"unit": None, "member": A}),
    "post_needs_to_know_once": Twice(),
    "one_code_for_each_slot": Twice(),
    "code_is_hardened_or_waits_for_it": (
        Check(
            {"code_hash": b"1", "quick_hash": None, "sealed_code": ""},
            ({"quick_hash": b"2"}, {"sealed_code": "x"}, {"code_hash": None}),
        ),
        Check(
            {"code_hash": None, "quick_hash": b"2", "sealed_code": "x"},
            ({"code_hash": b"1"}, {"sealed_code": ""}, {"quick_hash": None}),
        ),
    ),
    "message_comes_from_the_office_or_the_reporter": tuple(
        Check({"kind": kind, "member": None, "unit": None}, ({"member": A}, {"unit": A}))
        for kind in ("answer", "addition")
    ),
    "not_solved_always_has_its_item": (
        Check({"solved": False, "item": A}, ({"item": None}, {"solved": True})),
        Check({"solved": True, "item": None}, ({"solved": False},)),
    ),
    "stars_are_one_to_five": (
        Check({"stars": 1}, ({"stars": 0},)),
        Check({"stars": 5}, ({"stars": 6},)),
    ),
    "unsolved_is_done_by_somebody_with_an_answer": (
        Check({"done_at": None}, ({"done_at": NOW}, {"done_by": A})),
        Check(DONE, ({"answer": ""}, {"done_by": None}, {"done_at": None})),
    ),
    "whoever_handled_it_never_looks_into_it": Check(
        {**DONE, "handled_by": B}, ({"handled_by": A},)
    ),
    "form_taken_once": Twice({"form_key": KEY, "reported_by": A}, apart={"form_key": None}),
    "public_form_taken_once": Twice(
        {"form_key": KEY, "reported_by": None}, apart={"reported_by": A}
    ),
    "linked_row_once": Twice(),
    "ledger_row_once": Twice({"source_key": "sha256"}, apart={"source_key": ""}),
    "nobody_verifies_their_own_fix": Check(
        {"resolved_by": A, "verified_by": B}, ({"verified_by": A}, {"resolved_by": B})
    ),
    "nobody_closes_their_own_fix": Check(
        {"resolved_by": A, "closed_by": B}, ({"closed_by": A}, {"resolved_by": B})
    ),
    "no_unit_verifies_its_own_fix": Check(
        {"resolved_unit": A, "verified_unit": B}, ({"verified_unit": A}, {"resolved_unit": B})
    ),
    "no_named_resolver_verifies": (
        Check(
            {"resolver_name": "王整改", "verifier_name": "赵验收"}, ({"verifier_name": "王整改"},)
        ),
        Check({"resolver_name": "", "verifier_name": ""}, ()),
    ),
    "only_an_import_is_ever_unverified": (
        Check({"import_check": ""}, ({"import_by": A}, {"import_checked_by": B})),
        Check(
            {"import_check": "waiting", "channel": "import", "import_by": A},
            ({"channel": "desk"}, {"import_checked_by": B}),
        ),
        Check(IMPORT_CONFIRMED, ({"channel": "desk"}, {"import_checked_by": None})),
    ),
    "nobody_confirms_their_own_import": Check(IMPORT_CONFIRMED, ({"import_checked_by": A},)),
    "what_follows_another_has_always_ended": Check(
        {**NO_HAZARD, "ended_at": NOW, "duplicate_of": A}, ({"ended_at": None},)
    ),
    "case_never_ends_before_it_was_reported": Check(
        {**ENDED, "reported_at": NOW}, ({"ended_at": BEFORE},)
    ),
    "register_gives_an_hour_only_with_its_day": Check(
        {"deadline_date": TODAY, "deadline_time": time(9)}, ({"deadline_date": None},)
    ),
    "place_has_both_coordinates_or_none": (
        Check(
            {"latitude": 90.0, "longitude": -180.0},
            ({"latitude": None}, {"longitude": None}, {"latitude": 90.1}, {"longitude": -180.1}),
        ),
        Check({}, ({"latitude": 24.2}, {"longitude": 102.5})),
    ),
}

KINDS: dict[str, Entry] = {
    "one_party_in_a_slot": Twice(),
    "one_text_on_the_table": Twice({"withdrawn_at": None}, apart={"withdrawn_at": NOW}),
    "what_is_in_force_was_never_withdrawn": (
        Check({"in_force_at": NOW}, ({"withdrawn_at": NOW},)),
        Check({"withdrawn_at": NOW}, ({"in_force_at": NOW},)),
    ),
    "party_confirms_a_text_once": Twice(),
    "promise_is_kept_or_broken_exactly_when_done": (
        Check({"done_at": None}, ({"done_at": NOW}, {"was_kept": True}, {"was_kept": False})),
        Check({"done_at": NOW, "was_kept": False}, ({"was_kept": None}, {"done_at": None})),
    ),
    "budget_is_never_negative": Check({"budget": 0}, ({"budget": -1},)),
    "control_never_ends_before_it_starts": Check(
        {"added_at": NOW, "ended_at": NOW}, ({"ended_at": BEFORE},)
    ),
    "category_is_never_its_own_parent": Check({}, ({"parent": F("pk")},)),
    "one_handover_at_a_time": Twice({"ended_at": None}, apart={"ended_at": NOW}),
    "one_opinion_for_each_round": Twice(),
    "nobody_issues_their_own_draft": Check(
        {"drafted_by": A, "issued_by": B}, ({"issued_by": A}, {"drafted_by": B})
    ),
    "issued_opinion_always_has_its_parts": Check(
        ISSUED,
        (
            {"issued_by": None}, {"letter": None},
            {"request": ""}, {"facts": ""}, {"reasons": ""}, {"decision": ""},
        ),
    ),
    "opinion_never_served_before_its_issue": (
        Check(
            {**ISSUED, "served_at": NOW, "served_way": "in_person"},
            ({"served_at": BEFORE}, {"served_at": None}, {"served_way": ""}, {"issued_at": None}),
        ),
        Check({}, ({"served_at": NOW, "served_way": "in_person"},)),
    ),
    "suggestion_answered_with_reasons": tuple(
        Check({"adopted": adopted, "answer": "已研究。"}, ({"answer": ""},))
        for adopted in (True, False)
    ),
    "mapping_name_once_in_a_unit": Twice(),
    "mapping_remembered_once_for_a_header": Twice(),
    "idempotency_key_makes_one_case": Twice(
        {"idempotency_digest": b"digest"}, apart={"idempotency_digest": None}
    ),
    "picture_waits_exactly_while_its_address_is_kept": (
        Check({}, ({"url": ""}, {"next_at": None})),
        Check({"url": "", "next_at": None}, ({"url": "https://example.org/"}, {"next_at": NOW})),
    ),
    "reception_ends_after_it_starts": Check(
        {"starts_at": time(9), "ends_at": time(10)}, ({"ends_at": time(9)},)
    ),
    "place_named_once_for_a_unit": Twice({"unit": A, "name": "a"}),
    "slot_booked_once": Twice({"given_back_at": None}, apart={"given_back_at": NOW}),
}  # fmt: skip

ENTRIES = ORGANISATION | CASES | KINDS
