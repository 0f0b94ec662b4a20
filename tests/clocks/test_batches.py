"""Many clocks at once: few statements, and a run that dies half-way loses and doubles nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from bihuan.cases.models import Case, CaseWords
from bihuan.clocks.actions import ticking
from bihuan.clocks.actions.ticking import Ticked, tick
from bihuan.clocks.models import Clock
from bihuan.core.hazard import Stage
from bihuan.journal.models import Entry
from bihuan.journal.queries import verify
from bihuan.notices import actions as notices
from bihuan.notices.models import Notice
from tests.at_once import at_once
from tests.conftest import CountQueries
from tests.factories import NOW, make_case, make_cast, make_unit
from tests.hazards.district import make_district, report

LATER = NOW + timedelta(days=30)
STAGES = (Stage.REPORTED, Stage.CONFIRMED, Stage.ASSIGNED, Stage.SUBMITTED)


class Killed(BaseException):
    """The process is gone: nothing of it goes on."""


def overdue(count: int) -> None:
    """Cases that wait for different things, each in a town of its own."""
    county = make_unit()
    for number in range(count):
        town = make_unit(county)
        make_case(town, stage=STAGES[number % len(STAGES)], cast=make_cast(town))


@pytest.mark.django_db
def test_a_batch_asks_no_more_for_many_clocks_than_for_few(count_queries: CountQueries) -> None:
    def cost(count: int) -> int:
        overdue(count)
        with count_queries() as queries:
            assert tick(now=LATER).overdue == count
        # SQLite takes in notices a hundred or so at a time.
        return sum("notices_notice" not in query["sql"] for query in queries.captured_queries)

    cost(1)

    assert cost(4) == cost(16)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_no_clock_waits_while_the_words_of_its_case_are_indexed() -> None:
    overdue(4)
    CaseWords.objects.all().delete()

    with transaction.atomic():
        CaseWords.objects.bulk_create(CaseWords(case=case, words="") for case in Case.objects.all())
        connection.check_constraints()  # the commit does, and the cases are locked meanwhile
        (ticked,) = at_once(lambda: tick(now=LATER))

    assert isinstance(ticked, Ticked)
    assert ticked.overdue == 4


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "statement",
    ['UPDATE "clocks_clock"', 'INTO "notices_notice"', "INTO journal_chain"],
)
def test_a_run_that_dies_in_a_batch_loses_and_doubles_nothing(statement: str) -> None:
    overdue(5)

    def die(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        done = execute(sql, *rest)
        if statement in sql:
            raise Killed
        return done

    with pytest.raises(Killed), connection.execute_wrapper(die):
        tick(now=LATER)
    assert not Notice.objects.filter(what="overdue").exists()
    assert not Clock.objects.exclude(overdue_at=None).exists()

    assert tick(now=LATER).overdue == 5
    assert tick(now=LATER) == Ticked()
    acts = Entry.objects.filter(act="overdue").values_list("chain__subject", flat=True)
    assert len(acts) == len(set(acts)) == 5
    assert verify().ok


@pytest.mark.django_db
def test_one_that_fails_in_a_batch_takes_no_other_with_it(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Its fault shows only when the batch is written; then each is taken by itself."""
    district = make_district()
    cases = [report(district) for _ in range(3)]
    bad = cases[1].clocks.get()

    def tell_many(tellings: Any, **options: Any) -> None:
        if any(f"clock/{bad.pk}/" in notification.cause for notification in tellings):
            raise RuntimeError("the message cannot be written")
        notices.tell_many(tellings, **options)

    monkeypatch.setattr(ticking, "tell_many", tell_many)

    assert tick(now=LATER) == Ticked(clocks=2, overdue=2, escalations=4, failed=1)

    assert "one by one" in caplog.text
    bad.refresh_from_db()
    assert (bad.overdue_at, bad.seen_at) == (None, NOW)
    assert not Entry.objects.filter(chain__subject=cases[1].subject, act="overdue").exists()
