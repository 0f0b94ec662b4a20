"""How the constraints of sites are violated."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.db.models import F

from tests.constraints import BEFORE, A, Check, Entry, One, Twice
from tests.factories import NOW, TODAY

PLACED = {"latitude": 24.2, "longitude": 102.5, "cell": 1}

ENTRIES: Mapping[str, Entry] = {
    "site_has_both_coordinates_or_none": (
        Check(
            PLACED,
            (
                {"latitude": None}, {"longitude": None}, {"cell": None},
                {"latitude": 90.1}, {"longitude": -180.1},
            ),
        ),
        Check({}, ({"latitude": 24.2}, {"longitude": 102.5}, {"cell": 1})),
    ),
    "site_never_closed_before_it_was_registered": Check(
        {"registered_at": NOW, "closed_at": NOW}, ({"closed_at": BEFORE},)
    ),
    "site_operator_is_a_unit_or_a_name": Check(
        {"operator_unit": A}, ({"operator_name": "青溪食品公司"},)
    ),
    "one_regulator_for_each_trade": Twice(),
    "place_refused_once_for_a_site": Twice(),
    "case_at_one_site": Twice({"ended_at": None}, apart={"ended_at": NOW}),
    "case_never_taken_off_a_site_before_it_was_linked": Check(
        {"linked_at": NOW, "ended_at": NOW}, ({"ended_at": BEFORE},)
    ),
    "paper_never_expires_before_its_issue": Check(
        {"issued_date": TODAY, "expires_date": TODAY},
        ({"expires_date": TODAY - timedelta(days=1)},),
    ),
    "renewed_paper_has_always_ended": Check(
        {"renewed_by": One("paper"), "ended_at": NOW}, ({"ended_at": None},)
    ),
    "paper_never_renews_itself": Check({"ended_at": NOW}, ({"renewed_by": F("pk")},)),
    "equipment_once_at_a_site": Twice({"removed_at": None}, apart={"removed_at": NOW}),
}  # fmt: skip
