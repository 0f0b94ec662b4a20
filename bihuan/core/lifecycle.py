"""How a case may move: one table for each kind of case, and one function that reads it.

The interface, the permissions, the diagrams in the documentation and the API all read the tables;
the order of the steps is defined nowhere else. Units appear here as their paths in the tree
("000001/000042/"), so that "over a unit and all below it" is a prefix.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from bihuan.core import people
from bihuan.core.acting import ActingPost, Person, nearest
from bihuan.core.eyes import Span, is_of, require_apart
from bihuan.core.notified import Notified
from bihuan.core.powers import Power
from bihuan.core.refusal import (
    NamedInLedger,
    NotAllowed,
    OwnAnswer,
    Refusal,
    SamePerson,
    SameUnit,
    WrongStage,
)


class Reach(StrEnum):
    """Which unit the power of the acting person must reach.

    Every kind has the `SharedReach`, and may add its own (`Lifecycle.reaches`).
    """


class SharedReach(Reach):
    """The reach that every kind of case has."""

    OWNER = "owner"  # the unit responsible for the case now
    ORIGIN = "origin"  # the unit where it was found
    INVOLVED = "involved"  # the owner, the origin, or an assisting unit
    WORKING = "working"  # the owner or an assisting unit
    ABOVE = "above"  # a unit above the owner, not the owner itself
    DEADLINE = "deadline"  # a unit above the owner and above the unit that the deadline binds
    COMMON = "common"  # a unit above both sides of a disputed transfer


class Side(StrEnum):
    """The sides of four eyes: a person is permanently on one side of a case."""

    FIX = "fix"
    CHECK = "check"
    ANSWER = "answer"
    REVIEW = "review"
    REREVIEW = "rereview"


# A unit that was on one of these sides may not act on the later one (HAZ-8, PET-10, PET-12).
EARLIER: Mapping[Side, frozenset[Side]] = {
    Side.CHECK: frozenset({Side.FIX}),
    Side.REVIEW: frozenset({Side.ANSWER}),
    Side.REREVIEW: frozenset({Side.ANSWER, Side.REVIEW}),
}


# The person who did the work may not follow up on a “not solved” rating of it.
SOLVERS = frozenset({Side.FIX, Side.ANSWER, Side.REVIEW, Side.REREVIEW})


class Stand(NamedTuple):
    """On which side of a case a person acted, and the path of the unit on whose behalf."""

    person: int
    path: str
    side: Side


class Fact(StrEnum):
    """A condition of a case that is true or false at this moment.

    The `SharedFact`s come from the loop; each kind adds its own.
    """


class SharedFact(Fact):
    """The facts that the loop itself determines for a case of any kind."""

    OPEN_CHILDREN = "open_children"
    ASSISTED = "assisted"  # another unit assists now
    CONTESTED = "contested"  # a disputed transfer waits for a decision
    EXTENSION_ASKED = "extension_asked"  # a requested extension has not been decided yet
    FIX_EXTENSION_ASKED = "fix_extension_asked"  # an extension of the fix
    AFTER_EVIDENCE = "after_evidence"
    UNVERIFIED = "unverified"  # verified or closed by a ledger alone: not confirmed by an officer
    FROM_PUBLIC = "from_public"  # reported by a member of the public, who holds a code
    UNSOLVED = "unsolved"  # the reporter rated it so, and no one has followed up yet
    PUBLISHED = "published"  # something of it is public now


class NotTheAuthor(NotAllowed):
    """Only the officer who reported it may make the move."""


class FactMissing(Refusal):
    """The move requires a fact that is not true."""

    def __init__(self, fact: Fact) -> None:
        super().__init__(fact)
        self.fact = fact


class FactForbids(Refusal):
    """A fact forbids the move for now."""

    def __init__(self, fact: Fact) -> None:
        super().__init__(fact)
        self.fact = fact


@dataclass(frozen=True)
class Transition:
    """One row of a lifecycle: who may make the move, between which stages, and on which
    conditions.
    """

    move: str
    sources: frozenset[str]
    target: str | None  # None: the stage does not change
    powers: frozenset[Power]
    over: Reach = SharedReach.OWNER
    side: Side | None = None
    apart: frozenset[Side] = frozenset()  # a person on one of these sides may not make it
    needs: frozenset[Fact] = frozenset()
    forbids: frozenset[Fact] = frozenset()
    requires: tuple[str, ...] = ()  # the required fields of the short form
    starts: tuple[str, ...] = ()  # rule ids of clocks
    stops: tuple[str, ...] = ()
    # Clock purposes, for which a procedure defines the rules.
    starts_for: tuple[StrEnum, ...] = ()
    stops_for: tuple[StrEnum, ...] = ()
    public: bool = False  # made by the holder of the tracking code, who has no post
    undoable: bool = False  # by who made it, for ten minutes (`core.undoing`)
    own: bool = False  # only by the officer who reported the case
    returns: bool = False  # the work is not done: photos from before no longer show that it is
    explains: tuple[str, ...] = ()  # the moves on whose forms its reason is shown
    # Who is notified of it: those who may make the next move (`then`), and these officers.
    then: str = ""
    tells: tuple[Notified, ...] = ()


@dataclass(frozen=True)
class Lifecycle:
    """All moves of one kind of case. `birth` is the move that usually creates one."""

    kind: str
    birth: str
    stages: tuple[str, ...]
    ended: frozenset[str]
    transitions: tuple[Transition, ...]
    # Whether a power over the unit with this path satisfies the kind's own reach.
    reaches: Mapping[Reach, Callable[[str, Situation], bool]] = field(default_factory=dict)
    _by_move: Mapping[str, Transition] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_move = {row.move: row for row in self.transitions}
        if len(by_move) != len(self.transitions):
            raise ValueError("a move stands in the table twice")
        object.__setattr__(self, "_by_move", by_move)

    def transition(self, move: str) -> Transition:
        return self._by_move[move]

    @property
    def births(self) -> tuple[Transition, ...]:
        """Return every move that creates a case."""
        return tuple(row for row in self.transitions if not row.sources)

    def powers_of(self, move: str) -> frozenset[Power]:
        """Return which powers may make the move; empty if this kind has no such move."""
        row = self._by_move.get(move)
        return row.powers if row else frozenset()

    def reach_of(self, move: str) -> Reach | None:
        """Return which unit the move's powers must reach; None if this kind has no such move."""
        row = self._by_move.get(move)
        return row.over if row else None

    def moves_from(self, stage: str) -> tuple[Transition, ...]:
        return tuple(row for row in self.transitions if stage in row.sources)

    def after(self, stage: str, move: str) -> str:
        """Return the stage that the move leads to; raise `WrongStage` if it is not allowed."""
        row = self._by_move[move]
        if stage not in row.sources:
            raise WrongStage(move, stage)
        return row.target or stage


