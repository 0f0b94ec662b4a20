"""What the holder of a code may do: its rule, its form, and its effect."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bihuan.grievances.actions import registration, reviews
from bihuan.portal import amending
from bihuan.portal.forms import track as forms
from bihuan.portal.public_act import AnyPublicAct, Doing, PublicAct
from bihuan.portal.queries import track as queries
from bihuan.portal.queries.track import Holder
from bihuan.receipts import held, sides
from bihuan.receipts.accounts import IntakeResult
from bihuan.receipts.actions import public, seals
from bihuan.receipts.models import Seal, TrackingCode
from bihuan.receipts.party_moves import AnyPartyMove, Nothing, PartyRequest

Words = str | Promise
# The names of the moves of parties, where they are held.
OF_PARTY = "party-"


def _add(doing: Doing, data: forms.Addition) -> None:
    public.add(
        case=doing.holder.case,
        text=data.text,
        now=doing.now,
        form_key=doing.form_key,
        slot=doing.holder.slot,
        photos=doing.photos,
        is_shown=data.is_shown,
        question=doing.question,
    )


def _rate(doing: Doing, data: forms.Verdict) -> None:
    public.rate(
        case=doing.holder.case,
        now=doing.now,
        form_key=doing.form_key,
        solved=data.solved,
        stars=data.stars,
        text=data.text,
    )


def _ask_review(doing: Doing, data: forms.Why) -> None:
    reviews.ask_review(case=doing.holder.case, now=doing.now, note=data.note)


def _withdraw(doing: Doing, data: forms.Why) -> None:
    case = doing.holder.case
    sides.of(case.kind).withdraw(case=case, now=doing.now, note=data.note)


def _report_retaliation(doing: Doing, data: forms.Retaliation) -> IntakeResult:
    return registration.report_retaliation(
        case=doing.holder.case, form_key=doing.form_key, now=doing.now, text=data.text
    )


def _erase(doing: Doing, data: Nothing) -> None:
    for row in Seal.objects.filter(case=doing.holder.case, slot=doing.holder.slot, erased_at=None):
        seals.erase(row=row, now=doing.now)


ADD = PublicAct(
    name="add",
    moves=frozenset({"add"}),
    label=_("Add information"),
    form=forms.AddForm,
    party_form=forms.PartyAddForm,
    act=_add,
    done=_("Information added. The office has been notified."),
)
ANSWER = PublicAct(
    name="answer",
    moves=frozenset({"add"}),
    label=_("Answer the office"),
    form=forms.AnswerForm,
    act=_add,
    done=_("Your answer has been received."),
)
RATE = PublicAct(
    name="rate",
    moves=frozenset({"rate"}),
    label=_("Rate whether it is solved"),
    submit=_("Send the rating"),
    form=forms.RateForm,
    act=_rate,
    done=_("Thank you. Your rating has no negative effect on you."),
    consequences=(
        _(
            "If you answer “not solved”, a person other than the one who handled it must follow "
            "it up."
        ),
        _("You can rate again at any time. All ratings are kept, and the last one counts."),
    ),
    again=_("Rate again whether it is solved"),
    weakens=lambda data: data.solved,
)
RATE_ANSWER = PublicAct(
    name=RATE.name,
    moves=RATE.moves,
    label=_("Rate the answer"),
    submit=_("Send the rating"),
    form=forms.RateAnswerForm,
    act=_rate,
    done=RATE.done,
    consequences=(
        _("If you answer “no”, a person other than the one who answered must follow it up."),
        RATE.consequences[1],
    ),
    again=_("Rate the answer again"),
    weakens=RATE.weakens,
)
REVIEW = PublicAct(
    name="review",
    moves=frozenset({"ask_review", "ask_rereview"}),
    label=_("Ask for a review"),
    form=forms.ReviewForm,
    act=_ask_review,
    done=_("The next higher body is now reviewing it. See its time limit below."),
    consequences=(
        _("This is your right. It costs nothing and has no negative effect on anyone."),
        _("Another office, one level up, reviews it; the person who answered takes no part."),
        _("Late requests are marked as late and are still accepted."),
    ),
)
RETALIATION = PublicAct(
    name="retaliation",
    moves=frozenset({"report_retaliation"}),
    label=_("Report retaliation"),
    form=forms.RetaliationForm,
    act=_report_retaliation,
    done=_("Report received."),
    consequences=(
        _("No one may retaliate against you for reporting a problem."),
        _(
            "This becomes a separate urgent case at the office above. The office that handles "
            "your case now never sees it. You receive another code for it."
        ),
    ),
)
WITHDRAW = PublicAct(
    name="withdraw",
    moves=frozenset({"withdraw"}),
    label=_("Withdraw report"),
    form=forms.WithdrawForm,
    act=_withdraw,
    done=_("You have withdrawn the report."),
    consequences=(
        _("The office stops working on it and its time limits end. This cannot be undone."),
        _("No one may force you to withdraw. You can report it again at any time."),
    ),
    danger=True,
    weakens=lambda data: True,
)
ERASE = PublicAct(
    name="erase",
    moves=frozenset(),  # not a move of a lifecycle: it is about the seal
    label=_("Erase my name and contact now"),
    form=forms.ConfirmForm,
    act=_erase,
    done=_("Your name and contact are erased."),
    consequences=(
        _("After that no one here can find out who you are or contact you, not even by letter."),
        _("Your report continues as before, and your code stays valid."),
    ),
    danger=True,
    weakens=lambda data: True,
)
ACTS: dict[str, AnyPublicAct] = {
    each.name: each for each in (ADD, RATE, REVIEW, RETALIATION, WITHDRAW, ERASE)
}


def named(name: str) -> AnyPublicAct | None:
    """Return the act with that name, including acts about a single submitted item."""
    return ACTS.get(name) or amending.named(name)


def fitted(act: AnyPublicAct, kind: str) -> AnyPublicAct:
    """Return the act as this kind of case words it."""
    return RATE_ANSWER if act is RATE and sides.of(kind).plain.rates_answer else act


DONE: dict[str, Words] = {each.name: each.done for each in (*ACTS.values(), ANSWER)}
DONE["renew"] = _("Your new code is valid from now on. The one from the desk is no longer valid.")
DONE["renewed"] = _(
    "You already got a new code on another page. That code is valid, not the one on the page you "
    "just sent."
)
DONE["held"] = _(
    "Your request was recorded, but is not yet in effect: the code was printed at a desk, so a "
    "higher office first asks you whether you want it."
)


def done(name: str) -> Words | None:
    """Return the confirmation shown after the act."""
    act = amending.named(name) or sides.party_move(name)
    return act.done if act else DONE.get(name)


def open_now(
    who: Holder, now: datetime, *, is_sealed: bool, is_rated: bool = False
) -> list[AnyPublicAct]:
    """Return what the holder may do now, most useful first."""
    permitted = queries.moves(who, now)
    found = [
        each for each in ACTS.values() if each.moves & permitted or (each is ERASE and is_sealed)
    ]
    worded = [fitted(each, who.case.kind) for each in found]
    return [replace(each, label=each.again) if each.again and is_rated else each for each in worded]


# ------------------------------------------------------------------------- held
def register_held() -> None:
    """Register how acts by a code from a desk are carried out once confirmed."""
    for act in (RATE, WITHDRAW, ERASE):
        held.register(act.name, held.Holding(act.label, _carrying_out(act)))
    held.register_family(_holding_about)
    held.register_family(_holding_of_party)


def _holding_about(name: str) -> held.Holding | None:
    act = amending.named(name)
    return held.Holding(act.label, _carrying_out(act)) if act else None


def _holding_of_party(name: str) -> held.Holding | None:
    move = sides.party_move(name.removeprefix(OF_PARTY)) if name.startswith(OF_PARTY) else None
    if move is None or not move.is_binding:
        return None
    return held.Holding(move.label, _carrying_out_of_party(move))


def _carrying_out(act: AnyPublicAct) -> Callable[[TrackingCode, held.Said, datetime, str], object]:
    def carry_out(row: TrackingCode, said: held.Said, now: datetime, form_key: str) -> object:
        who = queries.holder(row.pk)
        assert who is not None, "a code has its case"
        return act.carry_out(Doing(who, now, form_key), said)

    return carry_out


def _carrying_out_of_party(
    move: AnyPartyMove,
) -> Callable[[TrackingCode, held.Said, datetime, str], object]:
    def carry_out(row: TrackingCode, said: held.Said, now: datetime, form_key: str) -> object:
        return move.carry_out(PartyRequest(case=row.case, slot=row.slot, now=now), said)

    return carry_out
