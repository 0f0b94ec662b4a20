"""What an answer leaves behind in a browser, and a request in the log: nothing that was said."""

from __future__ import annotations

import logging
import os
import re
import subprocess
import sys
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.conf import settings
from django.test import Client

from bihuan.core.powers import Power
from bihuan.web.logs import Line, NoFault
from bihuan.web.logs import NoAddresses as NoneInLines
from bihuan.web.management.commands.serve import NoAddresses, _Server
from tests.factories import make_case, make_officer, make_unit
from tests.sitemap import Route, routes

CODE = "4821 9036 1175 2248"


# --------------------------------------------------------------- kept nowhere
@pytest.mark.django_db
def test_no_answer_of_any_page_is_kept_by_a_browser(client: Client) -> None:
    """Desks and telephones are shared; a page that is added later is asked as well."""
    unit = make_unit()
    officer = make_officer(unit, *Power)
    number = make_case(unit).number
    client.force_login(officer)

    for path in (_filled(route, number) for route in routes()):
        for send in (client.get, client.post):
            answer = send(path)
            for _ in getattr(answer, "streaming_content", ()):
                pass
            assert "no-store" in answer.headers["Cache-Control"], path
        client.force_login(officer)


def _filled(route: Route, number: str) -> str:
    path = re.sub(r"<\w+:number>", number, route.path)
    return re.sub(r"<(\w+):\w+>", lambda m: "1" if m[1] == "int" else "a", path)


# ------------------------------------------------------------------- the log
@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    found: list[str] = []

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(self.format(record))

    handler = Keeping()
    handler.setFormatter(Line("Asia/Shanghai"))
    handler.addFilter(NoneInLines())
    handler.addFilter(NoFault())
    monkeypatch.setattr(logging.getLogger(), "handlers", [handler])
    return found


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "method", "named"),
    [
        (f"/{CODE}", "get", "no page"),
        (f"/track/{CODE}/", "get", "no page"),
        (f"/track/case/{CODE.replace(' ', '-')}/", "get", "/track/case/<slug:name>/"),
        (f"/receipt-keys/{CODE}", "get", "no page"),
        (f"/near/{CODE.replace(' ', '')}/me-too/", "get", "/near/<int:pk>/me-too/"),
        (f"/open/{CODE.replace(' ', '')}/", "get", "/open/<int:pk>/"),
        (f"/open311/v2/requests/{CODE.replace(' ', '')}.json", "get", "open311"),
    ],
)
def test_what_was_typed_in_an_address_is_not_in_the_log(
    lines: list[str], path: str, method: str, named: str
) -> None:
    getattr(Client(), method)(path)

    assert not _digits(CODE) & _digits("".join(lines))
    assert any(named in line for line in lines)


def _digits(text: str) -> set[str]:
    return set(re.findall(r"4821|9036|1175|2248", text))


def test_the_settings_keep_addresses_out_of_the_log() -> None:
    assert "NoAddresses" in str(settings.LOGGING["filters"])
    assert "'addresses'" in str(settings.LOGGING["handlers"])
    assert "NoFault" in str(settings.LOGGING["filters"])
    assert "'no fault'" in str(settings.LOGGING["handlers"])


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ({"path": "/", "headers": {"host": "elsewhere.example"}}, "Invalid HTTP_HOST header"),
        (
            {
                "path": "/report/grievance/",
                "data": b"x",
                "content_type": "multipart/form-data; boundary=",
            },
            "Unable to parse request body",
        ),
    ],
)
def test_a_request_refused_for_what_it_says_is_one_line_and_no_error(
    lines: list[str], query: dict[str, Any], text: str
) -> None:
    answer = Client().post(**query)

    assert answer.status_code == 400
    assert len(lines) == 1
    assert text in lines[0]
    assert " WARNING [" in lines[0]
    assert "\n" not in lines[0]


def test_the_web_server_says_nothing_of_what_it_could_not_read(lines: list[str]) -> None:
    """What Gunicorn itself writes of a request that is none, or of one that failed."""
    log = NoAddresses(_Server("127.0.0.1:0", 1).cfg)
    line = f"GET /track/{CODE} HTTP/1.1"

    log.warning(f"Invalid request from ip=192.0.2.7: Invalid HTTP request line: '{line}'")
    log.exception("Error handling request %s %s", "GET", f"/track/{CODE}/")

    assert len(lines) == 2
    assert "192.0.2.7" not in "".join(lines)
    assert not _digits("".join(lines))


# ------------------------------------------------------------------ settings
def test_the_settings_of_production_pass_the_checks_of_django() -> None:
    given = {name: value for name, value in os.environ.items() if not name.startswith("BIHUAN_")}
    given |= {
        "DJANGO_SETTINGS_MODULE": "bihuan.settings",
        "BIHUAN_SECRET_KEY": "".join(map(chr, range(40, 120))),
        "BIHUAN_SEAL_KEYS": Fernet.generate_key().decode(),
        "BIHUAN_HTTPS": "1",
        "BIHUAN_HOSTS": "bihuan.example.org",
    }
    command = ["manage.py", "check", "--deploy", "--fail-level", "WARNING"]

    done = subprocess.run(
        [sys.executable, *command], env=given, cwd=settings.BASE, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout
