"""Texts for mediations: stages, parties, letters, and refusals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from bihuan import formats
from bihuan.cases import wording as case_words
from bihuan.cases.models import REPORTER, Case
from bihuan.core.lifecycle import Fact, FactForbids, FactMissing
from bihuan.core.mediation import (
    MediationFact,
    Move,
    NotOpenToAll,
    Stage,
    TextChanged,
    TooManyParties,
)
from bihuan.core.refusal import Missing, Refusal
from bihuan.mediations.actions.applications import AlreadyAnswered, AlreadyInvited
from bihuan.mediations.actions.performance import PromiseOutcome
from bihuan.mediations.actions.proceedings import (
    MeetingKnown,
    MeetingPast,
    NotEffectiveYet,
    NotYetHeld,
    PromisePast,
)
from bihuan.mediations.queries import number_of
from bihuan.notices.models import Notice

Words = str | Promise

STAGES: dict[str, Words] = {
    Stage.NOTICED: pgettext_lazy("stage", "Noticed"),
    Stage.BROUGHT: pgettext_lazy("stage", "Awaiting consent"),
    Stage.MEDIATING: pgettext_lazy("stage", "In mediation"),
    Stage.DRAFTED: pgettext_lazy("stage", "Awaiting confirmation of the draft"),
    Stage.AGREED: pgettext_lazy("stage", "Agreed"),
    Stage.PERFORMED: pgettext_lazy("stage", "Followed up and closed"),
    Stage.DECLINED: pgettext_lazy("stage", "Mediation declined"),
    Stage.NO_AGREEMENT: pgettext_lazy("stage", "Ended without agreement"),
    Stage.SETTLED: pgettext_lazy("stage", "Settled"),
}
OUTCOMES: dict[str, Words] = {
    PromiseOutcome.KEPT: pgettext_lazy("promise", "Fulfilled"),
    PromiseOutcome.LATER: pgettext_lazy("promise", "Not yet: follow up again"),
    PromiseOutcome.BROKEN: pgettext_lazy("promise", "Not fulfilled"),
}
# The Chinese name, which a case stores, with the English one.
CATEGORIES = (
    ("邻里纠纷", "Between neighbours"),
    ("婚姻家庭纠纷", "Marriage and family"),
    ("房屋宅基地纠纷", "Houses and building plots"),
    ("山林土地纠纷", "Land, forest and water"),
    ("借贷及合同纠纷", "Loans and contracts"),
    ("损害赔偿纠纷", "Damage and compensation"),
    ("劳动争议", "Work and wages"),
    ("物业纠纷", "Property management"),
    ("消费纠纷", "Consumers and traders"),
    ("其他纠纷", "Other disputes"),
)


def party(slot: str) -> str:
    """Return what a party is called everywhere: never its name."""
    named = case_words.slot_words(f"party-{number_of(slot)}")
    return _("%(party)s (applicant)") % {"party": named} if slot == REPORTER else named


def grouped(digest: str) -> str:
    """Format a hash in groups of eight, which can be compared by eye and fit on any screen."""
    return " ".join(digest[n : n + 8] for n in range(0, len(digest), 8))


# ------------------------------------------------------------------------- why
_FACTS: dict[Fact, Words] = {
    MediationFact.ALL_CONSENT: gettext_lazy(
        "First every party must agree to the mediation with its own code."
    ),
    MediationFact.MEDIATED: gettext_lazy("First name a mediator whom no party refuses."),
    MediationFact.PROLONGED: gettext_lazy(
        "The usual month has ended. To continue, every party must agree with its own code."
    ),
    MediationFact.CONFIRMED_BY_ALL: gettext_lazy(
        "First every party must confirm this exact text with its own code."
    ),
    MediationFact.PROMISES_OPEN: gettext_lazy(
        "Some obligations are still open. Record for each one whether it was fulfilled."
    ),
}
_REQUIRED: dict[str, Words] = {
    "party": gettext_lazy("the party"),
    "mediator": gettext_lazy("a mediator"),
    "session": gettext_lazy("the meeting"),
    "record": gettext_lazy("the record"),
    "terms": gettext_lazy("the terms"),
    "performance": gettext_lazy("the obligation and its due date"),
    "again_date": gettext_lazy("the date of the next follow-up, today or later"),
    "words": gettext_lazy("your statement"),
}
_SENTENCES: dict[type[Refusal], Callable[[], str]] = {
    TextChanged: lambda: _(
        "The text has changed since you saw it. Read the new text before you confirm."
    ),
    NotOpenToAll: lambda: _("Meetings may be open to the public only if every party agrees."),
    AlreadyInvited: lambda: _(
        "The invitation has already been printed. If it was lost, tick the box: a new one makes "
        "it void."
    ),
    AlreadyAnswered: lambda: _("This party has used its code, so no other code can be issued."),
    MeetingPast: lambda: _("The meeting must be in the future."),
    MeetingKnown: lambda: _(
        "This meeting is announced already: every party was informed of its time and place."
    ),
    NotYetHeld: lambda: _("This meeting has not taken place yet."),
    PromisePast: lambda: _("The due date must be today or later."),
    NotEffectiveYet: lambda: _(
        "The effective date must be between the day of the request for mediation and today."
    ),
}


def explain(refusal: Refusal) -> str:
    """Explain a refusal in a sentence for the reader."""
    match refusal:
        case FactMissing(fact=fact) | FactForbids(fact=fact) if fact in _FACTS:
            return str(_FACTS[fact])
        case Missing(what=what) if set(what) & set(_REQUIRED):
            named = [str(_REQUIRED.get(each, each)) for each in what]
            return _("Still missing: %(what)s.") % {"what": formats.clauses(named)}
        case TooManyParties(most=most):
            return _("A mediation has at most %(most)d parties.") % {"most": most}
    sentence = _SENTENCES.get(type(refusal))
    return sentence() if sentence else case_words.explain(refusal)


# The texts of notices of a move, by "move.group".
TOLD: dict[str, Words] = {
    "bring.next": gettext_lazy("A new application for mediation: name a mediator."),
    "notice.next": gettext_lazy("%(unit)s recorded a dispute that was noticed."),
    "ask.next": gettext_lazy("A person involved asks for a mediation: name a mediator."),
    "ask.author": gettext_lazy("A dispute that you recorded became a mediation."),
    "name_mediator.post": gettext_lazy("Your post was named as mediator."),
    "name_mediator.left": gettext_lazy("Another post was named as mediator."),
    "settle.author": gettext_lazy("A dispute that you recorded was settled."),
    "alert.post": gettext_lazy("%(unit)s reported a danger to the police."),
    "alert.office": gettext_lazy("%(unit)s reported a danger to the police."),
}
# -------------------------------------------------------------------- timeline
HAPPENED: dict[str, Words] = {
    Move.NOTICE: pgettext_lazy("happened", "Dispute noticed"),
    Move.INVITE: pgettext_lazy("happened", "Invitation printed"),
    Move.CONSENT: pgettext_lazy("happened", "Agreed to the mediation"),
    Move.DECLINE: pgettext_lazy("happened", "Declined the mediation"),
    Move.ACCEPT_MEDIATOR: pgettext_lazy("happened", "Accepted the mediator"),
    Move.REFUSE_MEDIATOR: pgettext_lazy("happened", "Refused the mediator"),
    Move.GO_ON: pgettext_lazy("happened", "Agreed to continue for another month"),
    Move.CONFIRM: pgettext_lazy("happened", "Confirmed the text"),
    Move.REFUSE_TERMS: pgettext_lazy("happened", "Did not accept the text"),
    Move.END: pgettext_lazy("happened", "Ended the mediation"),
    Move.ADD: pgettext_lazy("happened", "Added information"),
    "remind": pgettext_lazy("happened", "Parties reminded"),
}
DETAILS: dict[str, tuple[Words, Callable[[Any], str]]] = {
    "party": (gettext_lazy("Party"), party),
    "slot": (gettext_lazy("Party"), party),
    "meeting": (gettext_lazy("Meeting"), case_words.moment_of),
    "digest": (gettext_lazy("Hash of the text"), lambda digest: f"{digest[:16]}…"),
    "effective": (gettext_lazy("In force since"), case_words.day_of),
    "outcome": (gettext_lazy("Fulfilment"), lambda outcome: str(OUTCOMES.get(outcome, outcome))),
}


# --------------------------------------------------------------------- letters MED-4: the remaining
# routes. One text, because every ending without agreement leads there.
_ROUTES = gettext_lazy(
    "All other options are as open to you as before; taking part here has no disadvantage for "
    "anyone. You may bring a lawsuit at the people's court. If you agreed on arbitration, or the "
    "dispute is about work, you may ask for arbitration; disputes about work go to labour "
    "arbitration before a court. Where the law lets an office decide (for example about land, "
    "forest, buildings or public order), you may ask that office. Courts and arbitration have "
    "time limits, so do not wait. Legal aid is free for those who cannot pay: ask the legal aid "
    "centre or call 12348."
)
_ENDINGS: dict[str, Words] = {
    "declined": gettext_lazy(
        "The mediation does not take place, because not every party agrees to it. No party has "
        "to give a reason."
    ),
    "ended": gettext_lazy(
        "The mediation has ended, because a party ended it. Every party may do so at any time "
        "and needs no reason."
    ),
    "failed": gettext_lazy("The mediation has ended without an agreement."),
}
LETTERS: dict[str, Words] = {
    "mediator_named": gettext_lazy(
        "The proposed mediator is %(mediator)s. You may accept or refuse with your code. If any "
        "party refuses, another person is named."
    ),
    "mediator_withdrew": gettext_lazy(
        "The mediator has withdrawn because of a conflict of interest. Another person will be "
        "named."
    ),
    "begun": gettext_lazy(
        "Every party has agreed, and the mediation begins. It is free. It usually ends by "
        "%(until)s; after that it continues only if every party agrees. You may end it at any "
        "time."
    ),
    "meeting_closed": gettext_lazy(
        "Meeting on %(at)s, %(place)s. Only the parties and the mediator take part."
    ),
    "meeting_open": gettext_lazy("Meeting on %(at)s, %(place)s. Open to the public."),
    "drafted": gettext_lazy(
        "A draft agreement has been sent to you. Read it in full. It is valid only if every "
        "party confirms this exact text with its own code; you may also refuse it. Hash: "
        "%(digest)s"
    ),
    "taken_back": gettext_lazy(
        "The draft agreement was withdrawn. All earlier confirmations of it are void."
    ),
    "terms_refused": gettext_lazy(
        "A party did not accept the text. The mediation continues, and all earlier confirmations "
        "are void."
    ),
    "goes_on": gettext_lazy("Every party agreed to continue: the mediation runs until %(until)s."),
    "go_on_asked": gettext_lazy(
        "The usual time of the mediation ends on %(until)s. It continues for another month only "
        "if every party agrees with its own code."
    ),
    "agreed": gettext_lazy(
        "The agreement is in force and binds every party. Each party receives a signed copy. You "
        "may jointly ask the people's court to confirm it, by %(until)s; a confirmed agreement "
        "can be enforced without another lawsuit. Hash of the text: %(digest)s"
    ),
    "court_soon": gettext_lazy(
        "Until %(until)s all parties may still jointly ask the people's court to confirm the "
        "agreement. After that day this is no longer possible; the agreement stays in force."
    ),
    "not_performed": gettext_lazy(
        "An obligation was not fulfilled. If a court confirmed the agreement, you may ask it to "
        "enforce the agreement; if not, you may bring a lawsuit at the people's court about the "
        "agreement."
    ),
    "finished": gettext_lazy("All obligations were followed up, and the mediation is closed."),
    **{what: format_lazy("{} {}", said, _ROUTES) for what, said in _ENDINGS.items()},
}


# --------------------------------------------------------------------- notices
def notice(message: Notice) -> str:
    """Word a notice about a party's act, for the officers who wait for it."""
    text = HAPPENED.get(message.what, message.what)
    return pgettext("notice", "A party: %(what)s") % {"what": str(text)}


def next_steps(case: Case) -> Words:
    """Say what happens after the application."""
    return _(
        "The mediators ask the other party. It begins only if both of you agree; either may end "
        "it at any time. You can still go to court. It costs nothing."
    )
