"""The list of transfer letters: what the address asks for, and its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet

from bihuan.core.numerals import whole
from bihuan.orgs.models import Unit, User
from bihuan.transfers import acts, queries
from bihuan.transfers.models import Letter

SIDES = ("sent", "received")
STATES = ("open", "overdue", "answered", "withdrawn", "all")


@dataclass(frozen=True)
class Filters:
    """What the address asks for; invalid parts are ignored."""

    words: str = ""
    # Those that a unit sent, or received; all without one.
    side: str = ""
    state: str = "open"
    # The id of a unit: what it and those below it sent or received.
    unit: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Filters:
        side, state, unit = (asked.get(name, "") for name in ("side", "state", "unit"))
        return cls(
            words=asked.get("q", "").replace("\x00", "").strip()[:100],
            side=side if side in SIDES else "",
            state=state if state in STATES else "open",
            unit=unit if whole(unit) is not None else "",
        )

    @property
    def asked(self) -> dict[str, str]:
        """Return them as parameters of an address, without what is usual."""
        state = "" if self.state == "open" else self.state
        values = {"q": self.words, "side": self.side, "state": state, "unit": self.unit}
        return {name: value for name, value in values.items() if value}

    @property
    def query(self) -> str:
        return urlencode(self.asked)

    def but(self, **changed: str) -> str:
        """Return the address with these filters changed."""
        kept = {**self.asked, **changed}
        return "?" + urlencode({name: value for name, value in kept.items() if value})


def found(user: User, filters: Filters, now: datetime) -> QuerySet[Any, Any]:
    """Return the letters that the officer sees and the filters select."""
    letters = queries.with_due(queries.visible_to(user, now))
    if filters.words:
        # From which case a letter comes is known to its sender alone.
        of_case = Q(case_number__icontains=filters.words) & queries.sent_by(user, now)
        letters = letters.filter(_worded(filters.words) | of_case)
    if filters.unit or filters.side:
        letters = letters.filter(_between(filters, user, now))
    return letters.filter(_in_state(filters.state, now))


def _worded(words: str) -> Q:
    columns = ("number", "title", "place", "to_name", "to_unit__name")
    wanted = Q()
    for column in columns:
        wanted |= Q(**{f"{column}__icontains": words})
    return wanted


def _between(filters: Filters, user: User, now: datetime) -> Q:
    """Condition for the unit asked for, or for the officer's own, on the side asked for."""
    asked = Unit.objects.filter(pk=filters.unit) if filters.unit else None
    tops = queries.tops(user, now) if asked is None else list(asked)
    fields = {"sent": ("unit",), "received": ("to_unit",)}.get(filters.side, ("unit", "to_unit"))
    wanted = Q(pk__in=())
    for unit in tops:
        for field in fields:
            wanted |= Q(**{f"{field}__path__startswith": unit.path})
    return wanted


def _in_state(state: str, now: datetime) -> Q:
    match state:
        case "open":
            return Q(stage__in=acts.OPEN)
        case "overdue":
            return Q(stage__in=acts.OWED, due_at__lt=now)
        case "answered":
            return Q(stage=Letter.Stage.ANSWERED)
        case "withdrawn":
            return Q(stage=Letter.Stage.WITHDRAWN)
    return Q()
