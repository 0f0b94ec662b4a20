"""More digits than any number has, in any column: the row is read or refused, the file goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from bihuan.ledgers.mapping import Mapping, MappingFault, read_toml
from bihuan.sheets.ledger import types
from tests.factories import make_unit
from tests.ledgers.books import counts, separated, take

# Python refuses to make a number of more than 4,300 digits.
DIGITS = "9" * 5_000
WRITTEN = (
    "{}", "{}年底", "{}天", "{}万元", "2026-{}-01", "YH-2026-{}", "AQ{}", "{}次", "{}、甲", "{}%",
)  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [each.kind for each in types.every()])
def test_a_number_without_end_stops_no_ledger(kind: str, tmp_path: Path) -> None:
    fields = list(types.of(kind).vocabulary.by_name)
    rows = [
        ["", *(written.format(DIGITS) if each == name else "" for each in fields)]
        for name in fields
        for written in WRITTEN
    ]
    path = separated(tmp_path / "ledger.csv", [["", *fields], *rows])

    result = take(path, make_unit(), Mapping(kind, {name: name for name in fields}), dry_run=True)

    assert result.rows == len(rows)
    assert sum(counts(result)) == result.rows


@pytest.mark.parametrize("row", [DIGITS, "0", "-1", "二"])
def test_a_row_that_no_sheet_has_is_no_row_of_titles(row: str, tmp_path: Path) -> None:
    path = tmp_path / "map.toml"
    path.write_text(f'[options]\nheader_row = "{row}"\n')

    with pytest.raises(MappingFault):
        read_toml(path, "hazard")
