"""A post moves to another unit with its holder and its open work; the past stays."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bihuan.cases import queries
from bihuan.cases.models import Case, Exclusion
from bihuan.core.powers import Power
from bihuan.core.refusal import NotAllowed
from bihuan.journal import queries as journal
from bihuan.orgs import access
from bihuan.orgs.actions import moving, posts
from bihuan.orgs.actions.moving import NewOfficer
from bihuan.orgs.models import Post, Tenure, Unit, User
from bihuan.orgs.refusals import (
    AlreadyThere,
    LastAdministrator,
    PostEnded,
    PostHeld,
    SameUnit,
    UnitClosed,
)
from tests.factories import NOW, TODAY, make_member, make_officer, make_post, make_tenure
from tests.hazards.district import District, assigned

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def moved(d: District, unit: Unit, actor: User, post: Post | None = None) -> Post:
    return moving.move_post(
        post=post or d.handler_post, unit=unit, actor=actor, now=NOW, reason="机构调整"
    )


def test_the_holder_and_the_open_work_move(d: District, next_town: Unit, admin: User) -> None:
    case = assigned(d)

    post = moved(d, next_town, admin)

    case.refresh_from_db()
    assert (case.post, case.owner) == (post, next_town)
    assert (post.title, post.powers, post.unit) == ("安全员", ["handle"], next_town)
    handler = User.objects.get(pk=d.handler.pk)
    assert access.has(handler, Power.HANDLE, unit=next_town, now=NOW + DAY)
    assert not access.has(handler, Power.HANDLE, unit=d.town, now=NOW + DAY)
    assert case.clocks.get(rule_id="HAZ-5").unit_id == next_town.pk
    assert journal.verify().ok


def test_the_past_stays_in_the_old_unit(d: District, next_town: Unit, admin: User) -> None:
    """Who was there decides who may verify and who is excluded."""
    moved(d, next_town, admin)

    held = access.held(User.objects.get(pk=d.handler.pk), TODAY + DAY)

    assert [(each.unit, each.until_date) for each in held] == [(d.town, TODAY), (next_town, None)]


def test_a_moved_post_waits_for_a_second_administrator(
    d: District, next_town: Unit, admin: User
) -> None:
    moved(d, next_town, admin)

    seats = access.settled_seats(User.objects.get(pk=d.handler.pk), NOW)

    assert next_town not in [seat.unit for seat in seats]


@pytest.mark.parametrize("whom", ["unit", "officer", "confidential"])
def test_work_that_is_closed_to_the_new_unit_stays(
    d: District, next_town: Unit, admin: User, whom: str
) -> None:
    case = assigned(d)
    if whom == "confidential":
        Case.objects.filter(pk=case.pk).update(is_confidential=True)
    else:
        bar = {"unit": next_town, "since_at": NOW} if whom == "unit" else {"member": d.handler}
        Exclusion.objects.create(case=case, cause="interest", added_at=NOW, **bar)

    moved(d, next_town, admin)

    case.refresh_from_db()
    assert (case.post, case.owner) == (None, d.town)


def test_what_is_refused(d: District, next_town: Unit, admin: User) -> None:
    with pytest.raises(SameUnit):
        moved(d, d.town, admin)
    make_post(next_town, title="安全员")
    with pytest.raises(AlreadyThere):
        moved(d, next_town, admin)
    with pytest.raises(NotAllowed):
        moved(d, next_town, make_officer(d.town, Power.ADMINISTER))
    Unit.objects.filter(pk=next_town.pk).update(end_date=TODAY)
    with pytest.raises(UnitClosed):
        moved(d, next_town, admin)


def test_a_post_with_a_next_holder_is_not_moved(d: District, next_town: Unit, admin: User) -> None:
    posts.hand_over(
        post=d.handler_post, to=make_member(), start_date=TODAY + 5 * DAY, actor=admin, now=NOW
    )

    with pytest.raises(PostHeld):
        moved(d, next_town, admin)
    assert not Post.objects.filter(unit=next_town, title="安全员").exists()


def test_the_last_administrator_is_not_moved_away(d: District, next_town: Unit) -> None:
    top = make_officer(d.county, Power.ADMINISTER)

    with pytest.raises(LastAdministrator):
        moved(d, next_town, top, Post.objects.get(tenures__member=top))


def test_an_ended_post_is_not_moved(d: District, next_town: Unit, admin: User) -> None:
    Post.objects.filter(pk=d.handler_post.pk).update(end_date=TODAY)

    with pytest.raises(PostEnded):
        moved(d, next_town, admin)


def test_a_vacant_post_moves_too(d: District, next_town: Unit, admin: User) -> None:
    post = moved(d, next_town, admin, make_post(d.town, Power.VERIFY, title="空缺"))

    assert not Tenure.objects.filter(post=post).exists()


# ------------------------------------------------------------------ a whole unit
def test_a_unit_is_added_with_post_account_and_appointment(d: District, admin: User) -> None:
    made = moving.add_unit_with_post(
        parent=d.town, code="new-1", name="新村", kind=Unit.Kind.VILLAGE, title="村安全员",
        powers=[Power.REPORT], officer=NewOfficer("周新", "zhou.xin"), start_date=TODAY,
        actor=admin, now=NOW,
    )  # fmt: skip

    assert made.member is not None
    assert made.member.check_password(made.password)
    assert access.has(made.member, Power.REPORT, unit=made.unit, now=NOW)


def test_it_is_added_as_a_whole_or_not_at_all(d: District, admin: User) -> None:
    make_tenure(make_member(username="taken"), make_post(d.town))

    with pytest.raises(AlreadyThere):
        moving.add_unit_with_post(
            parent=d.town, code="new-1", name="新村", kind=Unit.Kind.VILLAGE, title="村安全员",
            powers=[], officer=NewOfficer("周新", "taken"), start_date=TODAY, actor=admin, now=NOW,
        )  # fmt: skip

    assert not Unit.objects.filter(code="new-1").exists()
    assert queries.visible_to(admin, NOW).count() == 0
