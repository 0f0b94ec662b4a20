"""The lifecycle of a suggestion, by every pair of stage and move."""

from __future__ import annotations

import pytest

from bihuan.core import lifecycle
from bihuan.core.acting import ActingPost, Person
from bihuan.core.lifecycle import FactMissing, Situation
from bihuan.core.powers import Power
from bihuan.core.refusal import NotAllowed, WrongStage
from bihuan.core.suggestion import SUGGESTION, Move, Stage, SuggestionFact
from tests.core import written

COUNTY, TOWN, OTHER = "1/", "1/2/", "1/4/"
EVERYWHERE = Person(99, (ActingPost(COUNTY, frozenset(Power)),))

WRITTEN = {Move(name): each for name, each in written.of_kind(SUGGESTION).items()}
FROM = {move: frozenset(map(Stage, each.sources)) for move, each in WRITTEN.items()}
PUBLIC = {move for move, each in WRITTEN.items() if each.public and each.sources}
OFFICE = [move for move in Move if FROM[move] and move not in PUBLIC]


def situation_for(move: Move, stage: Stage) -> Situation:
    facts = written.facts(WRITTEN[move].needs, SuggestionFact)
    return Situation(stage=stage, owner=TOWN, origin=TOWN, facts=facts)


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("move", Move)
def test_each_move_starts_only_from_its_stages(move: Move, stage: Stage) -> None:
    case = situation_for(move, stage)

    if stage not in FROM[move]:
        with pytest.raises(WrongStage):
            lifecycle.require(SUGGESTION, move, case, EVERYWHERE)
        return
    if move in PUBLIC:
        lifecycle.require_public(SUGGESTION, move, case)
    else:
        assert lifecycle.require(SUGGESTION, move, case, EVERYWHERE).path == COUNTY
    assert SUGGESTION.after(stage, move) == (WRITTEN[move].target or stage)


@pytest.mark.parametrize("move", OFFICE)
@pytest.mark.parametrize("power", Power)
def test_each_move_needs_one_of_its_powers(move: Move, power: Power) -> None:
    case = situation_for(move, sorted(FROM[move])[0])
    person = Person(7, (ActingPost(COUNTY, frozenset({power})),))

    if power in WRITTEN[move].powers:
        assert lifecycle.require(SUGGESTION, move, case, person)
    else:
        with pytest.raises(NotAllowed):
            lifecycle.require(SUGGESTION, move, case, person)


@pytest.mark.parametrize("move", OFFICE)
def test_no_move_is_made_from_a_post_elsewhere(move: Move) -> None:
    case = situation_for(move, sorted(FROM[move])[0])
    stranger = Person(7, (ActingPost(OTHER, frozenset(Power)),))

    with pytest.raises(NotAllowed):
        lifecycle.require(SUGGESTION, move, case, stranger)


@pytest.mark.parametrize("move", OFFICE)
def test_whoever_holds_the_code_makes_no_move_of_the_office(move: Move) -> None:
    with pytest.raises(NotAllowed):
        lifecycle.require_public(SUGGESTION, move, situation_for(move, sorted(FROM[move])[0]))


@pytest.mark.parametrize("stage", [Stage.ADOPTED, Stage.NOT_ADOPTED, Stage.PUBLISHED])
def test_nothing_is_published_without_the_consent_of_whoever_wrote_it(stage: Stage) -> None:
    case = Situation(stage=stage, owner=TOWN, origin=TOWN)

    with pytest.raises(FactMissing) as refused:
        lifecycle.require(SUGGESTION, Move.PUBLISH, case, EVERYWHERE)

    assert refused.value.fact is SuggestionFact.MAY_PUBLISH


def test_a_clock_that_starts_is_stopped_by_every_move_that_ends_the_work() -> None:
    ending = {row.move for row in SUGGESTION.transitions if row.target in SUGGESTION.ended}

    stopping = {row.move for row in SUGGESTION.transitions if "PET-1" in row.stops}

    assert stopping == ending - {Move.PUBLISH}
