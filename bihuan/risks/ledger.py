"""The register of risks as a workbook (风险分级管控清单), in and out.

Rows are found by the site and the title of the risk. The colour is never taken from the workbook:
it is computed, and a row that states another one is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from django.db.models import F, Prefetch, QuerySet
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from bihuan.core import risk as core
from bihuan.core.history import RowFault, RowRefused
from bihuan.core.numerals import whole
from bihuan.core.risk import Colour, ControlKind
from bihuan.orgs.models import Unit
from bihuan.risks.actions import controls, registration, regrading
from bihuan.risks.actions.controls import Measure
from bihuan.risks.actions.registration import Levels, RiskWords
from bihuan.risks.models import Control, RiskPoint
from bihuan.risks.refusals import LowerGradeWaits, NotInForce, SameTitle
from bihuan.sheets.ledger.records import RecordLedger
from bihuan.sheets.ledger.types import ImportRun, LedgerType, LedgerWords, Value
from bihuan.sheets.ledger.vocabulary import read
from bihuan.sites import queries as sites
from bihuan.sites.ledger.placing import PlacedIntake
from bihuan.sites.models import Site

FOLDER = Path(__file__).parent / "data"
EVERY_DAYS = 30
KINDS = tuple(ControlKind)
LEVELS: Mapping[str, int] = {str(n): n for n in range(1, core.LEVELS + 1)}
COLOURS: Mapping[str, Colour] = {
    **dict.fromkeys(("红", "红色", "重大", "重大风险", "1级", "一级", "red"), Colour.RED),
    **dict.fromkeys(("橙", "橙色", "较大", "较大风险", "2级", "二级", "orange"), Colour.ORANGE),
    **dict.fromkeys(("黄", "黄色", "一般", "一般风险", "3级", "三级", "yellow"), Colour.YELLOW),
    **dict.fromkeys(("蓝", "蓝色", "低", "低风险", "4级", "四级", "blue"), Colour.BLUE),
}
WORDS: Mapping[Colour, str] = {
    Colour.RED: "红", Colour.ORANGE: "橙", Colour.YELLOW: "黄", Colour.BLUE: "蓝",
}  # fmt: skip


@dataclass(frozen=True)
class RiskRow:
    """A risk with its measures by kind; its site is named by code, or by a unique name."""

    title: str
    harm: str
    likelihood: str
    consequence: str
    site_code: str = ""
    site_name: str = ""
    colour: str = ""
    engineering: str = ""
    management: str = ""
    training: str = ""
    protection: str = ""
    emergency: str = ""
    every_days: str = ""


def in_rows(risks: QuerySet[RiskPoint, Any]) -> QuerySet[RiskPoint, Any]:
    """Return the risks with what a row tells of each."""
    held = Control.objects.filter(ended_at=None).order_by("pk")
    found = risks.annotate(site_code=F("site__code")).select_related("site")
    return found.prefetch_related(Prefetch("controls", held, to_attr="held"))


class _Intake(PlacedIntake[RiskPoint]):
    """Risks are registered at open sites of the importing unit."""

    def named(self) -> QuerySet[Site, Site]:
        return Site.objects.open().filter(unit__in=Unit.objects.within(self.run.unit))


class _Ledger(RecordLedger[RiskRow, RiskPoint]):
    """Rows of risks, which have the unit of their site, and the measures of their controls."""

    @property
    def type(self) -> LedgerType[RiskRow]:
        return replace(super().type, intake=partial(_Intake, self))

    def chosen(self, unit: Unit | None, stage: str) -> QuerySet[RiskPoint]:
        risks = in_rows(RiskPoint.objects.in_force())
        if unit is None:
            return risks
        return risks.filter(site__unit__in=Unit.objects.within(unit))

    def told(self, record: RiskPoint) -> RiskRow:
        held: list[Control] = getattr(record, "held", None) or _held(record)
        periods = {control.every_days for control in held}
        return RiskRow(
            site_code=record.site.code,
            site_name=record.site.name,
            title=record.title,
            harm=record.harm,
            likelihood=str(record.likelihood),
            consequence=str(record.consequence),
            colour=WORDS[Colour(record.colour)],
            every_days=str(min(periods)) if len(periods) == 1 else "",
            **{kind.value: _measures(held, kind) for kind in KINDS},
        )


def _held(risk: RiskPoint) -> list[Control]:
    return list(Control.objects.filter(risk=risk, ended_at=None).order_by("pk"))


def _measures(held: Iterable[Control], kind: ControlKind) -> str:
    return "；".join(control.measure for control in held if control.kind == kind)


# ------------------------------------------------------------------------ in
def create(run: ImportRun, row: RiskRow) -> None:
    """Register the risk of a new row, with its controls."""
    site = _site(run, row)
    levels = _levels(run, row)
    every_days = _days(row.every_days) or EVERY_DAYS
    try:
        risk = registration.register(
            site=site,
            words=RiskWords(row.title, row.harm),
            levels=levels,
            actor=run.actor,
            now=run.now,
        )
    except SameTitle as clash:
        raise RowRefused(RowFault.RESEMBLES, "title") from clash
    for kind in KINDS:
        if measure := getattr(row, kind.value):
            _add(run, risk, kind, measure, every_days)


def update(run: ImportRun, risk: RiskPoint, row: RiskRow) -> None:
    """Change a risk as the row says. A lower grade is proposed on its page, not in a workbook."""
    _site(run, row)
    levels, every_days = _levels(run, row), _days(row.every_days)
    try:
        registration.change(
            risk=risk, words=RiskWords(row.title, row.harm), actor=run.actor, now=run.now
        )
    except NotInForce as retired:
        raise RowRefused(RowFault.ENDED, "title") from retired
    if (levels.likelihood, levels.consequence) != (risk.likelihood, risk.consequence):
        if regrading.is_lower(risk, levels, run.now):
            raise RowRefused(RowFault.DOWNGRADED, "likelihood")
        _regrade(run, risk, levels)
    held = _held(risk)
    for kind in KINDS:
        _set_measure(run, risk, kind, getattr(row, kind.value), held, every_days)
    if every_days:
        for control in _held(risk):
            _change(run, control, control.measure, every_days)


def _regrade(run: ImportRun, risk: RiskPoint, levels: Levels) -> None:
    try:
        regrading.regrade(risk=risk, levels=levels, reason=run.source, actor=run.actor, now=run.now)
    except LowerGradeWaits as waits:
        raise RowRefused(RowFault.CLOSURE_WAITS, "likelihood") from waits


def _set_measure(
    run: ImportRun,
    risk: RiskPoint,
    kind: ControlKind,
    measure: str,
    held: list[Control],
    every_days: int | None,
) -> None:
    """Add the measure, or change the only one of its kind; others are changed on their page."""
    if measure == _measures(held, kind):
        return
    same = [control for control in held if control.kind == kind]
    if not same:
        _add(run, risk, kind, measure, every_days or EVERY_DAYS)
    elif len(same) == 1 and measure:
        _change(run, same[0], measure, same[0].every_days)
    else:
        raise RowRefused(RowFault.WORKED_ON, kind.value)


def _add(run: ImportRun, risk: RiskPoint, kind: ControlKind, measure: str, days: int) -> None:
    given = Measure(kind.value, measure, None, days)
    controls.add_control(risk=risk, measure=given, actor=run.actor, now=run.now)


def _change(run: ImportRun, control: Control, measure: str, days: int) -> None:
    given = Measure(control.kind, measure, control.post, days)
    controls.change_control(control=control, measure=given, actor=run.actor, now=run.now)


def _site(run: ImportRun, row: RiskRow) -> Site:
    """Return the site of the row, which the officer has to be in charge of."""
    site = Site.objects.open().select_related("unit").filter(code=row.site_code).first()
    if site is None or not site.unit.is_within(run.unit):
        raise RowRefused(RowFault.NO_PLACE, "site_code")
    if run.actor is not None and not sites.may_change(run.actor, site, run.now):
        raise RowRefused(RowFault.OF_ANOTHER_UNIT, "site_code")
    if row.site_name and row.site_name != site.name:
        raise RowRefused(RowFault.LINKED, "site_name")
    return site


def _levels(run: ImportRun, row: RiskRow) -> Levels:
    """Return the levels of the row; refuse one whose colour is not the one that they give."""
    for name in ("likelihood", "consequence"):
        if getattr(row, name) not in LEVELS:
            raise RowRefused(RowFault.STAGE_NOT_TOLD_BY_ROWS, name)
    levels = Levels(LEVELS[row.likelihood], LEVELS[row.consequence])
    if row.colour:
        matrix = core.current(localdate(run.now))
        colour = matrix.colour(levels.likelihood, levels.consequence)
        if COLOURS.get(row.colour.strip().lower()) is not colour:
            raise RowRefused(RowFault.STAGE_CONTRADICTED, "colour")
    return levels


def _days(text: str) -> int | None:
    """Return the period in days; None for an empty cell."""
    if not text:
        return None
    days = whole(text.removesuffix("天").strip(), most=core.MOST_DAYS)
    if not days:
        raise RowRefused(RowFault.NO_DEADLINE, "every_days")
    return days


# ------------------------------------------------------------------------ out
def lines(risks: QuerySet[RiskPoint, Any]) -> Iterator[Sequence[Value]]:
    """Return the rows of these risks, in the order of the columns."""
    return LEDGER.type.lines(in_rows(risks), {})


LEDGER = _Ledger(
    vocabulary=read("risks", FOLDER / "columns.toml"),
    sheet="风险分级管控清单",
    words=LedgerWords(
        name=_("Risks"),
        looks_like=_("This looks like a register of risks."),
        same=_("the same risk"),
        another=_("another risk"),
        rows={
            RowFault.NO_PLACE: _("No open site of your unit has this code or, alone, this name."),
            RowFault.OF_ANOTHER_UNIT: _("Only a coordinator of the unit in charge may do this."),
            RowFault.LINKED: _("The site with this code has another name."),
            RowFault.STAGE_CONTRADICTED: _(
                "Likelihood and consequence give another colour. Correct one of them, or leave the "
                "colour empty."
            ),
            RowFault.STAGE_NOT_TOLD_BY_ROWS: _("Enter a whole number from 1 to 5."),
            RowFault.NO_DEADLINE: _("Enter a number of days from 1 to 730."),
            RowFault.DOWNGRADED: _(
                "This would lower the grade: propose it on the page of the risk, and a second "
                "officer confirms it."
            ),
            RowFault.CLOSURE_WAITS: _("A lower grade already waits for a second officer."),
            RowFault.ENDED: _("The risk is retired. Put it back into force first."),
            RowFault.WORKED_ON: _(
                "The risk has several controls of this kind, or the cell is empty: change them on "
                "the page of the risk."
            ),
            RowFault.RESEMBLES: _("This site already has a risk with this title."),
            RowFault.TWICE_IN_THE_FILE: _("The same risk is in the file twice."),
        },
    ),
    row=RiskRow,
    key=("site_code", "title"),
    records=in_rows(RiskPoint.objects.all()),
    create=create,
    update=update,
    sample=FOLDER / "sample.toml",
    page=lambda unit: reverse("risks:risks"),
    order=210,
)
