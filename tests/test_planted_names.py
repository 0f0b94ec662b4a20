"""Who reported is nowhere but in the seal: names are planted, everything is done that the system
does, and then every place where something is kept or said is searched for them.

The names are of characters that nothing else here uses, so that even two of them would be found,
in the text itself and in the writings that programs give it.
"""

from __future__ import annotations

import base64
import html
import json
import logging
import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings as configured
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.log import AdminEmailHandler
from PIL import Image
from pytest_django import Settings

from bihuan.cases.models import Case
from bihuan.core.powers import Power
from bihuan.grievances.actions import registration
from bihuan.notices.models import Notice
from bihuan.orgs.models import Unit, User
from bihuan.receipts import accounts
from bihuan.receipts.accounts import Identity, Intake
from bihuan.receipts.actions import intake, public, seals
from bihuan.receipts.actions.delivery import deliver_due
from bihuan.receipts.models import Seal, UnsealRequest
from bihuan.receipts.wording.mail import news
from bihuan.web import work
from tests.clock import PRESENT
from tests.factories import make_officer, make_unit
from tests.portal.visitor import Visitor
from tests.sitemap import Route, addresses, text_of
from tools import postgres

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

PLANTED = {
    "hazard": Identity("龘龗爩", "+86 199 7402 6853", "longda.q7@nowhere.example", "麤灪巷7749号"),
    "grievance": Identity("靐齉鱻", "+44 7700 900461", "jing.b9@nowhere.example", "驫羴街3181号"),
    "suggestion": Identity("厵滟纞", "0874-5539127", "yuan.s4@nowhere.example", "虋淼里6620号"),
    "dispute": Identity("钃鸜齾", "+86 188 3317 2296", "zhu.m2@nowhere.example", "鑱籯弄5508号"),
}
OTHER = Identity("韊豓顳", "0874-6647015")  # the other side of the dispute
PHOTOGRAPHER = "籲癵鼺"


def pieces(who: Identity) -> Iterator[str]:
    """Pairs of characters, because a search index would keep those; numbers and mail whole."""
    for text in (who.name, who.address[:2]):
        yield from (text[n : n + 2] for n in range(len(text) - 1))
    yield from filter(None, (who.phone, re.sub(r"[^0-9]", "", who.phone), who.email))


TOKENS = [
    *(piece for who in (*PLANTED.values(), OTHER) for piece in pieces(who)),
    PHOTOGRAPHER[:2],
]
REASON = "须到现场核对"


def written(token: str) -> Iterator[bytes]:
    """The ways in which programs write a text down."""
    plain = token.encode()
    yield plain
    if not token.isascii():
        yield json.dumps(token)[1:-1].encode()
        yield token.encode("utf-16-le")
        yield plain.hex().encode()
        yield quote(token).encode()
    elif len(token) > 8:
        yield html.escape(token).encode()
        yield quote(token).encode()
        yield base64.b64encode(plain).rstrip(b"=")[:-1]


WANTED = [(token, form) for token in TOKENS for form in written(token)]


def found_in(data: bytes | str) -> set[str]:
    stored = data.encode() if isinstance(data, str) else data
    return {token for token, form in WANTED if form in stored}


