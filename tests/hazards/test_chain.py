"""A major hazard ends only by its chain: a short cut is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bihuan.cases.models import Case
from bihuan.clocks.models import Clock
from bihuan.core.hazard import Grade, Stage
from bihuan.core.lifecycle import FactForbids, FactMissing
from bihuan.core.powers import Power
from bihuan.core.refusal import Missing, NotAllowed, SamePerson
from bihuan.criteria import lists
from bihuan.hazards.actions import (
    acceptance,
    judging,
    listing,
    orders,
    planning,
    rectification,
    reporting,
    verification,
)
from bihuan.hazards.actions.dates import DeadlinePast, NotLater
from bihuan.hazards.models import (
    CriterionHint,
    Judgement,
    Listing,
    RemedyPlan,
    UpwardReport,
)
from bihuan.orgs.models import User
from tests.factories import NOW, TODAY, make_officer
from tests.hazards import majors
from tests.hazards.district import District, photo, plan, report
from tests.hazards.majors import (
    accepted,
    fixed_and_verified,
    listed,
    major,
    planned,
    refused,
    running,
    taken_off,
    terms,
    verified,
)

pytestmark = pytest.mark.django_db
LATER, LAST = NOW + timedelta(hours=1), NOW + timedelta(hours=4)


# ----------------------------------------------------------------------- judged
def test_a_hazard_is_judged_by_a_criterion_pinned_with_version_and_text(
    district: District,
) -> None:
    d = district

    case = reporting.confirm(
        case=report(d), actor=d.coordinator, now=NOW, grade=Grade.MAJOR, criterion="CRI-8/3.8"
    )

    judged = Judgement.objects.get(case=case)
    found = lists.by_id("CRI-8/3.8", on=TODAY)
    assert found is not None
    assert (judged.criterion, judged.list_version) == ("CRI-8/3.8", found.version)
    assert judged.text_zh == found.item.text.zh
    assert "教发厅函〔2024〕20号" in case.hazard.standard
    assert "HAZ-4" in running(case)


@pytest.mark.parametrize("criterion", ["CRI-1/13.2", "CRI-99/1", "\x00", "=cmd", "CRI-4/1"])
def test_a_draft_or_an_unknown_criterion_judges_nothing(district: District, criterion: str) -> None:
    case = report(district)

    with pytest.raises(judging.UnusableCriterion):
        reporting.confirm(
            case=case, actor=district.coordinator, now=NOW, grade=Grade.MAJOR, criterion=criterion
        )

    assert not Judgement.objects.exists()


def test_a_hazard_found_before_the_list_is_not_judged_by_it(district: District) -> None:
    case = report(district)
    case.hazard.found_date = TODAY.replace(year=2023, month=1, day=1)
    case.hazard.save()

    with pytest.raises(judging.UnusableCriterion):
        reporting.confirm(
            case=case, actor=district.coordinator, now=NOW, grade=Grade.MAJOR,
            criterion="CRI-8/3.8",
        )  # fmt: skip


def test_a_general_hazard_names_no_criterion(district: District) -> None:
    case = reporting.confirm(
        case=report(district), actor=district.coordinator, now=NOW, grade=Grade.GENERAL,
        criterion="CRI-8/3.8", standard="GB",
    )  # fmt: skip

    assert case.hazard.standard == ""
    assert not Judgement.objects.exists()
    assert "HAZ-4" not in running(case)


def test_what_a_failed_item_names_is_kept_as_a_proposal(district: District) -> None:
    found = reporting.Finding(
        title="出口被锁", place="宿舍", unit=district.village, found_date=TODAY,
        criterion="CRI-8/3.8",
    )  # fmt: skip

    case = reporting.report(finding=found, actor=district.grid, now=NOW)

    assert CriterionHint.objects.get(case=case).criterion == "CRI-8/3.8"
    assert case.hazard.grade == ""


# ------------------------------------------------------------------- planned, reported
def test_a_plan_has_all_its_parts_and_a_change_is_a_new_edition(district: District) -> None:
    d, case = district, major(district)

    planned(planned(case, d.handler, NOW), d.handler, LATER)

    assert [each.edition for each in RemedyPlan.objects.order_by("pk")] == [1, 2]


@pytest.mark.parametrize("part", ["goals", "methods", "team", "safety", "contingency"])
def test_a_plan_without_one_part_is_refused(district: District, part: str) -> None:
    remedy = majors.remedy(district.handler_post, NOW)
    broken = planning.Remedy(**{**remedy.__dict__, part: " ​"})

    with pytest.raises(Missing) as told:
        planning.plan(case=major(district), remedy=broken, actor=district.handler, now=NOW)

    assert told.value.what == (part,)


def test_a_plan_that_ends_in_the_past_is_refused(district: District) -> None:
    remedy = majors.remedy(district.handler_post, NOW - timedelta(days=60))

    with pytest.raises(DeadlinePast):
        planning.plan(case=major(district), remedy=remedy, actor=district.handler, now=NOW)


def test_a_report_to_the_level_above_stops_its_clock(district: District) -> None:
    d, case = district, major(district)
    assert "HAZ-4" in running(case)

    def told(harm: str) -> Case:
        return planning.report_up(
            case=case, actor=d.coordinator, now=LATER, state="通道堵塞。", harm=harm,
            plan="一个月内拆除。",
        )  # fmt: skip

    refused(Missing, lambda: told(" "))
    told("火灾时无法疏散。")

    assert "HAZ-4" not in running(case)
    assert UpwardReport.objects.get().unit == d.county
    assert Clock.objects.get(subject=case.subject, rule_id="HAZ-4").outcome == "met"


# ------------------------------------------------------------------------- listed
def test_a_listing_has_a_number_a_deadline_and_answers_owed(district: District) -> None:
    case = listed(major(district), district.leader, NOW)

    found = Listing.objects.get()
    assert found.number.startswith("GP-2026-")
    assert running(case) >= {"MAJ-1", "MAJ-2"}


def test_an_answer_is_owed_again_after_the_days_of_the_notice(district: District) -> None:
    d = district
    case = listed(major(d), d.leader, NOW)

    listing.answer(case=case, actor=d.handler, now=NOW + timedelta(days=3), note="已拆除一半。")

    first, second = Clock.objects.filter(subject=case.subject, rule_id="MAJ-2").order_by("pk")
    assert (first.outcome, second.stopped_at) == ("met", None)
    assert (second.due_at - first.due_at).days == 3


def test_an_answer_that_comes_late_stays_late(district: District) -> None:
    d = district
    case = listed(major(d), d.leader, NOW)

    listing.answer(case=case, actor=d.handler, now=NOW + timedelta(days=9), note="迟了。")

    first = Clock.objects.filter(subject=case.subject, rule_id="MAJ-2").earliest("pk")
    assert first.outcome == "missed"


def test_a_listing_is_refused_below_and_for_a_past_day(district: District, chief: User) -> None:
    d, case = district, major(district)

    refused(NotAllowed, lambda: listed(case, d.town_leader, NOW))
    late = terms(d.county, NOW, days=-1)
    refused(
        DeadlinePast,
        lambda: listing.list_(case=case, terms=late, actor=d.leader, now=NOW, note="督办"),
    )
    listed(case, d.leader, NOW)
    refused(FactForbids, lambda: listed(case, chief, NOW))


def test_a_later_deadline_is_decided_by_another_of_the_listing_level(
    district: District, chief: User
) -> None:
    d = district
    case = listed(major(d), d.leader, NOW)
    until = Listing.objects.get().until_date + timedelta(days=30)
    refused(
        NotLater,
        lambda: listing.ask_more_time(
            case=case, actor=d.handler, now=NOW, until_date=TODAY, note="材料未到"
        ),
    )
    case = listing.ask_more_time(
        case=case, actor=d.handler, now=NOW, until_date=until, note="材料未到"
    )
    refused(
        NotAllowed,
        lambda: listing.decide_more_time(
            case=case, actor=d.town_leader, now=NOW, granted=True, note="同意"
        ),
    )

    listing.decide_more_time(case=case, actor=chief, now=NOW, granted=True, note="同意")

    found = Listing.objects.get()
    assert (found.until_date, found.asked_date) == (until, None)
    assert "MAJ-3" not in running(case)
    refused(
        FactMissing,
        lambda: listing.decide_more_time(
            case=case, actor=chief, now=NOW, granted=True, note="同意"
        ),
    )


def test_a_refused_later_deadline_changes_nothing(district: District, chief: User) -> None:
    d = district
    case = listed(major(d), d.leader, NOW)
    until = Listing.objects.get().until_date
    case = listing.ask_more_time(
        case=case, actor=d.handler, now=NOW, until_date=until + timedelta(days=9), note="材料未到"
    )

    listing.decide_more_time(case=case, actor=chief, now=NOW, granted=False, note="抓紧")

    assert Listing.objects.get().until_date == until


# ------------------------------------------------------------------------ short cuts
def test_a_listed_hazard_is_not_submitted_without_a_plan(district: District) -> None:
    d = district
    case = listed(major(d), d.leader, NOW)
    case = rectification.start(case=case, actor=d.handler, now=NOW)

    refused(
        FactForbids,
        lambda: rectification.submit(
            case=case, actor=d.handler, now=NOW, note="好", photos=[photo()]
        ),
    )


def test_a_listed_hazard_is_closed_only_after_acceptance_application_and_review(
    district: District, chief: User
) -> None:
    d = district
    case = planned(listed(major(d), d.leader, NOW), d.handler, NOW)
    case = verified(d, case)

    def close(actor: User) -> Case:
        return verification.close(case=case, actor=actor, now=NOW)

    refused(FactForbids, lambda: close(chief))
    refused(
        FactMissing,
        lambda: listing.ask_removal(case=case, actor=d.handler, now=NOW, note="已满足"),
    )
    case = accepted(case, d.verifier, NOW)
    refused(FactForbids, lambda: close(chief))
    refused(FactMissing, lambda: listing.review_site(case=case, actor=chief, now=NOW, note="属实"))
    case = listing.ask_removal(case=case, actor=d.handler, now=NOW, note="已满足")
    assert "HAZ-7" in running(case)
    refused(FactForbids, lambda: close(chief))
    refused(
        NotAllowed,
        lambda: listing.review_site(case=case, actor=d.town_leader, now=NOW, note="属实"),
    )
    case = listing.review_site(case=case, actor=d.verifier, now=NOW, note="属实")
    refused(NotAllowed, lambda: close(d.town_leader))
    refused(SamePerson, lambda: close(d.leader))
    assert close(chief).stage == Stage.CLOSED
    assert Listing.objects.get().ended_at == NOW
    assert not running(case) & {"MAJ-1", "MAJ-2", "HAZ-7"}


def test_who_applied_does_not_review(district: District) -> None:
    d = district
    both = make_officer(d.county, Power.COORDINATE, Power.VERIFY)
    case = planned(listed(major(d), d.leader, NOW), d.handler, NOW)
    case = accepted(verified(d, case), d.verifier, NOW)
    case = listing.ask_removal(case=case, actor=both, now=NOW, note="已满足")

    refused(SamePerson, lambda: listing.review_site(case=case, actor=both, now=NOW, note="属实"))


def test_who_listed_it_does_not_end_the_listing(district: District, chief: User) -> None:
    d = district
    case = listed(major(d), d.leader, NOW)

    refused(SamePerson, lambda: listing.unlist(case=case, actor=d.leader, now=NOW, note="误挂"))
    refused(
        NotAllowed, lambda: listing.unlist(case=case, actor=d.town_leader, now=NOW, note="误挂")
    )
    case = listing.unlist(case=case, actor=chief, now=NOW, note="误挂")

    assert case.hazard.listed_by is None
    assert not running(case) & {"MAJ-1", "MAJ-2"}


def test_a_listing_does_not_end_while_work_is_stopped(district: District, chief: User) -> None:
    d = district
    case = listed(major(d), d.leader, NOW)
    case = orders.stop_work(case=case, actor=d.leader, now=NOW, note="危险")

    refused(FactForbids, lambda: listing.unlist(case=case, actor=chief, now=NOW, note="误挂"))
    refused(
        FactForbids,
        lambda: reporting.grade_anew(
            case=case, actor=d.coordinator, now=NOW, grade=Grade.GENERAL, note="轻微"
        ),
    )


def test_a_hazard_that_recurs_stays_listed_and_is_reviewed_again(
    district: District, chief: User
) -> None:
    d = district
    case = planned(listed(major(d), d.leader, NOW), d.handler, NOW)
    case = taken_off(accepted(verified(d, case), d.verifier, NOW), d.handler, d.verifier, NOW)
    case = verification.close(case=case, actor=chief, now=NOW)

    case = reporting.reopen(case=case, actor=d.verifier, now=LATER, note="又堵了")

    found = Listing.objects.get()
    assert (found.ended_at, found.removal_at, found.reviewed_at) == (None, None, None)
    assert "MAJ-2" in running(case)
    case = reporting.assign(case=case, plan=plan(d), actor=d.coordinator, now=LATER)
    case = verified(d, case, LATER)
    refused(FactForbids, lambda: verification.close(case=case, actor=chief, now=LATER))


def test_a_fix_that_was_sent_back_is_accepted_and_reviewed_again(
    district: District, chief: User
) -> None:
    d = district
    case = planned(listed(major(d), d.leader, NOW), d.handler, NOW)
    case = accepted(verified(d, case), d.verifier, NOW)
    case = listing.ask_removal(case=case, actor=d.handler, now=NOW, note="已满足")
    refused(
        NotAllowed,
        lambda: acceptance.send_back(case=case, actor=d.town_leader, now=LATER, note="未拆净"),
    )

    case = acceptance.send_back(case=case, actor=chief, now=LATER, note="未拆净")

    assert case.stage == Stage.RECTIFYING
    assert case.verified_by is None
    assert Listing.objects.get().removal_at is None
    case = fixed_and_verified(d, case, LATER + timedelta(hours=1))
    refused(
        FactMissing,
        lambda: listing.ask_removal(
            case=case, actor=d.handler, now=LATER + timedelta(hours=2), note="已满足"
        ),
    )
