"""The receipt: it proves the report, can be loaded again for a while, and is for nobody else."""

from __future__ import annotations

import re
from base64 import b64decode
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image

from bihuan.cases.models import Case
from bihuan.portal.views import receipt
from bihuan.receipts import codes, slips
from bihuan.receipts.models import TrackingCode
from tests.portal.conftest import County
from tests.portal.visitor import Page, Visitor

pytestmark = pytest.mark.django_db


def test_the_slip_on_the_receipt_proves_code_and_day(county: County, visitor: Visitor) -> None:
    page = visitor.report("grievance", *county.steps())
    slip = re.search(r'class="slip"[^>]*>([^<]+)<', page.text)
    assert slip

    proved = slips.read(slip.group(1), {slips.label(): slips.public_key()})

    assert proved.code == codes.understood(page.code)
    assert proved.content == TrackingCode.objects.get().content_digest
    assert _read_by_a_telephone(page) == slip.group(1)


def _read_by_a_telephone(page: Page) -> str:
    drawn = re.search(r'class="qr" src="data:image/png;base64,([^"]+)"', page.text)
    assert drawn
    [code] = zxingcpp.read_barcodes(Image.open(BytesIO(b64decode(drawn.group(1)))))
    return str(code.text)


@pytest.mark.parametrize("again", [1, 3])
def test_the_receipt_can_be_loaded_again_without_sending_the_form(
    county: County, visitor: Visitor, again: int
) -> None:
    code = visitor.report("hazard", *county.steps()).code

    for _ in range(again):
        assert visitor.get("/receipt/").code == code
    assert Case.objects.count() == 1


def test_a_browser_without_cookies_gets_the_receipt_at_once(
    county: County, visitor: Visitor
) -> None:
    page = visitor.fill("hazard", *county.steps())
    visitor.client.cookies.clear()
    sent = visitor.send_off("hazard", page)

    assert codes.understood(sent.code)
    assert not visitor.client.cookies
    assert visitor.send("/report/hazard/", sent, language="en").code == sent.code


@pytest.mark.parametrize("cookie", ["", "forged", "WyJ4IiwxXQ:1abc:def"])
def test_a_receipt_that_this_browser_did_not_ask_for_is_not_shown(
    county: County, visitor: Visitor, cookie: str
) -> None:
    visitor.report("hazard", *county.steps())
    visitor.client.cookies[receipt.COOKIE] = cookie

    page = visitor.get("/receipt/")

    assert page.status == 200
    assert page.code == ""


def test_closing_the_page_leaves_no_receipt_on_the_device(county: County, visitor: Visitor) -> None:
    visitor.report("hazard", *county.steps())
    visitor.client.post("/track/leave/")

    assert visitor.get("/receipt/").code == ""


def test_what_the_law_gives_and_what_the_office_sets_itself_are_told_apart(
    county: County, visitor: Visitor
) -> None:
    right = visitor.report("grievance", *county.steps())
    target = visitor.report("hazard", *county.steps())

    assert "依法享有的权利" in right.shown
    assert "依法享有的权利" not in target.shown
    assert "本系统通常时限，非法定期限" in target.shown


def test_the_receipt_says_where_to_enter_the_code_and_what_it_is_about(
    county: County, visitor: Visitor
) -> None:
    page = visitor.report("hazard", *county.steps())

    assert "/track/" in page.shown
    assert Case.objects.get().title in page.shown
