"""Two people at the same time: what one does, the other sees or waits for."""

from functools import partial

import pytest
from django.conf import settings
from django.db import connection, transaction
from pytest_django import Settings as SettingsOfATest

from bihuan.core.powers import Power
from bihuan.core.refusal import Refusal
from bihuan.journal.models import Entry
from bihuan.orgs.access import Console
from bihuan.orgs.actions import members, signing_in, units
from bihuan.orgs.actions.once import Outcome, issued, once
from bihuan.orgs.actions.signing_in import Place
from bihuan.orgs.actions.steps import lock_organisation
from bihuan.orgs.models import Post, Unit, User
from bihuan.orgs.passwords import derived
from bihuan.orgs.refusals import TooManyTries
from tests.at_once import at_once
from tests.factories import NOW, make_member, make_officer, make_post, make_unit

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_two_moves_together_never_close_a_ring() -> None:
    top = make_unit()
    one, two = make_unit(top), make_unit(top)

    def move(unit: Unit, parent: Unit) -> Unit:
        return units.move_unit(unit=unit, parent=parent, actor=Console.CONSOLE, now=NOW)

    answers = at_once(lambda: move(one, two), lambda: move(two, one))

    assert sum(isinstance(answer, Refusal) for answer in answers) == 1
    for unit in Unit.objects.select_related("parent").exclude(parent=None):
        assert unit.parent
        assert unit.path == f"{unit.parent.path}{unit.pk:06d}/"


def test_a_change_of_the_organisation_keeps_no_case_of_its_top_waiting() -> None:
    """Otherwise a unit that is closed, and waits for such a case, would wait for ever."""
    top = make_unit()

    def refer() -> Post:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
            return make_post(top)

    with transaction.atomic():
        lock_organisation()
        (answer,) = at_once(refer)

    assert isinstance(answer, Post)


def test_no_more_are_tried_at_once_than_one_after_another() -> None:
    user = make_member()

    def fail() -> User | None:
        here = Place("198.51.100.1")
        return signing_in.attempt(username=user.username, password="wrong", place=here, now=NOW)

    answers = at_once(*[fail] * (settings.SIGN_IN_ATTEMPTS + 3))

    assert sum(isinstance(answer, TooManyTries) for answer in answers) == 3
    assert Entry.objects.filter(act="sign-in-failed").count() == settings.SIGN_IN_ATTEMPTS


def test_failures_from_many_places_together_shut_the_account_once(
    settings: SettingsOfATest,
) -> None:
    user = make_member()
    settings.SIGN_IN_ATTEMPTS_AT_ACCOUNT = 4

    def fail(n: int) -> User | None:
        there = Place(f"198.51.100.{n}")
        return signing_in.attempt(username=user.username, password="wrong", place=there, now=NOW)

    at_once(*[partial(fail, n) for n in range(6)])

    user.refresh_from_db()
    assert user.locked_at(NOW)
    assert Entry.objects.filter(act="lock").count() == 1


def test_of_two_clicks_on_a_form_one_adds_the_officer_and_both_find_the_password() -> None:
    administrator = make_officer(make_unit(), Power.ADMINISTER)

    def act() -> Outcome:
        added, _password = members.add_member(
            username="new.one", name="新人", temporary=derived("n1", "new.one"),
            actor=administrator, now=NOW,
        )  # fmt: skip
        return Outcome(added)

    def send() -> None:
        once(number="n1", actor=administrator, now=NOW, act=act)

    at_once(send, send)

    found = issued("n1", administrator, NOW)
    assert found is not None
    assert User.objects.get(username="new.one").check_password(found.password)
