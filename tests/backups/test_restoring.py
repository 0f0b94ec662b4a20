"""What is not restored at all: backups that do not fit this installation."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from bihuan.backups import unfinished
from bihuan.backups.making import engine, require_own_key, require_room
from bihuan.backups.manifest import Manifest
from bihuan.backups.parcel import Packing
from bihuan.backups.progress import Progress
from bihuan.backups.refusals import BackupRefused, Reason
from bihuan.backups.restoring import opened, restore
from tests.backups.test_parcel import MANIFEST
from tests.factories import NOW
from tests.settings import SEAL_KEYS


def refusal(path: Path, manifest: Manifest) -> BackupRefused:
    with path.open("wb") as out:
        packing = Packing(out)
        packing.add("about.json", b"{}")
        packing.finish(manifest.as_json())
    with pytest.raises(BackupRefused) as refused, opened(path, None) as backup:
        restore(backup=backup, now=NOW, progress=Progress(print))
    return refused.value


@pytest.fixture
def ours() -> Manifest:
    return replace(MANIFEST, engine=engine().ENGINE)


def test_a_newer_release_restores_its_own_backups(tmp_path: Path, ours: Manifest) -> None:
    newer = replace(ours, version="9.0.0", migrations=[["cases", "9999_future"]])

    refused = refusal(tmp_path / "backup", newer)

    assert (refused.reason, refused.other) == (Reason.NEWER_RELEASE, "9.0.0")
    assert unfinished.found() is None


def test_another_engine_restores_its_own_backups(tmp_path: Path, ours: Manifest) -> None:
    assert refusal(tmp_path / "backup", replace(ours, engine="oracle")).reason is (
        Reason.OTHER_ENGINE
    )


def test_a_form_of_later_years_is_named(tmp_path: Path, ours: Manifest) -> None:
    assert refusal(tmp_path / "backup", replace(ours, format=2)).reason is Reason.OTHER_FORMAT


def test_a_full_disk_is_named_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(BackupRefused) as refused:
        require_room(tmp_path, 2**62)

    assert refused.value.reason is Reason.NO_ROOM
    assert refused.value.what == str(tmp_path)


@pytest.mark.parametrize("key", SEAL_KEYS)
def test_no_seal_key_is_a_key_for_backups(key: str) -> None:
    with pytest.raises(BackupRefused) as refused:
        require_own_key(urlsafe_b64decode(key))

    assert refused.value.reason is Reason.SEAL_KEY


def test_a_mark_that_was_cut_off_is_a_mark(tmp_path: Path, settings: object) -> None:
    settings.VAR = tmp_path  # type: ignore[attr-defined]
    unfinished.path().write_text('{"backup": "mon')

    with pytest.raises(BackupRefused) as refused:
        unfinished.require_none()

    assert refused.value.reason is Reason.UNFINISHED


def test_two_restores_do_not_run_at_once(tmp_path: Path, settings: object) -> None:
    settings.VAR = tmp_path  # type: ignore[attr-defined]
    second = unfinished.marked("two", "2", NOW)

    with unfinished.marked("one", "1", NOW), pytest.raises(BackupRefused) as refused, second:
        raise AssertionError("both began")

    assert refused.value.reason is Reason.BUSY


def test_a_source_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises((CommandError, FileNotFoundError), match="nowhere"):
        call_command("restore", str(tmp_path / "nowhere"))
