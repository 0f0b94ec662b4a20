"""A deadline is moved later by the level above, or by an extension; never by whom it binds."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from bihuan.cases import answering
from bihuan.cases.actions import extensions, handover
from bihuan.cases.models import Case
from bihuan.clocks.actions.running import local_date
from bihuan.core.lifecycle import FactForbids, SharedFact
from bihuan.core.postponing import OwnDeadline
from bihuan.core.powers import Power
from bihuan.core.refusal import NotAllowed, SamePerson
from bihuan.desk import agenda
from bihuan.hazards.actions import deadline_extension, rectification, reporting, verification
from bihuan.orgs.models import Post, Unit, User
from tests.agenda import next_move
from tests.clock import PRESENT
from tests.factories import NOW, make_officer, make_post, make_tenure
from tests.hazards.district import DAY, DEADLINE, District, assigned, closed, plan, submitted

pytestmark = pytest.mark.django_db
LATER = date(2026, 10, 30)
OVERDUE = NOW + 20 * DAY


def again(case: Case, d: District, actor: User, *, now: object = NOW, **changes: object) -> Case:
    return reporting.assign(case=case, plan=plan(d, **changes), actor=actor, now=now)  # type: ignore[arg-type]


def post_in(unit: Unit) -> Post:
    post = make_post(unit, Power.HANDLE)
    make_tenure(make_officer(unit, Power.REPORT), post)
    return post


def due(case: Case) -> date:
    return local_date(case.clocks.get(rule_id="HAZ-5", stopped_at=None).due_at)


@pytest.mark.parametrize("at_work", [False, True])
def test_the_unit_that_fixes_gives_itself_no_more_time(
    district: District, own: User, at_work: bool
) -> None:
    case = assigned(district)
    if at_work:
        case = rectification.start(case=case, actor=district.handler, now=NOW)

    with pytest.raises(OwnDeadline) as refused:
        again(case, district, own, now=OVERDUE, deadline_date=LATER)

    assert refused.value.deadline == DEADLINE
    assert Case.objects.overdue(OVERDUE).get() == case
    assert due(case) == DEADLINE


@pytest.mark.parametrize("day", [DEADLINE, DEADLINE - DAY])
def test_it_plans_the_work_again_within_its_time(district: District, own: User, day: date) -> None:
    case = again(assigned(district), district, own, deadline_date=day, measures="改为外包")

    assert (due(case), case.hazard.measures) == (day, "改为外包")


def test_the_level_above_sets_a_later_day(district: District) -> None:
    case = again(assigned(district), district, district.coordinator, deadline_date=LATER)

    assert due(case) == LATER


def test_who_fixes_gives_no_more_time_from_a_seat_above_either(district: District) -> None:
    d = district
    both = make_officer(d.county, Power.COORDINATE, Power.HANDLE)
    case = rectification.start(case=assigned(d), actor=both, now=NOW)

    with pytest.raises(OwnDeadline):
        again(case, d, both, deadline_date=LATER)


def test_given_to_a_unit_below_and_back_it_still_binds_whom_it_bound(
    district: District, own: User
) -> None:
    d = district
    case = again(assigned(d), d, own, unit=d.village, post=post_in(d.village))
    assert case.owner == d.village

    for unit, post in ((d.village, post_in(d.village)), (d.town, d.handler_post)):
        with pytest.raises(OwnDeadline):
            again(case, d, own, unit=unit, post=post, deadline_date=LATER)
    case = again(case, d, own)
    with pytest.raises(OwnDeadline):
        again(case, d, own, deadline_date=LATER)

    assert due(case) == DEADLINE


def test_an_extension_is_decided_above_whom_the_deadline_binds(
    district: District, own: User
) -> None:
    d = district
    post = post_in(d.village)
    handler = make_officer(d.village, Power.HANDLE)
    case = again(assigned(d), d, own, unit=d.village, post=post)
    case = extensions.ask_extension(
        case=case, actor=handler, now=NOW, until_date=LATER, note="等件"
    )

    with pytest.raises(NotAllowed):
        deadline_extension.decide_extension(
            case=case, actor=d.town_leader, now=NOW, granted=True, note="同意"
        )
    asked = [each.pk for each in answering.answerable(case, "LOC-6", NOW)]
    assert d.leader.pk in asked
    assert d.town_leader.pk not in asked
    case = deadline_extension.decide_extension(
        case=case, actor=d.leader, now=NOW, granted=True, note="同意"
    )

    assert due(case) == LATER


def test_who_worked_on_the_fix_decides_about_no_more_time_for_it(district: District) -> None:
    """Decision 74: from a seat above either, whoever of the unit asked for it."""
    d = district
    both = make_officer(d.county, Power.APPROVE, Power.HANDLE)
    case = rectification.start(case=assigned(d), actor=both, now=NOW)
    case = extensions.ask_extension(
        case=case, actor=d.handler, now=NOW, until_date=LATER, note="等件"
    )

    with pytest.raises(SamePerson):
        deadline_extension.decide_extension(
            case=case, actor=both, now=NOW, granted=True, note="同意"
        )

    assert due(case) == DEADLINE


def test_today_shows_the_decision_to_who_may_decide(district: District, own: User) -> None:
    d = district
    case = again(assigned(d), d, own, unit=d.village, post=post_in(d.village))
    handler = make_officer(d.village, Power.HANDLE)
    extensions.ask_extension(case=case, actor=handler, now=NOW, until_date=LATER, note="等件")

    def shown(member: User) -> bool:
        sections = agenda.sections(member, NOW)
        return any(
            next_move(task) == "decide_extension" for each in sections for task in each.items
        )

    assert shown(d.leader)
    assert not shown(d.town_leader)


def test_the_level_above_binds_whom_it_gives_the_work_to(district: District, own: User) -> None:
    d = district
    post = post_in(d.village)
    case = again(assigned(d), d, d.coordinator, unit=d.village, post=post)

    case = again(case, d, own, unit=d.village, post=post, deadline_date=LATER)

    assert due(case) == LATER


def test_a_contest_among_its_own_units_frees_nobody(district: District, own: User) -> None:
    d = district
    handler = make_officer(d.village, Power.HANDLE)
    case = again(assigned(d), d, own, unit=d.village, post=post_in(d.village))
    case = handover.contest(case=case, actor=handler, now=NOW, note="不归村里")
    case = handover.decide_contest(
        case=case, actor=own, now=NOW, upheld=True, note="退回", unit=d.town, post=d.handler_post
    )

    with pytest.raises(OwnDeadline):
        again(case, d, own, deadline_date=LATER)


def test_nothing_is_assigned_again_while_an_extension_is_asked(
    district: District, own: User
) -> None:
    d = district
    case = extensions.ask_extension(
        case=assigned(d), actor=d.handler, now=NOW, until_date=LATER, note="等件"
    )

    for actor in (own, d.coordinator):
        with pytest.raises(FactForbids) as refused:
            again(case, d, actor)
        assert refused.value.fact is SharedFact.FIX_EXTENSION_ASKED


def test_a_clock_that_is_past_due_when_replaced_was_missed(district: District) -> None:
    case = again(assigned(district), district, district.coordinator, now=OVERDUE,
                 deadline_date=LATER)  # fmt: skip

    ended = case.clocks.filter(rule_id="HAZ-5").order_by("pk")
    assert [clock.outcome for clock in ended] == ["missed", "running"]


def test_a_clock_that_is_replaced_in_time_was_cancelled(district: District) -> None:
    case = again(assigned(district), district, district.coordinator, deadline_date=LATER)

    ended = case.clocks.filter(rule_id="HAZ-5").order_by("pk")
    assert [clock.outcome for clock in ended] == ["cancelled", "running"]


def test_a_returned_fix_is_still_due_when_it_was(district: District, own: User) -> None:
    d = district
    case = verification.return_(case=submitted(d), actor=d.verifier, now=OVERDUE, note="标识缺失")

    with pytest.raises(OwnDeadline):
        again(case, d, own, now=OVERDUE, deadline_date=LATER)

    assert case in Case.objects.overdue(OVERDUE)


def test_after_a_rebound_a_new_deadline_is_set_freely(district: District, own: User) -> None:
    d = district
    case = reporting.reopen(case=closed(d), actor=d.verifier, now=OVERDUE, note="又堆上了")

    case = again(case, d, own, now=OVERDUE, deadline_date=LATER)

    assert due(case) == LATER


# ------------------------------------------------------------------------ pages
LATER_ON_ANY_DAY = (localdate(PRESENT) + 700 * DAY).isoformat()


def test_the_form_says_until_when_and_leads_to_the_extension(
    client: Client, district: District, own: User
) -> None:
    case = assigned(district)
    client.cookies["bihuan_language"] = "en"
    client.force_login(own)
    address = reverse("desk:move", args=[case.number, "assign"])

    form = client.get(address).content.decode()
    assert "No later than 30 Sep 2026" in form
    assert reverse("desk:move", args=[case.number, "ask_extension"]) in form
    sent = {
        "version": case.version,
        "post": district.handler_post.pk,
        "measures": "改为外包",
        "budget": "0",
        "deadline_date": LATER_ON_ANY_DAY,
        "contingency": "值守",
    }
    answer = client.post(address, sent)

    assert "you cannot set a date" in str(answer.context["form"].errors["deadline_date"])
    assert due(case) == DEADLINE


def test_the_form_of_the_level_above_takes_any_day(client: Client, district: District) -> None:
    client.cookies["bihuan_language"] = "en"
    client.force_login(district.coordinator)

    form = client.get(reverse("desk:move", args=[assigned(district).number, "assign"]))

    assert "No later than" not in form.content.decode()


def test_assigned_together_each_case_says_why_not(
    client: Client, district: District, own: User
) -> None:
    case = assigned(district)
    client.cookies["bihuan_language"] = "en"
    client.force_login(own)
    sent = {
        "listed": case.number,
        "case": f"{case.number}@{case.version}",
        "post": district.handler_post.pk,
        "measures": "改为外包",
        "budget": "0",
        "deadline_date": LATER_ON_ANY_DAY,
        "contingency": "值守",
    }

    answer = client.post(reverse("desk:batch", args=["assign"]), sent, follow=True)

    assert "you cannot set a date" in answer.content.decode()
    assert due(case) == DEADLINE
