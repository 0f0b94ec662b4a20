"""How the constraints of bindings and visits are violated."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from bihuan.visits.models import Visit
from tests.constraints import BEFORE, Check, Entry, One, Twice
from tests.factories import NOW, TODAY
from tests.keeping import kept

PAPER = One("paper")

ENTRIES: Mapping[str, Entry] = {
    "visit_group_named_once_in_a_unit": Twice({"ended_at": None}, apart={"ended_at": NOW}),
    "site_bound_to_one_post_at_a_time": Twice(
        {"ended_at": None, "every_days": 30},
        apart={"ended_at": NOW, "began_at": NOW, "every_days": 30},
    ),
    "binding_never_ends_before_it_begins": Check(
        {"began_at": NOW, "ended_at": NOW, "every_days": 30}, ({"ended_at": BEFORE},)
    ),
    "binding_visited_between_daily_and_yearly": (
        Check({"every_days": 1}, ({"every_days": 0},)),
        Check({"every_days": 366}, ({"every_days": 367},)),
    ),
    "visit_never_withdrawn_before_it_was_recorded": Check(
        {"made_at": NOW, "withdrawn_at": NOW, "withdrawn_reason": "误记"},
        ({"withdrawn_at": BEFORE},),
    ),
    "visit_withdrawn_exactly_with_a_reason": (
        Check(
            {"made_at": NOW, "withdrawn_at": NOW, "withdrawn_reason": "误记"},
            ({"withdrawn_at": None}, {"withdrawn_reason": ""}),
        ),
        Check({}, ({"withdrawn_at": NOW, "made_at": NOW}, {"withdrawn_reason": "误记"})),
    ),
    "submission_decided_exactly_when_it_no_longer_waits": (
        Check({"state": "withdrawn", "decided_at": NOW}, ({"decided_at": None},)),
        Check({"state": "waiting"}, ({"decided_at": NOW},)),
    ),
    "submission_refused_exactly_with_a_reason": (
        Check({"state": "refused", "decided_at": NOW, "reason": "不清"}, ({"reason": ""},)),
        Check({"state": "waiting"}, ({"reason": "不清"},)),
    ),
    "submission_has_a_paper_exactly_when_accepted": (
        Check({"state": "accepted", "decided_at": NOW, "paper": PAPER}, ({"paper": None},)),
        Check({"state": "withdrawn", "decided_at": NOW}, ({"paper": PAPER},)),
    ),
}

VISIT = {"withdrawn_at": None, "withdrawn_reason": "", "made_at": NOW}
TRIGGERS = kept(
    "visit",
    Visit,
    VISIT,
    {"visited_date": TODAY - timedelta(days=9)},
    {"outcome": "found"},
    {"made_at": BEFORE},
)
