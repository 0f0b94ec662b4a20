"""Whatever is sent comes back well-formed, or is refused: in both formats, and never as markup."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.test import Client

from bihuan.api.writing import plain
from bihuan.cases.models import Case
from bihuan.core.legible import clean
from tests.api.calls import POTHOLE, V2, get, number_of, post, publish, xml

pytestmark = pytest.mark.django_db

HOSTILE = Path(__file__).resolve().parent.parent / "data" / "hostile_inputs"
NAUGHTY: list[str] = json.loads((HOSTILE / "naughty_strings" / "blns_part.json").read_text())
MARKUP = "<script>alert(1)</script>"
CONTROLS = "".join(map(chr, [*range(0x20), 0x7F, 0x85, 0x2028, 0xFFFD, 0xFFFE, 0xFFFF, 0x1F6A7]))


def test_naughty_strings_pass_through_both_formats(key: str) -> None:
    batches = [NAUGHTY[n : n + 8] for n in range(0, len(NAUGHTY), 8)]
    numbers = {number_of(post(key, description="\n".join(batch))) for batch in batches}
    for case in Case.objects.all():
        publish(case, title="t", text=case.description, place=case.place)

    data = {row["service_request_id"]: row["description"] for row in get("requests.json").json()}
    tree = xml(get("requests.xml"))

    assert set(data) == numbers
    assert len(numbers) == len(batches) == len(tree)
    for request in tree:
        text = data[request.findtext("service_request_id") or ""]
        assert request.findtext("description") == text.replace("\r\n", "\n").replace("\r", "\n")
    stored = "".join(data.values())
    assert [string for string in NAUGHTY if clean(plain(string)) not in stored] == []


@pytest.mark.parametrize("field", ["description", "address_string", "first_name", "email"])
def test_control_characters_are_left_out(key: str, field: str) -> None:
    response = post(key, "xml", **{field: f"a{CONTROLS}b"})

    assert response.status_code == 200
    xml(response)
    case = Case.objects.get()
    assert "\x00" not in case.title + case.description + case.place


@pytest.mark.parametrize(("field", "length"), [("address_string", 201), ("address_id", 81)])
def test_a_place_too_long_without_coordinates_is_refused(key: str, field: str, length: int) -> None:
    sent = {"lat": "", "long": "", "address_string": "", field: "x" * length}

    response = post(key, "xml", **sent)

    assert response.status_code == 400
    assert field in (xml(response).findtext("error/description") or "")
    assert not Case.objects.exists()


def test_what_another_channel_let_through_is_left_out_of_xml(key: str) -> None:
    case = Case.objects.get(number=post(key).json()[0]["service_request_id"])
    publish(case, text="bell \x07 and \ufffe <b>&amp;</b> ]]>")

    assert xml(get("requests.xml")).findtext("request/description") == (
        "路面坑洼\nbell  and  <b>&amp;</b> ]]>"
    )
    assert "\x07" in get("requests.json").json()[0]["description"]


@pytest.mark.parametrize("string", NAUGHTY[::12])
def test_naughty_parameters_are_answered_in_the_format(string: str) -> None:
    for name in ("service_request_id", "service_code", "start_date", "status", "jurisdiction_id"):
        response = get("requests.xml", **{name: string})

        assert response.status_code in (200, 400)
        xml(response)


@pytest.mark.parametrize("string", ["<x/>", "%00", "../../etc/passwd", "a" * 3000, "😀", "&%230;"])
def test_naughty_addresses_are_answered_in_the_format(string: str) -> None:
    for what in ("services", "requests", "tokens"):
        response = Client().get(f"{V2}{what}/{string}.xml")

        assert response.status_code == 404
        assert xml(response).tag == "errors"


def test_bytes_that_are_no_text_are_refused(key: str) -> None:
    body = "&".join(f"{name}={value}" for name, value in POTHOLE.items() if name != "description")
    body += f"&api_key={key}&description=%ff%fe%ed%a0%80"

    response = Client().post(
        f"{V2}requests.xml", body, content_type="application/x-www-form-urlencoded"
    )

    assert response.status_code == 400
    assert not Case.objects.exists()


def test_markup_is_never_sent_as_a_page(key: str) -> None:
    case = Case.objects.get(number=post(key).json()[0]["service_request_id"])
    publish(case, text=MARKUP)

    for suffix in ("json", "xml"):
        response = get(f"requests.{suffix}")
        assert "html" not in response.headers["Content-Type"]
        assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert b"<script>" not in get("requests.xml").content
