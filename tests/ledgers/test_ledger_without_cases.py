"""A part that has no cases registers a ledger, and the whole way in and out is open to it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse

from bihuan import cli
from bihuan.core.history import RowFault, RowRefused
from bihuan.ledgers.actions.exporting import write_sheets
from bihuan.ledgers.actions.importing import Source, take_in
from bihuan.ledgers.wording import words
from bihuan.orgs.models import Unit
from bihuan.sheets.ledger import types
from bihuan.sheets.ledger.reading import Fault, NoDate, Note
from bihuan.sheets.ledger.reading import RowRefused as NotRead
from bihuan.sheets.ledger.reading.assembly import Assembly
from bihuan.sheets.ledger.rows import Given, ImportResult, Judged, RowOutcome
from bihuan.sheets.ledger.types import ImportRun, LedgerType, LedgerWords, Value
from bihuan.sheets.ledger.vocabulary import read
from tests.factories import NOW, make_unit
from tests.ledgers.books import cells, xlsx

pytestmark = pytest.mark.django_db

COLUMNS = """
subject = "失物"
needed = [["item"], ["found_on"]]
signs = ["失物", "拾得", "领取"]

[[column]]
name = "item"
zh = "失物名称"
en = "Item"
width = 20
most = 60

[[column]]
name = "found_on"
zh = "拾得日期"
en = "Found on"
width = 12
holds = "day"
begins = 1

[[column]]
name = "unit"
zh = "保管单位"
en = "Kept by"
width = 20
holds = "unit"
"""
SAMPLE = '[[row]]\nitem = "黑色雨伞"\nfound_on = 2026-09-01\n'


class LostItem(NamedTuple):
    item: str
    found_on: date
    owner: int


class LostItems(Assembly):
    def row(self, values: dict[str, Any], notes: list[Note]) -> LostItem:
        self.set_units(values, notes)
        if "found_on" not in values:
            raise NotRead([Fault(NoDate(), "found_on")])
        return LostItem(values.get("item", ""), values["found_on"], values["owner"])


class Register:
    """Keeps items in a set, as a part keeps them in its table."""

    kept: set[LostItem] = set()

    def __init__(self, run: ImportRun) -> None:
        self.run = run

    def judge(self, given: Given[LostItem]) -> Judged[LostItem]:
        if not given.content.item:
            raise RowRefused(RowFault.NOTHING_FOUND, "item")
        return Judged(given, stage="", key=str(given.content), digest="")

    def further_faults(self, row: LostItem, unread: Collection[str]) -> list[RowRefused]:
        return []

    def take(
        self, rows: Sequence[Judged[LostItem]], *, dry_run: bool = False, last: bool = True
    ) -> ImportResult:
        taken = ImportResult()
        for each in rows:
            is_known = each.given.content in self.kept
            taken.counts[RowOutcome.UNCHANGED if is_known else RowOutcome.CREATED] += 1
            if not dry_run:
                self.kept.add(each.given.content)
        return taken


def _records(unit: Unit | None, stage: str) -> QuerySet[Any]:
    return Unit.objects.all()


def _lines(records: QuerySet[Any], units: Mapping[int, str]) -> Iterator[Sequence[Value]]:
    for item in sorted(Register.kept):
        yield [item.item, item.found_on, units[item.owner]]


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LedgerType[LostItem]:
    (tmp_path / "columns.toml").write_text(COLUMNS)
    (tmp_path / "sample.toml").write_text(SAMPLE)
    monkeypatch.setattr(types, "_registered", {**types._registered})
    monkeypatch.setattr(Register, "kept", set())
    made: LedgerType[LostItem] = LedgerType(
        vocabulary=read("lost", tmp_path / "columns.toml"),
        sheet="失物台账",
        words=LedgerWords(
            name="Lost property",
            looks_like="This looks like a register of lost property.",
            same="the same item",
            another="another item",
            rows={RowFault.NO_DATE: "The row does not say when it was found."},
        ),
        assembly=LostItems,
        intake=Register,
        records=_records,
        lines=_lines,
        sample=tmp_path / "sample.toml",
        page=lambda unit: "/lost/",
    )
    types.register(made)
    return made


ROWS: list[list[Any]] = [
    ["失物名称", "拾得日期", "保管单位"],
    ["黑色雨伞", date(2026, 9, 1), ""],
    ["", date(2026, 9, 2), ""],
    ["钱包", "", ""],
    ["钥匙", date(2026, 9, 3), "没有这个单位"],
]


def test_rows_come_in_and_what_is_wrong_is_said(
    ledger: LedgerType[LostItem], tmp_path: Path
) -> None:
    unit = make_unit(name="云榆镇")
    source = Source(xlsx(tmp_path / "失物.xlsx", ROWS), "失物.xlsx", unit, kind="lost")

    result = take_in(source, words=words(["en"]), actor=None, now=NOW)

    assert Register.kept == {LostItem("黑色雨伞", date(2026, 9, 1), unit.pk)}
    assert (result.rows, result.counts[RowOutcome.CREATED], result.refused) == (4, 1, 3)
    assert [answer["en"].partition(".")[0] for _row, _column, answer in result.errors] == [
        "A3: The row does not say what it is about",
        "B4: The row does not say when it was found",
        "C5: There is no unit “没有这个单位”, or several have that name",
    ]


def test_what_is_kept_is_written_out_and_comes_in_unchanged(
    ledger: LedgerType[LostItem], tmp_path: Path
) -> None:
    unit = make_unit(name="云榆镇")
    Register.kept.add(LostItem("黑色雨伞", date(2026, 9, 1), unit.pk))
    out = tmp_path / "out.xlsx"

    written = write_sheets(out, [(ledger, ledger.records(None, ""))])
    again = take_in(Source(out, "out.xlsx", unit, kind="lost"), words=words(), actor=None, now=NOW)

    assert written == 1
    assert cells(out)[1][0] == "黑色雨伞"
    assert again.counts == {RowOutcome.UNCHANGED: 1}


def test_the_page_and_the_command_offer_it(
    ledger: LedgerType[LostItem], desk: Client, tmp_path: Path
) -> None:
    page = desk.get(reverse("ledgers:import")).content.decode()
    out = tmp_path / "sample.xlsx"

    assert "Lost property" in page
    assert cli.main(["export", str(out), "--kind", "lost", "--sample"]) == 0
    assert cells(out)[1][0] == "黑色雨伞"
