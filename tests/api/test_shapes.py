"""Every answer has the fields of the specification's printed examples, and their types."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from tests.api.calls import case_of, get, make_tree, post, publish, xml

pytestmark = pytest.mark.django_db

EXAMPLES = Path(__file__).resolve().parent.parent / "data" / "open311"
# Numbers and texts stand for each other: a code may be "001" or 1, a place 94122 or "94122".
PLAIN = (str, int, float, type(None))


def _json(name: str) -> Any:
    return json.loads((EXAMPLES / name).read_text())


def _xml(name: str) -> ElementTree.Element:
    return ElementTree.fromstring((EXAMPLES / name).read_text().partition("\n\n")[2] or _text(name))


def _text(name: str) -> str:
    return (EXAMPLES / name).read_text()


def shape(value: Any) -> Any:
    """The keys in their order and the kinds of values; of a list what its first member is."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [shape(value[0])]
    return "bool" if isinstance(value, bool) else "plain" if isinstance(value, PLAIN) else value


def drawn(element: ElementTree.Element) -> Any:
    """The same of XML, where everything is text; of several of a name what the first is."""
    inner = {child.tag: drawn(child) for child in reversed(element)}
    return {element.tag: inner} if inner else element.tag


def order(value: Any) -> list[str]:
    return list(value[0]) if isinstance(value, list) else list(value)


@pytest.fixture
def number(key: str) -> str:
    case = case_of(post(key))
    publish(case, answer="已修补。", latitude=37.76, longitude=-122.42)
    return case.number


def _paths(number: str) -> dict[str, str]:
    return {
        "services": "services",
        "service_definition": "services/020101",
        "requests": "requests",
        "request": f"requests/{number}",
        "token": f"tokens/{number}",
    }


JSON = {
    "services": "spec_services.repaired.json",
    "service_definition": "spec_service_definition.as_printed.json",
    "requests": "spec_requests.repaired.json",
    "request": "spec_request.repaired.json",
    "token": "spec_token.as_printed.json",
}
XML = {what: f"spec_{what}.xml" for what in JSON}
WINDOW = {"start_date": "2020-01-01", "end_date": "2020-02-01"}


@pytest.mark.parametrize("what", JSON)
def test_json_has_the_shape_of_the_example(what: str, number: str) -> None:
    response = get(_paths(number)[what] + ".json")

    assert response.headers["Content-Type"] == "application/json"
    expected = _json(JSON[what])
    assert shape(response.json()) == shape(expected)
    assert what == "services" or order(response.json()) == order(expected)


@pytest.mark.parametrize("what", XML)
def test_xml_has_the_shape_of_the_example(what: str, number: str) -> None:
    response = get(_paths(number)[what] + ".xml")

    assert response.headers["Content-Type"] == "text/xml"
    assert response.content.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    assert drawn(xml(response)) == drawn(ElementTree.fromstring(_text(XML[what])))


def test_the_answer_to_a_report_has_the_shape_of_the_example(key: str) -> None:
    as_json, as_xml = post(key), post(key, "xml", description="Another one")

    expected = _json("spec_post_response.as_printed.json")
    assert shape(as_json.json()) == shape(expected)
    assert order(as_json.json()) == order(expected)
    assert drawn(xml(as_xml)) == drawn(ElementTree.fromstring(_text("spec_post_response.xml")))


def test_an_error_has_the_shape_of_the_example(tree: object) -> None:
    as_json, as_xml = post("nonsense"), post("nonsense", "xml")

    assert as_json.status_code == as_xml.status_code == 403
    _, _, body = _text("spec_errors.http.json").partition("\n\n")
    assert shape(as_json.json()) == shape(json.loads(body))
    assert drawn(xml(as_xml)) == drawn(_xml("spec_errors.http.xml"))
    assert as_json.json()[0]["code"] == 403
    assert xml(as_xml).findtext("error/code") == "403"


def test_the_printed_request_is_taken(key: str) -> None:
    """With its own service code and key, for which this server has others."""
    _, _, body = _text("spec_post_request.http").strip().partition("\n\n")
    body = body.replace("api_key=xyz", f"api_key={key}").replace("code=001", "code=020101")

    response = Client().post(
        "/open311/v2/requests.json",
        body,
        content_type="application/x-www-form-urlencoded; charset=utf-8",
    )

    case = case_of(response)
    assert case.description == "A large sinkhole is destroying the street"
    assert (case.latitude, case.longitude) == (37.76524078, -122.4212043)
    assert case.place == "1234 5th street"


def test_discovery_says_where_the_interface_is() -> None:
    data = get("discovery.json").json()

    endpoint, test = data["endpoints"]
    assert list(data) == ["changeset", "contact", "key_service", "endpoints"]
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert endpoint["url"] == "http://testserver/open311/v2"
    assert endpoint["formats"] == ["application/json", "text/xml"]
    assert (endpoint["type"], test["type"]) == ("production", "test")
    assert test["url"] == "http://testserver/open311/test/v2"


def test_discovery_wraps_its_lists_in_xml() -> None:
    root = xml(get("discovery.xml"))

    assert root.tag == "discovery"
    assert [each.text for each in root.iterfind("endpoints/endpoint/formats/format")] == [
        "application/json",
        "text/xml",
    ] * 2


def test_a_list_of_nothing_is_empty_in_both_formats() -> None:
    assert get("requests.json", **WINDOW).json() == []
    assert list(xml(get("requests.xml", **WINDOW))) == []


def test_services_speak_the_language_of_the_request() -> None:
    make_tree()

    chinese = {row["service_name"] for row in get("services.json").json()}
    english = {row["service_name"] for row in get("services.json", language="en").json()}

    assert "路面坑洼、塌陷" in chinese
    assert "Potholes" in english
