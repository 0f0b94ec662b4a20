"""The lifecycle of a mediation (纠纷调解): both sides want it, and either may end it (MED-1)."""

from __future__ import annotations

from enum import StrEnum

from bihuan.core.lifecycle import Fact, Lifecycle, Over, Transition
from bihuan.core.powers import Power


class Stage(StrEnum):
    BROUGHT = "brought"
    MEDIATING = "mediating"
    DRAFTED = "drafted"
    AGREED = "agreed"
    PERFORMED = "performed"
    DECLINED = "declined"
    NO_AGREEMENT = "no_agreement"


class Move(StrEnum):
    BRING = "bring"
    ADD_PARTY = "add_party"
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


COORDINATORS = frozenset({Power.COORDINATE})
RECEIVERS = frozenset({Power.REPORT, Power.HANDLE, Power.COORDINATE, Power.DUTY})
MEDIATORS = frozenset({Power.HANDLE, Power.COORDINATE})
EVERYONE = frozenset(Power) - {Power.AUDIT, Power.ADMINISTER}
NOBODY: frozenset[Power] = frozenset()
OPEN = frozenset({Stage.BROUGHT, Stage.MEDIATING, Stage.DRAFTED, Stage.AGREED})
TALKING = frozenset({Stage.MEDIATING, Stage.DRAFTED})
BEFORE = frozenset({Stage.BROUGHT}) | TALKING
ALL_STOP = ("LOC-11", "MED-3")


def _from(*stages: Stage) -> frozenset[str]:
    return frozenset(stages)


TRANSITIONS = (
    Transition(
        Move.BRING, frozenset(), Stage.BROUGHT, RECEIVERS, Over.ORIGIN, public=True,
        requires=("title",), starts=("LOC-11",),
    ),
    Transition(
        Move.ADD_PARTY, _from(Stage.BROUGHT), None, MEDIATORS, requires=("party",),
    ),
    Transition(
        Move.NAME_MEDIATOR, BEFORE, None, COORDINATORS, requires=("post",),
    ),
    # MED-1, MED-2: each party consents by itself, and has refused no mediator.
    Transition(
        Move.BEGIN, _from(Stage.BROUGHT), Stage.MEDIATING, MEDIATORS,
        needs=frozenset({Fact.ALL_CONSENT}), requires=("session",),
        starts=("MED-3",), stops=("LOC-11",),
    ),
    Transition(Move.MEET, TALKING, None, MEDIATORS, requires=("meets_at", "place")),
    Transition(Move.HOLD, TALKING, None, MEDIATORS, requires=("note",)),
    Transition(
        Move.DRAFT, _from(Stage.MEDIATING), Stage.DRAFTED, MEDIATORS,
        requires=("terms", "performance"),
    ),
    Transition(
        Move.TAKE_BACK, _from(Stage.DRAFTED), Stage.MEDIATING, MEDIATORS, requires=("note",),
    ),
    # MED-5: in force once every party has confirmed this very text.
    Transition(
        Move.CONCLUDE, _from(Stage.DRAFTED), Stage.AGREED, MEDIATORS,
        needs=frozenset({Fact.CONFIRMED_BY_ALL}), starts=("MED-6", "LOC-12"), stops=("MED-3",),
    ),
    Transition(
        Move.NOTE_PERFORMANCE, _from(Stage.AGREED), None, MEDIATORS, requires=("note",),
    ),
    Transition(
        Move.FINISH, _from(Stage.AGREED), Stage.PERFORMED, COORDINATORS,
        forbids=frozenset({Fact.PARTS_OPEN}), requires=("note",), stops=("MED-6", "LOC-12"),
    ),
    Transition(
        Move.FAIL, BEFORE, Stage.NO_AGREEMENT, MEDIATORS, requires=("note",), stops=ALL_STOP,
    ),
    # MED-8: likely violence or crime goes to the police at once.
    Transition(Move.ALERT, OPEN, None, EVERYONE, Over.INVOLVED, requires=("note",)),
    Transition(
        Move.DECLARE_INTEREST, OPEN, None, EVERYONE, Over.INVOLVED, requires=("note",),
    ),
    Transition(Move.ASK_REPORTER, OPEN, None, MEDIATORS, requires=("party", "note")),
    Transition(Move.ATTACH, OPEN, None, EVERYONE, Over.INVOLVED, requires=("photo",)),
    Transition(
        Move.COMMENT, frozenset(Stage), None, EVERYONE, Over.INVOLVED, requires=("note",),
    ),
    Transition(Move.CONSENT, _from(Stage.BROUGHT), None, NOBODY, public=True),
    Transition(
        Move.DECLINE, _from(Stage.BROUGHT), Stage.DECLINED, NOBODY, public=True, stops=ALL_STOP,
    ),
    Transition(Move.ACCEPT_MEDIATOR, BEFORE, None, NOBODY, public=True),
    Transition(Move.REFUSE_MEDIATOR, BEFORE, None, NOBODY, public=True, requires=("words",)),
    Transition(Move.GO_ON, TALKING, None, NOBODY, public=True),
    Transition(Move.CONFIRM, _from(Stage.DRAFTED), None, NOBODY, public=True, requires=("hash",)),
    Transition(
        Move.REFUSE_TERMS, _from(Stage.DRAFTED), Stage.MEDIATING, NOBODY, public=True,
        requires=("words",),
    ),
    Transition(Move.END, TALKING, Stage.NO_AGREEMENT, NOBODY, public=True, stops=ALL_STOP),
    Transition(Move.ADD, OPEN, None, NOBODY, public=True, requires=("words",)),
)  # fmt: skip

MEDIATION = Lifecycle(
    kind="mediation",
    birth=Move.BRING,
    stages=tuple(Stage),
    ended=frozenset({Stage.PERFORMED, Stage.DECLINED, Stage.NO_AGREEMENT}),
    transitions=TRANSITIONS,
)
