"""What a party does with its own code: consent, refuse, confirm, or end it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from bihuan.cases.actions.loop import MoveContext, begin_public, finish
from bihuan.cases.models import Case
from bihuan.clocks.actions import running
from bihuan.clocks.models import Clock
from bihuan.core import legible
from bihuan.core import mediation as rules
from bihuan.core.mediation import Move
from bihuan.core.refusal import Missing, NotAllowed, WrongStage
from bihuan.mediations import queries
from bihuan.mediations.actions.letters import tell_office, tell_parties
from bihuan.mediations.actions.proceedings import withdraw_text
from bihuan.mediations.models import Agreement, Confirmation, Party
from bihuan.receipts.models import Message


def _begin(case: Case, slot: str, move: Move, now: datetime) -> tuple[MoveContext, Party]:
    """Return the move in progress, and the locked row of the party that makes it."""
    act = begin_public(case=case, move=move, now=now)
    party = Party.objects.select_for_update().filter(mediation=act.case.pk, slot=slot).first()
    if party is None:
        raise NotAllowed
    act.detail["party"] = slot
    return act, party


def _finish(act: MoveContext) -> Case:
    tell_office(act)
    return finish(act)


# --------------------------------------------------------------------- consent
@transaction.atomic
def consent(*, case: Case, slot: str, now: datetime, agrees_to_open: bool = False) -> Case:
    """Consent to the mediation, for this party alone (MED-1)."""
    act, party = _begin(case, slot, Move.CONSENT, now)
    act.change(party, consents=True, consented_at=now, agrees_to_open=agrees_to_open)
    party.save(update_fields=["consents", "consented_at", "agrees_to_open"])
    return _finish(act)


@transaction.atomic
def decline(*, case: Case, slot: str, now: datetime) -> Case:
    """Decline the mediation: that ends it, without blame on anyone (MED-1)."""
    act, party = _begin(case, slot, Move.DECLINE, now)
    act.change(party, consents=False, consented_at=None)
    party.save(update_fields=["consents", "consented_at"])
    tell_parties(act, "declined", kind=Message.Kind.LETTER)
    return _finish(act)


# -------------------------------------------------------------------- mediator
@transaction.atomic
def accept_mediator(*, case: Case, slot: str, now: datetime) -> Case:
    """Accept the named mediator (MED-2)."""
    return _judge_mediator(case, slot, Move.ACCEPT_MEDIATOR, True, now)


@transaction.atomic
def refuse_mediator(*, case: Case, slot: str, now: datetime, words: str) -> Case:
    """Refuse the named mediator: nothing continues until another one is named (MED-2)."""
    return _judge_mediator(case, slot, Move.REFUSE_MEDIATOR, False, now, _said(words))


def _judge_mediator(
    case: Case, slot: str, move: Move, accepts: bool, now: datetime, words: str = ""
) -> Case:
    act, party = _begin(case, slot, move, now)
    if act.case.post_id is None:
        raise Missing("mediator")
    act.change(party, accepts_mediator=accepts)
    party.save(update_fields=["accepts_mediator"])
    if words:
        _say(act, slot, words)
    return _finish(act)


# ------------------------------------------------------------------------ time
@transaction.atomic
def go_on(*, case: Case, slot: str, now: datetime) -> Case:
    """Agree to another month; it is granted once every party agrees (MED-3)."""
    act, party = _begin(case, slot, Move.GO_ON, now)
    clock = queries.running(act.case, queries.USUAL_TIME)
    if not queries.is_asked_to_go_on(clock, now):
        # An old page, sent after the month was granted: it does not apply to the next month.
        raise WrongStage(Move.GO_ON, act.case.stage)
    act.change(party, goes_on=True)
    party.save(update_fields=["goes_on"])
    parties = Party.objects.filter(mediation=act.case.pk)
    if clock is not None and all(parties.values_list("goes_on", flat=True)):
        _prolong(clock, now)
        parties.update(goes_on=None)
        until = running.last_day(clock).in_text()
        act.detail["until"] = until
        tell_parties(act, "goes_on", kind=Message.Kind.NOTICE, until=until)
    return _finish(act)


def _prolong(clock: Clock, now: datetime) -> None:
    """Add a month, or more if the parties decide late."""
    while True:
        running.extend(clock, 1, now)
        if clock.due_at > now:
            return


# -------------------------------------------------------------------- the text
@transaction.atomic
def confirm(*, case: Case, slot: str, now: datetime, digest: str) -> Case:
    """Confirm exactly the text that was shown."""
    act, party = _begin(case, slot, Move.CONFIRM, now)
    text = Agreement.objects.select_for_update().get(mediation=act.case.pk, withdrawn_at=None)
    rules.require_this_text(digest, text.digest)
    Confirmation.objects.get_or_create(
        agreement=text, party=party, defaults={"digest": digest, "confirmed_at": now}
    )
    act.detail["digest"] = digest
    return _finish(act)


@transaction.atomic
def refuse_terms(*, case: Case, slot: str, now: datetime, words: str) -> Case:
    """Object to the text; it returns to the talks, and all confirmations are void."""
    text = _said(words)
    act, _ = _begin(case, slot, Move.REFUSE_TERMS, now)
    withdraw_text(act.case, now)
    _say(act, slot, text)
    tell_parties(act, "terms_refused", kind=Message.Kind.NOTICE)
    return _finish(act)


# --------------------------------------------------------------------- the end
@transaction.atomic
def end(*, case: Case, slot: str, now: datetime) -> Case:
    """End the mediation, at any time before the agreement and without a reason (MED-1)."""
    act, _ = _begin(case, slot, Move.END, now)
    withdraw_text(act.case, now)
    tell_parties(act, "ended", kind=Message.Kind.LETTER)
    return _finish(act)


def _said(words: str) -> str:
    if not legible.has_words(words):
        raise Missing("words")
    return legible.clean(words)


def _say(act: MoveContext, slot: str, words: str) -> None:
    """Send a party's message to the office; the journal stores its digest."""
    message = Message.objects.create(
        case=act.case, slot=slot, kind=Message.Kind.ADDITION, text=words, said_at=act.now
    )
    act.detail["message"] = message.pk
    act.after["words"] = words


# One function for each move of a party; `add` is on the page that all kinds share.
ACTS: dict[str, Callable[..., Case]] = {
    Move.CONSENT: consent,
    Move.DECLINE: decline,
    Move.ACCEPT_MEDIATOR: accept_mediator,
    Move.REFUSE_MEDIATOR: refuse_mediator,
    Move.GO_ON: go_on,
    Move.CONFIRM: confirm,
    Move.REFUSE_TERMS: refuse_terms,
    Move.END: end,
}
