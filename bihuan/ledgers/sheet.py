"""Choose one of several sheets, and describe the file apart from its rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan import formats
from bihuan.core.refusal import Refusal
from bihuan.ledgers import mapping as mappings
from bihuan.ledgers.mapping import Mapping, Placed
from bihuan.sheets.columns import is_remark
from bihuan.sheets.ledger import types
from bihuan.sheets.ledger.vocabulary import Vocabulary
from bihuan.sheets.reader import Choose, Head, OpenedSheet, SheetRow


def chooser(mapping: Mapping | None, vocabulary: Vocabulary) -> Choose:
    """Choose the sheet whose headers match the most fields, the first one among equals."""

    def known(head: Head) -> int:
        placed = _placed(head, mapping, vocabulary)
        return len(placed.indexes) if placed else -1

    def choose(heads: Sequence[Head]) -> str:
        return max(heads, key=known).name

    return choose


def sheet_facts(table: OpenedSheet, vocabulary: Vocabulary) -> dict[str, Any]:
    """Return the sheet that is read, the others with their numbers of rows, and whether a
    filter is set.
    """
    return {
        "sheet": table.sheet,
        "filtered": table.filtered,
        "unsure_formulas": table.unsure_formulas,
        "other_sheets": [_other(head, vocabulary) for head in table.others],
    }


def _placed(head: Head, mapping: Mapping | None, vocabulary: Vocabulary) -> Placed | None:
    with suppress(Refusal):
        if mapping is not None and mapping.columns:
            return mappings.laid_over(mapping, head.rows)
        return mappings.guessed(head.rows, vocabulary)[1]
    return None


def _other(head: Head, vocabulary: Vocabulary) -> dict[str, Any]:
    """Describe a sheet that is not read: its number of rows under the header, if it is a table."""
    placed, rows = _placed(head, None, vocabulary), head.filled
    is_table = placed is not None and any(_filled(row) > 1 for row in head.rows)
    if placed is not None and is_table:
        first = placed.data_row - 1
        rows -= sum(_filled(row) > 0 for row in head.rows[:first])
        rows -= sum(_filled(row) > 0 and is_remark(row) for row in head.rows[first:])
    return {
        "sheet": head.name,
        "rows": rows,
        "is_table": is_table,
        "hidden": head.hidden,
        "kind": _kind_of(head, placed, vocabulary),
    }


def _kind_of(head: Head, placed: Placed | None, vocabulary: Vocabulary) -> str:
    """Return the kind of ledger on a sheet: by the name that exports give it, else by its
    headers.
    """
    named = next((each.kind for each in types.every() if each.sheet == head.name), "")
    return named or (placed.looks_like if placed else "") or vocabulary.kind


def _filled(row: SheetRow) -> int:
    return len(row) - row.count("")


# -------------------------------------------------------------------- in words
def sheet_said(facts: dict[str, Any]) -> Iterator[str]:
    """Describe the sheets; empty for reports of earlier releases."""
    others: list[dict[str, Any]] = facts.get("other_sheets", [])
    tables = [_sheet(each) for each in others if each["is_table"]]
    if tables:
        yield _("sheets that were not read: %s") % _list(tables)
    notes = [each["sheet"] for each in others if not each["is_table"]]
    if notes:
        yield _("sheets without a table: %s") % _list(notes)
    if facts.get("filtered"):
        yield _("the sheet has a filter; all rows were read, including hidden ones")
    if unsure := facts.get("unsure_formulas", 0):
        yield ngettext(
            "%(n)s formula of the sheet has the value 0 or is empty, and an .xls does not show "
            "whether it was calculated; if it should have another value, open the file, save it "
            "as .xlsx and import that",
            "%(n)s formulas of the sheet have the value 0 or are empty, and an .xls does not "
            "show whether they were calculated; if they should have other values, open the file, "
            "save it as .xlsx and import that",
            unsure,
        ) % {"n": unsure}


def others(facts: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the non-empty tables on other visible sheets, each of which can be read next."""
    sheets: list[dict[str, Any]] = facts.get("other_sheets", [])
    return [each for each in sheets if each["is_table"] and each["rows"] and not each["hidden"]]


def _sheet(sheet: dict[str, Any]) -> str:
    details = {"sheet": sheet["sheet"], "n": sheet["rows"]}
    if sheet["hidden"]:
        shown = ngettext(
            "%(sheet)s (hidden, %(n)s row)", "%(sheet)s (hidden, %(n)s rows)", sheet["rows"]
        )
    else:
        shown = ngettext("%(sheet)s (%(n)s row)", "%(sheet)s (%(n)s rows)", sheet["rows"])
    return shown % details


def _list(named: Sequence[str]) -> str:
    return formats.names(named)
