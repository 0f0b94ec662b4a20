"""Both sides hear that an answer is late; leaders above hear when nothing happens."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bihuan.clocks.actions import ticking
from bihuan.clocks.models import Clock
from bihuan.core.powers import Power
from bihuan.journal.queries import verify
from bihuan.notices.models import Notice
from bihuan.orgs.holdings import PassingOn
from bihuan.orgs.models import Unit, User
from bihuan.transfers.actions import succession
from bihuan.transfers.acts import Act
from bihuan.transfers.models import Letter
from tests.factories import NOW, TODAY, make_officer, make_unit
from tests.transfers.scene import Scene

pytestmark = pytest.mark.django_db


def told(letter: Letter, what: str) -> set[User]:
    return {row.member for row in Notice.objects.filter(subject=letter.subject, what=what)}


def test_the_body_is_warned_and_both_sides_hear_that_it_is_late(scene: Scene) -> None:
    letter = scene.issued()
    ticking.tick(now=NOW + timedelta(days=25))
    assert told(letter, "warning") == {scene.receiver}

    ticking.tick(now=NOW + timedelta(days=32))

    assert told(letter, "overdue") == {scene.receiver, scene.coordinator}


def test_leaders_above_the_body_hear_when_nothing_happens(scene: Scene) -> None:
    leader = make_officer(scene.county, Power.APPROVE)
    letter = scene.issued()

    ticking.tick(now=NOW + timedelta(days=40))

    heard = told(letter, "escalation")
    assert leader in heard
    assert not heard & {scene.leader, scene.receiver, scene.coordinator}


def test_an_answered_letter_reminds_no_one(scene: Scene) -> None:
    letter = scene.answered()

    ticking.tick(now=NOW + timedelta(days=60))

    assert not Notice.objects.filter(subject=letter.subject, what="overdue").exists()


# ------------------------------------------------------------- closed units, the journal
def passed_on(unit: Unit, successor: Unit, actor: User) -> int:
    passing = PassingOn(unit=unit, successor=successor, actor=actor, now=NOW, reason="撤并")
    return succession.HOLDING.pass_on(passing)


def test_the_open_letters_of_a_closed_unit_go_to_its_successor(scene: Scene) -> None:
    ended, letter = scene.answered(), scene.issued()
    successor = make_unit(scene.county)
    assert succession.HOLDING.of_unit(scene.bureau, TODAY) == 1

    assert passed_on(scene.bureau, successor, scene.leader) == 1

    letter.refresh_from_db()
    ended.refresh_from_db()
    assert (letter.to_unit, ended.to_unit) == (successor, scene.bureau)
    assert Clock.objects.get(subject=letter.subject).unit == successor
    assert not verify().findings


def test_a_letter_between_a_closed_unit_and_its_successor_is_recorded_by_the_sender(
    scene: Scene,
) -> None:
    letter = scene.issued()
    assert passed_on(scene.bureau, scene.town, scene.leader) == 0
    scene.bureau.end_date = TODAY
    scene.bureau.save()

    letter = Letter.objects.get(pk=letter.pk)
    scene.act(letter, Act.RECEIVE, by=scene.coordinator)


def test_a_change_outside_the_journal_is_found(scene: Scene) -> None:
    letter = scene.received(photos=[scene.photo()])
    assert not verify().findings

    Letter.objects.filter(pk=letter.pk).update(receipt="改过")

    assert verify().findings
