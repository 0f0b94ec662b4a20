"""A tab of somebody of the public, and what the site lays aside for it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.test import Client

from bihuan.files import unsent
from tests.portal.visitor import Page

if TYPE_CHECKING:
    from tests.portal.conftest import County

START = "/report/hazard/"


class Tab:
    """A tab without a script: it sends the form of a page to where the form says."""

    def __init__(self, *, keeps_cookies: bool = True) -> None:
        self.client = Client()
        self.keeps_cookies = keeps_cookies
        self.url = ""
        self.history: list[str] = []

    def open(self, url: str) -> Page:
        return self._answered(self.client.get(url), url)

    def press(self, page: Page, **given: object) -> Page:
        to = START if "carry" in page.values else self.url
        values: dict[str, Any] = {**page.values, "go": "next", **given}
        return self._answered(self.client.post(to, values), to)

    def back(self) -> Page:
        self.history.pop()
        return self.open(self.history.pop())

    def fill(self, county: County) -> Page:
        page = self.open(START)
        for step in county.steps():
            page = self.press(page, **step)
        return page

    def _answered(self, response: Any, url: str) -> Page:
        if not self.keeps_cookies:
            self.client.cookies.clear()
        if response.status_code == 302:
            return self.open(response["Location"])
        self.url = url
        self.history.append(url)
        return Page(response)


def laid_aside() -> list[Path]:
    return [*Path(settings.MEDIA_ROOT, unsent.FOLDER).glob("*")]
