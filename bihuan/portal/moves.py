"""What the holder of a code may do: its rule, its form, and its effect."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bihuan.core.mediation import MEDIATION, Move
from bihuan.core.suggestion import SUGGESTION
from bihuan.grievances.actions import registration, reviews, suggestion
from bihuan.mediations import public as mediations
from bihuan.portal import amending
from bihuan.portal.forms import track as forms
from bihuan.portal.public_act import Doing, PublicAct
from bihuan.portal.queries import track as queries
from bihuan.portal.queries.track import Holder
from bihuan.receipts import held
from bihuan.receipts.accounts import IntakeResult
from bihuan.receipts.actions import public, seals
from bihuan.receipts.models import Seal, TrackingCode

Words = str | Promise


def _add(doing: Doing) -> None:
    public.add(
        case=doing.holder.case,
        text=doing.said["text"],
        now=doing.now,
        form_key=doing.form_key,
        slot=doing.holder.slot,
        photos=doing.photos,
        is_shown=bool(doing.said.get("is_shown")),
        question=doing.question,
    )


def form_of(act: PublicAct, who: Holder) -> type[forms.ActForm]:
    """Return the form; a party of a mediation also chooses whether the other side sees its
    photos.
    """
    if act.form is forms.AddForm and who.case.kind == MEDIATION.kind:
        return forms.PartyAddForm
    return act.form


def _rate(doing: Doing) -> None:
    public.rate(case=doing.holder.case, now=doing.now, form_key=doing.form_key, **doing.said)


def _ask_review(doing: Doing) -> None:
    reviews.ask_review(case=doing.holder.case, now=doing.now, **doing.said)


def _withdraw(doing: Doing) -> None:
    case = doing.holder.case
    withdraw = suggestion.withdraw if case.kind == SUGGESTION.kind else registration.withdraw
    withdraw(case=case, now=doing.now, **doing.said)


def _report_retaliation(doing: Doing) -> IntakeResult:
    return registration.report_retaliation(
        case=doing.holder.case, form_key=doing.form_key, now=doing.now, **doing.said
    )


def _erase(doing: Doing) -> None:
    for row in Seal.objects.filter(case=doing.holder.case, slot=doing.holder.slot, erased_at=None):
        seals.erase(row=row, now=doing.now)


ADD = PublicAct(
    "add",
    frozenset({"add"}),
    _("Add information"),
    forms.AddForm,
    _add,
    _("Information added. The office has been notified."),
)
ANSWER = PublicAct(
    "answer",
    frozenset({"add"}),
    _("Answer the office"),
    forms.AnswerForm,
    _add,
    _("Your answer has been received."),
)
RATE = PublicAct(
    "rate",
    frozenset({"rate"}),
    _("Rate whether it is solved"),
    forms.RateForm,
    _rate,
    _("Thank you. Your rating has no negative effect on you."),
    consequences=(
        _(
            "If you answer “not solved”, a person other than the one who handled it must follow "
            "it up."
        ),
        _("You can rate again at any time. All ratings are kept, and the last one counts."),
    ),
    again=_("Rate again whether it is solved"),
    weakens=lambda said: bool(said.get("solved")),
)
REVIEW = PublicAct(
    "review",
    frozenset({"ask_review", "ask_rereview"}),
    _("Ask for a review"),
    forms.ReviewForm,
    _ask_review,
    _("The next higher body is now reviewing it. See its time limit below."),
    consequences=(
        _("This is your right. It costs nothing and has no negative effect on anyone."),
        _("Another office, one level up, reviews it; the person who answered takes no part."),
        _("Late requests are marked as late and are still accepted."),
    ),
)
RETALIATION = PublicAct(
    "retaliation",
    frozenset({"report_retaliation"}),
    _("Report retaliation"),
    forms.RetaliationForm,
    _report_retaliation,
    _("Report received."),
    consequences=(
        _("No one may retaliate against you for reporting a problem."),
        _(
            "This becomes a separate urgent case at the office above. The office that handles "
            "your case now never sees it. You receive another code for it."
        ),
    ),
)
WITHDRAW = PublicAct(
    "withdraw",
    frozenset({"withdraw"}),
    _("Withdraw report"),
    forms.WithdrawForm,
    _withdraw,
    _("You have withdrawn the report."),
    consequences=(
        _("The office stops working on it and its time limits end. This cannot be undone."),
        _("No one may force you to withdraw. You can report it again at any time."),
    ),
    danger=True,
    weakens=lambda said: True,
)
ERASE = PublicAct(
    "erase",
    frozenset(),  # not a move of a lifecycle: it is about the seal
    _("Erase my name and contact now"),
    forms.ConfirmForm,
    _erase,
    _("Your name and contact are erased."),
    consequences=(
        _("After that no one here can find out who you are or contact you, not even by letter."),
        _("Your report continues as before, and your code stays valid."),
    ),
    danger=True,
    weakens=lambda said: True,
)
ACTS = {each.name: each for each in (ADD, RATE, REVIEW, RETALIATION, WITHDRAW, ERASE)}


def named(name: str) -> PublicAct | None:
    """Return the act with that name, including acts about a single submitted item."""
    return ACTS.get(name) or amending.named(name)


DONE: dict[str, Words] = {each.name: each.done for each in (*ACTS.values(), ANSWER)}
DONE |= {move: page.done for move, page in mediations.MOVES.items()}
DONE["renew"] = _("Your new code is valid from now on. The one from the desk is no longer valid.")
DONE["renewed"] = _(
    "You already got a new code on another page. That code is valid, not the one on the page you "
    "just sent."
)
DONE["held"] = _(
    "Your request was recorded, but is not yet in effect: the code was printed at a desk, so a "
    "higher office first asks you whether you want it."
)
# Consents and endings; refusals and messages take effect at once.
BINDING = frozenset(
    {
        Move.CONSENT, Move.ACCEPT_MEDIATOR, Move.CONFIRM, Move.GO_ON, Move.DECLINE, Move.END,
    }
)  # fmt: skip


def done(name: str) -> Words | None:
    """Return the confirmation shown after the act."""
    about = amending.named(name)
    return about.done if about else DONE.get(name)


def open_now(who: Holder, *, is_sealed: bool, is_rated: bool = False) -> list[PublicAct]:
    """Return what the holder may do now, most useful first."""
    permitted = queries.moves(who)
    found = [
        each for each in ACTS.values() if each.moves & permitted or (each is ERASE and is_sealed)
    ]
    return [
        replace(each, label=each.again) if each is RATE and is_rated else each for each in found
    ]


# ------------------------------------------------------------------------- held
def register_held() -> None:
    """Register how acts by a code from a desk are carried out once confirmed."""
    for act in (RATE, WITHDRAW, ERASE):
        held.register(act.name, held.Holding(act.label, _carrying_out(act)))
    held.register_family(_holding_about)
    for move in sorted(BINDING):
        page = mediations.MOVES[move]
        held.register(f"party-{move}", held.Holding(page.label, _carrying_out_of_party(move)))


def _holding_about(name: str) -> held.Holding | None:
    act = amending.named(name)
    return held.Holding(act.label, _carrying_out(act)) if act else None


def _carrying_out(act: PublicAct) -> Callable[[TrackingCode, held.Said, datetime, str], object]:
    def carry_out(row: TrackingCode, said: held.Said, now: datetime, form_key: str) -> object:
        who = queries.holder(row.pk)
        assert who is not None, "a code has its case"
        return act.do(Doing(who, now, form_key, said))

    return carry_out


def _carrying_out_of_party(
    move: str,
) -> Callable[[TrackingCode, held.Said, datetime, str], object]:
    def carry_out(row: TrackingCode, said: held.Said, now: datetime, form_key: str) -> object:
        return mediations.MOVES[move].act(case=row.case, slot=row.slot, now=now, **said)

    return carry_out
