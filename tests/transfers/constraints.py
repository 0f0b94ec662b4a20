"""How the constraints of transfer letters are violated, and what the triggers refuse."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bihuan.orgs.models import User
from bihuan.transfers.models import Enclosure, Letter
from tests.anyrow import any_row
from tests.constraints import A, B, Check, Entry, One, Twice
from tests.factories import NOW, TODAY

U, V = One("sender"), One("receiver")
OUTSIDE = {"to_unit": None, "to_name": "县公安局"}
DRAFT = {**OUTSIDE, "stage": "draft", "number": ""}
ISSUED = {
    **OUTSIDE,
    "stage": "issued",
    "number": "YSH-2026-0001",
    "drafted_by": A,
    "issued_by": B,
    "issued_at": NOW,
}
RECEIVED = {
    **ISSUED,
    "number": "YSH-2026-0003",
    "stage": "received",
    "received_at": NOW,
    "received_date": TODAY,
}
ANSWERED = {
    **RECEIVED,
    "number": "YSH-2026-0004",
    "stage": "answered",
    "answered_at": NOW,
    "answer": "accepted",
    "answer_text": "已立案。",
    "answer_date": TODAY,
}
WITHDRAWN = {**DRAFT, "stage": "withdrawn", "withdrawn_at": NOW, "reason": "重复"}

ENTRIES: Mapping[str, Entry] = {
    "letter_number_once": Twice(ISSUED, apart={**DRAFT, "issued_by": None, "issued_at": None}),
    "letter_always_has_one_addressee": (
        Check(DRAFT, ({"to_name": ""}, {"to_unit": V})),
        Check({**DRAFT, "to_unit": V, "to_name": ""}, ({"to_name": "县公安局"}, {"to_unit": None})),
    ),
    "letter_never_goes_to_its_sender": Check(
        {**DRAFT, "unit": U, "to_unit": V, "to_name": ""}, ({"to_unit": U},)
    ),
    "letter_numbered_exactly_when_issued": Check(
        {**DRAFT, "drafted_by": A},
        (
            {"number": "YSH-2026-0002"},
            {"issued_at": NOW},
            {"issued_by": B},
            {"issued_at": NOW, "issued_by": B},
        ),
    ),
    "letter_never_issued_by_its_drafter": Check(
        {**DRAFT, "drafted_by": A},
        ({"number": "YSH-2026-0002", "stage": "issued", "issued_at": NOW, "issued_by": A},),
    ),
    "letter_received_always_with_a_day": Check(
        ISSUED,
        ({"receipt": "收1"}, {"received_date": TODAY}, {"received_at": NOW, "stage": "received"}),
    ),
    "letter_answer_always_has_words": Check(
        RECEIVED,
        (
            {"stage": "answered", "answered_at": NOW},
            {"answer": "accepted"},
            {"answer_text": "已立案。"},
            {"answer_date": TODAY},
        ),
    ),
    "letter_withdrawn_always_says_why": Check(
        DRAFT, ({"reason": "重复"}, {"stage": "withdrawn", "withdrawn_at": NOW})
    ),
    "letter_stage_says_what_happened": (
        Check(DRAFT, ({"stage": "issued"}, {"withdrawn_at": NOW, "reason": "重复"})),
        Check(ISSUED, ({"stage": "draft"}, {"stage": "received"}, {"stage": "answered"})),
        Check(RECEIVED, ({"stage": "issued"}, {"stage": "answered"}, {"stage": "withdrawn"})),
        Check(ANSWERED, ({"stage": "received"}, {"stage": "withdrawn"})),
        Check(WITHDRAWN, ({"stage": "draft"},)),
    ),
    "enclosure_rank_once": Twice(),
    "photo_enclosed_once": Twice({"rank": 1}, again={"rank": 2}),
    "enclosure_never_turned_more_than_three_quarters": Check({"turns": 3}, ({"turns": 4},)),
}


def issued(**given: object) -> Letter:
    values: dict[str, Any] = {**ISSUED, "drafted_by": any_row(User), "issued_by": any_row(User)}
    made: Letter = any_row(Letter, **{**values, **given})
    return made


def _enclosed() -> Enclosure:
    """A photo of a letter that is issued afterwards."""
    letter = any_row(Letter, **{**DRAFT, "drafted_by": any_row(User)})
    made: Enclosure = any_row(Enclosure, letter=letter, turns=0)
    Letter.objects.filter(pk=letter.pk).update(
        number="YSH-2026-0009", stage="issued", issued_at=NOW, issued_by=any_row(User)
    )
    return made


def _change(**columns: object) -> Callable[[], object]:
    return lambda: Letter.objects.filter(pk=issued().pk).update(**columns)


TRIGGERS: Mapping[str, tuple[Callable[[], object], ...]] = {
    "issued_letter_stays_changed": (
        _change(found="另一回事。"),
        _change(title="另一回事"),
        _change(place="另一处"),
        _change(basis="另一条"),
        _change(to_name="另一单位"),
        _change(number="YSH-2026-0008"),
        _change(case_number="YH-2026-000009"),
        _change(papers="另一份"),
    ),
    "issued_letter_stays_removed": (
        lambda: Letter.objects.filter(pk=issued().pk)._raw_delete(using="default"),
    ),
    "photo_of_issued_letter_stays_added": (lambda: any_row(Enclosure, letter=issued(), turns=0),),
    "photo_of_issued_letter_stays_changed": (
        lambda: Enclosure.objects.filter(pk=_enclosed().pk).update(caption="另一张"),
    ),
    "photo_of_issued_letter_stays_removed": (
        lambda: Enclosure.objects.filter(pk=_enclosed().pk)._raw_delete(using="default"),
    ),
}
