"""Backups and restores as an operator makes them: elsewhere, cut off, changed, and incomplete."""

from __future__ import annotations

import gzip
import json
import tarfile
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest

from tests.faults.officers import Officer
from tests.faults.places import (
    FILES,
    KEY,
    UNFINISHED,
    Place,
    figures,
    journal,
    media,
    refused,
    run_inside,
    until,
)
from tests.faults.planted import MARK, SESSION
from tests.faults.processes import (
    COORDINATOR,
    PASSWORD,
    SECRET,
    SQLITE,
    on_sqlite,
    serving,
)

pytestmark = pytest.mark.slow


# ------------------------------------------------------------------- there and back
@pytest.mark.parametrize("is_locked", [False, True], ids=["plain", "encrypted"])
def test_what_was_backed_up_is_restored_elsewhere(place: Place, is_locked: bool) -> None:
    given = ["--key", place.key] if is_locked else []

    made, looked = place.back_up(*given, "--json"), place.restore(*given, "--check")
    after_looking = place.other.folder / "media"
    nothing_yet = not after_looking.exists()
    restored = place.restore(*given, "--json")

    assert [made.status, looked.status, restored.status] == [0, 0, 0], (made, looked, restored)
    assert "bihuan" not in made.err  # no table was left out
    assert nothing_yet
    assert figures(made)["files"] == figures(restored)["files"] == FILES + FILES // 2 + 1
    assert figures(made)["rows"] == figures(restored)["rows"]
    assert media(place.other) == media(place.office)
    assert journal(place.other) == journal(place.office)
    assert place.other.run("check", "--json").status in (0, 1)
    assert not (place.other.folder / UNFINISHED).exists()
    assert place.out.stat().st_mode & 0o777 == 0o600
    written = [path for path in place.other.folder.rglob("*") if path.parent.name != "keys"]
    assert {oct(path.stat().st_mode & 0o077) for path in written if path.is_file()} == {"0o0"}


def test_a_restored_installation_goes_on(place: Place) -> None:
    """New rows get new ids, and somebody signs in and reports."""
    assert place.back_up().status == 0
    assert place.restore().status == 0

    with serving(place.other) as address:
        stop = Event()
        officer = Officer(address, COORDINATOR, PASSWORD)
        thread = Thread(target=officer.work, args=(stop,))
        thread.start()
        until(lambda: len(officer.told.words) > 1)
        stop.set()
        thread.join()

    assert journal(place.other)["ok"]


# -------------------------------------------------------------------- what is inside
def contents(backup: Path) -> bytes:
    """Everything in a backup, as a thief would unpack it."""
    found = [backup.read_bytes()]
    with tarfile.open(backup) as archive:
        for member in archive:
            file = archive.extractfile(member)
            assert file
            data = file.read()
            found.append(gzip.decompress(data) if member.name.endswith(".gz") else data)
    return b"\n".join(found)


def written(secret: bytes) -> Iterator[bytes]:
    """The ways in which programs write a secret down."""
    yield secret
    yield secret.hex().encode()
    yield urlsafe_b64encode(secret).rstrip(b"=")
    yield urlsafe_b64encode(secret).rstrip(b"=").replace(b"-", b"+").replace(b"_", b"/")


def test_no_secret_is_in_a_backup(place: Place) -> None:
    seal = urlsafe_b64decode(place.office.environment["BIHUAN_SEAL_KEYS"])
    (place.office.folder / "keys" / "bihuan_seal_keys").write_text(urlsafe_b64encode(seal).decode())
    assert place.back_up().status == 0

    whole = contents(place.out)

    # What is looked for can be found: an officer's name, and the path of a file.
    assert COORDINATOR.encode() in whole
    assert place.paths[0].encode() in whole
    secrets = [seal, SECRET.encode(), SESSION.encode(), MARK]
    assert [each for each in secrets for form in written(each) if form in whole] == []


def test_nothing_of_an_encrypted_backup_can_be_read(place: Place) -> None:
    assert place.back_up("--key", place.key).status == 0

    locked = place.out.read_bytes()

    known = [COORDINATOR, "manifest.json", "tables/", "media/", place.paths[0], KEY]
    assert [each for each in known if each.encode() in locked] == []
    assert b"\x1f\x8b\x08\x00\x00\x00\x00\x00" not in locked


def test_a_seal_key_is_no_key_for_backups(place: Place) -> None:
    place.key.write_text(place.office.environment["BIHUAN_SEAL_KEYS"])

    answer = place.back_up("--key", place.key)

    refused(answer, "BIHUAN_SEAL_KEYS")
    assert not place.out.exists()


