"""A workbook of several sheets comes in sheet by sheet, each as the kind of ledger that it is."""

from __future__ import annotations

import shlex
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from bihuan.cases.models import Case
from bihuan.ledgers.actions.exporting import write_ledger
from bihuan.ledgers.models import ImportJob
from bihuan.orgs.models import Unit
from tests.factories import make_unit
from tests.ledgers.books import hazard, table, take, xlsx
from tests.ledgers.pages import act, send, try_out, work
from tests.ledgers.test_registers import PETITIONS
from tests.ledgers.test_registers import table as register
from tests.ledgers.test_registers import take as take_register
from tests.ledgers.workbooks import GOOD, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shelf")]


def everything(county: Unit, tmp_path: Path) -> Path:
    """An export of cases of two kinds."""
    make_unit(county, name="望湖镇")
    take(xlsx(tmp_path / "a.xlsx", table([hazard(1), hazard(2)])), county)
    take_register(xlsx(tmp_path / "b.xlsx", register(PETITIONS)), county, "grievance")
    out = tmp_path / "all.xlsx"
    write_ledger(out, Case.objects.order_by("number"))
    return out


def kinds() -> dict[str, int]:
    return {
        kind: Case.objects.filter(kind=kind).count()
        for kind in Case.objects.values_list("kind", flat=True)
    }


def test_the_command_names_the_other_sheets_and_how_each_comes_in(
    county: Unit, tmp_path: Path
) -> None:
    path = everything(county, tmp_path)
    before, out = kinds(), StringIO()

    call_command("import", str(path), "--kind", "hazard", "--unit", county.code, stdout=out)
    [line] = [line for line in out.getvalue().splitlines() if "bihuan import" in line]
    again, more = StringIO(), shlex.split(line.partition("bihuan import ")[2])
    call_command("import", *more, stdout=again)

    assert "读取的工作表：“隐患台账”" in out.getvalue()
    assert more[1:3] == ["--kind", "grievance"]
    assert "读取的工作表：“信访台账”" in again.getvalue()
    assert kinds() == before


def test_the_page_offers_the_next_sheet_with_one_click(
    desk: Client, county: Unit, town: Unit, tmp_path: Path
) -> None:
    path = everything(county, tmp_path)
    job = send(desk, town, SimpleUploadedFile(path.name, path.read_bytes()))

    page = try_out(desk, job)
    assert job.counts == [0, 0, 2, 0]
    columns = act(desk, "ledgers:import-next-sheet", job, {"sheet": "信访台账"})
    following = ImportJob.objects.latest("pk")
    try_out(desk, following)

    assert "这张工作表的内容已全部在系统中" in page
    assert "文件中的内容已全部在系统中" not in page
    assert "信访台账" in page
    assert reverse("ledgers:import-next-sheet", args=[job.pk]) in page
    assert "核对各列" in columns
    assert following.mapping["kind"] == "grievance"
    assert following.counts == [0, 0, len(PETITIONS), 0]


def test_a_sheet_that_is_not_there_makes_no_import(desk: Client, town: Unit) -> None:
    job = send(desk, town, workbook([GOOD], sheets=["一月", "二月"]))
    try_out(desk, job)

    page = act(desk, "ledgers:import-next-sheet", job, {"sheet": "三月"})

    assert "没有这个工作表" in page
    assert ImportJob.objects.count() == 1


def test_a_heading_of_questions_stands_only_over_questions(desk: Client, town: Unit) -> None:
    job = send(desk, town, workbook([GOOD]))
    try_out(desk, job)
    act(desk, "ledgers:import-go", job, {"refused": "good"})
    work()

    again = send(desk, town, workbook([GOOD]))
    page = try_out(desk, again)

    assert again.counts == [0, 0, 1, 0]
    assert "关于行的问题" not in page
    assert "空单元格如何处理" in page
