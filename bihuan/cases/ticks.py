"""All clocks that time alone moves: those of cases, and those that a higher app keeps and
registers here when it is ready, so that `bihuan tick` forgets none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bihuan.cases.actions import tick as of_cases
from bihuan.cases.actions.tick import Ticked


class Turn(Protocol):
    """What is done with clocks at an instant."""

    def __call__(self, *, now: datetime) -> Ticked: ...


@dataclass(frozen=True)
class Clocks:
    """Clocks of one kind: seeing to what is due, and what that would be."""

    tick: Turn
    foresee: Turn


_registered = [Clocks(of_cases.tick, of_cases.foresee)]


def register(clocks: Clocks) -> None:
    _registered.append(clocks)


def tick(*, now: datetime) -> Ticked:
    """Do everything that is due by now, on every clock."""
    return sum((each.tick(now=now) for each in _registered), Ticked())


def foresee(*, now: datetime) -> Ticked:
    """What a tick at this instant would do; nothing is changed, told or locked."""
    return sum((each.foresee(now=now) for each in _registered), Ticked())
