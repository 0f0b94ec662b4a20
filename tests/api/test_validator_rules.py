"""The 22 rules of a public GeoReport validator (SeeClickFix/open311-validator), each by itself."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.grievances.models import Category
from tests.api.calls import get, post, xml
from tests.clock import PRESENT

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_json(tree: dict[str, Category]) -> Any:
    return get("discovery.json").json()


@pytest.fixture
def as_xml(tree: dict[str, Category]) -> Element:
    return xml(get("discovery.xml"))


def endpoints(as_json: Any, as_xml: Element) -> list[dict[str, Any]]:
    """Those of both formats, each as the validator takes it apart."""
    found = [
        {part.tag: part.text for part in each} for each in as_xml.iterfind("endpoints/endpoint")
    ]
    for each, element in zip(found, as_xml.iterfind("endpoints/endpoint"), strict=True):
        each["formats"] = [part.text for part in element.iterfind("formats/format")]  # type: ignore[assignment]
    return [*as_json["endpoints"], *found]


def instant(text: str) -> datetime:
    """As Ruby's `Time.iso8601` reads it: a date, a time and an offset."""
    assert "T" in text
    at = datetime.fromisoformat(text)
    assert at.tzinfo is not None
    return at


def test_1_the_xml_answer_is_exactly_text_xml() -> None:
    assert get("discovery.xml").headers["Content-Type"] == "text/xml"


def test_2_the_json_answer_is_exactly_application_json() -> None:
    assert get("discovery.json").headers["Content-Type"] == "application/json"


def test_3_the_address_ends_in_discovery() -> None:
    assert reverse("api:open311-discovery", args=["xml"]).removesuffix(".xml").endswith("discovery")


def test_4_both_formats_answer() -> None:
    assert [get(f"discovery.{suffix}").status_code for suffix in ("json", "xml")] == [200, 200]


def test_5_both_name_a_contact(as_json: Any, as_xml: Element) -> None:
    assert as_json["contact"].strip()
    assert (as_xml.findtext("contact") or "").strip()


def test_6_both_name_a_key_service(as_json: Any, as_xml: Element) -> None:
    assert as_json["key_service"].strip()
    assert (as_xml.findtext("key_service") or "").strip()


def test_7_both_have_a_changeset_that_is_a_date_and_time(as_json: Any, as_xml: Element) -> None:
    assert instant(as_json["changeset"]) == instant(as_xml.findtext("changeset") or "")


def test_8_the_contacts_agree(as_json: Any, as_xml: Element) -> None:
    assert as_json["contact"] == as_xml.findtext("contact")


def test_9_the_endpoints_are_an_array_in_both_formats(as_json: Any, as_xml: Element) -> None:
    """A reader that makes a list of several elements alone sees one where there are two."""
    assert isinstance(as_json["endpoints"], list)
    assert len(list(as_xml.iterfind("endpoints/endpoint"))) == len(as_json["endpoints"]) >= 2


def test_10_one_endpoint_at_least_is_not_production(as_json: Any, as_xml: Element) -> None:
    """The validator leaves production alone unless it is told otherwise."""
    assert {each["type"] for each in endpoints(as_json, as_xml)} == {"production", "test"}


def test_11_each_endpoint_has_a_specification(as_json: Any, as_xml: Element) -> None:
    assert all(each["specification"].endswith("_v2") for each in endpoints(as_json, as_xml))


def test_12_each_endpoint_has_an_address(as_json: Any, as_xml: Element) -> None:
    for each in endpoints(as_json, as_xml):
        assert Client().get(f"{each['url']}/services.xml").status_code == 200


def test_13_each_endpoint_has_a_changeset(as_json: Any, as_xml: Element) -> None:
    assert all(each["changeset"] for each in endpoints(as_json, as_xml))


def test_14_the_changeset_of_each_endpoint_is_valid(as_json: Any, as_xml: Element) -> None:
    assert all(instant(each["changeset"]) for each in endpoints(as_json, as_xml))


def test_15_the_changeset_of_each_endpoint_lies_in_the_past(as_json: Any, as_xml: Element) -> None:
    assert all(instant(each["changeset"]) < PRESENT for each in endpoints(as_json, as_xml))


def test_16_each_endpoint_has_a_type(as_json: Any, as_xml: Element) -> None:
    assert all(each["type"] for each in endpoints(as_json, as_xml))


def test_17_the_formats_of_each_endpoint_are_an_array(as_json: Any, as_xml: Element) -> None:
    for each in endpoints(as_json, as_xml):
        assert isinstance(each["formats"], list)
        assert len(each["formats"]) >= 2  # as with the endpoints


def test_18_each_endpoint_has_a_supported_format(as_json: Any, as_xml: Element) -> None:
    for each in endpoints(as_json, as_xml):
        assert {"text/xml", "application/json"} & set(each["formats"])


def test_19_each_endpoint_has_text_xml(as_json: Any, as_xml: Element) -> None:
    assert all("text/xml" in each["formats"] for each in endpoints(as_json, as_xml))


def test_20_each_endpoint_has_a_service(as_json: Any, as_xml: Element) -> None:
    for each in endpoints(as_json, as_xml):
        assert Client().get(f"{each['url']}/services.json").json()
        assert len(xml(Client().get(f"{each['url']}/services.xml")))


def test_21_each_service_has_a_code(as_json: Any, as_xml: Element) -> None:
    for each in endpoints(as_json, as_xml):
        services = Client().get(f"{each['url']}/services.json").json()
        assert all(service["service_code"] for service in services)
        found = xml(Client().get(f"{each['url']}/services.xml")).iterfind("service")
        assert all(service.findtext("service_code") for service in found)


def test_22_each_definition_and_each_report_answers_something(
    as_json: Any, as_xml: Element, key: str
) -> None:
    for each in endpoints(as_json, as_xml):
        for service in Client().get(f"{each['url']}/services.json").json():
            for suffix in ("json", "xml"):
                url = f"{each['url']}/services/{service['service_code']}.{suffix}"
                assert Client().get(url).content.strip()
    assert post(key, "xml").content.strip()
    values = {"api_key": key, "service_code": "020101", "address_string": "x"}
    for suffix in ("json", "xml"):
        assert Client().post(f"/open311/test/v2/requests.{suffix}", values).content.strip()


def test_the_changeset_is_that_of_the_last_change_of_the_services(
    tree: dict[str, Category],
) -> None:
    from bihuan.api import georeport

    before = get("discovery.json").json()["changeset"]
    later = georeport.discovery(
        urls={}, contact="", key_service="", changed_at=datetime(2026, 9, 2, 1, 2, 3, tzinfo=UTC)
    )

    assert instant(before) == georeport.DEFINED_AT
    assert later["changeset"] == "2026-09-02T09:02:03+08:00"
