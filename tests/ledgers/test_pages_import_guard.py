"""What the pages of an import withstand: bad files, other officers, dead workers, old age."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bihuan.cases.models import Case
from bihuan.core.powers import Power
from bihuan.journal.models import Entry
from bihuan.ledgers import folders
from bihuan.ledgers.actions import drafts, jobs
from bihuan.ledgers.models import ImportJob
from bihuan.ledgers.wording import speaking
from bihuan.notices.models import Notice
from bihuan.orgs.models import Unit
from tests.clock import PRESENT
from tests.conftest import CountQueries
from tests.factories import make_officer, make_unit
from tests.ledgers.pages import act, send, try_out, work
from tests.ledgers.workbooks import GOOD, ROWS, many, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shelf")]

HOSTILE = Path(__file__).parents[1] / "data/hostile_inputs/spreadsheets"
AT_MOST = 12
State = ImportJob.State


# -------------------------------------------------------------------- bad files
@pytest.mark.parametrize("name", sorted(path.name for path in HOSTILE.glob("*.*")))
def test_a_hostile_file_gets_a_page_and_never_an_error_of_ours(
    desk: Client, town: Unit, name: str
) -> None:
    assert town.parent
    file = SimpleUploadedFile(name, (HOSTILE / name).read_bytes())

    response = desk.post(
        reverse("ledgers:import"), {"file": file, "unit": town.parent.pk}, follow=True
    )

    assert response.status_code == 200
    job = ImportJob.objects.first()
    if job is None:
        assert "error-summary" in response.content.decode()
        assert not list(folders.place("imports").glob("*"))
    else:
        titled = [f"column-{each['index']}" for each in job.look["columns"] if each["title"]]
        fields = dict(zip(titled, ("description", "found_date"), strict=False))
        try_out(desk, job, **{**dict.fromkeys(titled, ""), **fields, "all-place": "x"})


def test_a_file_that_is_no_table_leaves_nothing_behind(desk: Client, town: Unit) -> None:
    assert town.parent

    response = desk.post(
        reverse("ledgers:import"),
        {"file": SimpleUploadedFile("x.xlsx", b"no workbook"), "unit": town.parent.pk},
    )

    assert "这不是" in response.content.decode()
    assert not list(folders.place("imports").glob("*"))
    assert not ImportJob.objects.exists()


def test_the_name_of_a_file_is_no_path(desk: Client, town: Unit) -> None:
    job = send(desk, town, workbook([GOOD], name="../../etc/台账.xlsx"))

    assert job.name == "台账.xlsx"
    assert job.file == "upload.xlsx"
    assert folders.place(job.folder, job.file).is_file()


# ------------------------------------------------------------------- permission
@pytest.mark.parametrize("power", sorted(set(Power) - set(drafts.IMPORTERS)))
def test_other_powers_do_not_import(client: Client, town: Unit, power: Power) -> None:
    client.force_login(make_officer(town, power))

    page = client.get(reverse("ledgers:import")).content.decode()
    client.post(reverse("ledgers:import"), {"file": workbook(), "unit": town.pk})

    assert 'type="file"' not in page
    assert not ImportJob.objects.exists()


def test_a_unit_out_of_reach_cannot_be_chosen(desk: Client, town: Unit) -> None:
    elsewhere = make_unit()

    response = desk.post(reverse("ledgers:import"), {"file": workbook(), "unit": elsewhere.pk})

    assert response.status_code == 200
    assert not ImportJob.objects.exists()


PAGES = ("ledgers:import-job", "ledgers:import-columns", "ledgers:import-refused")
ACTS = (
    "ledgers:import-columns",
    "ledgers:import-words",
    "ledgers:import-read-again",
    "ledgers:import-go",
    "ledgers:import-delete",
    "ledgers:import-next-sheet",
)


def test_another_officers_import_is_not_found(desk: Client, town: Unit) -> None:
    job = send(desk, town, workbook())
    try_out(desk, job)
    assert town.parent
    desk.force_login(make_officer(town.parent, Power.COORDINATE))

    answers = [desk.get(reverse(name, args=[job.pk])).status_code for name in PAGES]
    answers += [desk.post(reverse(name, args=[job.pk])).status_code for name in ACTS]

    assert set(answers) == {404}


def test_who_lost_the_post_meanwhile_does_not_import(desk: Client, town: Unit) -> None:
    job = send(desk, town, workbook())
    try_out(desk, job)
    act(desk, "ledgers:import-go", job, {"refused": "good"})
    job.member.tenures.update(end_date=timezone.localdate(PRESENT) - timedelta(days=1))

    work()
    job.refresh_from_db()

    assert job.state == State.FAILED
    assert job.why_failed
    assert not Case.objects.exists()


# ------------------------------------------------------------------- the worker
def test_a_large_file_is_tried_by_the_worker_and_the_officer_is_told(
    desk: Client, town: Unit
) -> None:
    job = send(desk, town, workbook(many(jobs.AT_ONCE_ROWS + 1)))

    waiting = try_out(desk, job)
    assert job.state == State.TRYING
    bar = desk.get(reverse("ledgers:import-job", args=[job.pk]), headers={"HX-Request": "true"})
    work()
    over = desk.get(reverse("ledgers:import-job", args=[job.pk]), headers={"HX-Request": "true"})
    job.refresh_from_db()

    assert "<progress" in waiting
    assert 'http-equiv="refresh"' in waiting
    assert "<html" not in bar.content.decode()
    assert over.headers["HX-Refresh"] == "true"
    assert job.state == State.TRIED
    assert job.result["created"] == jobs.AT_ONCE_ROWS + 1
    assert Notice.objects.get().what == "import-tried"


def test_a_job_that_runs_is_nobody_elses_until_its_worker_falls_silent(
    desk: Client, town: Unit
) -> None:
    job = send(desk, town, workbook([GOOD]))
    try_out(desk, job)
    act(desk, "ledgers:import-go", job, {"refused": "good"})
    now = PRESENT
    ImportJob.objects.update(started_at=now, seen_at=now, attempts=1)

    work(now + timedelta(seconds=90))
    busy = ImportJob.objects.get().state
    work(now + timedelta(seconds=130))
    job.refresh_from_db()

    assert busy == State.WAITING
    assert job.state == State.DONE
    assert job.attempts == 2
    assert "中断" in desk.get(reverse("ledgers:import-job", args=[job.pk])).content.decode()


def test_a_worker_that_was_relieved_changes_nothing_more(desk: Client, town: Unit) -> None:
    job = send(desk, town, workbook([GOOD]))
    try_out(desk, job)
    act(desk, "ledgers:import-go", job, {"refused": "good"})
    now = PRESENT
    late = jobs._claim(ImportJob.objects.all(), now)
    assert late
    jobs._claim(ImportJob.objects.all(), now + timedelta(minutes=3))

    jobs._run_import(late, now, speaking, notify=True)

    assert late.state == State.WAITING
    assert not Notice.objects.exists()


def test_a_file_that_ends_every_worker_is_given_up(desk: Client, town: Unit) -> None:
    job = send(desk, town, workbook([GOOD]))
    try_out(desk, job)
    act(desk, "ledgers:import-go", job, {"refused": "good"})
    ImportJob.objects.update(attempts=jobs.ATTEMPTS)

    work()
    job.refresh_from_db()

    assert job.state == State.FAILED
    assert job.why_failed


def test_the_same_file_again_is_all_unchanged(desk: Client, town: Unit) -> None:
    for _turn in range(2):
        job = send(desk, town, workbook(many(5)))
        page = try_out(desk, job)
        act(desk, "ledgers:import-go", job, {"refused": "good"})
        work()

    job.refresh_from_db()
    assert job.counts == [0, 0, 5, 0]
    assert "已全部" in page
    assert Case.objects.count() == 5


def test_what_was_pressed_twice_happens_once(desk: Client, town: Unit) -> None:
    job = send(desk, town, workbook([GOOD]))
    try_out(desk, job)

    act(desk, "ledgers:import-go", job, {"refused": "good"})
    page = act(desk, "ledgers:import-go", job, {"refused": "good"})
    work()

    assert "message-error" in page
    assert Entry.objects.filter(act="import", chain__subject__startswith="unit/").count() == 1


# ---------------------------------------------------------------------- keeping
def test_uploads_and_results_are_deleted_after_a_time(desk: Client, town: Unit) -> None:
    old, young = (send(desk, town, workbook([GOOD])) for _ in range(2))
    now = PRESENT
    ImportJob.objects.filter(pk=old.pk).update(created_at=now - jobs.KEPT - timedelta(days=1))
    left_over = folders.make(folders.IMPORTS)
    long_ago = (now - jobs.KEPT - timedelta(days=1)).timestamp()
    for folder in (old.folder, left_over):
        os.utime(folders.place(folder), (long_ago, long_ago))

    jobs.sweep(now=now)

    assert list(ImportJob.objects.all()) == [young]
    assert [path.name for path in folders.place("imports").iterdir()] == [young.folder[8:]]


def test_an_import_is_deleted_with_its_file_when_asked(desk: Client, town: Unit) -> None:
    job = send(desk, town, workbook([GOOD]))

    desk.post(reverse("ledgers:import-delete", args=[job.pk]))

    assert not ImportJob.objects.exists()
    assert not folders.place(job.folder).exists()


def test_an_import_under_way_cannot_be_deleted(desk: Client, town: Unit) -> None:
    job = send(desk, town, workbook([GOOD]))
    try_out(desk, job)
    act(desk, "ledgers:import-go", job, {"refused": "good"})

    act(desk, "ledgers:import-delete", job)

    assert folders.place(job.folder, job.file).is_file()


# ------------------------------------------------------------------------ cost
def test_the_pages_cost_the_same_number_of_queries_whatever_they_show(
    desk: Client, town: Unit, count_queries: CountQueries
) -> None:
    jobs_ = [send(desk, town, workbook(ROWS)) for _ in range(3)]
    try_out(desk, jobs_[0])
    addresses = [
        reverse("ledgers:import"),
        reverse("ledgers:import-columns", args=[jobs_[1].pk]),
        reverse("ledgers:import-job", args=[jobs_[0].pk]),
    ]

    for address in addresses:
        with count_queries() as queries:
            desk.get(address)
        assert len(queries) <= AT_MOST, address


def test_the_list_goes_on_page_after_page(desk: Client, town: Unit) -> None:
    one = send(desk, town, workbook([GOOD]))
    for _ in range(24):
        one.pk = None
        one.save()

    first = desk.get(reverse("ledgers:import")).content.decode()
    before = first.split("?before=")[1].split('"')[0]
    second = desk.get(reverse("ledgers:import"), {"before": before}).content.decode()

    assert first.count("data-row") == 20
    assert second.count("data-row") == 5
