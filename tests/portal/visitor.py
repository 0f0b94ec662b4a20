"""A browser that runs no script: sees a page's form, fills it in, presses a button."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from html.parser import HTMLParser
from typing import Any

from django.test import Client

from bihuan.portal import guard, tokens
from tests.clock import PRESENT

PASSED = timedelta(minutes=1)


class Page(HTMLParser):
    """The controls of the form that a page is about, with what stands in them."""

    def __init__(self, response: Any) -> None:
        super().__init__()
        self.status: int = response.status_code
        self.text: str = response.content.decode()
        self.values: dict[str, list[str]] = {}
        self._select = self._area = ""
        self.feed(self.text)

    def handle_starttag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in given}
        name, kind = values.get("name", ""), values.get("type", "text")
        if tag == "select":
            self._select = name
        elif tag == "option" and "selected" in values:
            self.values[self._select] = [values.get("value", "")]
        elif tag == "textarea":
            self._area = name
            self.values[name] = [""]
        elif tag == "input" and name and self._counts(kind, values):
            unstated = "on" if kind == "checkbox" else ""
            self.values.setdefault(name, []).append(values.get("value", unstated))

    @staticmethod
    def _counts(kind: str, said: Mapping[str, str]) -> bool:
        return kind not in ("file", "submit") and (
            kind not in ("checkbox", "radio") or "checked" in said
        )

    def handle_data(self, data: str) -> None:
        if self._area:
            # A browser leaves out the line feed that follows the tag.
            self.values[self._area][0] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""

    @property
    def code(self) -> str:
        found = re.search(r'class="code">([\d ]+)<', self.text)
        return found.group(1) if found else ""

    @property
    def shown(self) -> str:
        """The text as somebody reads it."""
        return html.unescape(re.sub(r"<[^>]+>", " ", self.text))

    @property
    def is_told(self) -> bool:
        return "error-summary" in self.text


class Visitor:
    """Goes through the pages of the portal as a person does."""

    def __init__(self, **options: Any) -> None:
        self.client = Client(**options)

    def get(self, path: str, **query: str) -> Page:
        return Page(self.client.get(path, query, follow=path.startswith("/report/")))

    def send(self, path: str, page: Page, **given: Any) -> Page:
        """Send what stands in the page's form, changed by what is given."""
        values: dict[str, Any] = {**page.values, **given}
        row_values = {n: v for n, v in values.items() if v is not None}
        return Page(self.client.post(path, row_values, follow=path.startswith("/report/")))

    def fill(self, matter: str, *steps: Mapping[str, Any]) -> Page:
        """Open the form and go through its steps; without more it ends with the answers."""
        path = f"/report/{matter}/"
        page = self.get(path)
        for step in steps:
            page = self.send(path, page, go="next", **step)
        return page

    def report(self, matter: str, *steps: Mapping[str, Any], now: datetime | None = None) -> Page:
        """Report something, a minute after the form was opened."""
        page = self.fill(matter, *steps)
        return self.send_off(matter, page, form=opened(now))

    def send_off(self, matter: str, page: Page, **given: Any) -> Page:
        """Press send on a form that was opened a minute ago."""
        given.setdefault("form", opened())
        return self.send(f"/report/{matter}/", page, go="send", **given)

    def track(self, code: str) -> Page:
        """Enter the code, and follow to the case where it is right."""
        return Page(self.client.post("/track/", {"code": code}, follow=True))

    def act(self, name: str, **given: Any) -> Page:
        path = f"/track/case/{name}/"
        page = self.get(path)
        values = {**page.values, **given}
        return Page(self.client.post(path, values, follow=True))


def opened(now: datetime | None = None) -> str:
    """The key of a form that was opened a minute ago."""
    return tokens.new((now or PRESENT) - PASSED)


def worked(challenge: str) -> str:
    """What the page's script finds out."""
    return next(str(n) for n in range(10_000_000) if guard.is_worked(challenge, str(n)))
