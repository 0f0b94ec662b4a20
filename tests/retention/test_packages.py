"""What the archive is given: a folder that others can read and check, and its receipt."""

from __future__ import annotations

import csv
import json
import os
import stat
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction

from bihuan.cases.actions.evidence import keep
from bihuan.cases.models import Case, Exclusion
from bihuan.core import chain
from bihuan.core.grievance import Stage
from bihuan.core.powers import Power
from bihuan.files import disk
from bihuan.files.models import StoredFile
from bihuan.journal.models import Entry
from bihuan.orgs.models import User
from bihuan.retention import queries
from bihuan.retention.actions import removal
from bihuan.retention.models import HandedOver
from bihuan.retention.package import contents, packing
from bihuan.retention.package.bag import verified
from tests.cases.public import WHO, told
from tests.clock import StoppedClock
from tests.conftest import CountQueries
from tests.factories import NOW, make_officer, make_photo, make_unit
from tests.grievances.offices import bring, make_realm
from tests.mediations.table import agreed
from tests.mediations.table import make_office as make_mediators
from tests.retention.packages import archive, grievance, lines, read, refused
from tests.retention.scene import LATER, YEAR, Scene, end

pytestmark = pytest.mark.django_db
HOSTILE = "=cmd|'/c calc'!A1 <script>alert(1)</script>\r\n\"../../etc"


@pytest.fixture
def scene(clock: StoppedClock) -> Scene:
    made = Scene()
    clock.at = LATER
    return made


