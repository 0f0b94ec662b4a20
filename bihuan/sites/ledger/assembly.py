"""Combine cells into a row about a site, and write a row as cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bihuan.core.history import RowFault, RowRefused
from bihuan.orgs.models import Unit
from bihuan.sheets.ledger.reading import Fault, Note, NoteKind
from bihuan.sheets.ledger.reading import RowRefused as NotRead
from bihuan.sheets.ledger.reading.assembly import Assembly, FileFacts
from bihuan.sheets.ledger.reading.faults import UnknownWord
from bihuan.sheets.ledger.types import LedgerType, Value
from bihuan.sites import catalogue
from bihuan.sites.ledger import words
from bihuan.sites.rows import END, PAIR, PaperRow, SiteRow


class SiteAssembly(Assembly):
    """Builds rows from cells; regulators are found among all open units, by name or code."""

    def __init__(self, ledger: LedgerType[Any], file: FileFacts) -> None:
        super().__init__(ledger, file)
        self._named: dict[str, set[int]] = defaultdict(set)
        for pk, *known in Unit.objects.open().values_list("pk", "code", "name", "name_en"):
            for each in filter(None, known):
                self._named[each].add(pk)

    def row(self, row_values: dict[str, Any], notes: list[Note]) -> SiteRow:
        if row_values.get("unit") is None:
            notes.append(Note(NoteKind.NO_UNIT, "unit"))
            row_values["unit"] = self.file.top
        if not row_values.get("name"):
            fault = RowRefused(RowFault.NOTHING_FOUND, "name")
            raise NotRead([Fault(fault, "name")])
        if (row_values.get("latitude") is None) != (row_values.get("longitude") is None):
            missing = "longitude" if row_values.get("longitude") is None else "latitude"
            raise NotRead([Fault(RowRefused(RowFault.NO_PLACE, missing), missing)])
        papers = (*_permit(row_values), *row_values.pop("papers", ()))
        regulators = tuple(self._regulators(row_values.pop("regulators", ())))
        return SiteRow(**row_values, papers=papers, regulators=regulators)

    def _regulators(self, said: Iterable[tuple[str, str]]) -> Iterator[tuple[str, int]]:
        for trade, name in said:
            found = self._named.get(name, set())
            if len(found) != 1:
                raise NotRead([Fault(UnknownWord("unit", name), "regulators")])
            yield trade or words.trade_of(name), next(iter(found))


def _permit(row_values: dict[str, Any]) -> list[PaperRow]:
    """Return the paper of the three columns for one."""
    kind, title = row_values.pop("permit", ("", ""))
    number = row_values.pop("permit_number", "")
    until = row_values.pop("permit_expires", None)
    if not (kind or number or until):
        return []
    return [PaperRow(kind or words.GENERAL_PERMIT, title, number, expires_date=until)]


# ------------------------------------------------------------------------ cells
def cells(row: SiteRow, units: Mapping[int, str]) -> list[Value]:
    """Return the row as the cells of a workbook, in the order of the columns."""
    permit = next((each for each in row.papers if each.count is None), None)
    others = [each for each in row.papers if each is not permit]
    return [
        row.code,
        row.name,
        catalogue.kind(row.kind).words.zh,
        units[row.unit],
        row.address,
        row.latitude,
        row.longitude,
        row.operator,
        END.join(_regulator(trade, units[unit]) for trade, unit in row.regulators),
        permit.name if permit else "",
        permit.number if permit else "",
        permit.expires_date if permit else None,
        words.written_papers(others),
        row.attributes,
        words.STATES[row.state],
    ]


def _regulator(trade: str, unit: str) -> str:
    return f"{catalogue.trade(trade).words.zh}{PAIR}{unit}"
