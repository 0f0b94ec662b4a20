"""Clients that others wrote, run against the live server."""

from __future__ import annotations

import importlib
import itertools
import warnings
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import localdate

from bihuan.cases.models import Case, Evidence
from bihuan.receipts.models import Seal
from tests.api.calls import POTHOLE, make_key, make_tree, publish
from tests.factories import make_photo

pytestmark = pytest.mark.django_db(transaction=True)

REQUEST = {
    "service_request_id", "status", "status_notes", "service_name", "service_code", "description",
    "agency_responsible", "service_notice", "requested_datetime", "updated_datetime",
    "expected_datetime", "address", "address_id", "zipcode", "lat", "long", "media_url",
}  # fmt: skip


def _client(name: str) -> Any:
    """A client as its package is; one is of a time when filters were iterators of their own."""
    if not hasattr(itertools, "ifilter"):
        itertools.ifilter = filter  # type: ignore[attr-defined]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return importlib.import_module(name)


@pytest.fixture
def key() -> str:
    make_tree()
    return make_key()


@pytest.fixture
def three(server: str, key: str) -> Iterator[Any]:
    client = _client("three").Three(f"{server}/open311/v2", api_key=key, jurisdiction="city.gov")
    yield client
    client.session.close()


@pytest.fixture(params=["json", "xml"])
def georeport(request: pytest.FixtureRequest, server: str, key: str) -> Any:
    return _client("georeport").GeoReport(
        f"{server}/open311/v2", jurisdiction="city.gov", output_format=request.param
    )


def _post(three: Any, **more: Any) -> str:
    words = {name: value for name, value in POTHOLE.items() if name != "service_code"}
    (values,) = three.post("020101", **{**words, **more})
    assert values["account_id"] is None
    return str(values["service_request_id"])


# ------------------------------------------------------------------------- three
def test_three_finds_out_what_may_be_reported(three: Any) -> None:
    services = {service["service_code"] for service in three.services()}

    assert three.discovery()["endpoints"][0]["url"] == three.endpoint.rstrip("/")
    assert "020101" in services
    assert three.services("020101")["attributes"][0]["code"] == "SEVERITY"


def test_three_posts_and_follows_its_report(three: Any, key: str) -> None:
    person = {"name": "Xiaomei Ouyang", "phone": "13900008888"}

    number = _post(three, media=make_photo(), **person)

    assert Case.objects.get(number=number).channel == Case.Channel.OPEN311
    assert Seal.objects.filter(case__number=number).exists()
    assert Evidence.objects.filter(case__number=number).count() == 1
    assert three.token(number)[0]["code"] == 404  # nobody's, without the key
    text = three.token(number, api_key=key)
    assert text == [{"service_request_id": number, "token": number}]
    (row,) = three.request(number, api_key=key)
    assert set(row) == REQUEST
    assert (row["status"], row["description"]) == ("open", None)


def test_three_lists_what_was_published_and_is_told_what_is_wrong(three: Any) -> None:
    number = _post(three)
    case = Case.objects.get(number=number)
    _post(three, description="Another")
    publish(case)
    today = localdate(case.reported_at)
    start, end = (f"{day:%m-%d-%Y}" for day in (today - timedelta(9), today + timedelta(2)))

    assert [row["service_request_id"] for row in three.requests()] == [number]
    assert [row["service_request_id"] for row in three.requests("020101")] == [number]
    assert three.requests("nonsense") == []
    assert len(three.requests(start=start, end=end, status="open")) == 1
    assert three.request("nonsense")[0]["code"] == 404
    assert three.post("020101", api_key="wrong")[0]["code"] == 403


# --------------------------------------------------------------------- georeport
def test_georeport_reads_services_and_requests(georeport: Any, three: Any) -> None:
    numbers = [_post(three, description=f"No. {n}") for n in range(2)]
    for case in Case.objects.all():
        publish(case)

    services = {service["service_code"] for service in georeport.get_service_list()}
    found = georeport.get_service_requests(service_code="020101", status="open")
    row = georeport.get_service_request(numbers[0])

    assert "020101" in services
    assert georeport.get_service_definition("020101")["service_code"] == "020101"
    assert {each["service_request_id"] for each in found} == set(numbers)
    assert set(row) == REQUEST
    assert row["service_request_id"] == numbers[0]
