"""The register of inspections (监督检查库) as a workbook, in and out.

What comes in are records on paper of past inspections: they are added, and never changed. A row of
an inspection that is known here comes back unchanged, or is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from bihuan.core.history import RowFault, RowRefused
from bihuan.core.inspection import InTheFuture, Kind, NotTheOperator
from bihuan.core.numerals import whole
from bihuan.core.refusal import NotAllowed
from bihuan.inspections.actions.recording import PaperRecord, key_of, take_in
from bihuan.inspections.listing import number_in
from bihuan.inspections.models import Inspection
from bihuan.orgs.models import Unit
from bihuan.sheets import values
from bihuan.sheets.ledger.reading.faults import UnknownWord
from bihuan.sheets.ledger.reading.words import known, plain
from bihuan.sheets.ledger.records import RecordLedger
from bihuan.sheets.ledger.types import ImportRun, LedgerType, LedgerWords, Value
from bihuan.sheets.ledger.vocabulary import read
from bihuan.sheets.reader import Cell
from bihuan.sites.ledger.placing import PlacedIntake
from bihuan.sites.models import Site

FOLDER = Path(__file__).parent / "data"
UNTITLED = "纸质检查记录"
MOST_FAILED = 32_767
# Other words of offices than those of the interface.
KINDS: Mapping[Kind, Sequence[str]] = {
    Kind.ORDINARY: ("日常", "日常巡查", "常规检查", "例行检查", "专项检查"),
    Kind.JOINT: ("联合", "联合执法", "综合检查", "联合督查"),
    Kind.UNANNOUNCED: ("暗访", "突击检查", "明查暗访", "四不两直", "飞行检查"),
    Kind.SELF_CHECK: ("自查", "自查自纠", "企业自查", "学校自查"),
    Kind.LOOK_BACK: ("复查", "回头看检查", "复核检查"),
}


@dataclass(frozen=True)
class InspectionRow:
    """An inspection that has ended; its site is named by code, or by a unique name."""

    unit: int
    done_date: date
    failed_count: str
    number: str = ""
    site_code: str = ""
    site_name: str = ""
    kind: str = Kind.ORDINARY.value
    title: str = UNTITLED
    result: str = ""


def in_rows(inspections: QuerySet[Inspection, Any]) -> QuerySet[Inspection, Any]:
    """Return those that have ended with a result, with what a row says of each."""
    done = inspections.filter(stage=Inspection.Stage.DONE)
    return done.select_related("site", "checklist")


class _Intake(PlacedIntake[Inspection]):
    """Finds a known inspection by its number, or by its site, day, unit and title."""

    def named(self) -> QuerySet[Site, Site]:
        """Return the sites in the area of the importing unit, or regulated by it."""
        here = Unit.objects.within(self.run.unit)
        regulated = Site.objects.filter(regulators__unit__in=here)
        return Site.objects.filter(Q(unit__in=here) | Q(pk__in=regulated.values("pk")))

    def key_of(self, row: InspectionRow) -> str:
        if row.number:
            return row.number
        return str(key_of(row.site_code, row.unit, row.done_date, row.title))

    def _known(self, rows: Sequence[InspectionRow]) -> dict[str, Inspection]:
        numbers = {number_in(row.number) for row in rows if row.number}
        keys = {self.key_of(row) for row in rows if not row.number}
        ours = in_rows(Inspection.objects.filter(unit__in=Unit.objects.within(self.run.unit)))
        found = ours.filter(Q(pk__in=numbers - {None}) | Q(key__in=keys))
        rows_by_key = {str(each.key): each for each in found}
        return rows_by_key | {each.number: each for each in rows_by_key.values()}


class _Ledger(RecordLedger[InspectionRow, Inspection]):
    """Rows of inspections that have ended, with the kind in words."""

    @property
    def type(self) -> LedgerType[InspectionRow]:
        made = replace(super().type, intake=partial(_Intake, self))
        return replace(made, converters={"kind": _kind, "number": _number, "failed_count": _count})

    def chosen(self, unit: Unit | None, stage: str) -> QuerySet[Inspection]:
        done = in_rows(Inspection.objects.all())
        return done if unit is None else done.filter(unit__in=Unit.objects.within(unit))

    def told(self, record: Inspection) -> InspectionRow:
        assert record.done_at is not None, "it has ended"
        return InspectionRow(
            number=record.number,
            site_code=record.site.code,
            site_name=record.site.name,
            unit=record.unit_id,
            kind=record.kind,
            title=record.list_name,
            done_date=localdate(record.done_at),
            failed_count=str(record.failed_count),
            result=record.result,
        )

    def lines(self, records: QuerySet[Any], units: Mapping[int, str]) -> Iterator[Sequence[Value]]:
        at = self.names_of_columns.index("kind")
        for line in super().lines(records, units):
            yield [*line[:at], _KIND_WORDS[str(line[at])], *line[at + 1 :]]

    @cached_property
    def names_of_columns(self) -> list[str]:
        return [each.name for each in self.vocabulary.fields]


# ------------------------------------------------------------------------ cells
with override("zh-hans"):
    _KIND_WORDS = {each.value: str(each.label) for each in Inspection.Kind}
_KINDS = {plain(word): kind.value for kind, words in KINDS.items() for word in words}
_KINDS |= {plain(word): kind for kind, word in _KIND_WORDS.items()}
_KINDS |= {plain(kind): kind for kind in _KIND_WORDS}


def _kind(cell: Cell) -> str | None:
    found: str | None = known("kind", _KINDS, values.text(cell), list(_KIND_WORDS.values()))
    return found


def _number(cell: Cell) -> str:
    number = values.text(cell).strip().upper()
    if number and number_in(number) is None:
        raise UnknownWord("number", values.short(number))
    return number


def _count(cell: Cell) -> str:
    text = values.text(cell).strip()
    if text and whole(text, most=MOST_FAILED) is None:
        raise UnknownWord("failed_count", values.short(text))
    return text


# ------------------------------------------------------------------------ in
def create(run: ImportRun, row: InspectionRow) -> None:
    """Take in the record of a new row."""
    if row.number:
        raise RowRefused(RowFault.STAGE_NOT_TOLD_BY_ROWS, "number")
    site = Site.objects.select_related("unit").filter(code=row.site_code).first()
    if site is None:
        raise RowRefused(RowFault.NO_PLACE, "site_code")
    if row.site_name and row.site_name != site.name:
        raise RowRefused(RowFault.LINKED, "site_name")
    told = PaperRecord(
        site=site,
        unit=Unit.objects.get(pk=row.unit),
        on=row.done_date,
        title=row.title,
        kind=Kind(row.kind),
        failed_count=int(row.failed_count),
        result=row.result,
    )
    try:
        take_in(told=told, source=run.source, actor=run.actor, now=run.now)
    except InTheFuture as refusal:
        raise RowRefused(RowFault.IN_THE_FUTURE, "done_date") from refusal
    except NotTheOperator as refusal:
        raise RowRefused(RowFault.VERIFIED_BY_RESOLVER, "kind") from refusal
    except NotAllowed as refusal:
        raise RowRefused(RowFault.OF_ANOTHER_UNIT, "site_name") from refusal


def update(run: ImportRun, inspection: Inspection, row: InspectionRow) -> None:
    """Refuse: an inspection that has ended stays as it was recorded."""
    raise RowRefused(RowFault.WORKED_ON, "result")


LEDGER = _Ledger(
    vocabulary=read("inspections", FOLDER / "columns.toml"),
    sheet="监督检查库",
    words=LedgerWords(
        name=_("Inspections"),
        looks_like=_("This looks like a register of inspections."),
        same=_("the same inspection"),
        another=_("another inspection"),
        rows={
            RowFault.NO_PLACE: _(
                "No site has this code, or no site of your unit has, alone, this name."
            ),
            RowFault.OF_ANOTHER_UNIT: _(
                "Your unit neither has charge of this site nor regulates it."
            ),
            RowFault.LINKED: _("The site with this code has another name."),
            RowFault.NO_DATE: _("The row does not say when it was inspected."),
            RowFault.NOTHING_FOUND: _("Enter how many items failed; 0 if none did."),
            RowFault.IN_THE_FUTURE: _("The day of the inspection has not come."),
            RowFault.VERIFIED_BY_RESOLVER: _(
                "Only the unit that operates the site can check itself."
            ),
            RowFault.STAGE_NOT_TOLD_BY_ROWS: _(
                "No inspection of your unit that has ended has this number. Leave the number of a "
                "record on paper empty."
            ),
            RowFault.WORKED_ON: _("An inspection that has ended stays as it was recorded."),
            RowFault.TWICE_IN_THE_FILE: _("The same inspection is in the file twice."),
        },
        unknown={
            "kind": _("“%(shown)s” is no kind of inspection: %(known)s."),
            "number": _(
                "“%(shown)s” is not a number of an inspection here. Leave out the column of your "
                "office's own numbers."
            ),
            "failed_count": _("“%(shown)s” is not a number of failed items."),
        },
    ),
    row=InspectionRow,
    key=("site_code", "done_date", "unit", "title"),
    records=in_rows(Inspection.objects.all()),
    create=create,
    update=update,
    sample=FOLDER / "sample.toml",
    page=lambda unit: reverse("inspections:inspections"),
    order=220,
)
