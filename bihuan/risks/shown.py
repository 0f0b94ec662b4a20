"""Risks as their pages show them: the grade, the matrix, and the controls with their next step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.timezone import localdate

from bihuan.core import risk as core
from bihuan.core.risk import Colour
from bihuan.orgs.choices import holders
from bihuan.orgs.models import User
from bihuan.orgs.queries import posts_of
from bihuan.risks import queries, wording
from bihuan.risks.models import Control, Regrading, RiskPoint


@dataclass(frozen=True)
class Grade:
    """The grade of a risk in words."""

    colour: str
    label: str
    likelihood: str
    consequence: str


def grade(row: RiskPoint | Regrading) -> Grade:
    matrix = core.matrix_of(row.matrix)
    return Grade(
        row.colour,
        row.get_colour_display(),
        f"{row.likelihood} · {wording.likelihood(matrix, row.likelihood)}",
        f"{row.consequence} · {wording.consequence(matrix, row.consequence)}",
    )


@dataclass(frozen=True)
class Cell:
    """One cell of the matrix; its text says the colour too."""

    colour: str
    label: str
    is_here: bool


@dataclass(frozen=True)
class ShownMatrix:
    """A version of the matrix as a table, the highest likelihood first."""

    name: str
    version: int
    consequences: list[str]
    rows: list[tuple[str, list[Cell]]]
    sources: list[str]


def matrix(of: core.Matrix, risk: RiskPoint | None = None) -> ShownMatrix:
    """Return the matrix, with the cell of the risk marked."""
    here = (risk.likelihood, risk.consequence) if risk else None
    rows = [
        (label, [_cell(of, level, harm, here) for harm in range(1, core.LEVELS + 1)])
        for level, label in wording.levels(of.likelihoods)
    ]
    return ShownMatrix(
        wording.chosen(of.name),
        of.version,
        [label for _level, label in wording.levels(of.consequences)],
        rows[::-1],
        [wording.sourced(each) for each in (of.colours, of.grid)],
    )


def _cell(of: core.Matrix, level: int, harm: int, here: tuple[int, int] | None) -> Cell:
    colour = of.colour(level, harm)
    return Cell(colour, str(wording.COLOURS[colour]), (level, harm) == here)


@dataclass(frozen=True)
class ShownControl:
    """A control, who checks it, and what the officer may do with it."""

    control: Control
    holder: str
    is_overdue: bool
    may_check: bool
    may_change: bool

    @property
    def is_unchecked(self) -> bool:
        """Whether no one checks it: it has no post, or a vacant one."""
        return not self.holder


def controls(
    rows: Iterable[Control], user: User, may_change: bool, now: datetime
) -> list[ShownControl]:
    found, on = list(rows), localdate(now)
    held = holders([row.post_id for row in found if row.post_id], on)
    mine = posts_of(user, now)
    return [
        ShownControl(
            row,
            held.get(row.post_id or 0, ""),
            row.next_due_date < on,
            may_change or row.post_id in mine,
            may_change,
        )
        for row in found
    ]


@dataclass(frozen=True)
class ShownRegrading:
    """A lower grade that waits, and what the officer may do about it."""

    regrading: Regrading
    grade: Grade
    is_own: bool
    url: str


def asked(row: Regrading, user: User, risk: RiskPoint, now: datetime) -> ShownRegrading:
    own = row.asked_by_id == user.pk
    may = own or queries.may_confirm(user, risk, now)
    url = reverse("risks:decide", args=[row.pk]) if may else ""
    return ShownRegrading(row, grade(row), own, url)


@dataclass(frozen=True)
class Row:
    """A risk in the register, with the worst of its checks."""

    risk: RiskPoint
    colour: str
    overdue: Control | None
    controls: int


def rows(risks: Iterable[RiskPoint], now: datetime) -> list[Row]:
    found, on = list(risks), localdate(now)
    held = queries.controls_of(found)
    return [_row(risk, held[risk.pk], on) for risk in found]


def _row(risk: RiskPoint, controls: list[Control], on: date) -> Row:
    first = min(controls, key=lambda each: each.next_due_date, default=None)
    late = first if first is not None and first.next_due_date < on else None
    label = str(wording.COLOURS[Colour(risk.colour)])
    return Row(risk, label, late if risk.is_in_force else None, len(controls))


@dataclass(frozen=True)
class PrintedRow:
    """A risk with its grade and its controls, as the printed register has it."""

    risk: RiskPoint
    grade: Grade
    controls: list[Control]


def printed(risks: Iterable[RiskPoint]) -> list[PrintedRow]:
    found = list(risks)
    held = queries.controls_of(found)
    return [PrintedRow(risk, grade(risk), held[risk.pk]) for risk in found]
