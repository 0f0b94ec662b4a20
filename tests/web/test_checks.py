"""`/readyz` and `bihuan check`: what they look at, and what they say while something is away."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection
from django.test import Client
from django.utils import translation

from bihuan import cli
from bihuan.backups import unfinished
from bihuan.web import checks, logs, looks, outages, readiness
from bihuan.web.checks import Level
from tests.factories import NOW


class Unreachable:
    """A database that is away: whoever asks for it hears so."""

    def __call__(self, *request: object, **options: object) -> object:
        raise OperationalError("connection to server at 10.0.0.9 failed: Connection refused")


@pytest.fixture
def no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "cursor", Unreachable())


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the log of this process says, by the handler that the settings describe."""
    found_texts: list[str] = []

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found_texts.extend(self.format(record).splitlines())

    handler = Keeping()
    handler.setFormatter(logs.Line("Asia/Shanghai"))
    handler.addFilter(outages.OncePerOutage())
    # Alone: the handler of the settings would take what is said but once.
    monkeypatch.setattr(logging.getLogger(), "handlers", [handler])
    monkeypatch.setattr(outages, "_lasting", {})
    return found_texts


def found(area: str, **which: bool) -> list[tuple[Level, str]]:
    with translation.override("en"):
        return [(at.level, at.said) for at in checks.run(now=NOW, **which) if at.area == area]


@pytest.mark.usefixtures("no_database")
def test_health_is_answered_without_a_session_while_the_database_is_away() -> None:
    client = Client(raise_request_exception=False)
    client.cookies[configured.SESSION_COOKIE_NAME] = "of-an-officer"

    alive, ready = client.get("/healthz"), client.get("/readyz")

    assert (alive.status_code, alive.content) == (200, b"ok\n")
    assert ready.status_code == 503
    assert ready.json()["reasons"] == ["database: cannot be reached"]


@pytest.mark.django_db
def test_health_does_not_ask_for_a_known_host(client: Client) -> None:
    assert client.get("/healthz", headers={"host": "10.1.2.3:8000"}).status_code == 200


