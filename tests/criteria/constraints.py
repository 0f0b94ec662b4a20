"""How each constraint of criteria is violated."""

from __future__ import annotations

from collections.abc import Mapping

from tests.constraints import BEFORE, Check, Entry, Twice
from tests.factories import NOW

ENTRIES: Mapping[str, Entry] = {
    "criterion_confirmed_once": Twice({"withdrawn_at": None}, {"withdrawn_at": NOW}),
    "criterion_withdrawn_after_its_confirmation": Check(
        {"confirmed_at": NOW, "withdrawn_at": NOW}, ({"withdrawn_at": BEFORE},)
    ),
}
