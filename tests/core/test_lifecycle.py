"""The lifecycle of a hazard, by every pair of stage and move, and by every path."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.core import diagram, lifecycle
from bihuan.core.acting import ActingPost, Person
from bihuan.core.grievance import GRIEVANCE
from bihuan.core.hazard import HAZARD, HazardFact, HazardReach, Move, Stage
from bihuan.core.lifecycle import Fact, SharedFact, SharedReach, Side, Situation, Stand
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
from bihuan.core.suggestion import SUGGESTION
from tests.core import written

COUNTY, TOWN, VILLAGE, OTHER = "1/", "1/2/", "1/2/3/", "1/4/"
ALL_POWERS = frozenset(Power)
EVERYWHERE = Person(99, (ActingPost(COUNTY, ALL_POWERS),))

WRITTEN = {Move(name): each for name, each in written.of_kind(HAZARD).items()}
FROM = {move: frozenset(map(Stage, each.sources)) for move, each in WRITTEN.items()}
# Made by the holder of the tracking code, and by no officer.
PUBLIC = {move for move, each in WRITTEN.items() if each.public and each.sources}
# What follows from an act on another case, and is made by nobody alone.
FOLLOWS = {Move.COME_BACK}
OFFICE = [move for move in Move if FROM[move] and move not in PUBLIC | FOLLOWS]


def situation_for(move: Move, stage: Stage) -> Situation:
    return Situation(
        stage=stage,
        owner=VILLAGE,
        origin=VILLAGE,
        contested=(TOWN, VILLAGE),
        stands=frozenset({Stand(98, VILLAGE, Side.FIX)}),
        facts=written.facts(WRITTEN[move].needs, HazardFact),
        author=EVERYWHERE.id,
    )


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("move", Move)
def test_each_move_starts_only_from_its_stages(move: Move, stage: Stage) -> None:
    case = situation_for(move, stage)

    if stage in FROM[move] and move in PUBLIC:
        assert lifecycle.require_public(HAZARD, move, case).target is None
    elif stage in FROM[move] and move in FOLLOWS:
        with pytest.raises(NotAllowed):
            lifecycle.require(HAZARD, move, case, EVERYWHERE)
        with pytest.raises(NotAllowed):
            lifecycle.require_public(HAZARD, move, case)
    elif stage in FROM[move]:
        assert lifecycle.require(HAZARD, move, case, EVERYWHERE).path == COUNTY
        assert HAZARD.after(stage, move) == (WRITTEN[move].target or stage)
    else:
        with pytest.raises(WrongStage):
            lifecycle.require(HAZARD, move, case, EVERYWHERE)
        with pytest.raises(WrongStage):
            HAZARD.after(stage, move)


@pytest.mark.parametrize("move", OFFICE)
@pytest.mark.parametrize("power", Power)
def test_each_move_needs_one_of_its_powers(move: Move, power: Power) -> None:
    stage = sorted(FROM[move])[0]
    case = situation_for(move, stage)
    person = Person(case.author or 7, (ActingPost(COUNTY, frozenset({power})),))

    if power in WRITTEN[move].powers:
        assert lifecycle.require(HAZARD, move, case, person)
    else:
        with pytest.raises(NotAllowed):
            lifecycle.require(HAZARD, move, case, person)


@pytest.mark.parametrize("move", OFFICE)
def test_no_move_is_made_from_a_post_elsewhere(move: Move) -> None:
    case = situation_for(move, sorted(FROM[move])[0])
    stranger = Person(7, (ActingPost(OTHER, ALL_POWERS),))

    with pytest.raises(NotAllowed):
        lifecycle.require(HAZARD, move, case, stranger)


@pytest.mark.parametrize(
    ("move", "fact"),
    [
        (m, f)
        for m, each in WRITTEN.items()
        for f in sorted(written.facts(each.forbids, HazardFact))
    ],
)
def test_every_fact_that_forbids_a_move_forbids_it(move: Move, fact: Fact) -> None:
    case = situation_for(move, sorted(FROM[move])[0])

    with pytest.raises(lifecycle.FactForbids):
        asked(move, replace(case, facts=case.facts | {fact}))


def asked(move: Move, case: Situation) -> object:
    """Whoever may make the move asks to."""
    if move in PUBLIC:
        return lifecycle.require_public(HAZARD, move, case)
    return lifecycle.require(HAZARD, move, case, EVERYWHERE)


@pytest.mark.parametrize(
    ("move", "fact"),
    [(m, f) for m, each in WRITTEN.items() for f in sorted(written.facts(each.needs, HazardFact))],
)
def test_every_fact_that_a_move_needs_is_needed(move: Move, fact: Fact) -> None:
    case = situation_for(move, sorted(FROM[move])[0])

    with pytest.raises(lifecycle.FactMissing):
        asked(move, replace(case, facts=case.facts - {fact}))


@pytest.mark.parametrize("move", OFFICE)
def test_whoever_holds_the_code_makes_no_move_of_the_office(move: Move) -> None:
    case = situation_for(move, sorted(FROM[move])[0])

    with pytest.raises(NotAllowed):
        lifecycle.require_public(HAZARD, move, case)
    assert move not in lifecycle.open_to_public(HAZARD, case)


def test_an_extension_is_decided_above_the_owner_and_by_somebody_else() -> None:
    case = situation_for(Move.DECIDE_EXTENSION, Stage.RECTIFYING)
    leader_here = Person(1, (ActingPost(VILLAGE, frozenset({Power.APPROVE})),))
    leader_above = Person(2, (ActingPost(TOWN, frozenset({Power.APPROVE})),))

    with pytest.raises(NotAllowed):
        lifecycle.require(HAZARD, Move.DECIDE_EXTENSION, case, leader_here)
    asked = replace(case, askers={Move.DECIDE_EXTENSION: 2})
    with pytest.raises(SamePerson):
        lifecycle.require(HAZARD, Move.DECIDE_EXTENSION, asked, leader_above)
    assert lifecycle.require(HAZARD, Move.DECIDE_EXTENSION, case, leader_above).path == TOWN


def test_a_contest_is_decided_by_a_superior_of_both_sides() -> None:
    case = situation_for(Move.DECIDE_CONTEST, Stage.ASSIGNED)
    case = replace(case, contested=(OTHER, VILLAGE))
    above_one_side = Person(1, (ActingPost(TOWN, frozenset({Power.APPROVE})),))
    above_both = Person(2, (ActingPost(COUNTY, frozenset({Power.APPROVE})),))

    with pytest.raises(NotAllowed):
        lifecycle.require(HAZARD, Move.DECIDE_CONTEST, case, above_one_side)
    assert lifecycle.require(HAZARD, Move.DECIDE_CONTEST, case, above_both)


def test_a_listed_hazard_is_closed_only_by_the_level_that_listed_it() -> None:
    case = replace(
        situation_for(Move.CLOSE, Stage.VERIFIED), places={HazardReach.LISTED_BY: COUNTY}
    )
    town = Person(1, (ActingPost(TOWN, frozenset({Power.APPROVE})),))
    county = Person(2, (ActingPost(COUNTY, frozenset({Power.APPROVE})),))

    with pytest.raises(NotAllowed):
        lifecycle.require(HAZARD, Move.CLOSE, case, town)
    assert lifecycle.require(HAZARD, Move.CLOSE, case, county)


def test_the_unit_that_did_the_fix_does_not_verify_it() -> None:
    case = situation_for(Move.VERIFY, Stage.SUBMITTED)
    colleague = Person(5, (ActingPost(VILLAGE, frozenset({Power.VERIFY})),))

    with pytest.raises(SameUnit):
        lifecycle.require(HAZARD, Move.VERIFY, case, colleague)


def test_a_person_with_seats_inside_and_above_checks_from_above() -> None:
    case = situation_for(Move.VERIFY, Stage.SUBMITTED)
    seats = (
        ActingPost(VILLAGE, frozenset({Power.VERIFY})),
        ActingPost(TOWN, frozenset({Power.VERIFY})),
    )

    assert lifecycle.require(HAZARD, Move.VERIFY, case, Person(5, seats)).path == TOWN


def test_permitted_moves_are_exactly_those_that_require_lets_pass() -> None:
    case = situation_for(Move.VERIFY, Stage.SUBMITTED)
    permitted = {row.move for row in lifecycle.permitted(HAZARD, case, EVERYWHERE)}

    for move in Move:
        try:
            lifecycle.require(HAZARD, move, case, EVERYWHERE)
        except Refusal:
            assert move not in permitted
        else:
            assert move in permitted


# Three people who may do everything everywhere, and still nobody closes their own fix.
PEOPLE = [Person(n, (ActingPost(COUNTY, ALL_POWERS), ActingPost("", ALL_POWERS))) for n in range(3)]
UNITS = [VILLAGE, OTHER]


def on(case: Situation, side: Side) -> frozenset[int]:
    """Who stands on this side."""
    return frozenset(stand.person for stand in case.stands if stand.side is side)


def made(case: Situation, move: Move, person: Person, seat: ActingPost) -> Situation:
    """What the case looks like after the move, as the actions change it."""
    row = HAZARD.transition(move)
    if row.side is not None:
        path = case.owner if row.side is Side.FIX else seat.path
        case = replace(case, stands=case.stands | {Stand(person.id, path, row.side)})
    facts = set(case.facts)
    if move is Move.RECORD_STEP:
        facts.add(SharedFact.AFTER_EVIDENCE)
    if move is Move.REOPEN:
        facts.discard(SharedFact.AFTER_EVIDENCE)
    return replace(case, stage=HAZARD.after(case.stage, move), facts=frozenset(facts))


def walk(case: Situation, seen: set[Situation]) -> None:
    """Every situation that any of the people can bring about by any moves, in any order."""
    waiting = [case]
    while waiting:
        case = waiting.pop()
        key = replace(case, askers={})
        if key in seen:
            continue
        seen.add(key)
        for person in PEOPLE:
            for row in lifecycle.permitted(HAZARD, case, person):
                seat = lifecycle.require(HAZARD, row.move, case, person)
                if row.side is Side.CHECK:
                    assert person.id not in on(case, Side.FIX), (row.move, case)
                waiting.append(made(case, Move(row.move), person, seat))


class Hashable(Situation):
    """A situation that can stand in a set: the askers play no part in this walk."""

    def __hash__(self) -> int:
        return hash((self.stage, self.stands, self.facts))


def test_on_no_path_is_a_case_checked_or_closed_by_whoever_did_the_work() -> None:
    seen: set[Situation] = set()

    walk(Hashable(stage=Stage.REPORTED, owner=VILLAGE, origin=VILLAGE), seen)

    stages = {case.stage for case in seen}
    assert stages == set(Stage)
    assert all(not on(case, Side.FIX) & on(case, Side.CHECK) for case in seen)
    closed = [case for case in seen if case.stage in (Stage.CLOSED, Stage.RECHECKED)]
    assert closed
    assert all(on(case, Side.CHECK) - on(case, Side.FIX) for case in closed)


@given(st.lists(st.tuples(st.sampled_from(list(Move)), st.integers(0, 2)), max_size=60))
def test_no_random_history_puts_one_person_on_both_sides(
    history: list[tuple[Move, int]],
) -> None:
    case = Situation(stage=Stage.REPORTED, owner=VILLAGE, origin=VILLAGE)

    for move, who in history:
        try:
            seat = lifecycle.require(HAZARD, move, case, PEOPLE[who])
        except Refusal:
            continue
        case = made(case, move, PEOPLE[who], seat)

    assert not on(case, Side.FIX) & on(case, Side.CHECK)


def test_whoever_checked_never_fixes_afterwards() -> None:
    checked = frozenset({Stand(99, TOWN, Side.CHECK)})
    case = Situation(stage=Stage.RECTIFYING, owner=VILLAGE, origin=VILLAGE, stands=checked)

    with pytest.raises(SamePerson):
        lifecycle.require(HAZARD, Move.RECORD_STEP, case, EVERYWHERE)


def test_the_birth_needs_a_power_over_the_place() -> None:
    grid = Person(1, (ActingPost(VILLAGE, frozenset({Power.REPORT})),))

    assert lifecycle.require_birth(HAZARD, VILLAGE, grid).path == VILLAGE
    with pytest.raises(NotAllowed):
        lifecycle.require_birth(HAZARD, TOWN, grid)


def test_every_side_move_is_about_the_fix_or_its_check() -> None:
    fixing = {row.move for row in HAZARD.transitions if row.side is Side.FIX}
    checking = {row.move for row in HAZARD.transitions if row.side is Side.CHECK}

    assert fixing == {Move.START, Move.RECORD_STEP, Move.SUBMIT}
    assert checking == {
        Move.VERIFY, Move.RETURN, Move.CLOSE, Move.RECHECK, Move.RESUME_WORK, Move.CONFIRM_CLOSURE,
            Move.CHECK_ORDER, Move.UNLIST, Move.ACCEPT, Move.REVIEW_SITE, Move.SEND_BACK,
    }  # fmt: skip
    assert HAZARD.transition(Move.DECIDE_EXTENSION).over is SharedReach.DEADLINE


def test_the_diagram_in_the_documents_equals_the_table() -> None:
    page = Path(__file__).parents[2] / "docs" / "lifecycles.md"

    text = page.read_text()

    assert diagram.mermaid(HAZARD) in text
    assert diagram.table(HAZARD) in text


# ------------------------------------------------------------- what was not solved
@pytest.mark.parametrize("table", [HAZARD, GRIEVANCE, SUGGESTION], ids=lambda table: table.kind)
@pytest.mark.parametrize("side", Side)
def test_whoever_stands_on_a_side_that_solved_it_does_not_look_into_what_was_not(
    table: lifecycle.Lifecycle, side: Side
) -> None:
    stands = frozenset({Stand(EVERYWHERE.id, VILLAGE, side)})
    case = Situation(
        table.stages[0], VILLAGE, VILLAGE, stands=stands, facts=frozenset({SharedFact.UNSOLVED})
    )

    if side is Side.CHECK:
        assert lifecycle.require(table, "follow_up", case, EVERYWHERE)
    else:
        with pytest.raises(OwnAnswer):
            lifecycle.require(table, "follow_up", case, EVERYWHERE)
    other = replace(EVERYWHERE, id=EVERYWHERE.id + 1)
    assert lifecycle.require(table, "follow_up", case, other)


def test_whoever_handled_it_without_a_side_does_not_look_into_it_either() -> None:
    case = replace(
        situation_for(Move.FOLLOW_UP, Stage.CLOSED), askers={Move.FOLLOW_UP: EVERYWHERE.id}
    )

    with pytest.raises(OwnAnswer):
        lifecycle.require(HAZARD, Move.FOLLOW_UP, case, EVERYWHERE)


@pytest.mark.parametrize(
    ("named", "refusal"),
    [
        ({"白若兰": None}, NamedInLedger),
        ({"何静": None, "白若兰": 7}, NamedInLedger),
        ({"白若兰": 8}, None),  # another officer of that name is meant
        ({"何静": None}, None),
        ({}, None),
    ],
)
@pytest.mark.parametrize("move", [Move.VERIFY, Move.RETURN, Move.CLOSE, Move.RECHECK])
def test_nobody_checks_what_a_ledger_says_they_fixed(
    move: Move, named: dict[str, int | None], refusal: type[Refusal] | None
) -> None:
    row = HAZARD.transition(move)
    case = replace(situation_for(move, Stage(min(row.sources))), named=named)
    person = Person(7, (ActingPost("", frozenset(Power)),), "白若兰")

    if refusal is None:
        lifecycle.require(HAZARD, move, case, person)
    else:
        with pytest.raises(refusal):
            lifecycle.require(HAZARD, move, case, person)


def test_nobody_looks_into_what_a_ledger_says_they_did() -> None:
    case = replace(situation_for(Move.FOLLOW_UP, Stage.CLOSED), named={"白若兰": None})
    person = Person(7, (ActingPost("", frozenset(Power)),), "白若兰")

    with pytest.raises(OwnAnswer):
        lifecycle.require(HAZARD, Move.FOLLOW_UP, case, person)


@pytest.mark.parametrize("move", [Move.CORRECT, Move.WITHDRAW])
def test_only_the_author_corrects_or_withdraws_a_report(move: Move) -> None:
    case = replace(situation_for(move, Stage.REPORTED), author=98)

    with pytest.raises(lifecycle.NotTheAuthor):
        lifecycle.require(HAZARD, move, case, EVERYWHERE)
