"""Text is kept as it was written, or refused; nought and nought is no place."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from django.test import Client

from bihuan.cases.models import Case
from tests.api.calls import V2, case_of, post

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"
WORDS = "路口塌陷，夜间没有警示。"


def sent(key: str, words: bytes, content_type: str, *, escaped: bool = True) -> Any:
    answer = quote_from_bytes(words).encode() if escaped else words
    body = f"api_key={key}&service_code=020101&address_string=x&description=".encode() + answer
    return _raw(body, content_type)


def _raw(body: bytes, content_type: str) -> Any:
    """Byte for byte: `post` writes what is declared in another character set again."""
    return Client().generic("POST", f"{V2}requests.json", body, content_type=content_type)


def in_parts(key: str, words: bytes, charset: str = "") -> Any:
    fields = {"api_key": key, "service_code": "020101", "address_string": "x"}
    parts = [(name, value.encode()) for name, value in fields.items()] + [("description", words)]
    body = b"".join(
        b'--line\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
        % (name.encode(), value)
        for name, value in parts
    )
    kind = f"multipart/form-data; boundary=line{f'; charset={charset}' if charset else ''}"
    return _raw(body + b"--line--\r\n", kind)


@pytest.mark.parametrize("escaped", [True, False])
@pytest.mark.parametrize("charset", ["", "; charset=utf-8", '; charset="UTF8"'])
def test_utf_8_is_read_whether_or_not_it_is_declared(key: str, charset: str, escaped: bool) -> None:
    answer = sent(key, WORDS.encode(), FORM + charset, escaped=escaped)

    assert case_of(answer).description == WORDS


@pytest.mark.parametrize("charset", ["gbk", "GB2312", "gb18030"])
def test_gbk_is_read_where_it_is_declared(key: str, charset: str) -> None:
    words = WORDS.encode("gb18030")

    as_form = sent(key, words, f"{FORM}; charset={charset}")
    raw = sent(key, words + b"!", f"{FORM}; charset={charset}", escaped=False)
    as_parts = in_parts(key, words + b"?", charset)

    assert case_of(as_form).description == WORDS
    assert case_of(raw).description == f"{WORDS}!"
    assert case_of(as_parts).description == f"{WORDS}?"


def test_gbk_that_is_not_declared_is_refused_and_nothing_is_kept(key: str) -> None:
    words = WORDS.encode("gbk")

    answers = [sent(key, words, FORM), sent(key, words, FORM, escaped=False), in_parts(key, words)]

    assert [answer.status_code for answer in answers] == [400] * 3
    assert "GB 18030" in answers[0].json()[0]["description"]
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("words", "charset"),
    [
        (WORDS.encode(), "gbk"),  # says one, sends the other: it may be text in both
        (b"\xff\xfe", "utf-8"),
        (b"\x81", "gb18030"),
        (b"x", "utf-7"),
        (b"x", "latin-1"),
        (b"x", "nonsense"),
    ],
)
def test_what_cannot_be_told_for_certain_is_refused(key: str, words: bytes, charset: str) -> None:
    assert sent(key, words, f"{FORM}; charset={charset}").status_code == 400
    assert in_parts(key, words, charset).status_code == 400
    assert not Case.objects.exists()


# ------------------------------------------------------------------------ no place
def test_nought_and_nought_is_no_place(key: str) -> None:
    alone = post(key, lat="0", long="0.0", address_string=None)
    named = case_of(post(key, lat="0.000001", long="-0.0", address_string="第五大街"))

    assert alone.status_code == 400
    assert "lat" in alone.json()[0]["description"]
    assert (named.latitude, named.longitude, named.place) == (None, None, "第五大街")


# ----------------------------------------------------------------- the test endpoint
def test_the_test_endpoint_checks_and_keeps_nothing(key: str) -> None:
    values = {"api_key": key, "service_code": "020101", "address_string": "第五大街"}
    url = "/open311/test/v2/requests.json"

    good = Client().post(url, values)
    refused = [
        Client().post(url, {**values, "api_key": "x"}).status_code,
        Client().post(url, {**values, "service_code": "x"}).status_code,
        Client().post(url, {**values, "address_string": ""}).status_code,
        Client().post(url, {**values, "attribute[SEVERITY]": "x"}).status_code,
    ]

    assert good.status_code == 200
    assert good.json()[0]["service_request_id"] is None
    assert good.json()[0]["service_notice"]
    assert refused == [403, 404, 400, 400]
    assert not Case.objects.exists()
