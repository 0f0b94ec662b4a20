"""How each constraint of criteria is violated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bihuan.criteria.models import Confirmation
from tests.anyrow import any_row, any_value
from tests.constraints import BEFORE, A, Check, Entry, Twice
from tests.factories import NOW

ALONE: dict[str, Any] = {"second_post": None, "seconded_at": None}
SECONDED: dict[str, Any] = {
    "confirmed_at": NOW, "withdrawn_at": None, "second_post": A, "seconded_at": NOW,
}  # fmt: skip

ENTRIES: Mapping[str, Entry] = {
    "criterion_confirmed_once": Twice({"withdrawn_at": None}, {"withdrawn_at": NOW}),
    "criterion_withdrawn_after_its_confirmation": Check(
        {"confirmed_at": NOW, "withdrawn_at": NOW, **ALONE}, ({"withdrawn_at": BEFORE},)
    ),
    "criterion_seconded_exactly_by_a_post": (
        Check({"confirmed_at": NOW, "withdrawn_at": None, **ALONE}, ({"seconded_at": NOW},)),
        Check(SECONDED, ({"seconded_at": BEFORE}, {"second_post": None})),
    ),
}


def _row(row: dict[str, Any]) -> Confirmation:
    post = any_value(Confirmation._meta.get_field("second_post"))
    found: Confirmation = any_row(Confirmation, **{**row, "second_post": post})
    return found


def _change(row: dict[str, Any], change: dict[str, Any]) -> None:
    pk = _row(row).pk
    Confirmation.objects.filter(pk=pk).update(**change)


def _remove() -> None:
    pk = _row(SECONDED).pk
    Confirmation.objects.filter(pk=pk)._raw_delete(using="default")


TRIGGERS: Mapping[str, tuple[Callable[[], object], ...]] = {
    "confirmation_stays_as_it_was_changed": (
        lambda: _change(SECONDED, {"reference": "另一出处"}),
        lambda: _change(SECONDED, {"seconded_at": None, "second_post": None}),
        lambda: _change({**SECONDED, "withdrawn_at": NOW}, {"withdrawn_at": None}),
    ),
    "confirmation_stays_as_it_was_removed": (_remove,),
}