class Refusing(BaseEmailBackend):
    """A mail server that repeats the address in its refusal."""

    def send_messages(self, messages: Any) -> int:
        raise OSError(f"cannot deliver to {messages[0].to}")


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture) -> Iterator[StringIO]:
    """What a handler of our own writes of everything that is logged, faults included."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    root = logging.getLogger()
    root.addHandler(handler)
    with caplog.at_level(logging.DEBUG):
        yield stream
    root.removeHandler(handler)


@pytest.fixture
def reports(settings: Settings) -> Iterator[None]:
    """Faults are mailed to whoever runs the installation, with everything that Django tells."""
    settings.ADMINS = [("admin", "admin@bihuan.example")]
    handler = AdminEmailHandler(include_html=True)
    handler.setLevel(logging.ERROR)  # as Django itself has it
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)
    yield
    logger.removeHandler(handler)


class Place:
    """A county, a town, who works there, and what was told to them."""

    def __init__(self) -> None:
        self.county = make_unit(name="云溪县")
        self.town = make_unit(self.county, name="双河镇", kind=Unit.Kind.TOWN)
        self.all = make_officer(self.county, *Power, name="县里人")
        self.clerk = make_officer(self.town, *Power, name="镇里人")
        self.cases: dict[str, Case] = {}
        self.codes: dict[str, str] = {}


def photo() -> SimpleUploadedFile:
    """A photo that says in its metadata who took it."""
    image, data = Image.effect_noise((64, 48), 90).convert("RGB"), BytesIO()
    exif = image.getexif()
    exif[0x013B] = exif[0x010E] = PHOTOGRAPHER
    image.save(data, "JPEG", exif=exif, comment=PHOTOGRAPHER.encode())
    return SimpleUploadedFile("photo.jpg", data.getvalue(), "image/jpeg")


def contact(who: Identity) -> dict[str, str]:
    return {
        "my_name": who.name, "call_me": who.phone, "write_me": who.email, "post_to": who.address,
    }  # fmt: skip


# -------------------------------------------------------------------- what is done
def report_all(place: Place) -> None:
    """Everything that can be told on the portal, each with a name and a way to be reached."""
    for matter, who in PLANTED.items():
        words = {"title": f"反映事项 {matter}", "description": "说明。", **contact(who)}
        if matter == "dispute":
            words |= {"other_name": OTHER.name, "other_call": OTHER.phone}
        page = Visitor().report(
            matter,
            {"photos": photo()} if matter == "hazard" else {},
            {"unit": place.town.pk, "place": "桥头"},
            words,
        )
        assert page.code, page.shown[-900:]
        place.codes[matter] = page.code
        place.cases[matter] = Case.objects.latest("pk")
    account = accounts.Account(
        title="控告事项", unit=place.town, identity=PLANTED["hazard"], about_units=(place.town,)
    )
    taken = registration.receive(
        Intake(account=account, form_key="accusation", now=PRESENT, is_accusation=True)
    )
    place.cases["accusation"], place.codes["accusation"] = taken.case, taken.code


def talk(place: Place, client: Client) -> None:
    """Questions, answers, an opening, a rating, and a mail that the server refuses."""
    now = PRESENT
    for matter in ("hazard", "grievance", "suggestion"):
        case = place.cases[matter]
        public.ask_reporter(case=case, actor=place.clerk, now=now, note="在哪个门口？")
        public.add(case=case, text="在东门。", now=now, form_key=f"add {matter}")
    for matter, officer in (("hazard", place.clerk), ("accusation", place.all)):
        client.force_login(officer)
        url = reverse("receipts:open-seal", args=[place.cases[matter].number, "reporter"])
        answer = client.post(url, {"reason": REASON})
        assert bool(found_in(answer.content)) is (matter == "hazard")
    Case.objects.filter(pk=place.cases["hazard"].pk).update(stage="rejected", ended_at=now)
    public.rate(case=place.cases["hazard"], solved=False, now=now, stars=1, text="没解决。")


def fail(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault while the identity is in the program's hands: on its way in, and on its way out."""
    who = PLANTED["grievance"]
    visitor = Visitor(raise_request_exception=False)
    with monkeypatch.context() as patch:
        patch.setattr(intake, "insert_first", _broken)
        page = visitor.report(
            "grievance", {}, {"unit": place.town.pk, "place": "桥头"},
            {"title": "出错的反映", "description": "说明。", **contact(who)},
        )  # fmt: skip
        assert page.status == 500
    client = Client(raise_request_exception=False)
    client.force_login(place.clerk)
    pk = UnsealRequest.objects.filter(opened_at__isnull=False).latest("pk").pk
    with monkeypatch.context() as patch:
        patch.setattr("bihuan.receipts.views.seals.render", _broken)
        number = place.cases["hazard"].number
        assert client.post(reverse("receipts:look-into-seal", args=[number, pk])).status_code == 500


def _broken(*arguments: object, **named: object) -> None:
    raise RuntimeError("planted fault")


