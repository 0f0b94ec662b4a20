"""Whose desk an imported row lands on: the officer's whom it names, where only one can be meant."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from bihuan.core.powers import Power
from bihuan.imports.actions.row_posts import Posts
from bihuan.orgs.models import Post, Unit
from tests.factories import NOW, make_officer, make_post, make_tenure, make_unit

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Row:
    owner: int
    resolver_name: str


def found(unit: Unit, names: str) -> Post | None:
    key = Posts(unit, NOW).of(Row(unit.pk, names))
    return None if key is None else Post.objects.get(pk=key)


@pytest.fixture
def unit() -> Unit:
    return make_unit(name="双河镇")


def test_the_officer_who_is_named_has_the_post(unit: Unit) -> None:
    officer = make_officer(unit, Power.HANDLE, name="白若兰")
    make_officer(unit, Power.HANDLE, name="何静")

    assert found(unit, "白若兰 13800000000") == Post.objects.get(tenures__member=officer)


def test_of_two_officers_of_one_name_neither_is_taken_by_chance(unit: Unit) -> None:
    first, _second = (make_officer(unit, Power.HANDLE, name="白若兰") for _ in range(2))
    make_tenure(first, make_post(unit, Power.HANDLE))
    colleague = make_officer(unit, Power.HANDLE, name="何静")

    assert found(unit, "白若兰") is None
    assert found(unit, "白若兰、何静") == Post.objects.get(tenures__member=colleague)


def test_one_officer_on_two_posts_is_still_one(unit: Unit) -> None:
    officer = make_officer(unit, Power.HANDLE, name="白若兰")
    make_tenure(officer, make_post(unit, Power.HANDLE))

    assert found(unit, "白若兰") in Post.objects.filter(tenures__member=officer)
