"""A minimal browser for the running site, using only the standard library."""

from html.parser import HTMLParser
from http.client import HTTPException
from http.cookiejar import CookieJar
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, ProxyHandler, Request, build_opener


class Unexpected(Exception):
    """A page did not answer as expected; the text says which, and what was returned."""


class Visitor:
    """Keeps cookies like a browser, and checks where it is redirected."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._jar = CookieJar()
        self._opener = build_opener(ProxyHandler({}), HTTPCookieProcessor(self._jar))

    def cookies(self) -> str:
        """The cookies so far, as a browser would send them."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self._jar)

    def answers(self, path: str) -> bool:
        try:
            self.get(path)
        except Unexpected:
            return False
        return True

    def get(self, path: str) -> str:
        """Return the page at this URL; a redirect is an error."""
        body, came_to = self._open(path, None)
        if came_to != path:
            raise Unexpected(f"{path} led to {came_to}")
        return body

    def sign_in(self, username: str, password: str) -> None:
        form = _HiddenFields()
        form.feed(self.get("/sign-in/"))
        fields = form.values | {"username": username, "password": password}
        _, came_to = self._open("/sign-in/", urlencode(fields).encode())
        if came_to == "/sign-in/":
            raise Unexpected(f"/sign-in/ did not let {username} in")

    def send(self, path: str, fields: dict[str, str]) -> str:
        """Send a form with its hidden fields; return the resulting page."""
        form = _HiddenFields()
        form.feed(self.get(path))
        return self._open(path, urlencode(form.values | fields).encode())[0]

    def _open(self, path: str, data: bytes | None) -> tuple[str, str]:
        request = Request(self.address + path, data, {"Referer": self.address + path})  # noqa: S310
        try:
            with self._opener.open(request, timeout=30) as response:
                return response.read().decode(), urlsplit(response.url).path
        except HTTPError as error:
            with error:
                raise Unexpected(f"{path} answered {error.code} {error.reason}") from error
        except (URLError, HTTPException, OSError) as error:
            raise Unexpected(f"{path} did not answer: {error}") from error


class _HiddenFields(HTMLParser):
    """The hidden fields of a form, including the CSRF token."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        field = dict(attrs)
        if tag == "input" and field.get("type") == "hidden" and field.get("name"):
            self.values[str(field["name"])] = field.get("value") or ""
