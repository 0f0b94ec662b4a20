"""The lifecycle of a mediation (纠纷调解): both sides consent, and either may end it (MED-1).

A dispute that an officer noticed in a screening round (排查) is recorded without names; it becomes
a mediation only when one of the people involved asks for one.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bihuan.core.lifecycle import Fact, FactMissing, Lifecycle, SharedReach, Transition
from bihuan.core.notified import Notified
from bihuan.core.powers import NO_CASES, Power
from bihuan.core.refusal import Refusal


class Stage(StrEnum):
    NOTICED = "noticed"
    BROUGHT = "brought"
    MEDIATING = "mediating"
    DRAFTED = "drafted"
    AGREED = "agreed"
    PERFORMED = "performed"
    DECLINED = "declined"
    NO_AGREEMENT = "no_agreement"
    SETTLED = "settled"


class Move(StrEnum):
    BRING = "bring"
    NOTICE = "notice"
    ASK = "ask"
    SETTLE = "settle"
    ADD_PARTY = "add_party"
    INVITE = "invite"
    NAME_MEDIATOR = "name_mediator"
    BEGIN = "begin"
    MEET = "meet"
    HOLD = "hold"
    DRAFT = "draft"
    TAKE_BACK = "take_back"
    CONCLUDE = "conclude"
    NOTE_PERFORMANCE = "note_performance"
    FINISH = "finish"
    FAIL = "fail"
    ALERT = "alert"
    DECLARE_INTEREST = "declare_interest"
    ASK_REPORTER = "ask_reporter"
    ATTACH = "attach"
    COMMENT = "comment"
    # What a party does with its own tracking code.
    CONSENT = "consent"
    DECLINE = "decline"
    ACCEPT_MEDIATOR = "accept_mediator"
    REFUSE_MEDIATOR = "refuse_mediator"
    GO_ON = "go_on"
    CONFIRM = "confirm"
    REFUSE_TERMS = "refuse_terms"
    END = "end"
    ADD = "add"


class MediationFact(Fact):
    """Facts of a mediation in addition to those of the loop."""

    ALL_CONSENT = "all_consent"  # every party agreed to the mediation
    MEDIATED = "mediated"  # a mediator is named and not refused by any party
    PROLONGED = "prolonged"  # every party agreed to continue after the usual time
    CONFIRMED_BY_ALL = "confirmed_by_all"  # every party confirmed this exact text
    PROMISES_OPEN = "promises_open"  # obligations of the agreement are not fulfilled yet


COORDINATORS = frozenset({Power.COORDINATE})
RECEIVERS = frozenset({Power.REPORT, Power.HANDLE, Power.COORDINATE, Power.DUTY})
MEDIATORS = frozenset({Power.HANDLE, Power.COORDINATE})
EVERYONE = frozenset(Power) - NO_CASES
NOBODY: frozenset[Power] = frozenset()
WANTED = frozenset({Stage.BROUGHT, Stage.MEDIATING, Stage.DRAFTED, Stage.AGREED})
OPEN = WANTED | {Stage.NOTICED}
TALKING = frozenset({Stage.MEDIATING, Stage.DRAFTED})
BEFORE = frozenset({Stage.BROUGHT}) | TALKING
ALL_STOP = ("LOC-11", "MED-3")


def _from(*stages: Stage) -> frozenset[str]:
    return frozenset(stages)


TRANSITIONS = (
    Transition(
        Move.BRING, frozenset(), Stage.BROUGHT, RECEIVERS, SharedReach.ORIGIN, public=True,
        requires=("title",), starts=("LOC-11",), then=Move.NAME_MEDIATOR,
    ),
    # Without names: a place, a subject, the units concerned. No law sets a time limit.
    Transition(
        Move.NOTICE, frozenset(), Stage.NOTICED, RECEIVERS, SharedReach.ORIGIN,
        requires=("title", "place"), starts=("LOC-13",), then=Move.SETTLE,
    ),
    # One of the people involved asks for a mediation; their consent requires their own code.
    Transition(
        Move.ASK, _from(Stage.NOTICED), Stage.BROUGHT, RECEIVERS,
        requires=("party",), starts=("LOC-11",), stops=("LOC-13", "LOC-14"),
        then=Move.NAME_MEDIATOR, tells=(Notified.AUTHOR,),
    ),
    Transition(
        Move.SETTLE, _from(Stage.NOTICED), Stage.SETTLED, MEDIATORS,
        requires=("note",), stops=("LOC-13", "LOC-14"), undoable=True, tells=(Notified.AUTHOR,),
    ),
    Transition(
        Move.ADD_PARTY, _from(Stage.BROUGHT), None, MEDIATORS, requires=("party",),
    ),
    # The slip with the party's own code, printed once.
    Transition(Move.INVITE, _from(Stage.BROUGHT), None, MEDIATORS, requires=("party",)),
    Transition(
        Move.NAME_MEDIATOR, BEFORE, None, COORDINATORS, requires=("post",),
        tells=(Notified.POST, Notified.LEFT),
    ),
    # MED-1, MED-2: each party consents individually, and none refuses the mediator.
    Transition(
        Move.BEGIN, _from(Stage.BROUGHT), Stage.MEDIATING, MEDIATORS,
        needs=frozenset({MediationFact.ALL_CONSENT, MediationFact.MEDIATED}), requires=("session",),
        starts=("MED-3",), stops=("LOC-11",),
    ),
    # After the usual time, these two also require every party's consent to continue: `require_time`
    # (MED-3).
    Transition(
        Move.MEET, TALKING, None, MEDIATORS,
        needs=frozenset({MediationFact.MEDIATED}), requires=("meets_at", "place"),
    ),
    Transition(
        Move.DRAFT, _from(Stage.MEDIATING), Stage.DRAFTED, MEDIATORS,
        needs=frozenset({MediationFact.MEDIATED}), requires=("terms", "performance"),
    ),
    Transition(Move.HOLD, TALKING, None, MEDIATORS, requires=("session", "record")),
    Transition(
        Move.TAKE_BACK, _from(Stage.DRAFTED), Stage.MEDIATING, MEDIATORS, requires=("note",),
        explains=(Move.DRAFT,),
    ),
    # MED-5: in force once every party has confirmed this exact text.
    Transition(
        Move.CONCLUDE, _from(Stage.DRAFTED), Stage.AGREED, MEDIATORS,
        needs=frozenset({MediationFact.CONFIRMED_BY_ALL, MediationFact.MEDIATED}),
        requires=("effective_date",),
        starts=("MED-6", "LOC-12"), stops=("MED-3",), tells=(Notified.OFFICE,),
    ),
    Transition(
        Move.NOTE_PERFORMANCE, _from(Stage.AGREED), None, MEDIATORS,
        requires=("performance", "record"),
    ),
    Transition(
        Move.FINISH, _from(Stage.AGREED), Stage.PERFORMED, COORDINATORS,
        forbids=frozenset({MediationFact.PROMISES_OPEN}), requires=("note",),
        stops=("MED-6", "LOC-12"), undoable=True, tells=(Notified.POST, Notified.AUTHOR),
    ),
    Transition(
        Move.FAIL, BEFORE, Stage.NO_AGREEMENT, MEDIATORS, requires=("note",), stops=ALL_STOP,
        tells=(Notified.OFFICE, Notified.AUTHOR),
    ),
    # MED-8: likely violence or crime is reported to the police at once.
    Transition(
        Move.ALERT, OPEN, None, EVERYONE, SharedReach.INVOLVED, requires=("note",),
        tells=(Notified.POST, Notified.OFFICE),
    ),
    Transition(
        Move.DECLARE_INTEREST, OPEN, None, EVERYONE, SharedReach.INVOLVED, requires=("note",),
        tells=(Notified.OFFICE,),
    ),
    Transition(Move.ASK_REPORTER, WANTED, None, MEDIATORS, requires=("party", "note")),
    Transition(Move.ATTACH, OPEN, None, EVERYONE, SharedReach.INVOLVED, requires=("photo",)),
    Transition(
        Move.COMMENT, frozenset(Stage), None, EVERYONE, SharedReach.INVOLVED, requires=("note",),
        tells=(Notified.POST, Notified.AUTHOR),
    ),
    Transition(Move.CONSENT, _from(Stage.BROUGHT), None, NOBODY, public=True),
    Transition(
        Move.DECLINE, _from(Stage.BROUGHT), Stage.DECLINED, NOBODY, public=True, stops=ALL_STOP,
    ),
    Transition(Move.ACCEPT_MEDIATOR, BEFORE, None, NOBODY, public=True),
    Transition(
        Move.REFUSE_MEDIATOR, BEFORE, None, NOBODY, public=True, requires=("words",),
        explains=(Move.NAME_MEDIATOR,),
    ),
    Transition(Move.GO_ON, TALKING, None, NOBODY, public=True),
    Transition(Move.CONFIRM, _from(Stage.DRAFTED), None, NOBODY, public=True, requires=("hash",)),
    Transition(
        Move.REFUSE_TERMS, _from(Stage.DRAFTED), Stage.MEDIATING, NOBODY, public=True,
        requires=("words",), explains=(Move.DRAFT,),
    ),
    Transition(Move.END, TALKING, Stage.NO_AGREEMENT, NOBODY, public=True, stops=ALL_STOP),
    Transition(Move.ADD, WANTED, None, NOBODY, public=True, requires=("words",)),
)  # fmt: skip

MEDIATION = Lifecycle(
    kind="mediation",
    birth=Move.BRING,
    stages=tuple(Stage),
    ended=frozenset({Stage.PERFORMED, Stage.DECLINED, Stage.NO_AGREEMENT, Stage.SETTLED}),
    transitions=TRANSITIONS,
)


# --------------------------------------------------------------------- parties
MOST_PARTIES = 10
# How long before the end of the usual time the parties are asked whether to continue.
ASKED_BEFORE = timedelta(days=10)
# How long before the end they are reminded that a court confirms an agreement only on request.
REMINDED_BEFORE = timedelta(days=7)


class TextChanged(Refusal):
    """The party confirms another text than the current draft."""


class NotOpenToAll(Refusal):
    """A public session requires the consent of every party (MED-2)."""


class TooManyParties(Refusal):
    """A mediation has a maximum number of parties."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


