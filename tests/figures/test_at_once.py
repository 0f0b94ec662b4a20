"""Counters of acts that happen at the same time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from bihuan.cases.models import Case
from bihuan.figures.actions import recounting
from bihuan.figures.models import Contribution, Count
from bihuan.journal.actions import record
from bihuan.orgs.models import Unit
from tests.at_once import at_once
from tests.factories import NOW, make_unit
from tests.figures.test_keeping import kept
from tests.portal.published import make_brought

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def acted(case: Case, act: str = "look") -> None:
    with transaction.atomic():
        Case.objects.select_for_update().get(pk=case.pk)
        record(case.subject, act, by=None, at=NOW)


def received(unit: Unit) -> int:
    return sum(
        value for (name, of, _, _), value in kept().items() if of == unit.pk and "received" in name
    )


def test_two_acts_on_two_cases_of_a_unit_count_both() -> None:
    unit = make_unit()
    cases = [make_brought(unit, at=NOW) for _ in range(2)]

    at_once(*(lambda case=case: acted(case) for case in cases))

    assert received(unit) == 2


def test_two_acts_and_a_recount_of_one_case_count_it_once() -> None:
    unit = make_unit()
    case = make_brought(unit, at=NOW)

    def recount() -> None:
        list(recounting.recount(now=NOW))

    at_once(lambda: acted(case), lambda: acted(case), recount)

    assert received(unit) == 1
    assert list(recounting.recount(now=NOW, dry_run=True)) == []


def test_two_recounts_side_by_side_correct_once() -> None:
    unit = make_unit()
    for day in range(5):
        acted(make_brought(unit, at=NOW - timedelta(days=day), answered_after=2))
    recounting.refresh(now=NOW)
    right = kept()
    Count.objects.filter(counter="grievance.received").update(value=40)
    Contribution.objects.filter(pk=Contribution.objects.earliest("pk").pk).delete()

    found = at_once(*[lambda: [*recounting.recount(now=NOW)]] * 2)

    assert all(isinstance(each, list) for each in found)
    assert kept() == right
    assert list(recounting.recount(now=NOW)) == []


def test_merging_twice_at_once_loses_nothing() -> None:
    unit = make_unit()
    for _ in range(20):
        acted(make_brought(unit, at=NOW))
    before = kept()

    at_once(recounting.merge, recounting.merge)

    assert kept() == before
    assert not Count.objects.filter(is_pending=True).exists()
