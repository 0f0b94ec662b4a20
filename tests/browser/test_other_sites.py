"""A page of another origin sends a form to ours: what a real browser does with it."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from bihuan.core.powers import Power
from bihuan.grievances.actions import registration
from bihuan.orgs.models import Unit
from bihuan.portal.views import holding
from bihuan.receipts.accounts import Account, Intake
from tests.browser.conftest import OpenPage
from tests.clock import PRESENT
from tests.factories import make_officer, make_unit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Elsewhere:
    """A site of an attacker on this machine, under another port, whose one page sends a form."""

    def __init__(self) -> None:
        self.page = b""
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(site.page)

            def log_message(self, *arguments: object) -> None:
                """Say nothing in the tests' output."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.port = int(self.server.server_address[1])

    def send(self, to: str, **fields: str) -> None:
        inputs = "".join(f'<input name="{n}" value="{v}">' for n, v in fields.items())
        form = f'<form method="post" action="{to}">{inputs}<button>Win a phone</button></form>'
        self.page = f"<!doctype html><title>Prize</title>{form}".encode()


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    site = Elsewhere()
    thread = Thread(target=site.server.serve_forever, daemon=True)
    thread.start()
    yield site
    site.server.shutdown()
    site.server.server_close()
    thread.join()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_nobody_is_led_into_the_case_of_an_attacker(
    open_page: OpenPage, elsewhere: Elsewhere, host: str
) -> None:
    """From another site, and from another origin of the same site."""
    county = make_unit(name="云溪县人民政府")
    town = make_unit(county, name="双河镇", kind=Unit.Kind.TOWN)
    make_officer(town, Power.HANDLE, Power.COORDINATE, name="王办事")
    account = Account(title="攻击者的事", unit=town)
    code = registration.receive(
        Intake(account=account, form_key="of the attacker", now=PRESENT)
    ).code
    page = open_page("/")
    here = urlsplit(page.url)
    elsewhere.send(f"http://{here.netloc}/track/", code=code)

    page.goto(f"http://{host}:{elsewhere.port}/")
    page.get_by_role("button").click()

    expect(page.locator("input[name=code]")).to_have_value("")
    assert "攻击者的事" not in page.content()
    assert holding.COOKIE not in {cookie["name"] for cookie in page.context.cookies()}

    # On our own page the same code opens the case, so it was not for the code that it failed.
    page.fill("input[name=code]", code)
    page.locator("main form button").first.click()
    expect(page.locator("main")).to_contain_text("攻击者的事")
