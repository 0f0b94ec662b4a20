"""What one administrator grants opens no seal until a second confirmed it, or for 72 hours."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bihuan.cases import queries
from bihuan.cases.actions import recipients
from bihuan.cases.models import Case
from bihuan.core import grants
from bihuan.core import seals as rules
from bihuan.core.powers import Power
from bihuan.journal.models import Entry
from bihuan.notices.models import Notice
from bihuan.orgs.access import Console
from bihuan.orgs.actions import members, posts
from bihuan.orgs.models import Post, Tenure, User
from bihuan.receipts.actions import seals
from tests.cases.public import WHO, accused
from tests.factories import NOW, TODAY, make_member, make_officer, make_post, make_tenure
from tests.orgs.granting import (
    DAY,
    SECOND,
    House,
    appointed,
    ask,
    confirm,
    opens,
)

pytestmark = pytest.mark.django_db


# --------------------------------------------------------------------- attacks
def test_a_post_made_for_an_accomplice_opens_no_seal_for_72_hours(house: House) -> None:
    accomplice, _ = appointed(house)

    with pytest.raises(grants.StillWaits) as refused:
        opens(house.case, accomplice)
    with pytest.raises(grants.StillWaits):
        opens(house.case, accomplice, at=grants.WAITS - SECOND)

    assert refused.value.until_at == NOW + grants.WAITS
    assert refused.value.confirmers == ("乙管理",)
    assert opens(house.case, accomplice, at=grants.WAITS)


def test_two_reset_passwords_open_neither_an_accusation_nor_another_seal(house: House) -> None:
    accusation = accused(house.office.village, now=NOW).case
    request = ask(accusation, house.office.clerk)
    for officer in (house.office.clerk, house.office.head):
        members.reset_password(member=officer, actor=house.one, now=NOW)

    for officer in (house.office.clerk, house.office.head):
        with pytest.raises(Case.DoesNotExist):
            ask(accusation, officer)
        with pytest.raises(grants.StillWaits):
            ask(house.case, officer)
    with pytest.raises(Case.DoesNotExist):
        seals.allow_opening(opening=request, actor=house.office.head, now=NOW)


def test_a_reason_given_before_the_reset_opens_nothing_after_it(house: House) -> None:
    opening = ask(house.case, house.office.handler)
    members.reset_password(member=house.office.handler, actor=house.one, now=NOW)

    with pytest.raises(grants.StillWaits):
        seals.look(opening=opening, actor=house.office.handler, now=NOW)


@pytest.mark.parametrize("power", sorted(rules.OPENERS))
def test_a_power_that_is_added_waits_as_a_new_post_does(house: House, power: Power) -> None:
    officer = make_officer(house.town, Power.REPORT)
    post = Post.objects.get(tenures__member=officer)
    posts.change_post(
        post=post, title=post.title, powers=[Power.REPORT, power], actor=house.one, now=NOW
    )

    with pytest.raises(grants.StillWaits):
        opens(house.case, officer)
    confirm(post, house.two)

    assert opens(house.case, officer)


def test_another_title_or_a_power_less_makes_nobody_wait(house: House) -> None:
    officer = make_officer(house.town, Power.HANDLE, Power.VERIFY)
    post = Post.objects.get(tenures__member=officer)
    posts.change_post(post=post, title="改名", powers=[Power.HANDLE], actor=house.one, now=NOW)

    assert opens(house.case, officer)


@pytest.mark.parametrize("back", [1, 400])
def test_a_tenure_that_is_dated_back_or_begun_again_is_a_new_one(house: House, back: int) -> None:
    past = make_member()
    post = make_post(house.town, Power.HANDLE)
    tenure = make_tenure(past, post, end_date=TODAY - back * DAY)
    posts.end_tenure(tenure=tenure, end_date=TODAY + DAY, actor=house.one, now=NOW)
    early = make_member()
    other = make_post(house.town, Power.HANDLE)
    posts.hand_over(post=other, to=early, start_date=TODAY - back * DAY, actor=house.one, now=NOW)

    for officer in (past, early):
        with pytest.raises(grants.StillWaits):
            opens(house.case, officer)


def test_a_new_account_waits_for_its_password_as_well(house: House) -> None:
    member, given = members.add_member(username="new", name="新人", actor=house.one, now=NOW)
    _, tenure = appointed(house, to=member)

    confirm(tenure, house.two)
    with pytest.raises(grants.StillWaits):
        opens(house.case, member)
    members.change_own_password(
        actor=member, present=given, new="Quiet-Lantern-48", session_key="k", now=NOW
    )
    confirm(member, house.two)

    assert opens(house.case, member)


def test_an_account_that_is_opened_again_waits(house: House) -> None:
    officer = house.office.handler
    members.deactivate_member(member=officer, actor=house.one, reason="借调", now=NOW)
    members.reactivate_member(member=officer, actor=house.one, now=NOW)

    with pytest.raises(grants.StillWaits):
        opens(house.case, officer)


def test_the_holder_s_own_change_of_password_does_not_end_the_wait(house: House) -> None:
    officer = house.office.handler
    password = members.reset_password(member=officer, actor=house.one, now=NOW)
    members.change_own_password(
        actor=officer, present=password, new="Quiet-Lantern-48", session_key="k", now=NOW
    )

    with pytest.raises(grants.StillWaits):
        opens(house.case, officer)


def test_an_officer_who_changes_their_own_password_goes_on_opening(house: House) -> None:
    officer = house.office.handler
    members.change_own_password(
        actor=officer, present="Quiet-Lantern-47", new="Quiet-Lantern-48", session_key="k", now=NOW
    )

    assert opens(house.case, officer)


def test_the_settled_one_of_two_posts_is_enough(house: House) -> None:
    appointed(house, to=house.office.handler)

    assert opens(house.case, house.office.handler)


def test_work_that_is_passed_on_is_opened_by_its_new_officers_72_hours_later(house: House) -> None:
    ended = Post.objects.get(tenures__member=house.office.handler)
    Case.objects.filter(pk=house.case.pk).update(post=ended)
    accomplice = make_officer(house.office.county, Power.HANDLE)
    posts.end_post(
        post=ended, end_date=TODAY, to=Post.objects.get(tenures__member=accomplice),
        actor=house.one, now=NOW,
    )  # fmt: skip

    with pytest.raises(grants.PassedOnLately):
        opens(house.case, accomplice)

    assert opens(house.case, accomplice, at=grants.WAITS)


def test_a_post_that_ends_lets_nobody_into_what_is_confidential(house: House) -> None:
    accusation = accused(house.office.village, now=NOW).case
    ended = Post.objects.get(tenures__member=house.office.head)
    Case.objects.filter(pk=accusation.pk).update(post=ended)
    accomplice = make_officer(house.office.county, Power.HANDLE)
    posts.end_post(
        post=ended, end_date=TODAY, to=Post.objects.get(tenures__member=accomplice),
        actor=house.one, now=NOW,
    )  # fmt: skip

    accusation.refresh_from_db()
    assert (accusation.post, accusation.owner) == (None, house.town)
    assert not sees(accomplice, accusation)


# ------------------------------------------------------- what needs to be known
def test_a_new_holder_of_a_post_that_needs_to_know_sees_nothing_yet(house: House) -> None:
    accusation = accused(house.office.village, now=NOW).case
    head = Post.objects.get(tenures__member=house.office.head)
    successor = make_member()
    posts.hand_over(post=head, to=successor, start_date=TODAY, actor=house.one, now=NOW)

    before = sees(successor, accusation)
    confirm(Tenure.objects.get(member=successor), house.two)

    assert (before, sees(successor, accusation)) == (False, True)
    assert sees(successor, house.case)


def test_a_reset_takes_the_sight_of_what_is_confidential_until_it_counts(house: House) -> None:
    accusation = accused(house.office.village, now=NOW).case
    members.reset_password(member=house.office.head, actor=house.one, now=NOW)

    assert not sees(house.office.head, accusation)
    assert sees(house.office.head, accusation, at=grants.WAITS)


def sees(user: User, case: Case, *, at: timedelta = timedelta(0)) -> bool:
    fresh, now = User.objects.get(pk=user.pk), NOW + at
    listed = queries.visible_to(fresh, now).filter(pk=case.pk).exists()
    assert listed is not queries.is_shut_to(fresh, case, now)
    return listed


# ------------------------------------------------------------------ told, noted
def heard(member: User) -> list[str]:
    return list(Notice.objects.filter(member=member).values_list("what", flat=True))


def test_an_appointment_is_told_to_holder_leader_and_other_administrators(house: House) -> None:
    accomplice, _ = appointed(house)

    assert heard(accomplice) == heard(house.office.head) == heard(house.two) == ["appointed"]
    assert heard(house.one) == heard(house.office.handler) == []


def test_a_reset_is_told_to_the_holder_and_to_the_leader(house: House) -> None:
    members.reset_password(member=house.office.handler, actor=house.one, now=NOW)

    assert heard(house.office.handler) == heard(house.office.head) == heard(house.two) == ["reset"]


def test_a_leader_s_own_reset_is_told_to_the_other_administrators(house: House) -> None:
    members.reset_password(member=house.office.head, actor=house.one, now=NOW)

    assert heard(house.office.head) == heard(house.two) == ["reset"]


def test_added_powers_are_told(house: House) -> None:
    officer = make_officer(house.town, Power.REPORT)
    post = Post.objects.get(tenures__member=officer)
    posts.change_post(post=post, title=post.title, powers=[Power.HANDLE], actor=house.one, now=NOW)

    assert heard(officer) == heard(house.office.head) == heard(house.two) == ["widened"]


def test_an_appointment_that_reaches_no_seal_is_told_as_well(house: House) -> None:
    accomplice, _ = appointed(house, Power.REPORT, Power.DUTY)

    assert heard(accomplice) == heard(house.office.head) == heard(house.two) == ["appointed"]
    assert all(not each.detail["until_at"] for each in Notice.objects.filter(what="appointed"))


# ------------------------------------------------------------------- in danger
def test_in_danger_a_new_officer_opens_with_one_who_is_not_new(house: House) -> None:
    auditor = make_officer(house.office.county, Power.AUDIT)
    accomplice, _ = appointed(house)
    opening = ask(house.case, accomplice, is_danger=True)

    with pytest.raises(rules.SecondPersonNeeded):
        seals.look(opening=opening, actor=accomplice, now=NOW)
    seals.allow_opening(opening=opening, actor=house.office.head, now=NOW)

    assert seals.look(opening=opening, actor=accomplice, now=NOW) == WHO
    entry = Entry.objects.get(chain__subject=house.case.subject, act="open_seal")
    assert entry.details["danger"] is True
    assert heard(auditor) == ["opened_in_danger"]


def test_in_danger_two_new_officers_open_nothing(house: House) -> None:
    accomplice, _ = appointed(house)
    members.reset_password(member=house.office.head, actor=house.one, now=NOW)
    opening = ask(house.case, accomplice, is_danger=True)

    with pytest.raises(grants.StillWaits):
        seals.allow_opening(opening=opening, actor=house.office.head, now=NOW)


def test_what_was_allowed_in_danger_is_for_who_asked_and_not_for_a_newer_password(
    house: House,
) -> None:
    accomplice, _ = appointed(house)
    opening = ask(house.case, accomplice, is_danger=True)
    seals.allow_opening(opening=opening, actor=house.office.head, now=NOW)
    members.reset_password(member=accomplice, actor=house.one, now=NOW + SECOND)

    with pytest.raises(grants.StillWaits):
        seals.look(opening=opening, actor=accomplice, now=NOW + 2 * SECOND)


# ---------------------------------------------------------------- the founding
def test_what_is_older_than_the_rule_counts(house: House) -> None:
    assert opens(house.case, house.office.handler)


def test_a_founding_needs_nobody_and_the_console_later_does(house: House) -> None:
    post = make_post(house.town, Power.HANDLE)
    founder, later = make_member(), make_member()
    posts.appoint(post=post, member=founder, start_date=TODAY, actor=Console.FOUNDING, now=NOW)
    posts.hand_over(post=post, to=later, start_date=TODAY + DAY, actor=Console.CONSOLE, now=NOW)

    assert opens(house.case, founder)
    with pytest.raises(grants.StillWaits):
        opens(house.case, later, at=DAY)


def test_every_power_that_opens_or_takes_up_reaches() -> None:
    assert rules.OPENERS | recipients.TAKERS | {Power.ADMINISTER} <= grants.REACHING
