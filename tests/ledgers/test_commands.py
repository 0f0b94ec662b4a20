"""`bihuan import` and `bihuan export`: what they say, and how they end."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils.timezone import get_default_timezone

from bihuan.cases.models import Case
from bihuan.core.hazard import Stage
from bihuan.journal.queries import verify
from bihuan.ledgers.said import all_here
from bihuan.orgs.models import Unit
from tests.factories import make_unit
from tests.ledgers.books import cells, counts, hazard, table, take
from tests.ledgers.books import xlsx as write_xlsx
from tests.ledgers.kinds import DATA
from tools import sample_ledger

pytestmark = pytest.mark.django_db
SPREADSHEETS = Path(__file__).parents[1] / "data/hostile_inputs/spreadsheets"
# `bihuan` says either in one line and ends with two.
CANNOT = (CommandError, OSError)
NOT_WORKBOOKS = ("README.md", "baseline.csv")
HOSTILE = sorted(path for path in SPREADSHEETS.iterdir() if path.name not in NOT_WORKBOOKS)


def run(command: str, *arguments: str) -> tuple[int, str]:
    """How it ended and what it wrote; anything but a status or a clear error is a failure."""
    out = StringIO()
    status = 0
    try:
        call_command(command, *arguments, stdout=out)
    except SystemExit as ended:
        status = int(str(ended.code))
    return status, out.getvalue()


def imported(path: Path, *more: str) -> tuple[int, dict[str, Any], list[str]]:
    """The status, the figures and the lines before them."""
    status, output = run(
        "import", str(path), "--kind", "hazard", "--unit", "530499", "--json", *more
    )
    *lines, last = output.splitlines()
    return status, json.loads(last), lines


def ledger(path: Path, rows: Sequence[dict[str, object]], *titles: str) -> Path:
    return write_xlsx(path, table(rows, *titles))


# ---------------------------------------------------------------------- import
def test_all_taken_ends_with_nought(county: Unit, tmp_path: Path) -> None:
    status, figures, _ = imported(ledger(tmp_path / "a.xlsx", [hazard(1), hazard(2)]))

    assert status == 0
    counted = {"rows", "created", "updated", "unchanged", "refused", "seconds"}
    titles = {"header_row", "last_header_row", "columns", "left_out", "not_read", "looks_like"}
    assert counted | titles <= set(figures)
    assert (figures["rows"], figures["created"]) == (2, 2)


def test_refused_rows_end_with_one_and_are_told_and_written(county: Unit, tmp_path: Path) -> None:
    path = ledger(tmp_path / "a.xlsx", [hazard(1), hazard(2, 等级="特大", 举报人="某人")], "举报人")
    out = tmp_path / "refused.xlsx"

    status, figures, lines = imported(path, "--errors", str(out))

    assert (status, figures["created"], figures["refused"]) == (1, 1, 1)
    assert any("举报人" in line for line in lines)
    assert any("3" in line and "特大" in line for line in lines)
    assert len(cells(out)) == 2


def test_a_dry_run_and_all_or_nothing_keep_nothing(county: Unit, tmp_path: Path) -> None:
    path = ledger(tmp_path / "a.xlsx", [hazard(1), hazard(2, 场所="")])

    tried = imported(path, "--dry-run")
    whole = imported(path, "--whole")

    assert (tried[0], tried[1]["created"], tried[1]["refused"]) == (1, 1, 1)
    assert (whole[0], whole[1]["created"], whole[1]["refused"]) == (1, 0, 1)
    assert not Case.objects.exists()


@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: path.name)
def test_a_hostile_workbook_ends_with_figures_or_a_reason(county: Unit, path: Path) -> None:
    reason = ""
    try:
        status, figures, _ = imported(path)
    except CommandError as error:
        reason = str(error)

    if reason:
        assert reason.startswith(f"{path.name}：")
    else:
        assert status == (1 if figures["refused"] else 0)
        assert figures["created"] + figures["refused"] == figures["rows"]
    assert verify().ok


@pytest.mark.parametrize(
    "arguments",
    [
        ("nowhere.xlsx", "--unit", "530499"),
        (".", "--unit", "530499"),
        ("a.xlsx", "--unit", "nobody"),
        ("a.xlsx", "--unit", "530499", "--map", "nowhere.toml"),
        ("a.xlsx", "--unit", "530499", "--map", "a.xlsx"),
        ("a.xlsx", "--unit", "530499", "--map", "."),
        ("a.xlsx", "--unit", "530499", "--sheet", "没有这个表"),
        ("a.xlsx", "--unit", "530499", "--errors", "no/such/folder/out.xlsx"),
        ("a.xlsx", "--unit", "530499", "--errors", "."),
        ("a.xlsx", "--unit", "530499", "--rows", "-1"),
        ("a.xlsx", "--unit", "530499", "--rows", "many"),
    ],
)
def test_an_argument_that_is_wrong_is_named_before_anything_is_read(
    county: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    ledger(tmp_path / "a.xlsx", [hazard(1), hazard(2, 场所="")])

    with pytest.raises(CANNOT):
        run("import", *arguments, "--kind", "hazard")

    assert not Case.objects.exists()


# ---------------------------------------------------------------------- export
def test_an_export_holds_the_cases_asked_for(county: Unit, tmp_path: Path) -> None:
    make_unit(county, name="望湖镇", code="t1")
    closed = {"验收人": "赵验收", "验收日期": date(2026, 9, 10), "是否销号": "是"}
    rows = [hazard(1), hazard(2, 责任单位="望湖镇"), hazard(3, 责任单位="望湖镇", **closed)]
    imported(ledger(tmp_path / "a.xlsx", rows))
    out = tmp_path / "out.xlsx"

    def exported(*request: str) -> int:
        status, _ = run("export", str(out), "--kind", "hazard", *request)
        assert status == 0
        return len(cells(out)) - 1

    assert exported() == 3
    assert exported("--unit", "t1") == 2
    assert exported("--unit", "530499") == 3
    assert exported("--stage", Stage.CLOSED) == 1
    assert exported("--stage", Stage.REPORTED) == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("no/such/folder/out.xlsx",),
        (".",),
        ("out.xlsx", "--unit", "x"),
        ("out.xlsx", "--stage", "x"),
    ],
)
def test_an_export_that_cannot_be_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(CANNOT):
        run("export", *arguments, "--kind", "hazard")


# ---------------------------------------------------------------------- sample
DAYS = [sample_ledger.BUNDLED_DAY, date(2027, 1, 3), date(2028, 2, 29)]


def test_the_bundled_sample_is_what_the_tool_writes(tmp_path: Path) -> None:
    sample_ledger.main(["--out", str(tmp_path / "sample.xlsx")])

    assert cells(tmp_path / "sample.xlsx") == cells(sample_ledger.BUNDLED)


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_sample_has_something_of_everything_on_any_day(tmp_path: Path, day: date) -> None:
    call_command("load_district", str(DATA.parents[1] / "orgs/data/demo_district.toml"))
    sample_ledger.write(tmp_path / "sample.xlsx", day)
    now = datetime.combine(day, time(9), get_default_timezone())

    county = Unit.objects.get(code="530499")
    result = take(tmp_path / "sample.xlsx", county, now=now)

    assert counts(result) == (288, 0, 0, 12)
    assert len({reason.partition("：")[2] for _, _, reason in all_here(result.errors)}) == 10
    assert result.left_out == ["举报人", "联系电话"]
    cases = Case.objects.all()
    assert cases.filter(hazard__grade="major").exclude(hazard__standard="").count() == 2
    assert cases.overdue(now).count() == len(sample_ledger.OVERDUE) + 1
    tonight = datetime.combine(day, time.max, get_default_timezone())
    due_today = cases.overdue(tonight).count() - cases.overdue(now).count()
    assert due_today == sample_ledger.DUE_SOON.count(0)
    soon = cases.overdue(now + timedelta(days=8)).count() - cases.overdue(now).count()
    assert soon >= len(sample_ledger.DUE_SOON)
    assert cases.filter(stage=Stage.CLOSED).count() == 218
    assert cases.filter(stage=Stage.VERIFIED).count() == sample_ledger.CHECKED
    assert cases.filter(stage=Stage.CONFIRMED).count() == sample_ledger.WITHOUT_TERM
    assert not cases.open().exclude(stage=Stage.CONFIRMED).filter(post=None).exists()
    phones = [phone for _, phone in sample_ledger.REPORTERS if phone]
    assert not any(phone in repr(row) for row in cases.values_list() for phone in phones)
