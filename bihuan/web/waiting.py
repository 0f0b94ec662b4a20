"""What waits for an officer besides cases: each part says it, and Today shows it first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from bihuan.core.deadlines import Due
from bihuan.orgs.models import User


@dataclass(frozen=True)
class Waiting:
    """One thing to do, and the page on which it is done."""

    title: str
    url: str
    number: str
    note: str
    step: str | Promise
    due: Due | None = None


@dataclass(frozen=True)
class Section:
    """Things of one sort; `more` leads to all of them."""

    title: str | Promise
    rows: list[Waiting]
    more: str = ""
    is_cut: bool = False


Teller = Callable[[User, datetime], Iterable[Section]]
_tellers: list[Teller] = []


def register(teller: Teller) -> None:
    """Have Today show these sections. For `AppConfig.ready`."""
    _tellers.append(teller)


def sections(user: User, now: datetime) -> list[Section]:
    """What waits for this officer; what is empty is left out."""
    found = (section for teller in _tellers for section in teller(user, now))
    return [section for section in found if section.rows]