# -------------------------------------------------------------------- the folder
def test_a_package_is_read_and_checked_without_this_program(scene: Scene, tmp_path: Path) -> None:
    case = grievance(scene)
    with transaction.atomic():
        keep(case, [make_photo()], "before", actor=scene.office.clerk, now=NOW)
    out = tmp_path / "2026"

    status, _ = archive(out, "--year", YEAR)

    assert status == 0
    # GNU's own reader of such lists.
    checked = subprocess.run(
        ["sha256sum", "--check", "--strict", "--quiet", "manifest-sha256.txt",
         "tagmanifest-sha256.txt"],
        cwd=out, capture_output=True, check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stderr
    listed = {line.split("  ", 1)[1] for line in lines(out / "manifest-sha256.txt")}
    there = {p.relative_to(out).as_posix() for p in (out / "data").rglob("*") if p.is_file()}
    assert listed == there
    info = dict(line.split(": ", 1) for line in lines(out / "bag-info.txt"))
    size = sum((out / name).stat().st_size for name in there)
    assert info["Payload-Oxum"] == f"{size}.{len(there)}"
    assert lines(out / "bagit.txt") == ["BagIt-Version: 1.0", "Tag-File-Character-Encoding: UTF-8"]
    assert "data/cases/000001/files/001.jpg" in there


def test_only_its_owner_reads_a_package(scene: Scene, tmp_path: Path) -> None:
    grievance(scene)

    archive(tmp_path / "p", "--year", YEAR)

    for folder, folders, files in os.walk(tmp_path / "p"):
        assert stat.S_IMODE(os.stat(folder).st_mode) == 0o700, folders
        for name in files:
            assert stat.S_IMODE(os.stat(Path(folder, name)).st_mode) == 0o600


def test_a_case_is_there_with_its_description_and_its_chain(scene: Scene, tmp_path: Path) -> None:
    case = grievance(scene, description="晚上看不见路。")
    out = tmp_path / "p"

    archive(out, "--year", YEAR)

    data = read(out)
    assert data["description"]["电子文件号"] == case.number
    assert data["description"]["保管期限"] == "30年"
    assert data["case"]["description"] == "晚上看不见路。"
    journal = json.loads((out / "data/cases/000001/journal.json").read_text("utf-8"))
    previous = bytes(32)
    for entry in journal:
        at = chain.microseconds(Entry.objects.get(hash=bytes.fromhex(entry["hash"])).at)
        content = chain.canonical(
            case.subject, entry["seq"], at, entry["actor"], entry["act"], entry["note"],
            entry["detail"], bytes.fromhex(entry["before"]), bytes.fromhex(entry["after"]),
        )  # fmt: skip
        previous = chain.link(previous, content)
        assert entry["hash"] == previous.hex()
    page = (out / "data/cases/000001/case.html").read_text("utf-8")
    assert case.number in page
    assert "晚上看不见路。" in page


def test_who_reported_it_and_no_code_is_ever_in_a_package(scene: Scene, tmp_path: Path) -> None:
    taken = told(scene.unit, now=NOW, kind="grievance")
    end(taken.case)
    end(agreed(make_mediators()), stage="settled")

    archive(tmp_path / "p", "--year", YEAR, "--early")

    text = "".join(
        p.read_text("utf-8", errors="ignore") for p in (tmp_path / "p").rglob("*") if p.is_file()
    )
    for secret in (WHO.name, WHO.phone, WHO.email, WHO.address, taken.code, "钱某甲"):
        assert secret not in text


def test_what_was_answered_is_read_in_words(scene: Scene, tmp_path: Path) -> None:
    end(bring(make_realm().town, Stage.REPLIED))

    archive(tmp_path / "p", "--year", YEAR)

    page = (tmp_path / "p/data/cases/000001/case.html").read_text("utf-8")
    assert "经查，拖欠属实，共计三个月。" in page
    assert "The request is supported" in page


def test_every_table_of_a_case_is_taken_or_left_out() -> None:
    every = {model._meta.label for model, _ in removal.paths()}

    assert contents.taken() | contents.LEFT_OUT.keys() == every
    assert not contents.taken() & contents.LEFT_OUT.keys()


def test_hostile_words_stay_words(scene: Scene, tmp_path: Path) -> None:
    grievance(scene, title=HOSTILE[:200], place=HOSTILE[:100])
    out = tmp_path / "p"

    archive(out, "--year", YEAR)

    page = (out / "data/cases/000001/case.html").read_text("utf-8")
    assert "<script>" not in page
    with (out / "data/list.csv").open(encoding="utf-8-sig", newline="") as file:
        _, row = csv.reader(file)
    assert not any(cell[:1] in tuple("=+-@") for cell in row)
    assert verified(out)


# ------------------------------------------------------------- which cases, when
def test_what_is_not_owed_yet_waits_unless_it_is_asked_for(
    scene: Scene, tmp_path: Path, clock: StoppedClock
) -> None:
    grievance(scene)
    clock.at = NOW + timedelta(days=200)

    assert "2026 has no cases to hand over" in refused(tmp_path / "p", "--year", YEAR)
    assert archive(tmp_path / "p", "--year", YEAR, "--early")[0] == 0


def test_the_present_year_is_not_over(scene: Scene, tmp_path: Path, clock: StoppedClock) -> None:
    grievance(scene)
    clock.at = NOW

    assert "not over" in refused(tmp_path / "p", "--year", YEAR, "--early")


def test_no_case_goes_into_two_packages(scene: Scene, tmp_path: Path) -> None:
    grievance(scene)
    archive(tmp_path / "one", "--year", YEAR)

    assert "2026 has no cases to hand over" in refused(tmp_path / "two", "--year", YEAR)
    assert not (tmp_path / "two").exists()
    assert not (tmp_path / "two.part").exists()


def test_a_case_that_was_reopened_since_is_packed_again(
    scene: Scene, tmp_path: Path, clock: StoppedClock
) -> None:
    case = grievance(scene)
    archive(tmp_path / "one", "--year", YEAR)
    archive(tmp_path / "one", "--received", "3号")
    again = end(case, at=LATER + timedelta(days=1))
    clock.at = LATER.replace(year=2070)
    entry = queries.entry_of(again, queries.schedule())
    may_go = Case.objects.filter(queries.disposable(entry, queries.schedule(), clock.at))
    assert not may_go.exists()

    archive(tmp_path / "two", "--year", LATER.year)
    archive(tmp_path / "two", "--received", "4号")

    assert may_go.exists()


def test_confidential_and_barred_cases_go_into_a_package_of_their_own(
    scene: Scene, tmp_path: Path
) -> None:
    plain, secret, barred = (grievance(scene) for _ in range(3))
    Case.objects.filter(pk=secret.pk).update(is_confidential=True)
    Exclusion.objects.create(
        case=barred, member=scene.office.handler, cause=Exclusion.Cause.INTEREST, added_at=NOW
    )

    _, answer = archive(tmp_path / "open", "--year", YEAR)
    archive(tmp_path / "shut", "--year", YEAR, "--restricted")

    assert "2 more" in answer
    assert numbers_in(tmp_path / "open") == {plain.number}
    assert numbers_in(tmp_path / "shut") == {secret.number, barred.number}
    assert "Restricted: yes" in lines(tmp_path / "shut" / "bag-info.txt")


def test_the_package_of_what_is_shut_to_somebody_is_not_there_for_them(
    scene: Scene, tmp_path: Path
) -> None:
    grievance(scene)
    barred = grievance(scene)
    handler = scene.office.handler
    Exclusion.objects.create(
        case=barred, member=handler, cause=Exclusion.Cause.INTEREST, added_at=NOW
    )
    archive(tmp_path / "open", "--year", YEAR)
    archive(tmp_path / "shut", "--year", YEAR, "--restricted")

    def counts(officer: User) -> list[int]:
        return sorted(each.cases for each in queries.hand_overs(officer, LATER))

    assert counts(handler) == [1]
    assert counts(scene.confirmer) == counts(scene.auditor) == [1, 1]
    assert counts(make_officer(make_unit(scene.office.county), Power.COORDINATE)) == []


def test_a_large_package_is_counted_so_far_and_no_further(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count_queries: CountQueries
) -> None:
    for name in ("one", "two"):
        grievance(scene)
        grievance(scene)
        archive(tmp_path / name, "--year", YEAR)
    monkeypatch.setattr(queries, "COUNTED", 1)
    queries.hand_overs(scene.office.handler, LATER)

    with count_queries() as counted:
        shown = queries.hand_overs(scene.office.handler, LATER)

    assert [(each.cases, each.is_more) for each in shown] == [(1, True), (1, True)]
    assert len([each for each in counted if "LIMIT 2" in each["sql"]]) == 2


def numbers_in(folder: Path) -> set[str]:
    return {
        json.loads(path.read_text("utf-8"))["description"]["电子文件号"]
        for path in folder.rglob("case.json")
    }


def test_one_unit_and_what_is_below_it(scene: Scene, tmp_path: Path) -> None:
    here = grievance(scene)
    Case.objects.filter(pk=grievance(scene).pk).update(owner=scene.office.county)

    archive(tmp_path / "p", "--year", YEAR, "--unit", scene.unit.code)

    assert numbers_in(tmp_path / "p") == {here.number}


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["--unit", "nowhere"], "There is no unit nowhere."),
        (["--class", "grievances"], "There is no retention class grievances"),
    ],
)
def test_what_there_is_not_is_named(
    scene: Scene, tmp_path: Path, words: list[str], text: str
) -> None:
    assert text in refused(tmp_path / "p", "--year", YEAR, *words)


def test_nothing_that_is_there_is_overwritten(scene: Scene, tmp_path: Path) -> None:
    grievance(scene)
    (tmp_path / "p").mkdir()

    assert "already exists" in refused(tmp_path / "p", "--year", YEAR)
    assert "no such folder" in refused(tmp_path / "none" / "p", "--year", YEAR)


def test_a_full_disk_is_named_before_anything_is_written(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grievance(scene)
    monkeypatch.setattr(packing, "A_CASE", 2**60)

    assert "not enough space" in refused(tmp_path / "p", "--year", YEAR)
    assert list(tmp_path.iterdir()) == []


def test_a_case_that_lacks_a_file_stays_here(scene: Scene, tmp_path: Path) -> None:
    whole, lacking = grievance(scene), grievance(scene)
    with transaction.atomic():
        keep(lacking, [make_photo()], "before", actor=scene.office.clerk, now=NOW)
    disk.place(StoredFile.objects.get().path).write_bytes(b"other bytes")

    status, output = archive(tmp_path / "p", "--year", YEAR)

    assert status == 1
    assert lacking.number in output
    assert numbers_in(tmp_path / "p") == {whole.number}
    assert HandedOver.objects.get().case == whole
