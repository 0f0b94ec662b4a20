"""Prepared querysets answer as the querysets themselves do."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db.models import Exists, OuterRef, Q, QuerySet, Value

from bihuan.core.powers import Power
from bihuan.orgs.models import Tenure, Unit
from bihuan.store.prepared import QueryCache, ShapeDependsOnValues, prepared
from tests.factories import LONG_AGO, TODAY, make_officer, make_unit

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def held(member: int, on: date) -> QuerySet[Any, Any]:
    tenures = Tenure.objects.in_force(on).filter(member=member)
    others = Tenure.objects.filter(post=OuterRef("post")).exclude(pk=OuterRef("pk"))
    return tenures.select_related("post__unit").annotate(shared=Exists(others)).order_by("pk")


HELD = prepared(held)


def test_a_prepared_queryset_answers_as_the_queryset_does() -> None:
    county = make_unit(name="云岭县")
    officers = [make_officer(county, Power.HANDLE), make_officer(make_unit(county), Power.VERIFY)]

    for officer in officers:
        for on in (TODAY, LONG_AGO - DAY):
            assert HELD(officer.pk, on) == list(held(officer.pk, on))


def test_related_records_and_annotations_come_with_it(
    django_assert_num_queries: object,
) -> None:
    officer = make_officer(make_unit(name="望湖镇"), Power.HANDLE)
    HELD(officer.pk, TODAY)

    with django_assert_num_queries(1):  # type: ignore[operator]
        tenure = HELD.one(officer.pk, TODAY)
        assert tenure is not None
        assert (tenure.post.unit.name, tenure.shared) == ("望湖镇", False)


def test_each_call_sends_its_own_values() -> None:
    first, second = (make_unit(name=name) for name in ("甲", "乙"))

    @prepared
    def named(name: str) -> QuerySet[Any, Any]:
        return Unit.objects.filter(name=name).values_list("pk", "name")

    assert [named("甲"), named("乙"), named("甲")] == [
        [(first.pk, "甲")],
        [(second.pk, "乙")],
        [(first.pk, "甲")],
    ]
    assert named.one("丙") is None
    assert named("'; DROP TABLE orgs_unit; --") == []


def test_a_queryset_whose_sql_depends_on_the_values_is_not_prepared() -> None:
    @prepared
    def odd(name: str) -> QuerySet[Any, Any]:
        return Unit.objects.filter(name=name) if name == "a0" else Unit.objects.all()

    with pytest.raises(ShapeDependsOnValues):
        odd("a")


def test_where_nothing_can_fit_nothing_is_asked(django_assert_num_queries: object) -> None:
    @prepared
    def nobody() -> QuerySet[Any, Any]:
        return Unit.objects.filter(pk__in=[])

    with django_assert_num_queries(0):  # type: ignore[operator]
        assert nobody() == []


def test_of_too_many_kept_questions_the_oldest_makes_way() -> None:
    stored, made = QueryCache(2), list[str]()

    def ask(name: str) -> list[Any]:
        def make() -> QuerySet[Any, Any]:
            made.append(name)
            return Unit.objects.filter(name=name)

        return stored.rows(name, make)

    for name in ("甲", "乙", "甲", "丙", "甲"):
        assert ask(name) == []

    assert made == ["甲", "乙", "丙", "甲"]


def test_a_value_stands_for_what_a_text_starts_with() -> None:
    units = [make_unit(name=name) for name in ("甲", "甲乙", "丙", "100%", "1000", "a_b", "acb")]

    @prepared
    def starting(name: str) -> QuerySet[Any, Any]:
        return Unit.objects.filter(name__startswith=name).order_by("pk")

    assert starting("甲") == units[:2]
    assert starting("100%") == [units[3]]
    assert starting("a_") == [units[5]]
    assert starting("%") == []


def test_constants_beside_values_mean_what_they_meant() -> None:
    odd = "50% of 'a\\b' %s"
    unit = make_unit(name=odd)
    make_unit(name="乙")

    @prepared
    def named(least: int) -> QuerySet[Any, Any]:
        return Unit.objects.filter(name=odd, pk__gte=least).values_list("pk", Value(odd))

    assert named(unit.pk) == [(unit.pk, odd)]
    assert named(unit.pk + 1) == []


def test_two_values_of_one_kind_are_told_apart() -> None:
    units = [make_unit(name=name) for name in ("甲", "乙", "丙")]

    @prepared
    def between(first: int, last: int) -> QuerySet[Any, Any]:
        return Unit.objects.filter(pk__lte=last, pk__gte=first).order_by("pk")

    assert between(units[1].pk, units[2].pk) == units[1:]
    assert between(units[0].pk, units[1].pk) == units[:2]


def test_a_value_of_another_kind_cannot_be_prepared() -> None:
    def some(names: list[str]) -> QuerySet[Any, Any]:
        return Unit.objects.filter(name__in=names)

    with pytest.raises(KeyError, match="list"):
        prepared(some)


def test_a_value_that_is_reckoned_with_is_not_prepared() -> None:
    @prepared
    def after(pk: int) -> QuerySet[Any, Any]:
        return Unit.objects.filter(pk__gt=(pk + 1) * 2)

    with pytest.raises(ShapeDependsOnValues):
        after(1)


def test_a_kept_question_is_put_together_once_for_all_values() -> None:
    stored, made = QueryCache(2), list[tuple[object, ...]]()
    units = [make_unit(name=name) for name in ("甲", "乙", "丙")]

    def make(*values: Any) -> QuerySet[Any, Any]:
        made.append(values)
        first, other, since, start = values
        found = Unit.objects.filter(pk__in=[first, other], name__startswith=start)
        return found.filter(Q(start_date=None) | Q(start_date__gte=since)).order_by("pk")

    some = stored.rows("units", make, units[0].pk, units[1].pk, TODAY, "甲")
    others = stored.rows("units", make, units[2].pk, units[0].pk, LONG_AGO, "")

    assert (some, others) == ([units[0]], [units[0], units[2]])
    assert len(made) == 2  # to see the difference
