"""What an officer did last, said on the page to which the act led back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext as _

from bihuan.cases.models import Case
from bihuan.desk import way_back
from bihuan.desk.move_pages import AnyMovePage
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


def note(request: SignedInRequest, case: Case, move: str, said: str, way: WayBack) -> None:
    """Keep it for the next page that shows it, once."""
    act = AfterAct(case.number, move, said, way.at, way.gone)
    request.session[KEY] = {name: value for name, value in asdict(act).items() if name != "next"}


def result(case: Case, page: AnyMovePage, now: datetime) -> str:
    """Return what the act did, and when the case is due next."""
    said = page.result(case, now) if page.result else str(page.done)
    if case.ended_at or case.due is None:
        return said
    return _("%(done)s · due %(day)s") % {"done": said, "day": day(case.due)}


def take(request: HttpRequest, back: str = "", rows: Sequence[Row] = ()) -> AfterAct | None:
    """Return the act, with what comes next in the list that the page shows."""
    kept = request.session.pop(KEY, None)
    if kept is None:
        return None
    way = WayBack(back, kept["at"], kept["gone"])
    return AfterAct(**kept, next=way_back.following(way, kept["number"], rows))
