"""The register of risks as a workbook: it comes back as it went out, and strange rows are named."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from bihuan.risks.actions import controls, regrading
from bihuan.risks.actions.controls import Measure
from bihuan.risks.actions.registration import Levels
from bihuan.risks.models import Control, RiskPoint
from bihuan.sheets.ledger import types
from tests.factories import NOW, make_site
from tests.ledgers.books import counts, take
from tests.ledgers.books import xlsx as write_xlsx
from tests.risks.register import Town, a_control, a_risk

TITLES = (
    "场所名称", "风险点", "可能发生的事故", "可能性", "后果", "风险等级", "工程技术措施",
    "检查周期（天）",
)  # fmt: skip
ROW = ("青溪小学", "锅炉房", "超压爆炸", 4, 4, "橙", "安全阀每月校验", 30)


def _import(town: Town, path: Path, *, dry_run: bool = False) -> tuple[int, ...]:
    """Import the file; how many rows were created, updated, unchanged and refused."""
    return counts(take(path, town.town, kind="risks", dry_run=dry_run))


def _file(tmp_path: Path, *rows: tuple[object, ...]) -> Path:
    return write_xlsx(tmp_path / "in.xlsx", [TITLES, *rows])


def test_a_row_registers_a_risk_with_its_controls(town: Town, tmp_path: Path) -> None:
    assert _import(town, _file(tmp_path, ROW)) == (1, 0, 0, 0)

    risk, control = RiskPoint.objects.get(), Control.objects.get()
    assert (risk.site, risk.colour) == (town.site, "orange")
    assert (control.kind, control.every_days, control.post) == ("engineering", 30, None)


def test_a_dry_run_changes_nothing(town: Town, tmp_path: Path) -> None:
    assert _import(town, _file(tmp_path, ROW), dry_run=True) == (1, 0, 0, 0)

    assert not RiskPoint.objects.exists()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        (0, "不存在的学校"), (3, 6), (3, "x"), (4, 0), (5, "红"), (5, "绿"), (7, 0), (7, 731),
        (7, "每月"), (7, "0001999999"),
    ],
)  # fmt: skip
def test_a_strange_row_is_refused(town: Town, tmp_path: Path, column: int, value: object) -> None:
    row = [*ROW]
    row[column] = value

    assert _import(town, _file(tmp_path, tuple(row))) == (0, 0, 0, 1)
    assert not RiskPoint.objects.exists()


def test_a_workbook_never_lowers_a_grade(town: Town, tmp_path: Path) -> None:
    risk = a_risk(town)

    lower = ("青溪小学", risk.title, risk.harm, 1, 1, "", "", "")
    assert _import(town, _file(tmp_path, lower)) == (0, 0, 0, 1)

    risk.refresh_from_db()
    assert risk.colour == "orange"


def test_a_row_raises_a_grade_and_changes_the_only_control(town: Town, tmp_path: Path) -> None:
    risk = a_risk(town)
    control = a_control(town, risk)

    row = ("青溪小学", risk.title, "新的描述", 5, 5, "红", "安全阀每周校验", 7)
    assert _import(town, _file(tmp_path, row)) == (0, 1, 0, 0)

    risk.refresh_from_db()
    control.refresh_from_db()
    assert (risk.colour, risk.harm) == ("red", "新的描述")
    assert (control.measure, control.every_days) == ("安全阀每周校验", 7)


def test_a_row_decides_nothing_about_a_lower_grade_that_waits(town: Town, tmp_path: Path) -> None:
    risk = a_risk(town)
    regrading.regrade(
        risk=risk, levels=Levels(1, 1), reason="已改造", actor=town.coordinator, now=NOW
    )

    row = ("青溪小学", risk.title, risk.harm, 5, 5, "红", "", "")
    assert _import(town, _file(tmp_path, row)) == (0, 0, 0, 1)

    risk.refresh_from_db()
    assert risk.colour == "orange"


def test_a_site_of_another_unit_is_no_site_of_the_ledger(town: Town, tmp_path: Path) -> None:
    make_site(town.county, name="县城宾馆")

    assert _import(town, _file(tmp_path, ("县城宾馆", *ROW[1:]))) == (0, 0, 0, 1)

    assert not RiskPoint.objects.exists()


def test_the_register_comes_back_as_it_went_out(client: Client, town: Town, tmp_path: Path) -> None:
    risk = a_risk(town, title="=cmd()")
    a_control(town, risk)
    second = Measure("training", "每学期演练", None, 30)
    controls.add_control(risk=risk, measure=second, actor=town.coordinator, now=NOW)
    client.force_login(town.coordinator)
    content = b"".join(client.get(reverse("risks:export")))
    before = [*RiskPoint.objects.values_list(), *Control.objects.values_list()]

    path = tmp_path / "out.xlsx"
    path.write_bytes(content)
    assert _import(town, path) == (0, 0, 1, 0)

    assert [*RiskPoint.objects.values_list(), *Control.objects.values_list()] == before
    sheet = openpyxl.load_workbook(BytesIO(content)).worksheets[0]
    assert sheet["C2"].data_type == "s"


def test_the_command_writes_the_risks_of_a_unit(town: Town, tmp_path: Path) -> None:
    a_risk(town)
    a_risk(town, title="外单位风险", site=make_site(town.county), actor=town.second)

    call_command("export", str(tmp_path / "o.xlsx"), "--kind", "risks", "--unit", town.town.code)

    sheet = openpyxl.load_workbook(tmp_path / "o.xlsx").worksheets[0]
    assert [row[2] for row in sheet.iter_rows(min_row=2, values_only=True)] == ["锅炉房"]
    assert types.of("risks").sample.exists()