@pytest.mark.django_db
def test_a_schema_that_is_not_there_yet_is_no_database_that_is_away(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations")

    reasons = client.get("/readyz").json()["reasons"]

    assert [reason for reason in reasons if reason.startswith("schema: ")]
    assert not [reason for reason in reasons if reason.startswith(("database: ", "worker: "))]
    assert "bihuan migrate" in reasons[0]


@pytest.mark.django_db
def test_media_that_cannot_be_written_is_not_ready(tmp_path: Path, settings: Any) -> None:
    (tmp_path / "file").touch()
    settings.MEDIA_ROOT = tmp_path / "file"

    assert any("media cannot be written" in answer for _, answer in found("disk", quickly=True))


@pytest.mark.usefixtures("no_database")
def test_an_outage_is_one_line_in_the_log(lines: list[str]) -> None:
    client = Client(raise_request_exception=False)
    client.cookies[configured.SESSION_COOKIE_NAME] = "of-an-officer"

    for _ in range(7):
        assert client.get("/desk/").status_code == 503
        client.get("/readyz")

    (line,) = lines
    assert "the database cannot be reached: connection to server" in line


@pytest.mark.django_db
def test_the_end_of_an_outage_is_said_once(lines: list[str]) -> None:
    error = OperationalError("away")
    logging.getLogger("django.request").error("failed", exc_info=error)
    logging.getLogger("django.request").error("failed", exc_info=error)

    with connection.cursor():
        outages.over_if_answered()
        outages.over_if_answered()

    assert len(lines) == 2
    assert "answers again" in lines[1]
    assert "2 failed" in lines[1]


def test_a_fault_of_ours_keeps_its_traceback(lines: list[str]) -> None:
    for error in (OperationalError("no such column: x"), RuntimeError("a bug")):
        logging.getLogger("django.request").error("failed", exc_info=error)

    assert sum(line.startswith(("django.db", "RuntimeError")) for line in lines) == 2


@pytest.mark.django_db
def test_a_line_names_its_instant_with_the_zone_and_its_request(
    client: Client, lines: list[str]
) -> None:
    answer = client.get("/nowhere/")

    name = answer.headers["X-Request-Id"]
    (line,) = lines
    instant, level, request = line.split()[:3]
    assert (instant[-6:], level, request) == ("+08:00", "WARNING", f"[{name}]")
    assert client.get("/healthz", headers={"x-request-id": name}).headers["X-Request-Id"] != name


@pytest.mark.django_db
def test_check_has_a_line_for_everything(capsys: pytest.CaptureFixture[str]) -> None:
    status = cli.main(["check", "--json"])

    *lines, output = capsys.readouterr().out.splitlines()
    areas = [check["area"] for check in json.loads(output)["checks"]]
    assert list(dict.fromkeys(areas)) == [
        "settings", "rights", "database", "schema", "worker", "clock", "disk", "proxy", "mail",
        "factors", "provider", "confidential", "keys", "restore",
    ]  # fmt: skip
    assert status == 1  # no worker has run here
    assert [line for line in lines if line.startswith("bad ")] == [
        line for line in lines if "worker" in line
    ]
    assert json.loads(output)["result"] == "bad"


@pytest.mark.django_db
def test_a_missing_secret_is_a_line_of_check(settings: Any) -> None:
    settings.SECRET_KEY, settings.SEAL_KEYS = "", []

    assert [answer.split()[0] for _, answer in found("settings")][:2] == [
        "BIHUAN_SECRET_KEY", "BIHUAN_SEAL_KEYS",
    ]  # fmt: skip


@pytest.mark.django_db
def test_keys_that_everybody_may_read_are_bad(tmp_path: Path, settings: Any) -> None:
    settings.VAR = tmp_path
    key = tmp_path / "keys" / "bihuan_seal_keys"
    key.parent.mkdir()
    key.touch(mode=0o644)

    assert any(level is Level.BAD and str(key) in answer for level, answer in found("rights"))

    key.chmod(0o600)
    assert not any(str(key) in answer for _, answer in found("rights"))


@pytest.mark.django_db
def test_what_is_the_services_own_is_open_to_no_group(tmp_path: Path, settings: Any) -> None:
    settings.VAR, settings.MEDIA_ROOT = tmp_path, tmp_path / "media"
    settings.BACKUP_KEY_FILE = str(tmp_path / "backup.key")
    settings.MEDIA_ROOT.mkdir(mode=0o750)
    Path(settings.BACKUP_KEY_FILE).touch(mode=0o640)

    wide = [answer.split()[0] for _, answer in found("rights") if str(tmp_path) in answer]

    assert sorted(wide) == [settings.BACKUP_KEY_FILE, str(settings.MEDIA_ROOT)]
    settings.MEDIA_ROOT.chmod(0o700)
    Path(settings.BACKUP_KEY_FILE).chmod(0o600)
    assert not any(str(tmp_path) in answer for _, answer in found("rights"))


@pytest.mark.django_db
def test_a_restore_that_has_not_ended_is_bad_and_not_ready(tmp_path: Path, settings: Any) -> None:
    settings.VAR = tmp_path
    with pytest.raises(KeyboardInterrupt), unfinished.marked("monday.backup", "ab", NOW):
        raise KeyboardInterrupt

    assert [level for level, answer in found("restore") if "monday.backup" in answer] == [Level.BAD]
    assert [why for why in readiness.reasons_not_ready(now=NOW) if why.startswith("restore: ")]
    with pytest.raises(ImproperlyConfigured, match=r"monday\.backup"):
        readiness.require_start(now=NOW)
    with unfinished.marked("monday.backup", "ab", NOW):
        pass
    assert found("restore") == [(Level.OK, "")]


@pytest.mark.django_db
def test_a_mail_server_that_does_not_answer_is_bad(settings: Any) -> None:
    settings.SMTP_URL = "smtp://127.0.0.1:1"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", 1, False

    assert [level for level, _ in found("mail")] == [Level.WARN, Level.BAD]


@pytest.mark.django_db
def test_readiness_speaks_english_in_every_language(client: Client, settings: Any) -> None:
    settings.LANGUAGE_CODE = "zh-hans"

    reasons = client.get("/readyz", headers={"accept-language": "zh-CN"}).json()["reasons"]

    assert reasons
    assert all(reason.isascii() for reason in reasons)
    assert readiness.reasons_not_ready(now=NOW)
    assert looks.LEAST_FREE_BYTES < looks.ENOUGH_FREE_BYTES
