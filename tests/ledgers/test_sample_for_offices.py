"""The sample that an office downloads, and what the page of a trial run says of a file."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from bihuan.ledgers.samples import sample
from bihuan.orgs.models import Unit
from bihuan.sheets.ledger import types
from tests.factories import make_site
from tests.ledgers.corrected import corrected, row, tried
from tests.ledgers.pages import act, send, try_out, work
from tests.ledgers.workbooks import workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shelf")]
TITLES = ["检查日期", "场所", "隐患描述"]
# The sites that are there before.
SITES = dict.fromkeys(("risks", "inspections"), ("青溪食品厂", "青溪小学"))
KINDS = [each.kind for each in types.every()]


def row_of(day: str) -> tuple[str, str, str]:
    return (day, "望湖小学东区", "消防通道堵塞" if day.startswith("2") else "阀门漏气")


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_in_a_sample_is_refused_or_asked_about(desk: Client, town: Unit, kind: str) -> None:
    for name in SITES.get(kind, ()):
        make_site(town, name=name)
    file = SimpleUploadedFile("样表.xlsx", sample(types.of(kind)).read())
    job = send(desk, town, file, kind=kind)

    page = try_out(desk, job)

    assert job.mapping["kind"] == kind
    assert job.result["created"] >= 2
    assert (job.result["refused"], job.result["asked"], job.result["errors"]) == (0, 0, [])
    assert 'id="refused"' not in page


def test_a_trial_that_is_run_again_says_what_changed(desk: Client, town: Unit) -> None:
    job = send(desk, town, workbook([row_of("2026-03-02"), row_of("三月某日")], header=TITLES))
    first = try_out(desk, job)
    assert "再次试运行" not in first

    second = try_out(desk, job)
    assert "再次试运行：各项数字均无变化。" in second

    third = try_out(desk, job, **{"column-0": "", "all-found_date": "2026-03-02"})
    assert "再次试运行：将新增 1 → 2 · 退回 1 → 0" in third


def test_rows_that_wait_for_an_answer_are_not_refused_in_the_list_either(
    desk: Client, town: Unit
) -> None:
    job = tried(desk, town, [row(1), row(2)])
    act(desk, "ledgers:import-go", job, {"refused": "good"})
    work()
    job = tried(desk, town, [corrected(1), row(3)])
    assert job.result["asked"] == 1

    page = desk.get(reverse("ledgers:import")).content.decode()

    assert "退回 0 · 待答复 1" in " ".join(page.split())


def test_the_same_note_on_many_rows_is_one_line(desk: Client, town: Unit) -> None:
    rows = [(f"2026-03-{day:02}", f"{day}号楼", "消防通道堵塞", "立行立改") for day in range(1, 21)]
    job = send(desk, town, workbook(rows, header=[*TITLES, "整改期限"]))

    page = try_out(desk, job)

    assert page.count("整改期限按发现当日计") == 2  # the summary, and one line
    assert "… (20)" in page
