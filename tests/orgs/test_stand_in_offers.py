"""An officer is asked to stand in, and nothing changes until they accept."""

from __future__ import annotations

import pytest

from bihuan.core.powers import Power
from bihuan.core.refusal import NotAllowed
from bihuan.journal.models import Entry
from bihuan.notices.models import Notice
from bihuan.orgs import access, stand_ins
from bihuan.orgs.access import Console
from bihuan.orgs.actions import members, posts, stand_in_offers
from bihuan.orgs.models import Post, StandInOffer, Tenure, User
from bihuan.orgs.refusals import (
    AlreadyAsked,
    AlreadyStoodIn,
    AwayMeanwhile,
    LeavesBefore,
    NotEqualPowers,
    OfferGone,
)
from tests.factories import NOW, TODAY, make_officer
from tests.orgs.pairs import DAY, Pair, accepted, again, reaches

pytestmark = pytest.mark.django_db

CONSOLE = Console.CONSOLE


def told(user: User) -> list[str]:
    return list(Notice.objects.filter(member=user).order_by("pk").values_list("what", flat=True))


def acts(pair: Pair) -> list[str]:
    rows = Entry.objects.filter(chain__subject=pair.tenure.post.subject).order_by("seq")
    return list(rows.values_list("act", flat=True))


def test_nothing_changes_until_the_officer_accepts(pair: Pair) -> None:
    offer = pair.ask()

    assert not reaches(pair.colleague, pair.town)
    assert access.held(again(pair.colleague), TODAY)[0].stood_in_for is None
    assert not access.represented(again(pair.colleague), TODAY)
    assert access.same_person(again(pair.holder), NOW, NOW) == {pair.holder.pk}
    assert not stand_ins.around(pair.holder, TODAY)
    assert (told(pair.colleague), told(pair.holder)) == (["stand_in_asked"], [])

    accepted(offer)

    assert reaches(pair.colleague, pair.town)
    assert told(pair.holder) == ["stand_in"]
    assert not StandInOffer.objects.exists()
    assert acts(pair) == ["name-stand-in", "accept-stand-in"]


@pytest.mark.parametrize("answer", ["accept", "decline", "withdraw"])
def test_a_question_that_is_answered_or_withdrawn_is_no_unread_notice(
    pair: Pair, answer: str
) -> None:
    offer, later = pair.ask(), pair.ask(start=10, end=12)
    actor = pair.holder if answer == "withdraw" else pair.colleague

    getattr(stand_in_offers, f"{answer}_stand_in")(offer=offer, actor=actor, now=NOW)

    asked = Notice.objects.filter(member=pair.colleague, what="stand_in_asked")
    unread = asked.get(read_at=None)
    assert unread.cause.startswith(f"stand_in_asked/standinoffer/{later.pk}/")
    assert asked.count() == 2


def test_who_declines_gives_no_reason(pair: Pair) -> None:
    offer = pair.ask()

    stand_in_offers.decline_stand_in(offer=offer, actor=pair.colleague, now=NOW)

    assert not reaches(pair.colleague, pair.town)
    assert told(pair.holder) == ["stand_in_declined"]
    assert acts(pair) == ["name-stand-in", "decline-stand-in"]
    last = Entry.objects.filter(chain__subject=pair.tenure.post.subject).order_by("seq").last()
    assert last is not None
    assert last.note == ""
    for answer in (stand_in_offers.accept_stand_in, stand_in_offers.decline_stand_in):
        with pytest.raises(OfferGone):
            answer(offer=offer, actor=pair.colleague, now=NOW)


@pytest.mark.parametrize("who", ["holder", "administrator"])
def test_it_is_withdrawn_before_the_answer(pair: Pair, who: str) -> None:
    administrator = make_officer(pair.county, Power.ADMINISTER)
    offer = pair.ask()
    actor = administrator if who == "administrator" else pair.holder

    stand_in_offers.withdraw_stand_in(offer=offer, actor=actor, now=NOW)

    assert told(pair.colleague) == ["stand_in_asked", "stand_in_withdrawn"]
    assert acts(pair) == ["name-stand-in", "withdraw-stand-in"]
    with pytest.raises(OfferGone):
        accepted(offer)
    with pytest.raises(OfferGone):
        stand_in_offers.withdraw_stand_in(offer=offer, actor=actor, now=NOW)
    assert pair.ask()


