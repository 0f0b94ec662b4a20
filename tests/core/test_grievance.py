"""The lifecycle of a grievance, by every pair of stage and move, and by every path."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from bihuan.core import lifecycle
from bihuan.core.acting import ActingPost, Person
from bihuan.core.grievance import (
    ENDED,
    GRIEVANCE,
    OPEN,
    GrievanceFact,
    GrievanceReach,
    Move,
    Stage,
)
from bihuan.core.lifecycle import Fact, FactMissing, Side, Situation, Stand
from bihuan.core.powers import Power
from bihuan.core.refusal import NotAllowed, Refusal, SamePerson, SameUnit, WrongStage
from tests.core import written

PROVINCE, CITY, COUNTY, TOWN, OTHER = "1/", "1/2/", "1/2/3/", "1/2/3/4/", "1/2/3/5/"
ALL_POWERS = frozenset(Power)
EVERYWHERE = Person(99, (ActingPost(PROVINCE, ALL_POWERS),))

WRITTEN = {Move(name): each for name, each in written.of_kind(GRIEVANCE).items()}
FROM = {move: frozenset(map(Stage, each.sources)) for move, each in WRITTEN.items()}
# Made by the holder of the tracking code, and by no officer.
PUBLIC = {move for move, each in WRITTEN.items() if each.public and each.sources}
OFFICE = [move for move in Move if FROM[move] and move not in PUBLIC]


def situation_for(move: Move, stage: Stage) -> Situation:
    return Situation(
        stage=stage,
        owner=TOWN,
        origin=TOWN,
        places={GrievanceReach.RECEIVER: OTHER},
        facts=written.facts(WRITTEN[move].needs, GrievanceFact),
    )


def mover(move: Move) -> Person:
    """Somebody who may do everything there; a transfer is taken by the unit that it came to."""
    over = GrievanceReach.RECEIVER
    path = OTHER if WRITTEN[move].over == over else PROVINCE
    return Person(99, (ActingPost(path, ALL_POWERS),))


def made_by_code_or_office(move: Move, case: Situation) -> lifecycle.Transition:
    if move in PUBLIC:
        return lifecycle.require_public(GRIEVANCE, move, case)
    lifecycle.require(GRIEVANCE, move, case, mover(move))
    return GRIEVANCE.transition(move)


def test_every_move_is_in_the_list_of_the_tests() -> None:
    assert set(FROM) == set(Move) == {row.move for row in GRIEVANCE.transitions}
    assert frozenset(Stage) == OPEN | ENDED
    assert written.ends("grievance") == ENDED


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("move", Move)
def test_each_move_starts_only_from_its_stages(move: Move, stage: Stage) -> None:
    case = situation_for(move, stage)

    if stage in FROM[move]:
        row = made_by_code_or_office(move, case)
        assert GRIEVANCE.after(stage, move) == (row.target or stage)
    else:
        with pytest.raises((WrongStage, NotAllowed)):
            made_by_code_or_office(move, case)
        with pytest.raises(WrongStage):
            GRIEVANCE.after(stage, move)


@pytest.mark.parametrize("move", OFFICE)
@pytest.mark.parametrize("power", Power)
def test_each_move_needs_one_of_its_powers(move: Move, power: Power) -> None:
    case = situation_for(move, sorted(FROM[move])[0])
    person = Person(
        7, tuple(ActingPost(seat.path, frozenset({power})) for seat in mover(move).seats)
    )

    if power in WRITTEN[move].powers:
        assert lifecycle.require(GRIEVANCE, move, case, person)
    else:
        with pytest.raises(NotAllowed):
            lifecycle.require(GRIEVANCE, move, case, person)


@pytest.mark.parametrize("move", OFFICE)
def test_no_move_is_made_from_a_post_elsewhere(move: Move) -> None:
    case = situation_for(move, sorted(FROM[move])[0])

    with pytest.raises(NotAllowed):
        lifecycle.require(GRIEVANCE, move, case, Person(7, (ActingPost("9/", ALL_POWERS),)))


@pytest.mark.parametrize("move", OFFICE)
def test_whoever_holds_the_code_makes_no_move_of_the_office(move: Move) -> None:
    case = situation_for(move, sorted(FROM[move])[0])

    with pytest.raises(NotAllowed):
        lifecycle.require_public(GRIEVANCE, move, case)


@pytest.mark.parametrize("move", sorted(PUBLIC))
def test_no_officer_makes_a_move_of_the_person(move: Move) -> None:
    case = situation_for(move, sorted(FROM[move])[0])

    with pytest.raises(NotAllowed):
        lifecycle.require(GRIEVANCE, move, case, EVERYWHERE)


@pytest.mark.parametrize(
    ("move", "fact"),
    [
        (m, f)
        for m, each in WRITTEN.items()
        for f in sorted(written.facts(each.forbids, GrievanceFact))
    ],
)
def test_every_fact_that_forbids_a_move_forbids_it(move: Move, fact: Fact) -> None:
    case = situation_for(move, sorted(FROM[move])[0])

    with pytest.raises(lifecycle.FactForbids):
        made_by_code_or_office(move, replace(case, facts=case.facts | {fact}))


@pytest.mark.parametrize(
    ("move", "fact"),
    [
        (m, f)
        for m, each in WRITTEN.items()
        for f in sorted(written.facts(each.needs, GrievanceFact))
    ],
)
def test_every_fact_that_a_move_needs_is_needed(move: Move, fact: Fact) -> None:
    case = situation_for(move, sorted(FROM[move])[0])

    with pytest.raises(FactMissing):
        made_by_code_or_office(move, replace(case, facts=case.facts - {fact}))


# ------------------------------------------------------------------- transfers
def test_a_transfer_is_taken_over_by_the_unit_it_came_to_and_not_by_whoever_sent_it() -> None:
    down = Situation(
        stage=Stage.TRANSFERRED, owner=COUNTY, origin=COUNTY, places={GrievanceReach.RECEIVER: TOWN}
    )
    county = Person(1, (ActingPost(COUNTY, ALL_POWERS),))
    city = Person(2, (ActingPost(CITY, ALL_POWERS),))
    town = Person(3, (ActingPost(TOWN, ALL_POWERS),))

    for sender in (county, city):
        for move in (Move.TAKE_OVER, Move.OBJECT):
            with pytest.raises(NotAllowed):
                lifecycle.require(GRIEVANCE, move, down, sender)
    assert lifecycle.require(GRIEVANCE, Move.TAKE_OVER, down, town).path == TOWN


def test_a_transfer_upwards_is_taken_over_above() -> None:
    up = Situation(
        stage=Stage.TRANSFERRED, owner=TOWN, origin=TOWN, places={GrievanceReach.RECEIVER: COUNTY}
    )

    county = Person(1, (ActingPost(COUNTY, ALL_POWERS),))

    assert lifecycle.require(GRIEVANCE, Move.TAKE_OVER, up, county).path == COUNTY
    with pytest.raises(NotAllowed):
        lifecycle.require(GRIEVANCE, Move.TAKE_OVER, up, Person(2, (ActingPost(TOWN, ALL_POWERS),)))


# ------------------------------------------------------------------ four eyes
def test_a_unit_that_answered_does_not_review() -> None:
    answered = frozenset({Stand(1, COUNTY, Side.ANSWER)})
    case = Situation(stage=Stage.REVIEWING, owner=CITY, origin=TOWN, stands=answered)
    colleague = Person(2, (ActingPost(COUNTY, ALL_POWERS), ActingPost("9/", ALL_POWERS)))

    with pytest.raises(NotAllowed):
        lifecycle.require(GRIEVANCE, Move.DRAFT_REVIEW, case, colleague)
    with pytest.raises(SameUnit):
        lifecycle.require(GRIEVANCE, Move.DRAFT_REVIEW, replace(case, owner=COUNTY), colleague)
    mobile = Person(1, (ActingPost(CITY, ALL_POWERS),))
    with pytest.raises(SamePerson):
        lifecycle.require(GRIEVANCE, Move.DRAFT_REVIEW, case, mobile)


@dataclass(frozen=True)
class Walked:
    """Where a walk has come: the case, and who has drafted what is not issued yet."""

    stage: str
    owner: str
    facts: frozenset[Fact]
    stands: frozenset[Stand]
    drafter: int = 0

    def situation(self) -> Situation:
        issues = (Move.ISSUE, Move.ISSUE_REVIEW, Move.ISSUE_REREVIEW)
        askers: dict[str, int] = (
            dict.fromkeys(map(str, issues), self.drafter) if self.drafter else {}
        )
        return Situation(
            stage=self.stage, owner=self.owner, origin=TOWN, facts=self.facts,
            stands=self.stands, askers=askers,
        )  # fmt: skip


# One who may do everything at every level, and two at each level who may do everything there.
LADDER = {Stage.REPLIED: COUNTY, Stage.REVIEWED: CITY}
LEVELS = (TOWN, COUNTY, CITY)
PEOPLE = [Person(1, tuple(ActingPost(path, ALL_POWERS) for path in LEVELS))] + [
    Person(n, (ActingPost(path, ALL_POWERS),)) for n, path in enumerate(LEVELS * 2, 2)
]
TALK = {
    Move.COMMENT, Move.RECORD_STEP, Move.ATTACH, Move.SET_LEAD, Move.CLASSIFY, Move.ADD_CHILD,
    Move.ADD_ASSIST, Move.END_ASSIST, Move.ASK_REPORTER, Move.DECLARE_INTEREST,
}  # fmt: skip


def steps(here: Walked) -> list[Walked]:
    """Everything that any of the people, or the holder of the code, can bring about next."""
    found = []
    case = here.situation()
    for move in (Move.ASK_REVIEW, Move.ASK_REREVIEW):
        try:
            row = lifecycle.require_public(GRIEVANCE, move, case)
        except Refusal:
            continue
        last = Stage.REVIEWED if GrievanceFact.REVIEWED in here.facts else Stage.REPLIED
        found.append(replace(here, stage=str(row.target), owner=LADDER[last]))
    for person in PEOPLE:
        for row in lifecycle.permitted(GRIEVANCE, case, person):
            if row.move not in TALK:
                seat = lifecycle.require(GRIEVANCE, row.move, case, person)
                found.append(_after(here, row, person, seat))
    return found


def _after(here: Walked, row: lifecycle.Transition, person: Person, seat: ActingPost) -> Walked:
    stands = here.stands
    if row.side:
        stands |= {Stand(person.id, seat.path, row.side)}
    drafter = here.drafter
    if row.move.startswith("draft"):
        drafter = person.id
    if row.move.startswith("issue"):
        assert drafter != person.id, (row.move, here)
        drafter = 0
    facts = here.facts
    if row.move == Move.ISSUE_REVIEW:
        facts |= {GrievanceFact.REVIEWED}
    if row.move == Move.ISSUE_REREVIEW:
        facts -= {GrievanceFact.REVIEWABLE}
    return Walked(row.target or here.stage, here.owner, facts, stands, drafter)


def test_on_no_path_does_anybody_review_what_they_answered_or_issue_their_own_draft() -> None:
    birth = Walked(
        Stage.RECEIVED,
        TOWN,
        frozenset({GrievanceFact.ANSWERABLE, GrievanceFact.REVIEWABLE}),
        frozenset(),
    )
    seen, waiting = {birth}, [birth]

    while waiting:
        for there in steps(waiting.pop()):
            if there not in seen:
                seen.add(there)
                waiting.append(there)

    for each in seen:
        by_person = {(stand.person, stand.side) for stand in each.stands}
        assert len({person for person, _ in by_person}) == len(by_person), each
        units = {side: {stand.path for stand in each.stands if stand.side is side} for side in Side}
        assert not units[Side.REVIEW] & units[Side.ANSWER], each
        assert not units[Side.REREVIEW] & (units[Side.ANSWER] | units[Side.REVIEW]), each
    reached = {each.stage for each in seen}
    assert reached == set(Stage) - {Stage.REDIRECTED, Stage.WITHDRAWN}
