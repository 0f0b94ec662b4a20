"""The list from which an officer opened a case, and the place of the case in it.

It is carried in the URL as a name or as the ledger's own query, never as an address, so that no
link can lead away from the desk.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote_plus

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bihuan.cases.models import CASE_SUBJECT
from bihuan.core.numerals import whole
from bihuan.web.agenda import AgendaSection, Duty

TODAY, LEDGER = "today", "ledger"
LONGEST = 1000
# Lists by their names; everything else is a query of the ledger.
PLACES: Mapping[str, tuple[str, str | Promise]] = {
    TODAY: ("desk:today", _("Today")),
    LEDGER: ("desk:ledger", _("Ledger")),
}


@dataclass(frozen=True)
class WayBack:
    """One list; `at` is the position of the case, and `gone` counts those that left the list
    since.
    """

    back: str = ""
    at: int = 0
    gone: int = 0

    @classmethod
    def of(cls, request: HttpRequest) -> WayBack:
        given = request.GET
        at, gone = whole(given.get("at", "")), whole(given.get("gone", ""))
        back = given.get("back", "").replace("\x00", "")  # it is stored with an order
        return cls(back[:LONGEST], at or 0, gone or 0)

    @property
    def url(self) -> str:
        """Return the address of the list; the ledger where none is named."""
        if self.back in PLACES:
            return reverse(PLACES[self.back][0])
        query = QueryDict(self.back).urlencode()
        return reverse("desk:ledger") + (f"?{query}" if query else "")

    @property
    def label(self) -> str | Promise:
        return PLACES.get(self.back, PLACES[LEDGER])[1]

    @property
    def query(self) -> str:
        """Return what a link to a case must carry, with its question mark."""
        if not self.back:
            return ""
        at = f"&at={self.at}" if self.at else ""
        gone = f"&gone={self.gone}" if self.gone else ""
        return f"?back={quote_plus(self.back)}{at}{gone}"


@dataclass(frozen=True)
class Row:
    """A case of a list, and where its next step is."""

    number: str
    url: str


@dataclass(frozen=True)
class Next:
    """The next case of the list: the address, and its place among all of them."""

    url: str
    place: int
    of: int


def following(way: WayBack, number: str, rows: Sequence[Row]) -> Next | None:
    """Return what comes after this case, which may have left the list by an act."""
    stays = any(row.number == number for row in rows)
    at = way.at + 1 if _is_at(rows, way.at, number) else way.at
    gone = way.gone if stays else way.gone + 1
    if at >= len(rows):
        return None
    onward = replace(way, at=at, gone=gone)
    return Next(with_way(rows[at].url, onward), at + gone + 1, len(rows) + gone)


def _is_at(rows: Sequence[Row], at: int, number: str) -> bool:
    return at < len(rows) and rows[at].number == number


def with_way(url: str, way: WayBack) -> str:
    return url + way.query


def from_today(sections: Iterable[AgendaSection]) -> tuple[list[AgendaSection], list[Row]]:
    """Let the cases of Today lead back to it; return them in their order, too."""
    led: list[AgendaSection] = []
    rows: list[Row] = []
    for section in sections:
        items = []
        for item in section.items:
            if item.subject.startswith(CASE_SUBJECT):
                way = WayBack(TODAY, len(rows))
                if section.duty is Duty.OWN:
                    rows.append(Row(item.number, item.step_url or item.url))
                step = with_way(item.step_url, way) if item.step_url else ""
                item = replace(item, url=with_way(item.url, way), step_url=step)
            items.append(item)
        led.append(replace(section, items=items))
    return led, rows
