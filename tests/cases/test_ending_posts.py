"""A post that ends, and what people expect of a unit that closes, is somebody else's before."""

from __future__ import annotations

from datetime import time

import pytest

from bihuan.api.actions import keys
from bihuan.cases.models import Exclusion
from bihuan.core.powers import Power
from bihuan.core.routing import ShutOut
from bihuan.grievances.actions import registration, transfers
from bihuan.grievances.models import Handover
from bihuan.hazards.actions import rectification
from bihuan.orgs.actions import posts
from bihuan.orgs.models import Post, Unit, User
from bihuan.orgs.refusals import DaysToCome, NoPost, OpenWork, UnitClosed
from bihuan.portal.actions import receptions
from bihuan.receipts.accounts import Intake
from tests.cases.closing import DAY, acts, close
from tests.factories import NOW, TODAY, make_officer, make_post
from tests.hazards.district import District, account_of, assigned

pytestmark = pytest.mark.django_db


# ----------------------------------------------------------------------- posts
def test_a_post_with_open_work_does_not_end_without_a_word(d: District, admin: User) -> None:
    case = assigned(d)
    other = make_post(d.town, Power.HANDLE)

    with pytest.raises(OpenWork):
        posts.end_post(post=d.handler_post, end_date=TODAY, actor=admin, now=NOW, reason="撤岗")
    posts.end_post(
        post=d.handler_post, end_date=TODAY, actor=admin, now=NOW, reason="撤岗", to=other
    )

    case.refresh_from_db()
    assert case.post == other
    assert acts(case)[-1] == "leave_post"


def test_open_work_of_a_post_may_wait_for_the_coordinators(d: District, admin: User) -> None:
    case = assigned(d)

    posts.end_post(
        post=d.handler_post, end_date=TODAY, actor=admin, now=NOW, reason="撤岗",
        to_coordinators=True,
    )  # fmt: skip

    case.refresh_from_db()
    assert (case.owner, case.post) == (d.town, None)


def test_interim_controls_always_have_a_post(d: District, admin: User) -> None:
    case = assigned(d)
    rectification.add_control(
        case=case, actor=d.handler, now=NOW, what="拉警戒线", expiry_date=TODAY + DAY,
        post=d.handler_post,
    )  # fmt: skip

    with pytest.raises(NoPost):
        posts.end_post(
            post=d.handler_post, end_date=TODAY, actor=admin, now=NOW, to_coordinators=True
        )


def test_no_post_whose_holder_is_shut_out_gets_the_work(d: District, admin: User) -> None:
    case = assigned(d)
    other = make_officer(d.town, Power.HANDLE)
    Exclusion.objects.create(case=case, member=other, cause=Exclusion.Cause.INTEREST, added_at=NOW)

    with pytest.raises(ShutOut):
        posts.end_post(
            post=d.handler_post, end_date=TODAY, actor=admin, now=NOW, reason="撤岗",
            to=Post.objects.get(tenures__member=other),
        )  # fmt: skip


# ------------------------------------------------------- keys, days and transfers
def test_keys_of_other_systems_report_to_the_successor(
    d: District, admin: User, next_town: Unit
) -> None:
    key, _said = keys.make_key(name="12345", unit=d.village, actor=admin, now=NOW)

    close(d.village, admin, next_town)

    key.refresh_from_db()
    assert key.unit == next_town
    gone = Unit.objects.get(pk=d.village.pk)
    with pytest.raises(UnitClosed):
        keys.make_key(name="again", unit=gone, actor=admin, now=NOW)


def test_reception_days_are_cancelled_first(d: District, admin: User, next_town: Unit) -> None:
    post = Post.objects.get(tenures__member=d.town_leader)
    hours = receptions.Hours(time(9), time(11), 30, "接访室")
    planned = receptions.plan(
        post=post, dates=[TODAY + DAY], hours=hours, actor=d.coordinator, now=NOW
    )
    close(d.village, admin, d.town)

    with pytest.raises(DaysToCome):
        close(d.town, admin, next_town)
    receptions.cancel(reception=planned[0], reason="合并", actor=d.coordinator, now=NOW)
    close(d.town, admin, next_town)


def test_a_transfer_that_waits_goes_to_the_successor(
    d: District, admin: User, next_town: Unit
) -> None:
    case = registration.receive(Intake(account=account_of(d.county), form_key="g", now=NOW)).case
    transfers.transfer(case=case, actor=d.coordinator, now=NOW, unit=d.village, note="属地")

    close(d.village, admin, next_town)

    assert Handover.objects.get(case=case).to_unit == next_town
    taker = User.objects.get(tenures__post__unit=next_town)
    transfers.take_over(case=case, actor=taker, now=NOW)
