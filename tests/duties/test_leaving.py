"""The duties of a post that ends are handed on, and none is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bihuan.core.powers import Power
from bihuan.duties import queries
from bihuan.duties.models import Duty
from bihuan.orgs.actions import posts
from tests.duties.register import Town, a_duty
from tests.factories import NOW, TODAY, make_officer, make_post

pytestmark = pytest.mark.django_db


def test_the_duties_of_a_post_that_ends_go_to_another_one_which_signs(town: Town) -> None:
    duty, heir = a_duty(town), make_post(town.town, Power.HANDLE)
    administrator = make_officer(town.county, Power.ADMINISTER)

    posts.end_post(post=town.post, end_date=TODAY, actor=administrator, now=NOW, to=heir)

    duty.refresh_from_db()
    assert duty.post == heir
    assert duty.ended_at is None


def test_without_another_post_they_are_listed_as_duties_of_no_one(town: Town) -> None:
    duty = a_duty(town)
    administrator = make_officer(town.county, Power.ADMINISTER)

    posts.end_post(
        post=town.post, end_date=TODAY, actor=administrator, now=NOW, to_coordinators=True
    )

    assert [*queries.vacant(Duty.objects.all(), TODAY + timedelta(days=1))] == [duty]


def test_a_post_that_has_the_duty_already_does_not_get_it_twice(town: Town) -> None:
    heir = make_post(town.town, Power.HANDLE)
    duty, same = a_duty(town), a_duty(town, post=heir)
    administrator = make_officer(town.county, Power.ADMINISTER)

    posts.end_post(post=town.post, end_date=TODAY, actor=administrator, now=NOW, to=heir)

    assert [*Duty.objects.filter(post=heir)] == [same]
    duty.refresh_from_db()
    assert duty.ended_at is None
