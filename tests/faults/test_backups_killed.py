"""Backups and restores under load, and killed in the middle."""

from __future__ import annotations

import json
import time
from pathlib import Path
from threading import Event, Thread

import pytest

from tests.faults.officers import Officer
from tests.faults.places import (
    UNFINISHED,
    Place,
    figures,
    journal,
    media,
    planted,
    refused,
    run_inside,
    until,
)
from tests.faults.processes import (
    COORDINATOR,
    PASSWORD,
    Installation,
    kill,
    serving,
)

pytestmark = pytest.mark.slow


# -------------------------------------------------------------------------- under load
def test_a_backup_under_load_is_whole(place: Place) -> None:
    with serving(place.office) as address:
        stop = Event()
        officers = [Officer(address, COORDINATOR, PASSWORD) for _ in range(2)]
        threads = [Thread(target=officer.work, args=(stop,)) for officer in officers]
        for thread in threads:
            thread.start()
        until(lambda: all(officer.told.reports for officer in officers))
        before = {number for officer in officers for number in officer.told.reports.values()}
        made = place.back_up("--json")
        stop.set()
        for thread in threads:
            thread.join()
    restored = place.restore("--json")

    assert [made.status, restored.status] == [0, 0], (made, restored)
    there = place.other.run("export", "--kind", "hazard", place.folder / "out.xlsx")
    assert there.status == 0, there
    assert figures(restored)["ok"]
    assert _numbers(place.other) >= before


def _numbers(office: Installation) -> set[str]:
    request = (
        "import django; django.setup(); from bihuan.cases.models import Case;"
        "print(*Case.objects.values_list('number', flat=True))"
    )
    return set(run_inside(office, request).split())


# ------------------------------------------------------------------------------- kills
@pytest.mark.parametrize("after", [0.0, 0.15, 0.4])
def test_a_killed_backup_leaves_no_backup_and_is_made_again(place: Place, after: float) -> None:
    planted(place.office, 4, 20_000_000)
    with (place.folder / "log").open("ab") as log:
        process = place.office.start("backup", place.out, log=log)
        until(lambda: _partial(place).exists() or process.poll() is not None)
        time.sleep(after)
        kill(process)

    # Killed after it took its name: then it is whole.
    if place.out.exists():
        assert place.restore("--check").status == 0
        place.out.unlink()
    again = place.back_up("--json")
    assert again.status == 0, again
    assert not _partial(place).exists()
    assert not list(place.office.folder.glob("*.copied*"))
    assert place.restore("--check").status == 0


def _partial(place: Place) -> Path:
    return place.out.with_name("backup.part")


@pytest.mark.parametrize("after", [0.0, 0.5, 2.0])
def test_a_killed_restore_says_so_and_is_begun_again(place: Place, after: float) -> None:
    planted(place.office, 4, 20_000_000)
    assert place.back_up().status == 0
    mark = place.other.folder / UNFINISHED
    with (place.folder / "log").open("ab") as log:
        process = place.other.start("restore", place.out, log=log)
        until(lambda: _written(mark) or process.poll() is not None)
        time.sleep(after)
        kill(process)

    if mark.exists():
        with place.other.forking() as fork:
            for command in (["serve"], ["work", "--once"], ["migrate"], ["load-categories"]):
                refused(fork.run(*command), str(place.out))
            checked = fork.run("check")
        assert checked.status == 1
        assert str(place.out) in checked.out
        again = place.restore("--json")
        assert again.status == 0, again
    assert not mark.exists()
    assert media(place.other) == media(place.office)
    assert journal(place.other) == journal(place.office)
    assert not list(place.other.folder.glob("*.restoring*"))


def _written(mark: Path) -> str:
    """What stands in the mark; nothing, if it is not there or gone again."""
    try:
        return mark.read_text()
    except FileNotFoundError:
        return ""


def test_a_restore_killed_at_its_very_end_is_finished(place: Place) -> None:
    """The database was there already, and its proof was not."""
    assert place.back_up().status == 0
    digest = _killed_at_its_end(place)

    other = place.folder / "another"
    assert place.office.run("backup", other).status == 0
    refused(place.other.run("restore", other), str(place.out))
    again = place.restore("--json")

    assert digest
    assert again.status == 0, again
    assert journal(place.other) == journal(place.office)


def _killed_at_its_end(place: Place) -> str:
    """Restore to the end, then put the mark back: a kill between the two is that short."""
    mark, stored = place.other.folder / UNFINISHED, place.folder / "mark"
    with (place.folder / "log").open("ab") as log:
        process = place.other.start("restore", place.out, log=log)
        until(lambda: mark.exists() or process.poll() is not None)
        stored.hardlink_to(mark)  # the mark may go at any time, but not what was written in it
        assert process.wait() == 0
    stored.rename(mark)
    return str(json.loads(mark.read_text())["digest"])
