"""Somebody at a browser, over real HTTP: looks at a page, fills in its form, sends it."""

from __future__ import annotations

import http.client
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from tests.walk.depth import is_lost
from tests.walk.forms import Forms, Given

PATIENCE = 60.0
TOKEN = "csrfmiddlewaretoken"
Sent = Sequence[tuple[str, str | bytes]]


@dataclass(frozen=True)
class Answer:
    """What came back."""

    path: str
    status: int
    location: str
    page: str

    @property
    def is_done(self) -> bool:
        """The page that an act ends with sends the browser elsewhere."""
        return self.status == 302

    @property
    def is_fine(self) -> bool:
        """A form that was not sent back as wrong."""
        return "error-summary" not in self.page

    @property
    def told(self) -> str:
        """What a form says is wrong with it, for the message of a failing test."""
        return f"{self.path}: {self.status} {self.page.partition('error-summary')[2][:600]}"


@dataclass
class Person:
    """One browser with its cookies, on one connection that stays open."""

    host: str
    # Whoever has an account here signs in again when the session idled out.
    account: tuple[str, str] | None = None
    keeps_cookies: bool = True
    cookies: dict[str, str] = field(default_factory=dict)
    # The folder that a cookie is sent to, where that is not the whole site.
    folders: dict[str, str] = field(default_factory=dict)
    statuses: list[tuple[str, str, int]] = field(default_factory=list)
    # Pages far below a list that did not show where they are.
    lost: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._connection = http.client.HTTPConnection(self.host, timeout=PATIENCE)

    def close(self) -> None:
        self._connection.close()

    def get(self, path: str) -> Answer:
        answer = self._ask("GET", path)
        return self._ask("GET", path) if self._signed_in_again(answer) else answer

    def post(self, path: str, sent: Sent = ()) -> Answer:
        """Send this, with the token that any page of the desk would carry."""
        answer = self._send(path, sent)
        if self._signed_in_again(answer):
            return self._send(path, [pair for pair in sent if pair[0] != TOKEN])
        return answer

    def _send(self, path: str, sent: Sent) -> Answer:
        if self.keeps_cookies and not any(name == TOKEN for name, _ in sent):
            if "bihuan_csrf" not in self.cookies:
                self.get("/sign-in/")
            sent = [(TOKEN, self.cookies["bihuan_csrf"]), *sent]
        kind, body = encoded(sent)
        return self._ask("POST", path, body, {"Content-Type": kind})

    def fill(self, path: str, *, sent_to: str = "", **given: Given) -> Answer:
        """Look at the page and send its form to the same address, or to another."""
        page = self.get(path)
        assert page.status == 200, page.told
        return self.send(page, sent_to=sent_to, **given)

    def send(self, page: Answer, *, sent_to: str = "", **given: Given) -> Answer:
        """Send the form of a page that was looked at before."""
        here = urlsplit(page.path).path
        form = Forms(page.page).to(sent_to or here, here, given.keys())
        return self.post(form.action or page.path, form.filled(given))

    def follow(self, answer: Answer) -> Answer:
        """The page that an answer leads to, or the answer if it leads nowhere."""
        while answer.location:
            answer = self.get(answer.location)
        return answer

    def sign_in(self, username: str, password: str) -> None:
        self.cookies.clear()
        answer = self.fill("/sign-in/", username=username, password=password)
        assert answer.is_done, answer.told

    def _signed_in_again(self, answer: Answer) -> bool:
        if self.account is None or not answer.location.startswith("/sign-in/"):
            return False
        self.sign_in(*self.account)
        return True

    def _ask(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> Answer:
        own = {"Cookie": self._cookies_for(path), "Referer": f"http://{self.host}{path}"}
        self._connection.request(method, path, body or None, {**own, **(headers or {})})
        response = self._connection.getresponse()
        page = response.read().decode(errors="replace")
        if self.keeps_cookies:
            self._keep(response.headers.get_all("Set-Cookie") or ())
        self.statuses.append((method, path, response.status))
        if response.status == 200 and is_lost(path, page):
            self.lost.add(path)
        return Answer(path, response.status, response.headers.get("Location", ""), page)

    def unheard(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> int:
        """The status of an answer that this browser does not keep anything of."""
        own = {"Cookie": self._cookies_for(path), "Referer": f"http://{self.host}{path}"}
        self._connection.request(method, path, body, {**own, **headers})
        response = self._connection.getresponse()
        response.read()
        return response.status

    def _cookies_for(self, path: str) -> str:
        stored = self.cookies.items()
        sent = ((n, value) for n, value in stored if path.startswith(self.folders.get(n, "/")))
        return "; ".join(f"{name}={value}" for name, value in sent)

    def _keep(self, headers: Iterable[str]) -> None:
        for header in headers:
            for name, morsel in SimpleCookie(header).items():
                if morsel["max-age"] == "0" or not morsel.value:
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value
                    self.folders[name] = morsel["path"] or "/"


def _utf8(value: str) -> bytes:
    return value.encode("utf-8", "surrogatepass")


def encoded(sent: Sent) -> tuple[str, bytes]:
    if not any(isinstance(value, bytes) for _, value in sent):
        return "application/x-www-form-urlencoded", urlencode(sent).encode()
    mark = uuid4().hex
    parts: list[bytes] = []
    for name, value in sent:
        file = '; filename="a.jpg"' if isinstance(value, bytes) else ""
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'
        parts += [head.encode(), value if isinstance(value, bytes) else _utf8(value), b"\r\n"]
    return f"multipart/form-data; boundary={mark}", b"".join([*parts, f"--{mark}--\r\n".encode()])
