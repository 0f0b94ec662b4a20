"""The colour of a risk, from its likelihood and its consequence: read from `risk_matrices/`.

A risk keeps the version of the matrix that graded it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from bihuan.core.rules import Bilingual, Confidence

MATRICES = Path(__file__).parent / "risk_matrices"
LEVELS = 5
# A control is checked at least every two years.
MOST_DAYS = 730


class Colour(StrEnum):
    """The four levels of risk, the highest first."""

    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    BLUE = "blue"

    @property
    def rank(self) -> int:
        """Return 4 for the highest level, 1 for the lowest."""
        return RANKS[self]


RANKS: Mapping[Colour, int] = {colour: 4 - n for n, colour in enumerate(Colour)}


class ControlKind(StrEnum):
    """How a measure controls a risk, the most effective first."""

    ENGINEERING = "engineering"
    MANAGEMENT = "management"
    TRAINING = "training"
    PROTECTION = "protection"
    EMERGENCY = "emergency"


class MatrixError(ValueError):
    """A matrix is not complete, or a higher level has a lower colour."""


@dataclass(frozen=True)
class Sourced:
    """Where a part of a matrix comes from, and how reliably that is known."""

    source: Bilingual
    confidence: Confidence


@dataclass(frozen=True)
class Matrix:
    """One version of a matrix. Levels count from 1."""

    id: str
    version: int
    in_use_from: date
    name: Bilingual
    likelihoods: tuple[Bilingual, ...]
    consequences: tuple[Bilingual, ...]
    rows: tuple[tuple[Colour, ...], ...]
    colours: Sourced
    grid: Sourced

    @property
    def key(self) -> str:
        """Return the name that a risk keeps."""
        return f"{self.id}/{self.version}"

    def colour(self, likelihood: int, consequence: int) -> Colour:
        """Return the colour of these levels; raise `MatrixError` for levels that do not exist."""
        if likelihood not in range(1, LEVELS + 1) or consequence not in range(1, LEVELS + 1):
            raise MatrixError(f"no cell {likelihood}, {consequence} in {self.key}")
        return self.rows[likelihood - 1][consequence - 1]


def is_lower(new: Colour, old: Colour) -> bool:
    """Whether a second officer must confirm the change: the new colour is a lower level."""
    return new.rank < old.rank


def worst(colours: Iterable[Colour]) -> Colour | None:
    """Return the highest of these levels; None if there are none."""
    return max(colours, key=lambda colour: colour.rank, default=None)


def next_check(last: date, every_days: int) -> date:
    """Return the day by which a control has to be checked again."""
    return last + timedelta(days=every_days)


# ------------------------------------------------------------------- the data
@cache
def matrices() -> Mapping[str, Matrix]:
    """Return every version, by key."""
    read = (
        parsed(tomllib.loads(path.read_text(encoding="utf-8")))
        for path in sorted(MATRICES.glob("*.toml"))
    )
    return {matrix.key: matrix for matrix in read}


def matrix_of(key: str) -> Matrix:
    """Return the version that graded a risk."""
    return matrices()[key]


def current(on: date) -> Matrix:
    """Return the version in use on this day; before the first one, the first one."""
    by_start = sorted(matrices().values(), key=lambda matrix: (matrix.in_use_from, matrix.version))
    begun = [matrix for matrix in by_start if matrix.in_use_from <= on]
    return begun[-1] if begun else by_start[0]


def parsed(content: Mapping[str, Any]) -> Matrix:
    """Return the matrix in the content of a file, checked."""
    matrix = Matrix(
        id=content["id"],
        version=content["version"],
        in_use_from=content["in_use_from"],
        name=Bilingual(**content["name"]),
        likelihoods=tuple(Bilingual(**each) for each in content["likelihood"]),
        consequences=tuple(Bilingual(**each) for each in content["consequence"]),
        rows=tuple(tuple(map(Colour, row)) for row in content["grid"]["rows"]),
        colours=_sourced(content["colours"]),
        grid=_sourced(content["grid"]),
    )
    _check(matrix)
    return matrix


def _sourced(content: Mapping[str, Any]) -> Sourced:
    return Sourced(Bilingual(**content["source"]), Confidence(content["confidence"]))


def _check(matrix: Matrix) -> None:
    sizes = {len(matrix.likelihoods), len(matrix.consequences), len(matrix.rows)}
    if sizes | {len(row) for row in matrix.rows} != {LEVELS}:
        raise MatrixError(f"{matrix.key} has not {LEVELS} levels of each")
    ranks = [[colour.rank for colour in row] for row in matrix.rows]
    for line in (*ranks, *zip(*ranks, strict=True)):
        if list(line) != sorted(line):
            raise MatrixError(f"in {matrix.key} a higher level has a lower colour")
