"""What a party sees of the mediation with its own code, and what it may do there.

The portal renders `mediations/party.html` with `view(...)`, and passes what was sent to `make`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise as Lazy
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
from bihuan.core.refusal import NotAllowed, Refusal
from bihuan.mediations import party_forms, queries, wording
from bihuan.mediations.actions import parties as acts
from bihuan.mediations.models import Agreement, Party, Performance, Session
from bihuan.mediations.party_forms import PartyForm
from bihuan.orgs import choices

Words = str | Lazy


@dataclass(frozen=True)
class PartyMove:
    """One move of a party on its page."""

    move: str
    label: Words
    form: type[PartyForm]
    act: Callable[..., Case]
    done: Words
    what: Words = ""
    danger: bool = False


MOVES: dict[str, PartyMove] = {
    row.move: row
    for row in (
        PartyMove(
            Move.CONSENT,
            pgettext_lazy("party", "I agree to the mediation"),
            party_forms.ConsentForm,
            acts.consent,
            _("You agreed to the mediation."),
            _("Mediation is free. You may end it at any time, and all other options stay open."),
        ),
        PartyMove(
            Move.ACCEPT_MEDIATOR,
            pgettext_lazy("party", "I accept this mediator"),
            PartyForm,
            acts.accept_mediator,
            _("You accepted the mediator."),
        ),
        PartyMove(
            Move.REFUSE_MEDIATOR,
            pgettext_lazy("party", "I do not want this mediator"),
            party_forms.WordsForm,
            acts.refuse_mediator,
            _("You refused the mediator. Another person will be named."),
            _(
                "The mediation pauses until another mediator is named. The other parties do not "
                "see your reason."
            ),
        ),
        PartyMove(
            Move.CONFIRM,
            pgettext_lazy("party", "I confirm this text"),
            party_forms.ConfirmForm,
            acts.confirm,
            _("You confirmed the text."),
            _("The agreement binds you once every party has confirmed this exact text."),
        ),
        PartyMove(
            Move.REFUSE_TERMS,
            pgettext_lazy("party", "I do not agree to this text"),
            party_forms.WordsForm,
            acts.refuse_terms,
            _("You did not accept the text. The mediation continues."),
            _(
                "The mediation continues, and all earlier confirmations are void. Only the "
                "mediating unit reads your reason."
            ),
        ),
        PartyMove(
            Move.GO_ON,
            pgettext_lazy("party", "Continue for another month"),
            PartyForm,
            acts.go_on,
            _("You agreed to continue. The mediation continues once every party agrees."),
            _("The usual month ends. The mediation continues only if every party agrees."),
        ),
        PartyMove(
            Move.DECLINE,
            pgettext_lazy("party", "I do not want a mediation"),
            party_forms.SureForm,
            acts.decline,
            _("You declined the mediation. It does not take place."),
            _("You need no reason, and no one is disadvantaged. All other options stay open."),
            danger=True,
        ),
        PartyMove(
            Move.END,
            pgettext_lazy("party", "End the mediation"),
            party_forms.SureForm,
            acts.end,
            _("You ended the mediation."),
            _("You need no reason, and no one is disadvantaged. All other options stay open."),
            danger=True,
        ),
    )
}


@dataclass(frozen=True)
class Offer:
    """A move that the party may make now, with its form."""

    page: PartyMove
    form: PartyForm


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
class PartyView:
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


def view(
    *, case: Case, slot: str, now: datetime, tried: Mapping[str, PartyForm] | None = None
) -> PartyView:
    """Return everything for the party's page; `tried` are forms that were sent and refused."""
    parties = queries.parties(case)
    me = _me(parties, slot)
    rows = {row.rule_id: row for row in case.clocks.filter(stopped_at=None)}
    text = _text(case)
    moves = list(_moves(case, me, text, rows.get(queries.USUAL_TIME), now))
    # A form that was sent and is no longer possible stays on the page with its content and the
    # reason.
    moves += [move for move in tried or () if move not in moves]
    return PartyView(
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


def bound(*, move: str, data: Mapping[str, Any]) -> PartyForm:
    """Return the bound form of a move; raise `KeyError` for a move that parties do not have."""
    return MOVES[move].form(data, prefix=move)


def typed(*, move: str, words: str) -> PartyForm:
    """Return the form of a move with content that was typed before and not sent yet."""
    return MOVES[move].form(prefix=move, initial={"words": words})


def make(*, case: Case, slot: str, move: str, form: PartyForm, now: datetime) -> Case:
    """Make the move of a party with its valid form; `wording` explains a `Refusal`."""
    return MOVES[move].act(case=case, slot=slot, now=now, **form.arguments())


def _blank(move: str, text: Text | None) -> PartyForm:
    initial = {"digest": text.row.digest} if text else {}
    return MOVES[move].form(prefix=move, initial=initial)


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
    for move in MOVES:
        if means.get(Move(move), True) and _may(move, seen):
            yield move


def _may(move: str, seen: Situation) -> bool:
    try:
        lifecycle.require_public(MEDIATION, move, seen)
    except Refusal:
        return False
    return True


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
