"""A post elsewhere makes no second pair of eyes of somebody who was with the unit that fixed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.cases.models import Case
from bihuan.core.eyes import HeldPost
from bihuan.core.powers import Power
from bihuan.core.refusal import SameUnit
from bihuan.desk import agenda, dossier
from bihuan.hazards.actions import rectification, reporting, verification
from bihuan.orgs.access import Console
from bihuan.orgs.models import Tenure, Unit, User
from tests.agenda import next_move
from tests.cases.closing import close
from tests.clock import PRESENT
from tests.factories import (
    NOW,
    TODAY,
    make_officer,
    make_photo,
    make_post,
    make_tenure,
    make_unit,
)
from tests.hazards.district import District, assigned, make_district, submitted

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LATER = NOW + 10 * DAY


def checker(d: District) -> User:
    """Somebody who may check for the county."""
    return make_officer(d.county, Power.VERIFY, Power.COORDINATE)


def also(member: User, unit: Unit, start: date, end: date | None = None) -> User:
    """The same officer, with a post there for these days."""
    make_tenure(member, make_post(unit, Power.REPORT), start_date=start, end_date=end)
    return User.objects.get(pk=member.pk)


def handed_in(d: District, case: Case | None = None, *, now: datetime = LATER) -> Case:
    """Given out today; started and handed in ten days later."""
    case = rectification.start(case=case or assigned(d), actor=d.handler, now=now)
    return rectification.submit(
        case=case, actor=d.handler, now=now, note="已清理", photos=[make_photo()]
    )


def agenda_has(member: User, case: Case) -> bool:
    return (case.number, "verify") in {
        (task.number, next_move(task))
        for section in agenda.sections(member, LATER)
        for task in section.items
    }


def may_check(member: User, case: Case, *, now: datetime = LATER) -> bool:
    """Whether the officer may check it: the act, the buttons and Today say the same."""
    case = Case.objects.with_facts().with_beside().select_related("hazard").get(pk=case.pk)
    moves = {row.move for row in dossier.permitted(case, member, now)}
    listed = (case.number, "verify") in {
        (task.number, next_move(task))
        for section in agenda.sections(member, now)
        for task in section.items
    }
    assert listed is ("verify" in moves)
    if not listed:
        with pytest.raises(HeldPost):
            verification.verify(case=case, actor=member, now=now, note="现场查看属实")
    return listed


def test_a_unit_below_does_not_hide_whose_officers_did_the_work(d: District) -> None:
    """The fixer is of the town, and works from a post of a unit below it."""
    below = make_unit(d.town, name="整改小组")
    post = make_post(below, Power.REPORT, Power.HANDLE)
    make_tenure(d.handler, post, start_date=TODAY)
    d.handler = User.objects.get(pk=d.handler.pk)
    colleague = make_officer(d.town, Power.VERIFY, Power.COORDINATE)
    case = handed_in(d, assigned(d, unit=below, post=post))
    assert set(case.participations.values_list("unit", flat=True)) == {below.pk}

    case = Case.objects.with_facts().with_beside().select_related("hazard").get(pk=case.pk)
    assert "verify" not in {row.move for row in dossier.permitted(case, colleague, LATER)}
    assert not agenda_has(colleague, case)
    with pytest.raises(SameUnit):
        verification.verify(case=case, actor=colleague, now=LATER, note="现场查看属实")
    assert may_check(checker(d), case)


def test_a_post_that_the_fixer_left_before_the_work_does_not_count(d: District) -> None:
    below = make_unit(d.town, name="整改小组")
    post = make_post(below, Power.REPORT, Power.HANDLE)
    d.handler.tenures.update(start_date=TODAY - 9 * DAY, end_date=TODAY - DAY)
    make_tenure(d.handler, post, start_date=TODAY)
    d.handler = User.objects.get(pk=d.handler.pk)
    colleague = make_officer(d.town, Power.VERIFY, Power.COORDINATE)

    case = handed_in(d, assigned(d, unit=below, post=post))

    assert agenda_has(colleague, case)
    verification.verify(case=case, actor=colleague, now=LATER, note="现场查看属实")


# --------------------------------------------------------------------- when, where
def test_somebody_of_the_county_checks_what_a_town_fixed(d: District) -> None:
    assert may_check(checker(d), handed_in(d))


@pytest.mark.parametrize("below", [False, True])
@pytest.mark.parametrize(
    ("start", "end"),
    [
        (TODAY - 90 * DAY, None),  # two posts at a time
        (TODAY - 90 * DAY, TODAY),  # left on the day on which it was given out
        (TODAY + 3 * DAY, TODAY + 3 * DAY),  # taken for a day
        (TODAY + 10 * DAY, None),  # taken on the day of the check
    ],
)
def test_who_had_a_post_there_on_any_day_of_the_work_does_not_check_it(
    d: District, below: bool, start: date, end: date | None
) -> None:
    member = also(checker(d), d.village if below else d.town, start, end)

    assert not may_check(member, handed_in(d))


@pytest.mark.parametrize(
    ("start", "end"),
    [(TODAY - 90 * DAY, TODAY - DAY), (TODAY + 11 * DAY, None)],
    ids=["left before it was given out", "comes later"],
)
def test_a_post_before_or_after_it_does_not_count(
    d: District, start: date, end: date | None
) -> None:
    assert may_check(also(checker(d), d.town, start, end), handed_in(d))


def test_a_post_in_another_unit_does_not_count(d: District) -> None:
    other = make_unit(d.county, kind=Unit.Kind.TOWN)

    assert may_check(also(checker(d), other, TODAY), handed_in(d))


def test_the_first_assignment_counts_though_the_work_was_planned_again(d: District) -> None:
    member = also(checker(d), d.town, TODAY, TODAY + DAY)
    case = assigned(d)
    again = reporting.Plan(
        d.town, d.handler_post, "再清理", Decimal(1), TODAY + 12 * DAY, "专人值守"
    )
    case = reporting.assign(case=case, plan=again, actor=d.coordinator, now=NOW + 5 * DAY)

    assert not may_check(member, handed_in(d, case))


def test_a_new_round_counts_from_its_own_assignment(d: District) -> None:
    member = also(checker(d), d.town, TODAY - 90 * DAY, TODAY + DAY)
    case = verification.verify(case=handed_in(d), actor=d.verifier, now=LATER, note="属实")
    case = verification.close(case=case, actor=d.leader, now=LATER)
    case = reporting.reopen(case=case, actor=d.coordinator, now=LATER, note="又堆放了")
    plan = reporting.Plan(d.town, d.handler_post, "清理", Decimal(1), TODAY + 30 * DAY, "专人值守")
    case = reporting.assign(case=case, plan=plan, actor=d.coordinator, now=LATER)

    assert may_check(member, handed_in(d, case))


# ------------------------------------------------------------------- which unit
def test_of_a_government_that_fixed_itself_its_own_office_is_meant_alone() -> None:
    city = make_unit(name="江安市")
    county = make_unit(city, name="云岭县")
    village = make_unit(county, name="石桥村", kind=Unit.Kind.VILLAGE)
    d = District(
        county=city, town=county, village=village,
        grid=make_officer(county, Power.REPORT),
        coordinator=make_officer(city, Power.COORDINATE),
        handler=(handler := make_officer(county, Power.HANDLE)),
        handler_post=handler.tenures.get().post,
        verifier=make_officer(city, Power.VERIFY),
        leader=make_officer(city, Power.APPROVE), town_leader=make_officer(county),
    )  # fmt: skip
    case = submitted(d)
    of_village, of_county = (
        also(make_officer(city, Power.VERIFY), unit, TODAY) for unit in (village, county)
    )

    assert may_check(of_village, case, now=NOW)
    assert not may_check(of_county, case, now=NOW)


def test_a_closed_unit_and_the_one_that_follows_are_the_same(d: District) -> None:
    other = make_unit(d.county, name="新镇", kind=Unit.Kind.TOWN)
    member = also(checker(d), d.town, TODAY - 90 * DAY, TODAY)
    below = also(checker(d), d.village, TODAY - 90 * DAY, TODAY)
    case = handed_in(d, now=NOW)
    close(d.town, Console.CONSOLE, other)
    left = Tenure.objects.filter(post__unit__in=[d.town, d.village])
    left.filter(member__in=[member, below]).update(end_date=TODAY)

    for each in (member, below):
        assert not may_check(User.objects.get(pk=each.pk), case, now=NOW)


def test_an_end_that_is_entered_late_takes_nothing_back(d: District) -> None:
    member = also(checker(d), d.town, TODAY - 90 * DAY)
    case = handed_in(d)
    tenure = Tenure.objects.get(member=member, post__unit=d.town)
    Tenure.objects.filter(pk=tenure.pk).update(
        end_date=TODAY - 30 * DAY, acted_until_date=TODAY + 10 * DAY
    )

    assert not may_check(User.objects.get(pk=member.pk), case)


# --------------------------------------------------------------------- the others
def test_neither_do_they_close_nor_look_again(d: District) -> None:
    case = verification.verify(case=handed_in(d), actor=d.verifier, now=LATER, note="属实")
    member = also(
        make_officer(d.county, Power.COORDINATE, Power.VERIFY), d.town, TODAY, TODAY + DAY
    )
    came_later = also(make_officer(d.county, Power.APPROVE), d.town, TODAY + 11 * DAY)

    with pytest.raises(HeldPost):
        verification.close(case=case, actor=member, now=LATER)
    case = verification.close(case=case, actor=came_later, now=LATER + 2 * DAY)
    with pytest.raises(HeldPost):
        verification.recheck(case=case, actor=member, now=LATER, note="完好")


def test_the_page_says_which_post_and_day_stand_in_the_way(client: Client) -> None:
    d = make_district()
    case = submitted(d)
    member = make_officer(d.county, Power.VERIFY, start_date=TODAY)
    post = make_post(d.village, Power.REPORT, title="网格员")
    make_tenure(member, post, start_date=PRESENT.date() - DAY, end_date=PRESENT.date())
    client.force_login(member)

    page = client.get(case.get_absolute_url()).content.decode()
    refused = client.get(reverse("desk:move", args=[case.number, "verify"]))

    for said in (page, refused.content.decode()):
        assert "石桥村 网格员" in said
    assert refused.status_code == 403
    assert reverse("desk:move", args=[case.number, "verify"]) not in page


def test_somebody_without_any_post_below_reads_nothing_of_it(client: Client) -> None:
    d = make_district()
    case = submitted(d)
    client.force_login(d.verifier)

    assert "during the work" not in client.get(case.get_absolute_url()).content.decode()
