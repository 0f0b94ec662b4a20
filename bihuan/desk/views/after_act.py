"""What an officer did last, said on the page to which the act led back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext as _

from bihuan.cases.models import Case
from bihuan.cases.wording import rule_name
from bihuan.desk import undo_offers, way_back
from bihuan.desk.move_pages import AnyMovePage
from bihuan.desk.undo_offers import UndoOffer
from bihuan.desk.way_back import Next, Row, WayBack
from bihuan.orgs.http import SignedInRequest
from bihuan.web.templatetags.bihuan import day

KEY = "after_act"


@dataclass(frozen=True)
class AfterAct:
    """One act on one case: its number, the move, and the result in words."""

    number: str
    move: str
    said: str
    at: int = 0
    gone: int = 0
    next: Next | None = None
    undo: UndoOffer | None = None


def note(
    request: SignedInRequest, case: Case, move: str, said: str, way: WayBack, now: datetime
) -> None:
    """Keep it for the next page that shows it, once."""
    undo = undo_offers.offer(case, request.user, now)
    request.session[KEY] = {
        "number": case.number,
        "move": move,
        "said": said,
        "at": way.at,
        "gone": way.gone,
        "undo": undo and (undo.url, undo.until_at.isoformat()),
    }


def result(case: Case, page: AnyMovePage, now: datetime) -> str:
    """Return what the act did, and when the case is due next."""
    said = page.result(case, now) if page.result else str(page.done)
    if case.ended_at or case.due is None:
        return said
    clocks = case.clocks.filter(stopped_at=None, due_at__isnull=False)
    clock = clocks.order_by("due_at", "pk").first()
    told = {"done": said, "day": day(case.due), "what": rule_name(clock.rule_id) if clock else ""}
    return (_("%(done)s · %(what)s: by %(day)s") if clock else _("%(done)s · due %(day)s")) % told


def take(request: HttpRequest, back: str = "", rows: Iterable[Row] = ()) -> AfterAct | None:
    """Return the act, with what comes next in the list that the page shows."""
    kept = request.session.pop(KEY, None)
    if kept is None:
        return None
    way = WayBack(back, kept["at"], kept["gone"])
    undo = kept.pop("undo", None)
    return AfterAct(
        **kept,
        next=way_back.following(way, kept["number"], list(rows)),
        undo=UndoOffer(undo[0], "", datetime.fromisoformat(undo[1]), back) if undo else None,
    )
