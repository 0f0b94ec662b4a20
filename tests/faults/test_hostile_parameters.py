"""Whatever a page asks its address, its form and the browser for: any word in it is no error of
ours. What each page asks is watched, so that a new parameter is tried as soon as it is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar, NamedTuple
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.http import QueryDict
from django.test import Client

from bihuan.cases.actions import comments
from bihuan.cases.models import Case
from bihuan.core.powers import Power
from bihuan.grievances.actions import registration, suggestion
from bihuan.hazards.actions import reporting
from bihuan.mediations.actions import applications
from bihuan.orgs.models import Unit, User
from bihuan.receipts.accounts import Account, Intake, IntakeResult
from bihuan.receipts.actions import public
from tests.factories import NOW, make_officer, make_unit
from tests.sitemap import Route, addresses

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

ODD = [
    "\x00", "1", "²", "9" * 19, "9" * 40, "9" * 5000, "9999-12-31", "[", "a" * 3000, "x.y.z",
]  # fmt: skip
FORM = "application/x-www-form-urlencoded"
SIGN_IN = "orgs:sign-in"  # asks most of an officer who is signed in already
LEFT_OUT = (
    "web:readyz",
    "orgs:sign-out",
)  # says with its own status that it is not ready; ends all
EVERYWHERE = "language"  # asked by every page of the public, in one place
ABROAD = {
    "accept-language": ["\x7f", ",,,", "zh;q=9e999", "x" * 5000],
    "user-agent": ["", "\x7f", "MicroMessenger/" * 500],
    "x-forwarded-for": ["", ",", "nonsense", "::1", "999.999.999.999", "1" * 5000],
    "hx-request": ["true", "\x7f"],
    "idempotency-key": ["\x7f", "x" * 5000],
    "if-modified-since": ["nonsense", "Thu, 01 Jan 0000 00:00:00 GMT"],
    "range": ["bytes=9-1", "bytes=" + "9" * 40 + "-"],
    "accept": ["", "nonsense/;q=x"],
    "referer": ["[", "http://[", "\x7f"],
}


Faults = tuple[set[tuple[str, str]], list[tuple[str, str, str]]]


class Watched(QueryDict):
    """Notes by which names a page asks for what was sent."""

    asked: ClassVar[set[str]] = set()

    def __getitem__(self, key: str) -> Any:
        self.asked.add(key)
        return super().__getitem__(key)

    def getlist(self, key: str, default: Any = None) -> Any:
        self.asked.add(key)
        return super().getlist(key, default)

    def __contains__(self, key: object) -> bool:
        self.asked.add(str(key))
        return super().__contains__(key)


class Address(Watched):
    asked: ClassVar[set[str]] = set()


class Body(Watched):
    asked: ClassVar[set[str]] = set()


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.core.handlers.wsgi.QueryDict", Address)
    monkeypatch.setattr("django.http.request.QueryDict", Body)


class People(NamedTuple):
    """An officer, and somebody of the public with the code of a case."""

    officer: Client
    holder: Client


class Office:
    """One case of each kind, and an officer who may do everything."""

    def __init__(self) -> None:
        self.county = make_unit(make_unit())
        self.town = make_unit(self.county, kind=Unit.Kind.TOWN)
        self.officer: User = make_officer(self.county, *Power)
        self.bystander = make_officer(self.town, Power.REPORT)
        takes = (reporting.receive, registration.receive, suggestion.receive, applications.bring)
        self.taken = [self._take(take) for take in takes]
        public.ask_reporter(case=self.cases[0], actor=self.officer, now=NOW, note="哪里？")
        comments.comment(case=self.cases[0], actor=self.officer, now=NOW, note="知道了")

    def _take(self, take: Callable[[Intake], IntakeResult]) -> IntakeResult:
        account = Account(title="路灯坏了", unit=self.town, description="不亮", place="桥头")
        return take(Intake(account, form_key=str(uuid4()), now=NOW, may_publish=True))

    @property
    def cases(self) -> list[Case]:
        return [each.case for each in self.taken]

    def pages(self) -> Iterator[tuple[Route, str]]:
        return addresses(lambda route, name: self._fillings(route, name))

    def _fillings(self, route: Route, name: str) -> list[object]:
        fillings: dict[str, list[object]] = {
            "number": [case.number for case in self.cases],
            "move": ["comment", "confirm", "classify", "consider", "add_party", "attach"],
            "name": ["add", "withdraw", "erase", "rate"],
            "slot": ["reporter"],
            "matter": ["hazard", "accusation"],
            "suffix": ["json"],
            "code": [self.town.code, "hazard"],
            "username": [self.bystander.username],
        }
        return fillings.get(name, [1])


def _answers(client: Client, method: str, path: str, said: dict[str, str]) -> int:
    """The status of an answer that was read to its end."""
    answer = (
        client.get(path, said)
        if method == "GET"
        else client.post(path, urlencode(said), content_type=FORM)
    )
    if answer.streaming:
        b"".join(answer)
    return int(answer.status_code)


def _faults(office: Office, people: People, method: str, heard: type[Watched]) -> Faults:
    """Try every name that a page asks for with everything odd; those tried, and what broke."""
    tried: set[tuple[str, str]] = set()
    faults = []
    for route, path in office.pages():
        client = people.holder if route.is_public and route.name != SIGN_IN else people.officer
        heard.asked.clear()
        if route.name in LEFT_OUT or _answers(client, method, path, {}) == 405:
            continue
        page = path if route.name == "desk:move" else route.name
        asked = {("" if name == EVERYWHERE else page, name) for name in heard.asked}
        for _, name in sorted(asked - tried):
            statuses = {odd[:40]: _answers(client, method, path, {name: odd}) for odd in ODD}
            faults += [(path, name, odd) for odd, status in statuses.items() if status >= 500]
        tried |= asked
    return tried, faults


@pytest.fixture
def office(settings: Any) -> Office:
    settings.REPORTS_PER_HOUR = 10**9
    return Office()


@pytest.fixture
def people(office: Office) -> People:
    people = People(*(Client(raise_request_exception=False) for _ in range(2)))
    people.officer.force_login(office.officer)
    entered = people.holder.post("/track/", {"code": office.taken[0].code})
    assert entered.status_code == 302
    return people


@pytest.mark.usefixtures("watched")
def test_no_parameter_of_an_address_is_an_error_of_ours(office: Office, people: People) -> None:
    tried, faults = _faults(office, people, "GET", Address)

    assert faults == []
    assert {("orgs:sign-in", "next"), ("desk:ledger", "sort"), ("orgs:unit", "after")} <= tried


@pytest.mark.usefixtures("watched")
def test_no_field_of_a_form_is_an_error_of_ours(office: Office, people: People) -> None:
    tried, faults = _faults(office, people, "POST", Body)

    assert faults == []
    assert {("desk:read-notices", "notice"), ("portal:track", "then")} <= tried


PAGES = ("/", "/sign-in/", "/desk/", "/track/case/", "/desk/cases/", "/open311/v2/x.json")


@pytest.mark.parametrize("path", PAGES)
def test_no_header_or_cookie_is_an_error_of_ours(people: People, path: str) -> None:
    cookies = [*people.officer.cookies, *people.holder.cookies, "messages", "bihuan_language"]
    stranger, faults = Client(raise_request_exception=False), []

    for name, values in ABROAD.items():
        for value in values:
            if people.officer.get(path, headers={name: value}).status_code >= 500:
                faults.append((name, value[:40]))
    for name in cookies:
        for value in ("x", "a:b:c", "9" * 5000, "é", '"'):
            stranger.cookies[name] = value
            if stranger.get(path).status_code >= 500:
                faults.append((name, value[:40]))

    assert faults == []
