"""How each constraint of the figures is violated."""

from __future__ import annotations

from tests.constraints import A, Check, Entry, Twice

ENTRIES: dict[str, Entry] = {
    "count_merged_once": Twice(
        {"unit": A, "counter": "a", "is_pending": False}, apart={"is_pending": True}
    ),
    "count_of_the_place_merged_once": Twice(
        {"unit": None, "counter": "a", "is_pending": False}, apart={"is_pending": True}
    ),
    "no_unit_has_a_counter_of_the_place": Check(
        {"unit": None, "counter": "place.about_office.received"}, ({"unit": A},)
    ),
    "subject_contributes_once": Twice({"subject": "case/1"}, apart={"subject": ""}),
}