def test_the_key_of_the_settings_counts_where_none_is_named(place: Place) -> None:
    setting = {"BIHUAN_BACKUP_KEY_FILE": str(place.key)}
    made = place.office.run("backup", place.out, settings=setting)

    assert made.status == 0, made
    refused(place.restore("--check"), "--key")
    assert place.other.run("restore", place.out, "--check", settings=setting).status == 0


# ---------------------------------------------------------------------------- releases
def test_a_backup_of_an_older_release_is_brought_up_to_date(place: Place) -> None:
    """The release before the worker's clock was watched knew one table less.

    Its migrations run one by one, as they do for operators; other tests are given the last schema.
    """
    assert place.office.run("migrate", "web", "0001", "--verbosity", "0").status == 0
    refused(place.back_up(), "web 0002_time_seen")
    older = (
        "import django; django.setup();"
        "from pathlib import Path; "
        "from bihuan.backups.making import back_up; from bihuan.backups.progress import Progress;"
        "from tests.factories import NOW;"
        f"back_up(out=Path({str(place.out)!r}), key=None, now=NOW, progress=Progress(print))"
    )
    run_inside(place.office, older)

    restored = place.restore("--json")

    assert restored.status == 0, restored
    assert (figures(restored)["migrated"], figures(restored)["ok"]) == (1, True)
    checked = figures(place.other.run("check", "--json"))["checks"]
    assert isinstance(checked, list)
    assert [each["level"] for each in checked if each["area"] == "schema"] == ["ok"]


# ------------------------------------------------------------------------- what is amiss
def test_files_that_are_missing_or_damaged_are_named(place: Place) -> None:
    root = place.office.folder / "media"
    (root / place.paths[0]).unlink()
    (root / place.paths[1]).write_bytes(b"something else")

    made, restored = place.back_up("--json"), place.restore("--json")

    assert [made.status, restored.status] == [1, 1], (made, restored)
    data = figures(made)
    assert (data["missing"], data["damaged"], data["named"]) == (1, 1, place.paths[:2])
    assert place.paths[0] in made.err
    assert (figures(restored)["missing"], figures(restored)["damaged"]) == (1, 1)
    assert media(place.other) == media(place.office)


def test_a_backup_never_replaces_a_file(place: Place) -> None:
    place.out.write_text("something else")

    refused(place.back_up(), str(place.out))
    assert place.out.read_text() == "something else"


def test_a_backup_goes_only_where_nothing_is(place: Place) -> None:
    assert place.back_up().status == 0
    refused(place.office.run("restore", place.out))
    (place.other.folder / "media" / "ab" / "cd").mkdir(parents=True)
    (place.other.folder / "media" / "ab" / "cd" / "evidence.jpg").touch()

    refused(place.restore(), "evidence.jpg")


def test_a_backup_of_the_other_engine_is_refused(place: Place, tmp_path: Path) -> None:
    assert place.back_up().status == 0
    is_file = place.office.database_url.startswith(SQLITE)
    named = "postgresql" if is_file else "sqlite"
    with tarfile.open(place.out) as archive:
        member = archive.extractfile("manifest.json")
        assert member
        assert json.loads(member.read())["engine"] != named
    if not is_file:
        (tmp_path / "third").mkdir()
        refused(on_sqlite(tmp_path / "third").run("restore", place.out), "postgresql")


@pytest.mark.parametrize("is_locked", [False, True], ids=["plain", "encrypted"])
def test_a_backup_cut_off_or_changed_restores_nothing(place: Place, is_locked: bool) -> None:
    given = ["--key", place.key] if is_locked else []
    assert place.back_up(*given).status == 0
    whole = place.out.read_bytes()

    with place.other.forking() as fork:
        for cut in (0, 10, 512, len(whole) // 2, len(whole) - 1024, len(whole) - 1):
            place.out.write_bytes(whole[:cut])
            refused(fork.run("restore", place.out, *given), str(place.out))
    assert not (place.other.folder / UNFINISHED).exists()
    middle = whole.index(b"media/") + 512 if not is_locked else len(whole) // 3
    place.out.write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
    refused(place.restore(*given), str(place.out))
    assert (place.other.folder / UNFINISHED).exists()
    place.out.write_bytes(whole)
    assert place.restore(*given).status == 0
    assert journal(place.other) == journal(place.office)
