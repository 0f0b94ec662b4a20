"""What is kept of what somebody told: the notice, and everything that lies under one code."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from pytest_django import Settings

from bihuan.cases.models import Case
from bihuan.journal.actions import record
from bihuan.receipts import codes
from bihuan.receipts.actions import seals
from bihuan.receipts.models import Message, Seal, TrackingCode
from tests.clock import PRESENT
from tests.conftest import CountQueries
from tests.factories import make_photo
from tests.portal.conftest import County
from tests.portal.visitor import Visitor

pytestmark = pytest.mark.django_db

KEPT = "/track/case/kept/"


@pytest.fixture
def named(county: County, visitor: Visitor) -> str:
    """The code of a report with a name and a photo."""
    first, *others = county.steps(my_name="植小明", my_phone="13800138000")
    return visitor.report("grievance", {**first, "photos": make_photo()}, *others).code


def _file(visitor: Visitor) -> dict[str, Any]:
    response = visitor.client.get(KEPT, {"format": "json"})
    assert response.headers["Content-Disposition"].startswith("attachment; filename=")
    data: dict[str, Any] = json.loads(response.content)
    return data


# ------------------------------------------------------------------- the notice
@pytest.mark.parametrize(("language", "text"), [("zh-hans", "200 天"), ("en", "200 days")])
def test_the_notice_says_the_times_of_this_installation(
    county: County, visitor: Visitor, settings: Settings, language: str, text: str
) -> None:
    settings.SEAL_KEPT_DAYS = 200

    page = visitor.get("/privacy/", language=language)

    assert text in page.shown
    assert county.top.name in page.shown
    assert "44–50 and 57" in page.shown or "第五十七条" in page.shown
    assert "if your information leaks" in page.shown or "如果泄露" in page.shown


def test_every_public_page_leads_to_the_notice(visitor: Visitor) -> None:
    assert 'href="/privacy/"' in visitor.get("/").text


# --------------------------------------------------------------- under one code
def test_nobody_sees_it_without_a_code(visitor: Visitor) -> None:
    response = visitor.client.get(KEPT)

    assert (response.status_code, response.headers["Location"]) == (302, "/track/")


def test_the_page_shows_all_that_was_told_and_where_it_is_sealed(
    visitor: Visitor, named: str
) -> None:
    visitor.track(named)
    visitor.act("add", text="灯又坏了一盏")

    page = visitor.get(KEPT)

    for words in ("桥头路灯坏了", "双河桥头", "晚上看不见", "灯又坏了一盏", "封存"):
        assert words in page.shown
    assert "植小明" not in page.text
    assert "13800138000" not in page.text
    assert [name for name in ("add", "erase", "withdraw") if f"/case/{name}/" in page.text] == [
        "add",
        "erase",
        "withdraw",
    ]
    assert 'href="/track/case/kept/"' in visitor.get("/track/case/").text


def test_the_file_says_what_the_page_says(visitor: Visitor, named: str) -> None:
    visitor.track(named)
    visitor.act("add", text="灯又坏了一盏")

    result = _file(visitor)

    assert result["number"] == Case.objects.get().number
    assert result["description"] == "晚上看不见。\n已经一周。"
    (answer,) = result["said"]
    assert (datetime.fromisoformat(answer["at"]), answer["text"]) == (PRESENT, "灯又坏了一盏")
    assert len(result["photos"]) == 1
    assert (bool(result["sealed_at"]), result["erased_at"], result["openings"]) == (True, None, [])
    assert "植小明" not in json.dumps(result, ensure_ascii=False)


def test_each_look_at_the_identity_is_in_it(county: County, visitor: Visitor, named: str) -> None:
    opening = seals.ask_opening(
        row=Seal.objects.get(), actor=county.clerk, reason="电话核实地点", now=PRESENT
    )
    seals.look(opening=opening, actor=county.clerk, now=PRESENT)
    visitor.track(named)

    assert "电话核实地点" in visitor.get(KEPT).shown
    assert "王办事" not in visitor.get(KEPT).text


def test_what_was_erased_is_said_to_be_gone(visitor: Visitor, named: str) -> None:
    visitor.track(named)
    visitor.act("erase")

    page = visitor.get(KEPT)

    assert "已于" in page.shown
    assert "/case/erase/" not in page.text
    assert _file(visitor)["erased_at"]


def test_the_reason_for_a_step_can_be_corrected_and_erased(visitor: Visitor, named: str) -> None:
    visitor.track(named)
    visitor.act("withdraw", note="灯已经亮了")

    page = visitor.get(KEPT)

    assert "灯已经亮了" in page.shown
    assert f"/case/erase-message-{Message.objects.get(what='withdraw').pk}/" in page.text
    result = _file(visitor)
    assert [each["text"] for each in result["said"]] == ["灯已经亮了"]
    assert result["reasons"] == []


def test_a_reason_of_an_earlier_release_is_shown_and_said_to_stay(
    visitor: Visitor, named: str
) -> None:
    record(Case.objects.get().subject, "withdraw", by=None, at=PRESENT, note="灯已经亮了")
    visitor.track(named)

    page = visitor.get(KEPT)

    assert "灯已经亮了" in page.shown
    assert "无法更改或删除" in page.shown
    (reason,) = _file(visitor)["reasons"]
    assert reason["text"] == "灯已经亮了"


def test_another_party_sees_nothing_of_what_the_reporter_told(visitor: Visitor, named: str) -> None:
    case, other = Case.objects.get(), "1234567890123456"
    TrackingCode.objects.create(
        case=case, slot="party-2", code_hash=codes.slow(other), given_at=PRESENT
    )
    visitor.track(other)

    result = _file(visitor)

    assert (result["title"], result["place"], result["description"]) == ("", "", "")
    assert (result["photos"], result["sealed_at"], result["latitude"]) == ([], None, None)
    assert "晚上看不见" not in visitor.get(KEPT).shown


def test_the_page_costs_the_same_however_much_was_said(
    visitor: Visitor, named: str, count_queries: CountQueries
) -> None:
    visitor.track(named)
    with count_queries() as few:
        visitor.get(KEPT)
    for number in range(5):
        visitor.act("add", text=f"第{number}句")
    with count_queries() as many:
        visitor.get(KEPT)

    assert len(many) == len(few)


def test_the_site_gives_no_cookie_that_the_notice_does_not_tell_of(
    county: County, visitor: Visitor
) -> None:
    """The language, the look, the form, that the browser keeps cookies, the receipt, the code."""
    visitor.get("/", language="en")
    visitor.get("/", look="large")
    visitor.get("/", look="dark")
    code = visitor.report("grievance", *county.steps()).code
    visitor.track(code)
    visitor.act("add", text="灯又坏了一盏")
    visitor.get(KEPT)

    assert {*visitor.client.cookies} == {
        "bihuan_language", "bihuan_unsent", "bihuan_keeps", "bihuan_receipt", "bihuan_track",
        "bihuan_theme", "bihuan_type",
    }  # fmt: skip
    assert "receipt" in visitor.get("/privacy/").shown