@dataclass(frozen=True)
class Situation:
    """What the rules need to know about a case."""

    stage: str
    owner: str
    origin: str
    assisting: tuple[str, ...] = ()
    stands: frozenset[Stand] = frozenset()
    # The same persons, for the unit of every post that they held meanwhile.
    beside: frozenset[Stand] = frozenset()
    # The units that the kind's own reach refers to.
    places: Mapping[Reach, str] = field(default_factory=dict)
    post: int | None = None  # the post to which the case is assigned
    bound: str = ""  # the unit that the deadline binds, if it is not the owner
    contested: tuple[str, ...] = ()  # both sides of a disputed transfer
    facts: frozenset[Fact] = frozenset()
    author: int | None = None  # the officer who reported it
    # The person who requested the pending extension or disputed the transfer may not decide it.
    askers: Mapping[str, int] = field(default_factory=dict)
    # Pairs of an asker and the holder whom the asker represented meanwhile.
    asked_for: frozenset[tuple[int, int]] = frozenset()
    # The period of the work, and the units of which only the office itself counts.
    span: Span | None = None
    offices: frozenset[str] = frozenset()
    # Officers whom a ledger names as having done the work, if no account did: the people meant;
    # None if unknown.
    named: Mapping[str, int | None] = field(default_factory=dict)


def require(lifecycle: Lifecycle, move: str, case: Situation, person: Person) -> ActingPost:
    """Return the seat from which this person may make this move now; raise a refusal with the
    reason if none.
    """
    row = lifecycle.transition(move)
    if case.stage not in row.sources:
        raise WrongStage(move, case.stage)
    seats = _seats_in_reach(lifecycle, row, case, person)
    if not seats:
        raise NotAllowed(min(row.powers, default=""))
    if row.own and case.author != person.id:
        raise NotTheAuthor
    _require_facts(row, case)
    _require_apart(row, case, person)
    return _seat_on_the_right_side(row, case, person, seats)


def require_public(lifecycle: Lifecycle, move: str, case: Situation) -> Transition:
    """Return the row of a move that the holder of the code may make now; raise a refusal if
    there is none.
    """
    row = lifecycle.transition(move)
    if not row.public:
        raise NotAllowed
    if case.stage not in row.sources:
        raise WrongStage(move, case.stage)
    _require_facts(row, case)
    return row


def open_to_public(lifecycle: Lifecycle, case: Situation) -> frozenset[str]:
    """Return the moves that the holder of the tracking code may make now."""
    found = set()
    for row in lifecycle.moves_from(case.stage):
        try:
            found.add(require_public(lifecycle, row.move, case).move)
        except Refusal:
            continue
    return frozenset(found)


def require_birth(lifecycle: Lifecycle, origin: str, person: Person, move: str = "") -> ActingPost:
    """Return the seat from which this person may create a case of this kind."""
    row = lifecycle.transition(move or lifecycle.birth)
    seats = [s for s in person.seats if s.powers & row.powers and origin.startswith(s.path)]
    if not seats:
        raise NotAllowed(min(row.powers, default=""))
    return nearest(seats)