def run_jobs(settings: Settings) -> None:
    settings.SMTP_URL = "smtp://mail.example"
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    deliver_due(news=news(), now=PRESENT)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    work.run_all(now=PRESENT + timedelta(days=1))
    call_command("rotate_seals")


# ---------------------------------------------------------------- what is searched
def dump() -> bytes:
    """The database as a thief would carry it away."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        return bytes(connection.connection.serialize())
    given = connection.get_connection_params()
    address = f"postgres://{given['host']}:{given['port']}/{given['dbname']}"
    program = postgres.programs() / "pg_dump"
    environment = os.environ | {"PGPASSWORD": given["password"], "PGUSER": given["user"]}
    done = subprocess.run([program, address], env=environment, capture_output=True, check=True)
    return done.stdout


def pages_of(place: Place, user: User | None, code: str = "") -> Iterator[tuple[str, str]]:
    """Every address as this officer, or as whoever holds this code, sees it."""
    client = Client(raise_request_exception=False)
    if user:
        client.force_login(user)
    if code:
        client.post("/track/", {"code": code})
    for route, url in addresses(lambda route, name: _fillings(place, route, name)):
        if route.name not in ("orgs:sign-out", "web:set_language") and (user or route.is_public):
            yield url, text_of(client.get(url))


def _fillings(place: Place, route: Route, name: str) -> list[object]:
    fillings: dict[str, list[object]] = {
        "number": [case.number for case in place.cases.values()],
        "move": ["comment", "ask_reporter", "follow_up", "assign", "accept", "consider"],
        "name": ["add", "withdraw", "erase", "rate"],
        "slot": ["reporter", "party-2"],
        "matter": [*PLANTED],
        "suffix": ["json", "xml"],
        "code": [place.town.code],
        "username": [place.clerk.username],
    }
    return fillings.get(name, [1, 2])


def test_a_planted_name_is_found_nowhere_but_in_the_seal(
    client: Client,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    said: StringIO,
    reports: None,
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.SMTP_URL = "smtp://mail.example"
    place = Place()

    report_all(place)
    talk(place, client)
    fail(place, monkeypatch)
    run_jobs(settings)
    shown = [
        *pages_of(place, place.all),
        *pages_of(place, place.clerk),
        *(page for code in place.codes.values() for page in pages_of(place, None, code)),
    ]
    call_command("export", "--kind", "hazard", str(tmp_path / "ledger.xlsx"))

    whole = dump()
    assert place.cases["hazard"].number.encode() in whole
    assert found_in(whole) == set()
    assert {url: tokens for url, text in shown if (tokens := found_in(text))} == {}
    assert found_in(said.getvalue()) == set()
    assert "planted fault" in said.getvalue()
    _no_fault_tells()
    for notice in Notice.objects.all():
        assert found_in(f"{notice.detail} {notice.what}") == set()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.is_relative_to(configured.MEDIA_ROOT) for path in files)
    assert {path.name: tokens for path in files if (tokens := found_in(path.read_bytes()))} == {}
    err = capfd.readouterr()
    assert found_in(err.out + err.err) == set()
    _can_be_read(place)


def _no_fault_tells() -> None:
    faults = [m for m in mail.outbox if m.to == ["admin@bihuan.example"]]
    assert len(faults) >= 2
    for fault in faults:
        assert found_in(fault.message().as_bytes()) | found_in(str(fault.body)) == set()
        assert not any(found_in(str(part)) for part, _kind in getattr(fault, "alternatives", ()))


def _can_be_read(place: Place) -> None:
    """With the keys: or nothing was sealed, and nothing could have been found."""
    found = {row.case_id: row for row in Seal.objects.filter(slot="reporter")}
    for matter, who in PLANTED.items():
        stored = asdict(seals.unsealed(found[place.cases[matter].pk]))
        assert {name: text for name, text in asdict(who).items() if text} == {
            name: text for name, text in stored.items() if text
        }
    other = Seal.objects.get(case=place.cases["dispute"], slot="party-2")
    assert seals.unsealed(other).name == OTHER.name


def test_the_search_finds_what_it_looks_for() -> None:
    for token in TOKENS:
        for form in written(token):
            assert token in found_in(b"..." + form + b"...")
