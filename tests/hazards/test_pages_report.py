"""Reporting a hazard: three short steps, made once however often they are sent."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bihuan.cases.models import Case
from bihuan.core.hazard import Stage
from bihuan.core.powers import Power
from tests.clock import PRESENT
from tests.factories import make_case, make_officer, make_photo, make_unit

pytestmark = pytest.mark.django_db

URL = "/desk/hazards/report/"


@pytest.fixture
def form() -> dict[str, object]:
    return {
        "form_key": str(uuid4()),
        "title": "安全出口被杂物堵住",
        "place": "食堂后门",
        "found_date": timezone.localdate(PRESENT).isoformat(),
        "category": "消防安全",
    }


def test_a_report_becomes_a_case_with_its_photos(client: Client, form: dict[str, object]) -> None:
    unit = make_unit()
    officer = make_officer(unit, Power.REPORT)
    client.force_login(officer)

    response = client.post(URL, {**form, "unit": unit.pk, "photos": [make_photo(), make_photo()]})

    case = Case.objects.get()
    assert response.headers["Location"] == case.get_absolute_url()
    assert case.stage == Stage.REPORTED
    assert case.evidence.count() == 2


def test_the_same_form_sent_twice_makes_one_case(client: Client, form: dict[str, object]) -> None:
    unit = make_unit()
    client.force_login(make_officer(unit, Power.REPORT))

    for _ in range(2):
        response = client.post(URL, {**form, "unit": unit.pk})

    assert response.headers["Location"] == Case.objects.get().get_absolute_url()


def test_an_officer_reports_only_where_a_post_of_theirs_reaches(
    client: Client, form: dict[str, object]
) -> None:
    elsewhere = make_unit()
    client.force_login(make_officer(make_unit(), Power.REPORT))

    response = client.post(URL, {**form, "unit": elsewhere.pk})

    assert response.status_code == 200
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", ""),
        ("title", "x" * 201),
        ("title", "nul\x00"),
        ("place", " "),
        ("found_date", "2999-01-01"),
        ("found_date", "yesterday"),
        ("form_key", "1"),
        ("latitude", "91"),
        ("unit", "abc"),
        ("photos", [SimpleUploadedFile("x.jpg", b"no picture")]),
        ("photos", [SimpleUploadedFile("x.jpg", b"")]),
    ],
)
def test_bad_input_says_what_is_wrong_and_keeps_the_rest(
    client: Client, form: dict[str, object], name: str, value: object
) -> None:
    unit = make_unit()
    client.force_login(make_officer(unit, Power.REPORT))

    page = client.post(URL, {**form, "unit": unit.pk, "description": "别丢了我", name: value})

    assert "error-summary" in page.content.decode()
    assert "别丢了我" in page.content.decode()
    assert not Case.objects.exists()


def test_like_cases_nearby_are_suggested_while_typing(client: Client) -> None:
    unit = make_unit(make_unit())
    case = make_case(unit, title="安全出口被杂物堵住", place="食堂后门", now=PRESENT)
    question = {"title": "安全出口堵住了", "place": "食堂后门"}

    client.force_login(make_officer(unit, Power.REPORT))
    near = client.get(reverse("desk:similar"), question).content.decode()
    client.force_login(make_officer(make_unit(), Power.REPORT))
    strange = client.get(reverse("desk:similar"), question).content.decode()

    assert re.findall(r"YH-\d{4}-\d+", near)[0] == case.number
    assert case.number not in strange


def test_the_photo_comes_first(client: Client) -> None:
    client.force_login(make_officer(make_unit(), Power.REPORT))

    page = client.get(URL).content.decode()

    assert page.index('name="photos"') < page.index('name="place"') < page.index('name="title"')
    assert 'accept="image/*"' in page
