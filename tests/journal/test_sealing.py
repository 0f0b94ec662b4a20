"""Sealing the journal: a root for each hour, and for days that nobody sealed."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connection, transaction

from bihuan.core import chain as core
from bihuan.journal import queries, sealing
from bihuan.journal.actions import record
from bihuan.journal.models import Anchor
from bihuan.journal.refusals import DayNotBegun, DayPassedOver
from tests.conftest import CountQueries
from tests.factories import NOW, TODAY
from tests.journal.lifting import tamper

pytestmark = pytest.mark.django_db

TOMORROW = NOW + timedelta(days=1)


def test_a_day_that_is_over_is_sealed_once_for_good() -> None:
    record("case/1", "report", by=None, at=NOW)
    record("case/1", "confirm", by=None, at=NOW)
    record("case/2", "report", by=None, at=NOW)

    anchor = sealing.anchor(TODAY, now=TOMORROW)
    again = sealing.anchor(TODAY, now=TOMORROW + timedelta(days=5))

    assert again == Anchor.objects.get() == anchor
    assert (anchor.leaves, anchor.previous, anchor.made_at) == (2, core.START, TOMORROW)


def test_the_root_is_that_of_the_last_entries_of_the_day() -> None:
    record("case/1", "report", by=None, at=NOW)
    last = record("case/1", "confirm", by=None, at=NOW)
    record("case/1", "assign", by=None, at=TOMORROW)

    anchor = sealing.anchor(TODAY, now=TOMORROW)

    day = core.Day(
        TODAY,
        until=core.microseconds(anchor.until_at),
        through=anchor.through,
        previous=core.START,
    )
    day.add("case/1", bytes(last.hash))
    assert anchor.root == day.root()


def test_today_is_shown_but_not_sealed() -> None:
    record("case/1", "report", by=None, at=NOW)

    anchor = sealing.anchor(TODAY, now=NOW)

    assert anchor.pk is None
    assert anchor.leaves == 1
    assert not Anchor.objects.exists()


def test_the_day_ends_at_midnight_where_the_office_is() -> None:
    last_second = NOW.replace(hour=15, minute=59, second=59)  # 23:59:59 in Shanghai
    record("case/1", "report", by=None, at=last_second)
    record("case/2", "report", by=None, at=last_second + timedelta(seconds=1))

    before = sealing.anchor(TODAY, now=last_second)
    after = sealing.anchor(TODAY, now=last_second + timedelta(seconds=1))

    assert before.pk is None
    assert before.leaves == 1
    assert after.pk is not None
    assert after.leaves == 1


def test_each_hour_of_today_has_a_root_of_its_own() -> None:
    for hours in (0, 1, 1, 3):
        record(f"case/{hours}", "note", by=None, at=NOW + timedelta(hours=hours))

    sealed = sealing.seal(now=NOW + timedelta(hours=3, minutes=59))
    later = sealing.seal(now=NOW + timedelta(hours=4))

    roots = Anchor.objects.order_by("until_at")
    assert (sealed, later) == (2, 1)
    assert [(one.until_at - NOW) / timedelta(hours=1) for one in roots] == [1, 2, 4]
    assert [one.previous for one in roots] == [core.START, *[one.root for one in roots][:-1]]
    assert {one.date for one in roots} == {TODAY}
    assert queries.verify().ok


def test_the_last_root_of_hours_is_that_of_their_day() -> None:
    record("case/1", "note", by=None, at=NOW)
    record("case/1", "note", by=None, at=NOW + timedelta(hours=1))
    sealing.seal(now=NOW + timedelta(hours=2))

    anchor = sealing.anchor(TODAY, now=TOMORROW)

    assert anchor == Anchor.objects.latest("until_at")
    assert Anchor.objects.count() == 2


def test_a_day_that_nobody_sealed_has_one_root() -> None:
    for hours in range(5):
        record("case/1", "note", by=None, at=NOW + timedelta(hours=hours))

    assert sealing.seal(now=TOMORROW) == 1
    assert sealing.seal(now=TOMORROW) == 0


def test_at_midnight_the_day_that_ends_is_over() -> None:
    for hours in (0, 3):
        record("case/1", "note", by=None, at=NOW + timedelta(hours=hours))
    midnight = NOW + timedelta(hours=14)

    assert sealing.seal(now=midnight) == 1
    assert Anchor.objects.get().until_at == midnight


def test_days_that_were_not_sealed_are_sealed_first() -> None:
    for days in (0, 1, 4):
        record(f"case/{days}", "report", by=None, at=NOW + timedelta(days=days))

    anchor = sealing.anchor(TODAY + timedelta(days=6), now=NOW + timedelta(days=9))

    sealed = Anchor.objects.order_by("until_at")
    assert [(one.date - TODAY).days for one in sealed] == [0, 1, 4, 6]
    assert [one.leaves for one in sealed] == [1, 1, 1, 0]
    assert [one.previous for one in sealed] == [core.START, *[one.root for one in sealed][:-1]]
    assert anchor == sealed[3]
    assert queries.verify().ok


def test_an_entry_that_comes_late_is_sealed_with_the_next_day() -> None:
    record("case/1", "report", by=None, at=NOW)
    first = sealing.anchor(TODAY, now=TOMORROW)
    record("case/1", "confirm", by=None, at=NOW)
    record("case/2", "report", by=None, at=TOMORROW)

    verified = queries.verify()
    second = sealing.anchor(TODAY + timedelta(days=1), now=TOMORROW + timedelta(days=1))

    assert verified.ok
    assert (first.leaves, second.leaves) == (1, 2)
    assert queries.verify().ok


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_sealing_waits_for_an_entry_that_is_being_written() -> None:
    def seal() -> None:
        sealing.anchor(TODAY, now=TOMORROW)
        connection.close()

    other = threading.Thread(target=seal)

    with transaction.atomic(), connection.cursor() as cursor:
        record("case/1", "report", by=None, at=NOW)
        other.start()
        waiting = 0
        while other.is_alive() and not waiting:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            (waiting,) = cursor.fetchone()
    other.join()

    assert Anchor.objects.get().leaves == 1
    assert queries.verify().ok


def test_a_day_passed_over_gets_no_root_later() -> None:
    sealing.anchor(TODAY, now=TOMORROW)

    with pytest.raises(DayPassedOver):
        sealing.anchor(TODAY - timedelta(days=1), now=TOMORROW)


def wrongly_sealed() -> Anchor:
    """A clock that stood 400 days ahead for an hour, and what was sealed and written by it."""
    wrong = NOW + timedelta(days=400)
    record("case/1", "note", by=None, at=wrong - timedelta(hours=2))
    sealing.seal(now=wrong)
    return Anchor.objects.get()


def test_after_a_clock_that_was_ahead_true_days_are_sealed_again() -> None:
    ahead = wrongly_sealed()
    record("case/2", "note", by=None, at=NOW)

    sealed = sealing.seal(now=NOW + timedelta(hours=1))

    made = Anchor.objects.exclude(pk=ahead.pk).get()
    assert (sealed, made.date, made.leaves) == (1, TODAY, 1)
    assert bytes(made.previous) == bytes(ahead.root)
    assert queries.verify().ok
    assert sealing.seal(now=NOW + timedelta(hours=2)) == 0


def test_a_day_after_a_clock_that_was_ahead_has_a_root_for_the_asking() -> None:
    wrongly_sealed()
    record("case/2", "note", by=None, at=NOW)

    made = sealing.anchor(TODAY, now=TOMORROW)
    again = sealing.anchor(TODAY, now=TOMORROW)

    assert (made, made.date) == (again, TODAY)
    assert queries.verify().ok


def test_what_is_changed_behind_a_clock_that_was_ahead_shows() -> None:
    wrongly_sealed()
    record("case/2", "note", by=None, at=NOW)
    sealing.seal(now=NOW + timedelta(hours=1))
    tamper("UPDATE journal_anchor SET leaves = 2 WHERE date = '2026-09-15'")

    assert not queries.verify().ok


def test_time_catches_up_with_a_clock_that_was_ahead() -> None:
    ahead = wrongly_sealed()
    for hours in range(3):
        record("case/2", "note", by=None, at=NOW + timedelta(hours=hours))
        sealing.seal(now=NOW + timedelta(hours=hours + 1))
    later = ahead.until_at + timedelta(hours=1)
    record("case/2", "note", by=None, at=later)

    sealing.seal(now=later + timedelta(hours=2))

    last = Anchor.objects.order_by("until_at").last()
    assert last is not None
    assert last.until_at == later + timedelta(hours=1)
    assert Anchor.objects.count() == 5
    assert queries.verify().ok


def test_a_day_to_come_has_no_root() -> None:
    with pytest.raises(DayNotBegun):
        sealing.anchor(date(2026, 9, 16), now=NOW)


def test_sealing_a_day_does_not_grow_with_the_archive(count_queries: CountQueries) -> None:
    counts = []
    for days in range(3):
        at = NOW + timedelta(days=days)
        record("case/1", "note", by=None, at=at)
        with count_queries() as queries_made:
            sealing.anchor(TODAY + timedelta(days=days), now=at + timedelta(days=1))
        counts.append(len(queries_made))

    assert counts[1] == counts[2]
