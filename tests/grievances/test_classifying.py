"""The form that classifies names the law of each route and groups the fields of each route."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.core import procedure
from bihuan.core.grievance import Move
from tests.clock import PRESENT
from tests.grievances.offices import Realm, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> datetime:
    return PRESENT


def page_of(client: Client, realm: Realm, now: datetime) -> tuple[str, str]:
    case = take(realm.town.unit, now=now).case
    client.force_login(realm.town.coordinator)
    url = reverse("desk:move", args=[case.number, Move.CLASSIFY])
    return url, client.get(url).content.decode()


def test_each_route_stands_with_one_line_of_law_and_an_example(
    client: Client, realm: Realm, now: datetime
) -> None:
    _url, page = page_of(client, realm, now)

    for way in procedure.named("CN").ways.values():
        assert f'{way.name.zh}<span class="hint">{way.law.zh}</span>' in page
        assert f"例如：{way.example.zh}" in page


def test_the_fields_of_one_route_are_a_group_that_says_so(
    client: Client, realm: Realm, now: datetime
) -> None:
    _url, page = page_of(client, realm, now)

    opened = r'data-when="([^"]+)"><legend>([^<]+)</legend>'
    groups = re.findall(opened + r"(.*?)</fieldset>\s*(?=<fieldset|<div)", page, re.S)

    assert [(when, legend) for when, legend, _fields in groups] == [
        ("way=request", "仅适用于“申诉求决：其他事项（出具处理意见书）”"),
        ("way=accusation", "仅适用于“检举控告”"),
    ]
    assert 'name="simple"' in groups[0][2]
    assert 'name="about"' in groups[1][2]


def test_a_unit_is_accused_only_in_an_accusation(
    client: Client, realm: Realm, now: datetime
) -> None:
    url, page = page_of(client, realm, now)
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version is not None
    given = {"version": version[1], "way": "request", "about": realm.town.unit.pk}

    answer = client.post(url, given)

    assert "只有检举控告才填写" in answer.content.decode()
