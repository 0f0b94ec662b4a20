"""How the constraints of duties are violated."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from bihuan.duties.models import DutyText, Signature
from tests.constraints import BEFORE, Check, Entry, Twice
from tests.factories import NOW, TODAY
from tests.keeping import kept

ENDED = {"start_date": TODAY, "end_date": TODAY, "ended_at": NOW}

ENTRIES: Mapping[str, Entry] = {
    "duty_assigned_once_to_a_post": Twice({"ended_at": None}, apart=ENDED),
    "duty_never_ends_before_it_starts": Check(
        {"start_date": TODAY, "end_date": TODAY}, ({"end_date": TODAY - timedelta(days=1)},)
    ),
    "ended_duty_always_has_a_last_day": Check(ENDED, ({"end_date": None},)),
    "duty_always_has_a_text": Check({"text": "巡查", "number": 1}, ({"text": ""}, {"number": 0})),
    "version_once_of_a_duty": Twice(),
    "duty_text_signed_once_in_a_term": Twice(),
}

TRIGGERS = {
    **kept("duty_text", DutyText, {}, {"text": "另一职责"}, {"number": 9}),
    **kept(
        "duty_signature",
        Signature,
        {},
        {"number": 9},
        {"signed_at": BEFORE},
        {"since_date": TODAY - timedelta(days=1)},
    ),
}