def permitted(lifecycle: Lifecycle, case: Situation, person: Person) -> tuple[Transition, ...]:
    """Return exactly the moves that this person may make now, in the order of the table."""
    return tuple(
        row for row in lifecycle.moves_from(case.stage) if may(lifecycle, row.move, case, person)
    )


def may(lifecycle: Lifecycle, move: str, case: Situation, person: Person) -> bool:
    """Whether this person may make this move now."""
    try:
        require(lifecycle, move, case, person)
    except Refusal:
        return False
    return True


def require_in_reach(
    lifecycle: Lifecycle, row: Transition, case: Situation, person: Person
) -> None:
    """Refuse unless some seat gives this person the power for the move over this case."""
    if not _seats_in_reach(lifecycle, row, case, person):
        raise NotAllowed(min(row.powers, default=""))


def seat_on(lifecycle: Lifecycle, side: Side, case: Situation, person: Person) -> ActingPost:
    """Return the seat from which this person works on that side, whatever step is next."""
    rows = [row for row in lifecycle.transitions if row.side is side]
    seats = [seat for row in rows for seat in _seats_in_reach(lifecycle, row, case, person)]
    if not seats:
        raise NotAllowed
    return _seat_on_the_right_side(rows[0], case, person, seats)


def _require_facts(row: Transition, case: Situation) -> None:
    for fact in sorted(row.forbids & case.facts):
        raise FactForbids(fact)
    for fact in sorted(row.needs - case.facts):
        raise FactMissing(fact)


def _require_apart(row: Transition, case: Situation, person: Person) -> None:
    """Refuse to decide one's own request, or to follow up on one's own work."""
    refused = OwnAnswer if row.apart == SOLVERS else SamePerson
    ids = person.ids(case.span)
    if any(each.person in ids and each.side in row.apart for each in case.stands):
        raise refused
    asker = case.askers.get(row.move)
    if asker in ids or (asker, person.id) in case.asked_for:
        raise refused
    if row.apart and _is_named(case, person):
        raise refused


def _is_named(case: Situation, person: Person) -> bool:
    """Whether a ledger names this person, or possibly this person, as having done the work."""
    if not case.named:
        return False
    ids = {person.id: person.name}
    ids |= {each.person: each.name for each in person.counting_as(case.span)}
    return any(
        case.named[name] in (None, key)
        for key, said in ids.items()
        for name in people.people(said) & case.named.keys()
    )


def _seats_in_reach(
    lifecycle: Lifecycle, row: Transition, case: Situation, person: Person
) -> list[ActingPost]:
    own = lifecycle.reaches.get(row.over)
    return [
        seat
        for seat in person.seats
        if seat.powers & row.powers
        and (own(seat.path, case) if own else reaches(seat.path, row.over, case))
    ]


def reaches(path: str, over: Reach, case: Situation) -> bool:
    """Whether a power over the unit with this path covers the unit that counts here."""
    if over in (SharedReach.ABOVE, SharedReach.DEADLINE):
        bound = case.bound if over is SharedReach.DEADLINE and case.bound else case.owner
        return all(unit.startswith(path) and unit != path for unit in (case.owner, bound))
    if over is SharedReach.COMMON:
        return bool(case.contested) and all(side.startswith(path) for side in case.contested)
    places: Mapping[Reach, tuple[str, ...]] = {
        SharedReach.OWNER: (case.owner,),
        SharedReach.ORIGIN: (case.origin,),
        SharedReach.WORKING: (case.owner, *case.assisting),
        SharedReach.INVOLVED: (case.owner, case.origin, *case.assisting),
    }
    return any(place.startswith(path) for place in places[over])


def _seat_on_the_right_side(
    row: Transition, case: Situation, person: Person, seats: list[ActingPost]
) -> ActingPost:
    """Four eyes, for people and for units (HAZ-8); return the nearest suitable seat."""
    if row.side is not None:
        ids = person.ids(case.span)
        if any(s.person in ids and s.side is not row.side for s in case.stands):
            raise SamePerson
        earlier = EARLIER.get(row.side, frozenset())
        if earlier and _is_named(case, person):
            raise NamedInLedger
        taken = frozenset(stand.path for stand in case.stands if stand.side in earlier)
        beside = frozenset(stand.path for stand in case.beside if stand.side in earlier)
        seats = [
            seat
            for seat in seats
            if not (is_of(seat.path, taken, ()) or is_of(seat.path, beside, case.offices))
        ]
        if not seats:
            raise SameUnit
        if earlier and case.span is not None:
            # What was assigned to a unit is its work, even if others recorded its steps.
            did = taken | ({case.owner} if row.side is Side.CHECK else set())
            require_apart(person.held, did, case.offices, case.span)
    return nearest(seats, case.post)
