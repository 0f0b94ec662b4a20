"""The mediation as a kind of case: table, words, pages, and who is responsible for its clocks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.cases.kinds import Kind, Rules, Wording
from bihuan.cases.models import Case
from bihuan.core.mediation import COORDINATORS, MEDIATION, MEDIATORS, Move, Stage
from bihuan.desk.move_pages import names_when_done
from bihuan.desk.pages import Pages
from bihuan.mediations import moves, public, queries, wording
from bihuan.mediations.actions import applications
from bihuan.mediations.filing import FILING
from bihuan.mediations.plain import PLAIN
from bihuan.receipts import public_moves
from bihuan.receipts.sides import Headings, PublicSide


def context(case: Case, now: datetime) -> dict[str, Any]:
    """Return the positions of the parties and the current draft; nothing of what they said."""
    first = next(iter(queries.parties(case)), None)
    return {
        "mediation": first.mediation if first else case.mediation,
        "beside": first,
        "parties": list(_parties(case)),
        # Loaded by the sheet alone.
        "meetings": queries.sessions(case),
        "promised": list(queries.promised(text)) if (text := queries.beside(case, "text")) else [],
        "has_text": text is not None,
        "digest": wording.grouped(queries.beside(case, "digest") or ""),
    }


def _next_step(case: Case, now: datetime) -> str | None:
    """Return the meeting while none has been held: the draft follows it; nothing while an announced
    meeting has not begun.
    """
    if case.stage != Stage.MEDIATING or queries.beside(case, "has_met"):
        return None
    meets_at = queries.beside(case, "meets_at")
    if meets_at is None:
        return Move.MEET
    return Move.HOLD if meets_at <= now else ""


def _parties(case: Case) -> Iterator[dict[str, Any]]:
    for party in queries.parties(case):
        silent = party.consents is None and party.accepts_mediator is None
        yield {
            "row": party,
            "name": wording.party(party.slot),
            "may_invite": (
                case.stage == Stage.BROUGHT
                and silent
                and not applications.has_own_code(case, party)
            ),
        }


KIND = Kind(
    lifecycle=MEDIATION,
    series="TJ",
    order=4,
    wording=Wording(
        label=_("Mediation"),
        stages=wording.STAGES,
        reported=pgettext_lazy("happened", "Mediation requested"),
        origin=_("Received by"),
        reported_at=_("Application date"),
        explain=wording.explain,
        slots=wording.party,
        show_photos=_("Show the photos to all parties"),
        details=wording.DETAILS,
        told=wording.TOLD,
        happened={**wording.HAPPENED, **names_when_done(moves.MOVES)},
    ),
    categories=wording.CATEGORIES,
    look=queries.look,
    filing=FILING,
    # The fulfilment of obligations, which is later.
    rules=Rules(secondary=frozenset({queries.FOLLOW_UP})),
    answerable={
        "LOC-11": (COORDINATORS, "owner"),
        "LOC-12": (MEDIATORS, "owner"),
        "LOC-13": (COORDINATORS, "owner"),
        "LOC-14": (COORDINATORS, "owner"),
        "MED-3": (MEDIATORS, "owner"),
        # The parties owe it to each other; the unit is notified so that it can remind them.
        "MED-6": (MEDIATORS, "owner"),
    },
)
PAGES = Pages(
    MEDIATION.kind,
    moves=moves.MOVES,
    primary_moves=(Move.ASK, Move.BEGIN, Move.DRAFT, Move.CONCLUDE, Move.FINISH),
    secondary_moves=frozenset(
        {
            Move.SETTLE,
            Move.ADD_PARTY,
            Move.NAME_MEDIATOR,
            Move.MEET,
            Move.HOLD,
            Move.NOTE_PERFORMANCE,
        }
    ),
    next_step=_next_step,
    facts="mediations/facts.html",
    sheet="mediations/sheet.html",
    context=context,
)
SIDE = PublicSide(
    MEDIATION.kind,
    letters={**public_moves.LETTERS, **wording.LETTERS},
    receive=applications.bring,
    headings=Headings(
        _("Contact with the parties"),
        _("Identity of the parties"),
        _("The party sees that it was read."),
        names_whom=True,
    ),
    plain=PLAIN,
    next_steps=wording.next_steps,
    takes_documents=True,
    parties=public.PAGES,
)
