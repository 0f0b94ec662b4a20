"""Counters are kept in the transaction of each act, and say what a recount says."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from random import Random

import pytest
from django.db import transaction

from bihuan.cases.models import Case
from bihuan.figures import queries, sources
from bihuan.figures.actions import keeping, recounting
from bihuan.figures.models import Contribution, Count
from bihuan.figures.sources import Counted, Source, Span
from bihuan.journal.actions import Change, record, record_many
from bihuan.portal.queries.counting import NUMBERS, counter
from tests.conftest import CountQueries
from tests.factories import NOW, make_unit
from tests.figures.acts import ACTS, Place, answer, report
from tests.portal.published import make_brought

pytestmark = pytest.mark.django_db


def kept() -> dict[tuple[str, int | None, date, int], int]:
    """Every counter, whether its rows were merged or not."""
    found: dict[tuple[str, int | None, date, int], int] = {}
    for row in Count.objects.all():
        key = (row.counter, row.unit_id, row.period, row.step)
        found[key] = found.get(key, 0) + row.value
    return {key: value for key, value in found.items() if value}


@pytest.mark.parametrize("seed", range(12))
def test_after_any_acts_the_counters_are_what_a_recount_finds(seed: int) -> None:
    random = Random(seed)
    place = Place([make_unit() for _ in range(3)], NOW - timedelta(days=500), random)
    place.do(report)
    while not Case.objects.exists():
        place.do(report)

    for _ in range(40):
        place.do(random.choice(ACTS))
        if random.random() < 0.1:
            recounting.merge()

    before = kept()
    assert list(recounting.recount(now=place.now, dry_run=True)) == []
    Contribution.objects.all().delete()
    Count.objects.all().delete()
    recounting.refresh(now=place.now)
    assert kept() == before
    assert all(value > 0 for value in before.values())


def test_an_act_that_fails_counts_nothing() -> None:
    case = make_brought(make_unit(), answered_after=3)

    @transaction.atomic
    def close() -> None:
        record(case.subject, "close", by=None, at=NOW)
        assert Count.objects.exists()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        close()

    assert not Count.objects.exists()
    assert not Contribution.objects.exists()


def test_what_is_counted_appears_with_the_next_refresh() -> None:
    case = make_brought(unit := make_unit(), at=NOW)
    with transaction.atomic():
        record(case.subject, "report", by=None, at=NOW)
    names = [counter("grievance", number) for number in NUMBERS]
    of_month = NOW.date().replace(day=1), NOW.date()

    assert queries.sums(names, *of_month) == {}
    recounting.refresh(now=NOW)

    assert queries.sums(names, *of_month) == {("grievance.received", unit.pk): 1}


def test_an_act_that_changes_no_count_writes_nothing(count_queries: CountQueries) -> None:
    case = make_brought(make_unit(), answered_after=3)
    with transaction.atomic():
        record(case.subject, "close", by=None, at=NOW)

    with count_queries() as counted, transaction.atomic():
        record(case.subject, "look", by=None, at=NOW)

    assert not [
        each for each in counted if "figures_" in each["sql"] and "SELECT" not in each["sql"]
    ]


def test_many_subjects_take_as_many_statements_as_two(count_queries: CountQueries) -> None:
    unit = make_unit()
    cases = [make_brought(unit, answered_after=3) for _ in range(20)]
    with count_queries() as two, transaction.atomic():
        record_many("close", [Change(case.subject) for case in cases[:2]], by=None, at=NOW)

    with count_queries() as many, transaction.atomic():
        changes = [Change(case.subject) for case in cases[2:]]
        record_many("close", changes, by=None, at=NOW)

    counted = [[each for each in request if "figures_" in each["sql"]] for request in (two, many)]
    assert len(counted[0]) == len(counted[1])


def test_a_case_that_an_officer_found_costs_one_question(count_queries: CountQueries) -> None:
    case = make_brought(make_unit(), kind="hazard", channel="desk")
    with transaction.atomic():
        record(case.subject, "report", by=None, at=NOW)

    with count_queries() as counted:
        keeping.follow([case.subject])

    assert len(counted) == 1


# ---------------------------------------------------------------- another source
class Visits(Source):
    """Counts "visit/5" as five visits of the day."""

    prefix = "visit"
    counters = frozenset({"visits.made"})
    span = Span.DAY

    def __init__(self) -> None:
        self.there: set[str] = set()

    def first_period(self) -> date | None:
        return NOW.date()

    def periods_of(self, subjects: Collection[str]) -> Mapping[str, date]:
        return dict.fromkeys(self.there & {*subjects}, NOW.date())

    def count(self, period: date, subjects: Collection[str] | None = None) -> Mapping[str, Counted]:
        chosen = self.there if subjects is None else self.there & {*subjects}
        if period != NOW.date():
            return {}
        return {each: Counted(None, {"visits.made": int(each[6:])}) for each in chosen}


@pytest.fixture
def visits(monkeypatch: pytest.MonkeyPatch) -> Visits:
    monkeypatch.setattr(sources, "_sources", dict(sources.every()))
    made = Visits()
    sources.register("visits", made)
    return made


def test_another_part_brings_its_counters_by_the_day(visits: Visits) -> None:
    visits.there = {"visit/5", "visit/3"}
    with transaction.atomic():
        record("visit/5", "make", by=None, at=NOW)

    differences = list(recounting.recount(now=NOW))

    assert [(each.period, dict(each.numbers)) for each in differences] == [
        (NOW.date(), {"made": (5, 8)})
    ]
    days = NOW.date() - timedelta(days=1), NOW.date()
    assert queries.sums(["visits.made"], *days) == {("visits.made", None): 8}
    assert list(recounting.recount(now=NOW + timedelta(days=3))) == []


def test_two_sources_never_share_a_counter(visits: Visits) -> None:
    with pytest.raises(ValueError, match="share a counter"):
        sources.register("others", Visits())


def test_what_is_gone_without_a_word_is_no_longer_counted(visits: Visits) -> None:
    visits.there = {"visit/5"}
    with transaction.atomic():
        record("visit/5", "make", by=None, at=NOW)
    visits.there = set()

    assert len(list(recounting.recount(now=NOW))) == 1

    assert kept() == {}


def test_the_answer_of_a_case_moves_with_it_to_another_unit() -> None:
    old, new = make_unit(), make_unit()
    place = Place([old], NOW, Random(1))
    case = make_brought(old, at=NOW - timedelta(days=9))
    with transaction.atomic():
        record(answer(place).subject, "answer", by=None, at=NOW)

    Case.objects.filter(pk=case.pk).update(owner=new)
    with transaction.atomic():
        record(case.subject, "transfer", by=None, at=NOW)

    assert {unit for _, unit, _, _ in kept()} == {new.pk}


def test_a_case_that_came_on_another_day_counts_for_the_month_of_that_day() -> None:
    case = make_brought(make_unit(), at=NOW, answered_after=0)
    with transaction.atomic():
        record(case.subject, "report", by=None, at=NOW)

    Case.objects.filter(pk=case.pk).update(reported_at=NOW - timedelta(days=90))
    with transaction.atomic():
        record(case.subject, "correct", by=None, at=NOW)

    assert {period for _, _, period, _ in kept()} == {date(2026, 6, 1)}
    assert list(recounting.recount(now=NOW, dry_run=True)) == []
