"""Who hears of what administrators do: `notices` lies above and registers how it tells them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bihuan.orgs.models import Unit, User


@dataclass(frozen=True)
class News:
    """One thing that was done; `cause` is its own, so that nobody hears of it twice."""

    unit: Unit | None
    what: str
    cause: str
    now: datetime
    detail: Mapping[str, str] = field(default_factory=dict)


Teller = Callable[[Iterable[User], News], None]

_tellers: list[Teller] = []


def register(teller: Teller) -> None:
    """Tell officers by this. For `AppConfig.ready`."""
    _tellers.append(teller)


def tell(members: Iterable[User], news: News) -> None:
    """Tell each of these once."""
    heard = list(dict.fromkeys(members))
    for teller in _tellers if heard else ():
        teller(heard, news)
