"""A full disk: said clearly, nothing half stored, and the same act works once there is room."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bihuan.cases.models import Case, Evidence
from bihuan.files.models import StoredFile
from bihuan.ledgers.models import ImportJob
from tests.clock import PRESENT
from tests.factories import make_cast, make_photo, make_unit
from tests.faults.officers import REPORT, Officer
from tests.faults.processes import COORDINATOR, COUNTY, PASSWORD, Installation, ready, serving
from tools.visitor import Visitor

pytestmark = pytest.mark.slow

MEBIBYTE = 1024 * 1024
DISK_FULL = "磁盘已满"
HEADER = "检查日期,场所,隐患描述,等级\n"


class Disk:
    """A small disk of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self, *, leave: int = 0) -> None:
        """Take up all the room but for so many bytes."""
        with self._ballast.open("wb", buffering=0) as out:
            try:
                while out.write(bytes(4096)):
                    """Until the disk takes no more."""
            except OSError:
                out.truncate(max(out.tell() - leave, 0))

    def clear(self) -> None:
        self._ballast.unlink()

    def files(self) -> list[str]:
        return [each.name for each in self.folder.rglob("*") if each.is_file()]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", folder],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("needs to mount a small disk")
    yield Disk(folder)
    subprocess.run(["umount", "--lazy", folder], check=True)


# -------------------------------------------------------------- files, in pages
@pytest.fixture
def desk(client: Client, disk: Disk, monkeypatch: pytest.MonkeyPatch, db: None) -> Client:
    monkeypatch.setattr(settings, "MEDIA_ROOT", disk.folder / "media")
    client.raise_request_exception = False
    return client


def test_a_photo_that_does_not_fit_is_refused_and_the_words_stay(desk: Client, disk: Disk) -> None:
    cast = make_cast(make_unit(make_unit()))
    desk.force_login(cast.reporter)
    form = {
        "form_key": str(uuid4()),
        "unit": cast.post.unit.pk,
        "title": "安全出口被堵",
        "place": "食堂后门",
        "description": "别丢了我",
        "found_date": timezone.localdate(PRESENT).isoformat(),
    }
    photo = make_photo()
    disk.fill()

    page = desk.post(REPORT, {**form, "photos": [photo]})

    assert page.status_code == 200
    assert "别丢了我" in page.content.decode()
    assert DISK_FULL in page.content.decode()
    assert disk.files() == ["ballast"]
    assert not Case.objects.exists()
    assert not StoredFile.objects.exists()

    disk.clear()
    photo.seek(0)
    assert desk.post(REPORT, {**form, "photos": [photo]}).status_code == 302
    assert Evidence.objects.count() == 1


def test_an_uploaded_ledger_that_does_not_fit_leaves_nothing(desk: Client, disk: Disk) -> None:
    cast = make_cast(make_unit(make_unit()))
    desk.force_login(cast.coordinator)
    rows = "2026-09-01,食堂,应急灯不亮,一般\n" * 2_000
    disk.fill(leave=8192)

    def send() -> tuple[int, str]:
        file = SimpleUploadedFile("台账.csv", (HEADER + rows).encode())
        reply = desk.post(reverse("ledgers:import"), {"file": file, "unit": cast.post.unit.pk})
        return reply.status_code, reply.content.decode()

    status, page = send()

    assert status == 503
    assert DISK_FULL in page
    assert disk.files() == ["ballast"]
    assert not ImportJob.objects.exists()

    disk.clear()
    assert send()[0] == 302


# --------------------------------------------------- a whole installation on it
@pytest.fixture
def office(tmp_path: Path, disk: Disk) -> Installation:
    """With its database on the small disk."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps its own files")
    return ready(Installation(tmp_path, f"sqlite:///{disk.folder / 'bihuan.sqlite3'}"))


def test_an_import_that_does_not_fit_says_so_and_goes_on_where_it_stopped(
    office: Installation, disk: Disk
) -> None:
    rows = 6_000
    ledger = office.folder / "ledger.csv"
    ledger.write_text(
        HEADER + "".join(f"2026-09-01,第{n}车间,应急灯不亮{n},一般\n" for n in range(rows))
    )
    command = ("import", ledger, "--kind", "hazard", "--unit", COUNTY, "--json")
    disk.fill(leave=4 * MEBIBYTE)

    answer = office.run(*command)

    assert answer.status == 2
    assert answer.err == "bihuan import: database: database or disk is full\n"

    disk.clear()
    assert office.run("journal", "verify").status == 0
    subprocess.run(["mount", "-o", "remount,size=64m", disk.folder], check=True)
    done = office.run(*command)
    assert done.status == 0
    assert f'"rows": {rows}, "created": ' in done.out
    assert '"refused": 0' in done.out
    assert office.run("journal", "verify").status == 0


def test_a_page_says_that_the_disk_is_full_and_the_same_form_works_later(
    office: Installation, disk: Disk
) -> None:
    with serving(office) as address:
        officer = Officer(address, COORDINATOR, PASSWORD)
        form = {
            "form_key": str(uuid4()),
            "title": "疏散通道被占用",
            "place": "综合楼二层",
            "unit": officer.first_unit(officer.ask(REPORT).page),
            "found_date": "2026-01-05",
            "description": "长" * 4000,
        }
        disk.fill()

        reply = officer.ask(REPORT, form)

        assert (reply.status, DISK_FULL in reply.page) == (503, True)
        assert Visitor(address).answers("/healthz")

        disk.clear()
        assert officer.ask(REPORT, form).status == 302
    assert office.run("journal", "verify").status == 0


def test_a_workbook_that_does_not_fit_leaves_the_one_before_it(tmp_path: Path, disk: Disk) -> None:
    """The database is on another disk: on this one it could not even be read."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps its own files")
    office = ready(Installation(tmp_path, f"sqlite:///{tmp_path / 'bihuan.sqlite3'}"))
    out = disk.folder / "ledger.xlsx"
    out.write_bytes(b"the one before")
    disk.fill()

    answer = office.run("export", "--kind", "hazard", out)

    assert answer.status == 2
    assert answer.err.count("\n") == 1
    assert "No space left on device" in answer.err
    assert out.read_bytes() == b"the one before"
    assert [name for name in disk.files() if name.endswith(".part")] == []
