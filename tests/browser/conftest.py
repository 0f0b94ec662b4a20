"""A real Chromium on the real application."""

import shutil
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from axe_playwright_python.sync_playwright import DEFAULT_OPTIONS, Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

from bihuan.core.powers import Power
from bihuan.orgs.models import Unit, User
from tests.cases.public import Office, make_office
from tests.factories import make_officer, make_unit

if TYPE_CHECKING:
    from pytest_django.live_server_helper import LiveServer

SCREENSHOTS = Path(settings.BASE) / "var" / "screenshots"
WIDTHS = {"desk": 1280, "phone": 390}
# The first is Chromium without windows, which takes half the time.
CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# Every page at both widths and in both languages, the longer words where there is least room.
LOOKS = pytest.mark.parametrize(("width", "language"), [("desk", "zh-hans"), ("phone", "en")])
# What the public sees, most of them on a phone and in Chinese.
ALL_LOOKS = pytest.mark.parametrize(
    ("width", "language"), [*product(WIDTHS, [code for code, _ in settings.LANGUAGES])]
)

OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests; each test gets a context of its own."""
    program = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if program is None:
        pytest.fail("Chromium is not installed. As root: apt-get install chromium-headless-shell")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread, which Django takes for async code.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser, live_server: "LiveServer") -> Iterator[OpenPage]:
    """Open a page of the application: `open_page("/", width="phone", language="en", user=...)`."""
    contexts: list[BrowserContext] = []

    def open_page(
        path: str = "/",
        *,
        width: str = "desk",
        language: str = settings.LANGUAGE_CODE,
        user: User | None = None,
    ) -> Page:
        context = chromium.new_context(
            base_url=live_server.url, viewport={"width": WIDTHS[width], "height": 844}
        )
        contexts.append(context)
        cookies = {settings.LANGUAGE_COOKIE_NAME: language} | signed_in(user)
        context.add_cookies(
            [{"name": n, "value": v, "url": live_server.url} for n, v in cookies.items()]
        )
        page = context.new_page()
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()


def signed_in(user: User | None) -> dict[str, str]:
    if user is None:
        return {}
    client = Client()
    client.force_login(user)
    return {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}


def screenshot(page: Page, name: str) -> None:
    """Keep a picture of the whole page under `var/screenshots/`, to be looked at.

    Chromium sometimes cannot capture a long page; that says nothing about the page, and fails no
    test.
    """
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    try:
        page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)
    except Error as fault:
        if "Unable to capture screenshot" not in str(fault):
            raise
        print(f"no picture of {name}: {fault}")


def assert_accessible(page: Page) -> None:
    """Axe finds no fault in the page, light or dark, and nothing is cut off sideways."""
    page.wait_for_load_state()  # a click returns when the next page begins to come
    _assert_no_violation(page)
    page.emulate_media(color_scheme="dark")
    _assert_no_violation(page, {"runOnly": ["color-contrast"]})
    page.emulate_media(color_scheme=None)
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"the page is {wide} px wider than the window"


def _assert_no_violation(page: Page, options: dict[str, list[str]] | None = None) -> None:
    is_there = page.evaluate("'axe' in window")
    axe = Axe("" if is_there else AXE_SCRIPT)  # half a megabyte, to be read once for a page
    found = axe.run(page, options={**DEFAULT_OPTIONS, **(options or {})}).response["violations"]
    assert not found, "\n".join(
        f"{rule['id']}: {rule['help']}\n  " + "\n  ".join(node["html"] for node in rule["nodes"])
        for rule in found
    )


# ------------------------------------------------------- who brings a ledger in
@pytest.fixture
def county() -> Unit:
    county = make_unit(name="云溪县")
    make_unit(county, name="双河镇")
    return county


@pytest.fixture
def officer(county: Unit) -> User:
    return make_officer(county, Power.COORDINATE, name="李调度")


@pytest.fixture
def office() -> Office:
    return make_office()
