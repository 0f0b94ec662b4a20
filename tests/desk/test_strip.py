"""The strip above a leader's Today: each number is the length of the list that it opens."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.cases.models import Case, Exclusion
from bihuan.core.hazard import Grade, Stage
from bihuan.core.powers import Power
from bihuan.desk import strip
from bihuan.hazards.models import Hazard
from bihuan.orgs.models import Unit, User
from tests.clock import PRESENT
from tests.conftest import CountQueries
from tests.factories import make_case, make_officer, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> Unit:
    """A county with two towns, a village in one of them, and cases that are overdue in each."""
    county = make_unit(name="云岭县")
    first, second = make_unit(county, name="望湖镇"), make_unit(county, name="双河镇")
    village = make_unit(first, name="石桥村")
    for unit, days in (
        (county, (1,)),
        (first, (2, 9)),
        (village, (7, 8, 30, 31, 400)),
        (second, (3,)),
    ):
        for each in days:
            _late(unit, each)
    Case.objects.filter(pk=_late(second, 5).pk).update(ended_at=PRESENT, stage=Stage.REJECTED.value)
    make_case(first, now=PRESENT)
    major = make_case(second, now=PRESENT)
    Hazard.objects.filter(case=major).update(grade=Grade.MAJOR.value)
    return county


def _late(unit: Unit, days: int) -> Case:
    case = make_case(unit, now=PRESENT)
    Case.objects.filter(pk=case.pk).update(due_at=PRESENT - timedelta(days=days))
    return case


def links(page: str) -> list[tuple[int, str]]:
    """Return each number of the strip that leads to the ledger, and its address."""
    section = page[page.index('class="strip"') : page.index('id="waiting"')]
    found = re.findall(r'<a href="(/desk/cases/[^"]*)"[^>]*>(?:<b>)?(\d+)', section)
    return [(int(number), unescape(url)) for url, number in found]


def length(client: Client, url: str) -> int:
    page = client.get(url).content.decode()
    return len(re.findall(r'id="[A-Z]{2}-\d{4}-\d+"', page))


def test_each_number_is_the_length_of_the_list_that_it_opens(client: Client, county: Unit) -> None:
    leader = make_officer(county, Power.APPROVE, Power.SUPERVISE)
    client.force_login(leader)

    found = links(client.get(reverse("desk:today")).content.decode())

    assert [number for number, _url in found][:5] == [9, 4, 3, 2, 1]
    assert {url: length(client, url) for _number, url in found} == {
        url: number for number, url in found
    }
    assert len(found) > 10


def test_a_leader_of_a_town_sees_the_numbers_of_the_town(client: Client, county: Unit) -> None:
    town = Unit.objects.get(name="望湖镇")

    (found,) = strip.strips(make_officer(town, Power.APPROVE), PRESENT)

    assert found.figures[0].count == 7
    assert [(row.name, row.figures[0].count) for row in found.rows] == [
        ("石桥村", 5),
        ("望湖镇", 2),
    ]


def test_what_is_shut_to_the_leader_is_not_counted(county: Unit) -> None:
    leader = make_officer(county, Power.APPROVE)
    case = Case.objects.overdue(PRESENT).first()
    assert case is not None
    Exclusion.objects.create(
        case=case, member=leader, cause=Exclusion.Cause.INTEREST, added_at=PRESENT
    )

    (found,) = strip.strips(User.objects.get(pk=leader.pk), PRESENT)

    assert found.figures[0].count == 8


@pytest.mark.parametrize("power", sorted(set(Power) - set(strip.LEADERS)))
def test_only_leaders_have_a_strip(county: Unit, power: Power) -> None:
    assert strip.strips(make_officer(county, power), PRESENT) == []


def test_the_strip_costs_the_same_number_of_queries_however_many_are_overdue(
    county: Unit, count_queries: CountQueries
) -> None:
    leader = make_officer(county, Power.APPROVE)
    strip.strips(leader, PRESENT)

    with count_queries() as few:
        strip.strips(leader, PRESENT)
    for unit in Unit.objects.all():
        for days in range(1, 30, 6):
            _late(unit, days)
    with count_queries() as many:
        strip.strips(leader, PRESENT)

    assert len(few) == len(many) <= 5
