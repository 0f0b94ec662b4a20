"""The forms offer exactly the officers whom the administrator may appoint (decision 179)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from bihuan.core.powers import Power
from bihuan.orgs.actions import posts
from bihuan.orgs.models import Unit, User
from bihuan.orgs.refusals import PostElsewhere
from tests.factories import NOW, TODAY, make_member, make_officer, make_post, make_tenure, make_unit

pytestmark = pytest.mark.django_db
NOTE = "兼任您所管理范围以外单位岗位的人员未列出"


@pytest.fixture
def county() -> Unit:
    return make_unit(code="county", kind=Unit.Kind.GOVERNMENT)


@pytest.fixture
def town(county: Unit) -> Unit:
    return make_unit(county, code="town", kind=Unit.Kind.TOWN)


@pytest.fixture
def administrator(town: Unit) -> User:
    return make_officer(town, Power.ADMINISTER)


@pytest.fixture
def everybody(county: Unit, town: Unit) -> list[User]:
    """Officers without a post, of the town, of the county, of both, of before and of later."""
    free, own, above, both, before, later = (make_member() for _ in range(6))
    for member, unit in ((own, town), (above, county), (both, town), (both, county)):
        make_tenure(member, make_post(unit))
    make_tenure(before, make_post(county), end_date=TODAY - timedelta(days=1))
    make_tenure(later, make_post(county), start_date=TODAY + timedelta(days=5))
    return [free, own, above, both, before, later]


def test_offered_is_who_is_not_refused(
    everybody: list[User], administrator: User, town: Unit
) -> None:
    page = _page(administrator, reverse("orgs:appoint", args=[make_post(town).pk]))

    offered = {int(pk) for pk in re.findall(r'<option value="(\d+)"', page)}
    assert offered == {user.pk for user in _accepted([*everybody, administrator], administrator)}
    assert NOTE in page


def test_a_note_stands_only_where_somebody_is_left_out(county: Unit) -> None:
    page = _page(
        make_officer(county, Power.ADMINISTER), reverse("orgs:appoint", args=[make_post(county).pk])
    )

    assert NOTE not in page


@pytest.mark.parametrize("name", ["orgs:hand-over", "orgs:add-unit-with-post"])
def test_every_form_that_appoints_says_who_is_left_out(
    everybody: list[User], administrator: User, town: Unit, name: str
) -> None:
    _free, own, above, *_rest = everybody
    key = town.code if name == "orgs:add-unit-with-post" else make_post(town).pk

    page = _page(administrator, reverse(name, args=[key]))

    assert f'value="{own.pk}"' in page
    assert f'value="{above.pk}"' not in page
    assert NOTE in page


def test_the_holder_is_not_offered_as_the_next_holder(administrator: User, town: Unit) -> None:
    post, holder = make_post(town), make_member()
    make_tenure(holder, post)

    page = _page(administrator, reverse("orgs:hand-over", args=[post.pk]))

    assert f'value="{holder.pk}"' not in page


def _accepted(members: list[User], administrator: User) -> list[User]:
    """Return the officers whom the action appoints."""
    unit = Unit.objects.get(code="town")
    return [each for each in members if _is_accepted(each, unit, administrator)]


def _is_accepted(member: User, unit: Unit, administrator: User) -> bool:
    try:
        with transaction.atomic():
            posts.appoint(
                post=make_post(unit), member=member, start_date=TODAY, actor=administrator, now=NOW
            )
            transaction.set_rollback(True)
    except PostElsewhere:
        return False
    return True


def _page(user: User, url: str) -> str:
    client = Client()
    client.force_login(user)
    return client.get(url).content.decode()
