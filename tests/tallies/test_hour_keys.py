"""The key of an hour's tallies is shared by all processes and never lies beside them."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.test import RequestFactory
from pytest_django import Settings

from bihuan import settings as shipped
from bihuan.orgs.models import SignIn
from bihuan.portal import guard
from bihuan.portal.guard import Tried
from bihuan.tallies import counting, hour_keys
from bihuan.tallies.models import Tally
from tests.factories import NOW

HOUR = timedelta(hours=1)
MANY = 200
# Makes the keys of many hours, all processes at the same time, and tells them.
RACING = f"""
from datetime import timedelta
from bihuan.tallies import hour_keys
from tests.clock import NOW
print("ready", flush=True)
input()
print([hour_keys.of(NOW + timedelta(hours=n)).hex() for n in range({MANY})])
"""


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.HOUR_KEYS = tmp_path / "hours"
    counting._known.clear()
    return tmp_path / "hours"


def test_two_processes_that_race_have_the_same_key_of_each_hour(folder: Path) -> None:
    environment = {
        **os.environ,
        "BIHUAN_HOUR_KEYS": str(folder),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    command = [sys.executable, "-c", RACING]
    racing = [
        subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    for process in racing:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in racing:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    one, other = (process.communicate()[0] for process in racing)

    assert [process.returncode for process in racing] == [0, 0]
    assert one == other
    assert len(set(one.split(", "))) == MANY
    assert len(list(folder.iterdir())) == MANY


def test_only_this_account_reads_a_key(folder: Path) -> None:
    key = hour_keys.of(NOW)

    (path,) = folder.iterdir()
    assert path.read_bytes() == key
    assert path.stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("fault", ["readable by others", "a link", "half a key"])
def test_keys_that_somebody_else_may_know_are_refused(folder: Path, fault: str) -> None:
    hour_keys.of(NOW)
    match fault:
        case "readable by others":
            folder.chmod(0o755)
        case "a link":
            moved = folder.rename(folder.with_name("elsewhere"))
            folder.symlink_to(moved)
        case _:
            (path,) = folder.iterdir()
            path.write_bytes(b"half")

    with pytest.raises(ImproperlyConfigured, match=str(folder)):
        hour_keys.of(NOW)


def test_keys_of_earlier_hours_are_thrown_away(folder: Path) -> None:
    for hours in range(3):
        hour_keys.of(NOW + hours * HOUR)

    hour_keys.forget_before(NOW + HOUR)

    assert sorted(path.name for path in folder.iterdir()) == ["2026091503", "2026091504"]


@pytest.mark.django_db
def test_where_the_key_was_lost_the_hour_begins_again(folder: Path) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="203.0.113.77")
    for _ in range(guard.MOST[Tried.GUESS]):
        guard.note(Tried.GUESS, request, NOW)

    counting._known.clear()
    for path in folder.iterdir():
        path.unlink()

    later = RequestFactory().get("/", REMOTE_ADDR="203.0.113.77")
    guard.require_room(Tried.GUESS, later, NOW)


def test_the_keys_lie_in_memory_and_in_no_table() -> None:
    tables = {model._meta.db_table for model in apps.get_models()}

    assert "portal_pepper" not in tables
    if Path("/dev/shm").is_dir():
        assert shipped.HOUR_KEYS.is_relative_to("/dev/shm")


def test_what_backups_leave_out_are_the_tallies_and_the_sessions() -> None:
    tables = {model._meta.db_table for model in apps.get_app_config("tallies").get_models()}

    assert set(shipped.LEFT_OUT_OF_BACKUPS) <= tables | {SignIn._meta.db_table}
    assert Tally._meta.db_table in shipped.LEFT_OUT_OF_BACKUPS