@dataclass(frozen=True)
class Stance:
    """The position of one party, stated with its own code only."""

    consents: bool | None = None
    accepts_mediator: bool | None = None
    agrees_to_open: bool = False
    confirmed: str = ""  # the digest of the text that it confirmed


def facts(
    stances: Sequence[Stance], *, has_mediator: bool, digest: str = "", parts_open: bool = False
) -> frozenset[Fact]:
    """Return the facts of a mediation from its parties' positions; `digest` is that of the
    current draft.
    """
    details = {
        MediationFact.ALL_CONSENT: len(stances) > 1 and all(each.consents for each in stances),
        MediationFact.MEDIATED: has_mediator
        and all(e.accepts_mediator is not False for e in stances),
        MediationFact.CONFIRMED_BY_ALL: bool(digest)
        and all(e.confirmed == digest for e in stances),
        MediationFact.PROMISES_OPEN: parts_open,
    }
    return frozenset(fact for fact, so in details.items() if so)


def require_open_to_all(stances: Iterable[Stance]) -> None:
    if not all(each.agrees_to_open for each in stances):
        raise NotOpenToAll


def require_time(due_at: datetime | None, now: datetime) -> None:
    """After the usual time nothing new begins unless every party agreed to continue (MED-3)."""
    if due_at is not None and now > due_at:
        raise FactMissing(MediationFact.PROLONGED)


# -------------------------------------------------------------------- the text
def text_of(terms: str, promised: Iterable[tuple[date, str]]) -> str:
    """Return the exact text that the parties confirm: the terms, and the obligations with dates."""
    lines = [f"[{n}] {on.isoformat()} {what}" for n, (on, what) in enumerate(promised, 1)]
    return normalised("\n".join([normalised(terms), "", *lines]))


def normalised(text: str) -> str:
    """Normalise a text, whatever device it was typed on."""
    composed = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(line.rstrip() for line in composed.split("\n")).strip()


def digest(text: str) -> str:
    """Return the SHA-256 of the text; anyone can recalculate it from the text they were shown."""
    return hashlib.sha256(normalised(text).encode()).hexdigest()


def require_this_text(shown: str, on_table: str) -> None:
    """Require that a party confirms exactly the text that it was shown."""
    if not shown or shown != on_table:
        raise TextChanged
