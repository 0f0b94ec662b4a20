"""The public's side of a case on its page: requests, messages, and seals."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bihuan.cases import kind_wording, queries
from bihuan.cases.models import Case
from bihuan.desk.panels import Panel, Spot
from bihuan.orgs.models import User
from bihuan.receipts import dialogue, held, sides
from bihuan.receipts.actions import desk_codes
from bihuan.receipts.models import HeldAct
from bihuan.receipts.queries import amendments
from bihuan.receipts.wording import amending


def _asked(case: Case, user: User, now: datetime) -> Mapping[str, Any]:
    """Return what waits to be confirmed or decided, and what was erased."""
    return {"held": _held(case, user, now), **_amendments(case, user, now)}


def _held(case: Case, user: User, now: datetime) -> list[tuple[HeldAct, held.Words, str, bool]]:
    """Return the held acts, whose they are, and whether this officer may confirm them."""
    if not queries.has(case, "held"):
        return []
    return [
        (
            each,
            held.label(each.act),
            kind_wording.whose(case, each.code.slot),
            desk_codes.may_decide(each, case, user, now),
        )
        for each in desk_codes.waiting(case)
    ]


def _amendments(case: Case, user: User, now: datetime) -> dict[str, Any]:
    """Return the reporter's requests to correct or erase, whether this officer may decide them,
    and what was erased.
    """
    rows = amendments.on(case)
    requests = [
        (each, amending.thing_words(each.thing),
         amendments.may_decide(each, case, user, now))
        for each in rows if each.is_open
    ]  # fmt: skip
    return {
        "amendments": requests,
        "may_decide_amendment": any(may_decide for *_row, may_decide in requests),
        "erased": [(each, amending.thing_words(each.thing)) for each in rows if each.is_erasure],
    }


def _said(case: Case, user: User, now: datetime) -> Mapping[str, Any]:
    """Return the seals of the case, and the dialogue with the holders of codes."""
    return {
        "seals": dialogue.sealed(case, user, now),
        "dialogue": dialogue.dialogue(case, user, now),
        "side": sides.of(case.kind).headings,
        "is_from_public": case.channel in queries.FROM_PUBLIC,
    }


PANELS = (
    Panel(
        {Spot.WARNINGS: "receipts/requests.html", Spot.BELOW_PHOTOS: "receipts/erased.html"},
        _asked,
    ),
    Panel({Spot.END: "receipts/dialogue.html", Spot.ASIDE: "receipts/who.html"}, _said),
)
