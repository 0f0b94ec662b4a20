"""How each constraint of the chain of major hazards is violated."""

from __future__ import annotations

from collections.abc import Mapping

from bihuan.hazards.models import MajorsReport
from tests.constraints import BEFORE, A, B, Check, Entry, Twice
from tests.factories import NOW, TODAY
from tests.keeping import kept

ASKED = {"removal_at": NOW, "removal_by": A}
CHECKED = {"checked_at": NOW, "checked_by": A, "is_complied": True}
STOPPED = {"kind": "stop_work", "until_date": None}
LIFTED = {**STOPPED, **CHECKED, "lifted_at": NOW, "lifted_by": B}
PINNED = {"criterion": "CRI-8/3.8", "list_version": "2024", "text_zh": "安全出口不足"}

ENTRIES: Mapping[str, Entry] = {
    "judged_criterion_always_has_its_version": (
        Check(PINNED, ({"list_version": ""}, {"text_zh": ""}, {"criterion": ""})),
        Check({"criterion": "", "list_version": ""}, ({"criterion": "CRI-8/3.8"},)),
    ),
    "remedy_plan_edition_once": Twice(),
    "remedy_budget_is_never_negative": Check({"budget": 0}, ({"budget": -1},)),
    "case_listed_once_at_a_time": Twice({"ended_at": None}, {"ended_at": NOW}),
    "listing_answers_always_have_a_rhythm": Check({"every_days": 1}, ({"every_days": 0},)),
    "removal_always_names_who_asked": Check(ASKED, ({"removal_at": None}, {"removal_by": None})),
    "site_always_reviewed_after_the_application": Check(
        {**ASKED, "reviewed_at": NOW, "reviewed_by": B},
        ({"reviewed_at": BEFORE}, {"reviewed_by": None}, {"reviewed_by": A}),
    ),
    "later_deadline_always_names_who_asked": Check(
        {"asked_date": TODAY, "asked_by": A}, ({"asked_date": None}, {"asked_by": None})
    ),
    "opinion_given_once": Twice({"agrees": True}),
    "dissent_always_says_why": Check({"agrees": False, "opinion": "未完"}, ({"opinion": ""},)),
    "work_stopped_once_at_a_time": Twice({**STOPPED, "lifted_at": None}, LIFTED),
    "order_to_rectify_always_has_a_date": (
        Check({"kind": "rectify", "until_date": TODAY}, ({"until_date": None},)),
        Check(STOPPED, ({"until_date": TODAY}, {"kind": "rectify"})),
    ),
    "order_check_always_has_a_result": Check(
        {**STOPPED, **CHECKED},
        ({"checked_at": None}, {"checked_by": None}, {"is_complied": None}),
    ),
    "stop_work_only_lifted_after_a_check_by_another": Check(
        LIFTED,
        ({"lifted_at": BEFORE}, {"is_complied": False}, {"lifted_by": None}, {"lifted_by": A}),
    ),
    "majors_report_edition_once": Twice({"edition": 1, "reason": "", "quarter": 1}),
    "quarter_is_one_of_four": Check(
        {"quarter": 4, "edition": 1, "reason": ""}, ({"quarter": 0}, {"quarter": 5})
    ),
    "later_edition_always_says_why": (
        Check({"edition": 1, "reason": "", "quarter": 1}, ({"reason": "漏报"}, {"edition": 2})),
        Check({"edition": 2, "reason": "漏报", "quarter": 1}, ({"reason": ""}, {"edition": 1})),
    ),
}

TRIGGERS = kept(
    "majors_report",
    MajorsReport,
    {"edition": 1, "reason": "", "quarter": 1},
    {"overdue_count": 9},
    {"remark": "后来改的"},
    {"signed_at": BEFORE},
)
