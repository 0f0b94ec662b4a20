"""What a party sees of the mediation with its own code, and what it may do there.

The portal renders `mediations/party.html` with `view(...)`, and makes the moves that were sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.cases.models import Case
from bihuan.clocks.actions import running
from bihuan.clocks.models import Clock
from bihuan.core import lifecycle
from bihuan.core import mediation as rules
from bihuan.core.deadlines import Due
from bihuan.core.lifecycle import Situation
from bihuan.core.mediation import MEDIATION, Move
from bihuan.core.refusal import NotAllowed
from bihuan.mediations import party_forms, queries, wording
from bihuan.mediations.actions import parties as acts
from bihuan.mediations.models import Agreement, Party, Performance, Session
from bihuan.orgs import choices
from bihuan.receipts.party_moves import (
    AnyPartyMove,
    Nothing,
    Offer,
    PartyMove,
    PartyPages,
    PartyRequest,
)
from bihuan.web.forms import DataForm


class PlainAction(Protocol):
    """An action that takes no more than its `PartyRequest`."""

    def __call__(self, *, case: Case, slot: str, now: datetime) -> Case: ...


def _plain(action: PlainAction) -> Callable[[PartyRequest, Nothing], Case]:
    """Adapt an action to a form without values."""
    return lambda request, data: action(**request)


MOVES: dict[str, AnyPartyMove] = {
    row.move: row
    for row in (
        PartyMove(
            move=Move.CONSENT,
            label=pgettext_lazy("party", "I agree to the mediation"),
            form=party_forms.ConsentForm,
            act=lambda request, data: acts.consent(**request, agrees_to_open=data.agrees_to_open),
            done=_("You agreed to the mediation."),
            what=_(
                "Mediation is free. You may end it at any time, and all other options stay open."
            ),
            is_binding=True,
        ),
        PartyMove(
            move=Move.ACCEPT_MEDIATOR,
            label=pgettext_lazy("party", "I accept this mediator"),
            form=party_forms.PlainForm,
            act=_plain(acts.accept_mediator),
            done=_("You accepted the mediator."),
            is_binding=True,
        ),
        PartyMove(
            move=Move.REFUSE_MEDIATOR,
            label=pgettext_lazy("party", "I do not want this mediator"),
            form=party_forms.WordsForm,
            act=lambda request, data: acts.refuse_mediator(**request, words=data.words),
            done=_("You refused the mediator. Another person will be named."),
            what=_(
                "The mediation pauses until another mediator is named. The other parties do not "
                "see your reason."
            ),
        ),
        PartyMove(
            move=Move.CONFIRM,
            label=pgettext_lazy("party", "I confirm this text"),
            form=party_forms.ConfirmForm,
            act=lambda request, data: acts.confirm(**request, digest=data.digest),
            done=_("You confirmed the text."),
            what=_("The agreement binds you once every party has confirmed this exact text."),
            is_binding=True,
            is_about_text=True,
        ),
        PartyMove(
            move=Move.REFUSE_TERMS,
            label=pgettext_lazy("party", "I do not agree to this text"),
            form=party_forms.WordsForm,
            act=lambda request, data: acts.refuse_terms(**request, words=data.words),
            done=_("You did not accept the text. The mediation continues."),
            what=_(
                "The mediation continues, and all earlier confirmations are void. Only the "
                "mediating unit reads your reason."
            ),
            is_about_text=True,
        ),
        PartyMove(
            move=Move.GO_ON,
            label=pgettext_lazy("party", "Continue for another month"),
            form=party_forms.PlainForm,
            act=_plain(acts.go_on),
            done=_("You agreed to continue. The mediation continues once every party agrees."),
            what=_("The usual month ends. The mediation continues only if every party agrees."),
            is_binding=True,
        ),
        PartyMove(
            move=Move.DECLINE,
            label=pgettext_lazy("party", "I do not want a mediation"),
            form=party_forms.SureForm,
            act=_plain(acts.decline),
            done=_("You declined the mediation. It does not take place."),
            what=_("You need no reason, and no one is disadvantaged. All other options stay open."),
            danger=True,
            is_binding=True,
        ),
        PartyMove(
            move=Move.END,
            label=pgettext_lazy("party", "End the mediation"),
            form=party_forms.SureForm,
            act=_plain(acts.end),
            done=_("You ended the mediation."),
            what=_("You need no reason, and no one is disadvantaged. All other options stay open."),
            danger=True,
            is_binding=True,
        ),
    )
}


@dataclass(frozen=True)
class Stand:
    """The position of one party, as every party may see it."""

    name: str
    is_me: bool
    row: Party


@dataclass(frozen=True)
class Text:
    """The exact current draft, and the state of its obligations."""

    row: Agreement
    words: str
    promised: list[Performance]


@dataclass(frozen=True)
class MediationView:
    """The mediation as one party sees it."""

    me: str
    stands: list[Stand]
    mediator: str
    usual_until: Due | None
    court_until: Due | None
    sessions: list[Session]
    is_open: bool
    text: Text | None
    offers: list[Offer]

    @property
    def words(self) -> str:
        return self.text.words if self.text else ""


def view(
    *,
    case: Case,
    slot: str,
    now: datetime,
    tried: Mapping[str, DataForm[object]] | None = None,
) -> MediationView:
    """Return everything for the party's page; `tried` are forms that were sent and refused."""
    parties = queries.parties(case)
    me = _me(parties, slot)
    rows = {row.rule_id: row for row in case.clocks.filter(stopped_at=None)}
    text = _text(case)
    moves = list(_moves(case, me, text, rows.get(queries.USUAL_TIME), now))
    # A form that was sent and is no longer possible stays on the page with its content and the
    # reason.
    moves += [move for move in tried or () if move not in moves]
    return MediationView(
        me=wording.party(slot),
        stands=[Stand(wording.party(p.slot), p.slot == slot, p) for p in parties],
        mediator=_mediator(case, now),
        usual_until=_day(rows.get(queries.USUAL_TIME)),
        court_until=_day(rows.get(queries.COURT)),
        sessions=list(queries.sessions(case)),
        is_open=me.mediation.is_open,
        text=text,
        offers=[Offer(MOVES[m], (tried or {}).get(m) or _blank(m, text)) for m in moves],
    )


