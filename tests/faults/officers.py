"""Officers at work over real HTTP: they note what was done, and send again what got no answer."""

from __future__ import annotations

import http.client
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Event
from urllib.parse import urlsplit
from uuid import uuid4

from tests.factories import make_photo
from tools.visitor import Visitor

REPORT = "/desk/hazards/report/"
PAUSE = 0.05
PATIENCE = 20.0
_VERSION = re.compile(r'name="version" value="(\d+)"')
_UNIT = re.compile(r'<option value="(\d+)" selected>')
_STALE = 200
_LETTERS = str.maketrans("0123456789", "ghijklmnop")


@dataclass(frozen=True)
class Reply:
    """What came back: 302 means done, 200 a page."""

    status: int
    page: str
    location: str


class NoReply(Exception):
    """The connection broke before an answer came; nobody knows whether the act was done."""


@dataclass
class Told:
    """What the officer was told was done."""

    # The word in each report that was acknowledged, and the number of the case that it made.
    reports: dict[str, str] = field(default_factory=dict)
    # A word that stands in the note of one act: the case, once the act was acknowledged.
    words: dict[str, str] = field(default_factory=dict)
    again: int = 0
    unexpected: list[str] = field(default_factory=list)


class Officer:
    """One browser, signed in once; its session outlives the server that made it."""

    def __init__(self, address: str, username: str, password: str) -> None:
        visitor = Visitor(address)
        visitor.sign_in(username, password)
        self._host = urlsplit(address).netloc
        self._cookies = visitor.cookies()
        token = re.search(r"bihuan_csrf=(\w+)", self._cookies)
        assert token
        self._token = token[1]
        self.told = Told()

    def work(self, stop: Event) -> None:
        """Report hazards and take each some steps on, until told to stop."""
        unit = ""
        while not stop.is_set():
            if not unit:
                form = self._patiently(stop, REPORT)
                unit = self.first_unit(form.page) if form else ""
                continue
            number = self._report(unit, stop)
            for move, values in _MOVES if number else ():
                self._move(number, move, values, stop)
            stop.wait(PAUSE)

    def first_unit(self, page: str) -> str:
        """The unit that the form of a report proposes."""
        found = _UNIT.search(page)
        return found[1] if found else ""

    # ------------------------------------------------------------------- acts
    def _report(self, unit: str, stop: Event) -> str:
        key = word()
        values = {
            "form_key": str(uuid4()),
            "title": f"疏散通道被占用 {key[:8]}",
            "place": "综合楼二层",
            "unit": unit,
            "found_date": "2026-01-05",
            "description": key,
        }
        reply = self._patiently(stop, REPORT, values, photo=True)
        if reply is None:
            return ""
        if reply.status != 302:
            self.told.unexpected.append(f"report: {reply.status} {_errors(reply.page)}")
            return ""
        number = reply.location.rstrip("/").rpartition("/")[2]
        self.told.reports[key] = number
        return number

    def _move(self, number: str, move: str, values: Mapping[str, str], stop: Event) -> None:
        """Fill the form in once, and send that very form until an answer comes."""
        address = f"/desk/cases/{number}/{move}/"
        form = self._patiently(stop, address)
        version = _VERSION.search(form.page) if form else None
        if form is None or version is None:
            if form is not None:
                self.told.unexpected.append(f"{address}: {form.status} without a version")
            return
        key = word()
        sent = {**values, "version": version[1], "note": f"记录 {key}"}
        before = self.told.again
        reply = self._patiently(stop, address, sent, photo=move == "attach")
        if reply is None:
            return
        # Refused as stale after a broken connection: the first time it was done after all.
        done_before = reply.status in (_STALE, 409) and self.told.again > before
        if reply.status == 302 or done_before:
            self.told.words[key] = number
        else:
            self.told.unexpected.append(f"{address}: {reply.status} {_errors(reply.page)}")

    # ------------------------------------------------------------------- HTTP
    def _patiently(
        self,
        stop: Event,
        path: str,
        values: Mapping[str, str] | None = None,
        *,
        photo: bool = False,
    ) -> Reply | None:
        """Ask until an answer comes that is none of an outage; None when told to stop."""
        data = make_photo().read() if photo else b""
        while not stop.is_set():
            try:
                reply = self.ask(path, values, data)
            except NoReply:
                self.told.again += 1
            else:
                if reply.status != 503:
                    return reply
            stop.wait(PAUSE)
        return None

    def ask(
        self,
        path: str,
        values: Mapping[str, str] | None = None,
        photo: bytes = b"",
        *,
        signed_in: bool = True,
    ) -> Reply:
        """One request; `NoReply` when the connection broke before an answer came."""
        connection = http.client.HTTPConnection(self._host, timeout=PATIENCE)
        headers = {"Cookie": self._cookies} if signed_in else {}
        try:
            if values is None:
                connection.request("GET", path, headers=headers)
            else:
                sent = {**values, "csrfmiddlewaretoken": self._token, "phase": "before"}
                kind, body = _multipart(sent, photo, "uploads" if "attach" in path else "photos")
                connection.request("POST", path, body, {**headers, "Content-Type": kind})
            response = connection.getresponse()
            page = response.read().decode()
        except (http.client.HTTPException, OSError) as error:
            raise NoReply from error
        finally:
            connection.close()
        return Reply(response.status, page, response.headers.get("Location", ""))


_MOVES: tuple[tuple[str, Mapping[str, str]], ...] = (
    ("confirm", {"grade": "general"}),
    ("comment", {}),
    ("attach", {}),
    ("comment", {}),
)


def word() -> str:
    """32 letters that stand nowhere else. No digit is among them: eleven of them may be a
    telephone number, and the product would take it out.
    """
    return uuid4().hex.translate(_LETTERS)


def _multipart(values: Mapping[str, str], photo: bytes, name: str) -> tuple[str, bytes]:
    mark = uuid4().hex
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
        for field, value in values.items()
    ]
    if photo:
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="a.jpg"\r\n'
        parts += [head.encode(), b"Content-Type: image/jpeg\r\n\r\n", photo, b"\r\n"]
    body = b"".join([*parts, f"--{mark}--\r\n".encode()])
    return f"multipart/form-data; boundary={mark}", body


def _errors(page: str) -> str:
    found = re.search(r"error-summary.*?</(?:div|section)>", page, re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[0] if found else page[:300]))
