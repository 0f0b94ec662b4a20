"""A package for the archive and its receipt in the journal, also where a run is killed."""

from __future__ import annotations

import fcntl
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bihuan.cases.models import Case
from bihuan.journal.models import Entry
from bihuan.retention.actions import hand_overs
from bihuan.retention.models import HandOver
from bihuan.retention.package.alone import alone
from bihuan.retention.package.bag import Bag, verified
from bihuan.retention.refusals import NotPacked, Obstacle
from tests.clock import StoppedClock
from tests.retention.packages import archive, grievance, refused
from tests.retention.scene import LATER, YEAR, Scene
from tests.retention.test_disposed_journal import verified as journal_verified

pytestmark = pytest.mark.django_db
# Another run, as far as it has begun to write.
WRITING = """
import sys
from pathlib import Path
from bihuan.retention.package.alone import alone
with alone(Path(sys.argv[1])):
    print("writing", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def scene(clock: StoppedClock) -> Scene:
    made = Scene()
    clock.at = LATER
    return made


def test_a_package_and_its_receipt_stand_in_the_journal(scene: Scene, tmp_path: Path) -> None:
    case = grievance(scene)
    out = tmp_path / "p"
    archive(out, "--year", YEAR)
    digest = HandOver.objects.get().manifest_digest

    status, output = archive(out, "--received", "档接〔2037〕3号", "--on", "2037-02-27")

    assert (status, "档接〔2037〕3号" in output) == (0, True)
    acts = Entry.objects.filter(chain__subject=case.subject).values_list("act", flat=True)
    assert {hand_overs.PACK, hand_overs.RECEIVE} <= set(acts)
    packed = Entry.objects.filter(act=hand_overs.PACK).last()
    assert packed is not None
    assert packed.details["digest"] == digest == verified(out)
    assert Case.objects.filter(pk=case.pk).exists()
    assert not journal_verified()[0]


def test_a_receipt_is_for_one_package_and_once(scene: Scene, tmp_path: Path) -> None:
    grievance(scene)
    out = tmp_path / "p"
    archive(out, "--year", YEAR)
    digest = HandOver.objects.get().manifest_digest

    assert "not a package made by this system" in refused(digest[:8], "--received", "3号")
    assert "not a package made by this system" in refused("0" * 64, "--received", "3号")
    assert "is in the future" in refused(digest, "--received", "3号", "--on", "2037-03-02")
    archive(digest[:12], "--received", "3号")
    assert "received" in refused(out, "--received", "4号")


def test_a_package_that_was_changed_is_not_received(scene: Scene, tmp_path: Path) -> None:
    grievance(scene)
    out = tmp_path / "p"
    archive(out, "--year", YEAR)
    (out / "data/cases/000001/case.html").write_text("anything")

    assert "has changed since it was written" in refused(out, "--received", "3号")


def test_a_case_that_goes_on_while_it_is_packed_is_not_handed_over(
    scene: Scene, tmp_path: Path
) -> None:
    case = grievance(scene)

    with pytest.raises(NotPacked) as refusal:
        hand_overs.record_package(
            heads={case.pk: b"an earlier head"}, unit=None, year=YEAR, retention_list="CN 2026",
            digest="0" * 64, now=LATER,
        )  # fmt: skip

    assert refusal.value.obstacle is Obstacle.CHANGED
    assert not HandOver.objects.exists()


def test_a_run_that_is_killed_leaves_no_package_and_is_made_again(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grievance(scene)
    out = tmp_path / "p"
    with monkeypatch.context() as patch:
        patch.setattr(Bag, "finish", _killed)
        patch.setattr(shutil, "rmtree", lambda *args, **options: None)  # as a kill leaves it
        with pytest.raises(KeyboardInterrupt):
            archive(out, "--year", YEAR)
    assert not out.exists()
    assert not HandOver.objects.exists()

    assert archive(out, "--year", YEAR)[0] == 0

    assert verified(out)
    assert [p.name for p in tmp_path.iterdir()] == ["p"]


def test_a_package_that_was_recorded_before_the_kill_gets_its_name_from_the_next_run(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grievance(scene)
    out = tmp_path / "p"
    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", _killed)
        with pytest.raises(KeyboardInterrupt):
            archive(out, "--year", YEAR)
    digest = HandOver.objects.get().manifest_digest
    assert [p.name for p in tmp_path.iterdir()] == ["p.part"]

    assert "p.part" in refused(out, "--year", YEAR - 1)
    status, output = archive(out, "--year", YEAR)

    assert (status, verified(out)) == (0, digest)
    assert digest in output
    assert HandOver.objects.count() == 1
    assert [p.name for p in tmp_path.iterdir()] == ["p"]


def test_a_second_run_into_the_same_folder_is_refused(scene: Scene, tmp_path: Path) -> None:
    grievance(scene)
    out = tmp_path / "p"
    (tmp_path / "p.part").mkdir()

    with alone(out):
        answer = refused(out, "--year", YEAR)
        elsewhere = archive(tmp_path / "q", "--year", YEAR)

    assert answer == f"{out}: another process is writing this package."
    assert elsewhere[0] == 0
    assert sorted(p.name for p in tmp_path.iterdir()) == ["p.part", "q"]


def test_a_run_that_was_killed_lets_go_of_the_folder(scene: Scene, tmp_path: Path) -> None:
    grievance(scene)
    out = tmp_path / "p"
    with subprocess.Popen(
        [sys.executable, "-c", WRITING, str(out)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout
        assert other.stdout.readline() == b"writing\n"
        assert "another process" in refused(out, "--year", YEAR)

        other.kill()
        other.wait()
        assert (tmp_path / "p.lock").exists()

        assert archive(out, "--year", YEAR)[0] == 0

    assert [p.name for p in tmp_path.iterdir()] == ["p"]


def test_a_lock_that_the_run_before_removed_is_no_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "p"
    lock = fcntl.flock

    def late(*args: Any) -> None:
        (tmp_path / "p.lock").unlink()
        lock(*args)

    monkeypatch.setattr(fcntl, "flock", late)

    with pytest.raises(NotPacked), alone(out):
        pass


def _killed(*args: object) -> str:
    raise KeyboardInterrupt