def _blank(move: str, text: Text | None) -> DataForm[object]:
    return MOVES[move].fill_in(initial={"digest": text.row.digest} if text else {}).form


def _me(parties: list[Party], slot: str) -> Party:
    me = next((party for party in parties if party.slot == slot), None)
    if me is None:
        raise NotAllowed
    return me


# ------------------------------------------------------------------------ moves
def _moves(
    case: Case, me: Party, text: Text | None, usual: Clock | None, now: datetime
) -> Iterator[str]:
    """Return the public moves of this stage that this party can still make."""
    # These moves only need the stage and the facts of a situation.
    seen = Situation(case.stage, owner="", origin="", facts=queries.look(case).facts)
    stance = queries.stance(me)
    named = case.post_id is not None
    means = {
        Move.CONSENT: me.consents is not True,
        Move.ACCEPT_MEDIATOR: named and me.accepts_mediator is not True,
        Move.REFUSE_MEDIATOR: named and me.accepts_mediator is not False,
        Move.CONFIRM: text is not None and stance.confirmed != text.row.digest,
        Move.GO_ON: queries.is_asked_to_go_on(usual, now) and not me.goes_on,
    }
    permitted = lifecycle.open_to_public(MEDIATION, seen)
    for move in MOVES:
        if means.get(Move(move), True) and move in permitted:
            yield move


# ------------------------------------------------------------------------ facts
def _text(case: Case) -> Text | None:
    row = queries.on_table(case) if queries.beside(case, "text") else None
    if row is None:
        return None
    promised = list(queries.promised(row))
    words = rules.text_of(row.terms, [(item.due_date, item.what) for item in promised])
    return Text(row, words, promised)


def _mediator(case: Case, now: datetime) -> str:
    """Return unit, post and name: parties who may refuse the mediator must know who it is
    (MED-2).
    """
    held = queries.mediating(case, now)
    if held is None:
        return ""
    unit, post = choices.name_of(held.post.unit), choices.title_of(held.post)
    return f"{unit} · {post} · {held.member.name}"


def _day(clock: Clock | None) -> Due | None:
    return running.last_day(clock) if clock else None


PAGES = PartyPages("mediations/party.html", MOVES, view, details=frozenset({"slot", "party"}))