def test_only_who_is_asked_answers(pair: Pair) -> None:
    offer, other = pair.ask(), make_officer(pair.town, Power.HANDLE, Power.COORDINATE)

    for actor in (pair.holder, other):
        for answer in (stand_in_offers.accept_stand_in, stand_in_offers.decline_stand_in):
            with pytest.raises(NotAllowed):
                answer(offer=offer, actor=actor, now=NOW)
    for actor in (pair.colleague, other):
        with pytest.raises(NotAllowed):
            stand_in_offers.withdraw_stand_in(offer=offer, actor=actor, now=NOW)


def test_one_is_asked_for_a_day(pair: Pair) -> None:
    other = make_officer(pair.town, Power.HANDLE, Power.COORDINATE)
    pair.ask(end=3)

    with pytest.raises(AlreadyAsked):
        pair.ask(other, start=3, end=5)

    assert pair.ask(other, start=4, end=5)


# ------------------------------------------------------ what changed in between
def test_who_accepts_later_begins_then(pair: Pair) -> None:
    offer = pair.ask(start=0, end=3)

    lent = stand_in_offers.accept_stand_in(offer=offer, actor=pair.colleague, now=NOW + 2 * DAY)

    assert (lent.start_date, lent.end_date) == (TODAY + 2 * DAY, TODAY + 3 * DAY)


def test_a_question_ends_with_its_days(pair: Pair) -> None:
    offer = pair.ask(start=0, end=0)

    with pytest.raises(OfferGone):
        stand_in_offers.accept_stand_in(offer=offer, actor=pair.colleague, now=NOW + DAY)


def test_powers_and_days_are_checked_again(pair: Pair) -> None:
    offer = pair.ask()
    post = Post.objects.get(tenures__member=pair.colleague)
    Post.objects.filter(pk=post.pk).update(powers=[Power.HANDLE])
    with pytest.raises(NotEqualPowers):
        stand_in_offers.accept_stand_in(offer=offer, actor=again(pair.colleague), now=NOW)

    Post.objects.filter(pk=post.pk).update(powers=[Power.HANDLE, Power.COORDINATE])
    Tenure.objects.filter(pk=pair.tenure.pk).update(end_date=TODAY)
    with pytest.raises(LeavesBefore):
        stand_in_offers.accept_stand_in(offer=offer, actor=again(pair.colleague), now=NOW)


def test_two_who_ask_each_other_do_not_both_accept(pair: Pair) -> None:
    there = pair.ask()
    back = stand_in_offers.name_stand_in(
        tenure=Tenure.objects.get(member=pair.colleague), member=pair.holder, start_date=TODAY,
        end_date=TODAY, actor=pair.colleague, now=NOW,
    )  # fmt: skip
    accepted(there)

    with pytest.raises(AwayMeanwhile):
        accepted(back)


def test_who_accepted_is_not_replaced_by_a_later_question(pair: Pair) -> None:
    other = make_officer(pair.town, Power.HANDLE, Power.COORDINATE)
    pair.name(end=3)

    with pytest.raises(AlreadyStoodIn):
        pair.ask(other)


@pytest.mark.parametrize("whose", ["holder", "colleague"])
def test_no_question_outlasts_an_account(pair: Pair, whose: str) -> None:
    offer = pair.ask()
    closed: User = getattr(pair, whose)

    members.deactivate_member(member=closed, actor=CONSOLE, now=NOW, reason="停职")
    members.reactivate_member(member=closed, actor=CONSOLE, now=NOW)

    with pytest.raises(OfferGone):
        accepted(offer)


def test_an_appointment_that_was_asked_about_is_withdrawn(pair: Pair) -> None:
    """Then there is nothing to stand in for, and nothing that keeps its row."""
    administrator = make_officer(pair.county, Power.ADMINISTER)
    offer = pair.ask()
    posts.end_tenure(tenure=pair.tenure, end_date=TODAY, actor=administrator, now=NOW)

    with pytest.raises(OfferGone):
        stand_in_offers.accept_stand_in(offer=offer, actor=pair.colleague, now=NOW + DAY)
