"""Two people at the same time: what one does, the other sees or waits for."""

import pytest
from django.conf import settings

from bihuan.core.refusal import Refusal
from bihuan.journal.models import Entry
from bihuan.orgs.access import Console
from bihuan.orgs.actions import signing_in, units
from bihuan.orgs.models import Unit, User
from tests.at_once import at_once
from tests.factories import NOW, make_member, make_unit

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


def test_failures_together_are_all_counted() -> None:
    user = make_member()

    def fail() -> User | None:
        return signing_in.attempt(username=user.username, password="wrong", now=NOW)

    at_once(*[fail] * settings.SIGN_IN_ATTEMPTS)

    user.refresh_from_db()
    assert user.locked_at(NOW)
    assert Entry.objects.filter(act="lock").count() == 1
