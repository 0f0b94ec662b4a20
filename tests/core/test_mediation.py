"""The lifecycle of a mediation: by every pair of stage and move, and by random walks."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, timezone
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.core import lifecycle, mediation
from bihuan.core.acting import ActingPost, Person
from bihuan.core.lifecycle import Fact, FactForbids, FactMissing, Situation
from bihuan.core.mediation import BEFORE, MEDIATION, MediationFact, Move, Stage, Stance
from bihuan.core.powers import Power
from bihuan.core.refusal import NotAllowed, Refusal, WrongStage
from tests.core import written

COUNTY, TOWN, OTHER = "1/", "1/2/", "1/4/"
EVERYWHERE = Person(99, (ActingPost(COUNTY, frozenset(Power)),))

WRITTEN = {Move(name): each for name, each in written.of_kind(MEDIATION).items()}
FROM = {move: frozenset(map(Stage, each.sources)) for move, each in WRITTEN.items()}
PUBLIC = {move for move, each in WRITTEN.items() if each.public and each.sources}
OFFICE = [move for move in Move if FROM[move] and move not in PUBLIC]


def situation_for(move: Move, stage: Stage) -> Situation:
    return Situation(
        stage, owner=TOWN, origin=TOWN, facts=written.facts(WRITTEN[move].needs, MediationFact)
    )


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("move", Move)
def test_each_move_starts_only_from_its_stages(move: Move, stage: Stage) -> None:
    case = situation_for(move, stage)

    if stage not in FROM[move]:
        with pytest.raises(WrongStage):
            lifecycle.require(MEDIATION, move, case, EVERYWHERE)
        with pytest.raises((WrongStage, NotAllowed)):
            lifecycle.require_public(MEDIATION, move, case)
    elif move in PUBLIC:
        assert move in lifecycle.open_to_public(MEDIATION, case)
        with pytest.raises(NotAllowed):
            lifecycle.require(MEDIATION, move, case, EVERYWHERE)
    else:
        assert lifecycle.require(MEDIATION, move, case, EVERYWHERE).path == COUNTY
        with pytest.raises(NotAllowed):
            lifecycle.require_public(MEDIATION, move, case)


@pytest.mark.parametrize("move", OFFICE)
@pytest.mark.parametrize("power", Power)
def test_each_move_of_the_office_needs_one_of_its_powers(move: Move, power: Power) -> None:
    case = situation_for(move, sorted(FROM[move])[0])
    person = Person(7, (ActingPost(COUNTY, frozenset({power})),))

    if power in WRITTEN[move].powers:
        assert lifecycle.require(MEDIATION, move, case, person)
    else:
        with pytest.raises(NotAllowed):
            lifecycle.require(MEDIATION, move, case, person)


@pytest.mark.parametrize("move", OFFICE)
def test_no_move_is_made_from_a_post_elsewhere(move: Move) -> None:
    case = situation_for(move, sorted(FROM[move])[0])

    with pytest.raises(NotAllowed):
        lifecycle.require(MEDIATION, move, case, Person(7, (ActingPost(OTHER, frozenset(Power)),)))


@pytest.mark.parametrize(
    ("move", "fact"),
    [
        (m, f)
        for m, each in WRITTEN.items()
        for f in sorted(written.facts(each.needs, MediationFact))
    ],
)
def test_every_fact_that_a_move_needs_is_needed(move: Move, fact: Fact) -> None:
    case = situation_for(move, sorted(FROM[move])[0])

    with pytest.raises(FactMissing):
        lifecycle.require(MEDIATION, move, replace(case, facts=case.facts - {fact}), EVERYWHERE)


def test_nothing_is_closed_while_a_promise_is_open() -> None:
    case = Situation(Stage.AGREED, TOWN, TOWN, facts=frozenset({MediationFact.PROMISES_OPEN}))

    with pytest.raises(FactForbids):
        lifecycle.require(MEDIATION, Move.FINISH, case, EVERYWHERE)


# ----------------------------------------------------------------------- facts
def test_one_party_alone_is_no_mediation() -> None:
    assert MediationFact.ALL_CONSENT not in mediation.facts(
        [Stance(consents=True)], has_mediator=True
    )


@given(st.lists(st.sampled_from([None, True, False]), min_size=2, max_size=5))
def test_all_consent_exactly_when_each_does(said: list[bool | None]) -> None:
    found = mediation.facts([Stance(consents=one) for one in said], has_mediator=False)

    assert (MediationFact.ALL_CONSENT in found) is all(one is True for one in said)


@given(st.lists(st.sampled_from([None, True, False]), min_size=2, max_size=5), st.booleans())
def test_one_veto_is_enough_against_a_mediator(said: list[bool | None], named: bool) -> None:
    found = mediation.facts([Stance(accepts_mediator=one) for one in said], has_mediator=named)

    assert (MediationFact.MEDIATED in found) is (named and False not in said)


def test_who_confirmed_another_text_has_not_confirmed_this_one() -> None:
    parties = [Stance(confirmed="a"), Stance(confirmed="b")]

    assert MediationFact.CONFIRMED_BY_ALL not in mediation.facts(
        parties, has_mediator=True, digest="a"
    )
    assert MediationFact.CONFIRMED_BY_ALL not in mediation.facts(
        [Stance()], has_mediator=True, digest=""
    )


def test_others_listen_only_where_every_party_wants_it() -> None:
    mediation.require_open_to_all([Stance(agrees_to_open=True)] * 2)
    with pytest.raises(mediation.NotOpenToAll):
        mediation.require_open_to_all([Stance(agrees_to_open=True), Stance()])


def test_past_the_usual_time_nothing_new_begins() -> None:
    due = datetime(2026, 10, 15, 23, 59, 59, tzinfo=timezone(timedelta(hours=8)))

    mediation.require_time(due, due)
    mediation.require_time(None, due)
    with pytest.raises(FactMissing) as refused:
        mediation.require_time(due, due + timedelta(seconds=1))
    assert refused.value.fact is MediationFact.PROLONGED


# -------------------------------------------------------------------- the text
@given(st.text())
def test_a_text_normalised_twice_stays_as_it_is(text: str) -> None:
    assert mediation.normalised(mediation.normalised(text)) == mediation.normalised(text)


def test_the_same_text_from_another_machine_has_the_same_hash() -> None:
    assert mediation.digest("甲方赔偿。\r\n\r\ncafe\u0301  \n") == mediation.digest(
        "甲方赔偿。\n\ncafé"
    )
    assert mediation.digest("甲方赔偿100元") != mediation.digest("甲方赔偿1000元")


def test_anybody_can_work_the_hash_out_from_what_was_shown() -> None:
    shown = mediation.text_of(
        "甲方修好围墙。", [(date(2026, 10, 1), "修墙"), (date(2026, 11, 1), "付款")]
    )

    assert shown == "甲方修好围墙。\n\n[1] 2026-10-01 修墙\n[2] 2026-11-01 付款"
    assert mediation.digest(shown) == sha256(shown.encode()).hexdigest()


@given(st.dates(), st.dates(), st.text(min_size=1))
def test_another_day_or_another_promise_is_another_text(one: date, other: date, what: str) -> None:
    same = mediation.digest(mediation.text_of("x", [(one, what)]))

    assert (same == mediation.digest(mediation.text_of("x", [(other, what)]))) is (one == other)
    assert same != mediation.digest(mediation.text_of("x", [(one, f"1{what}")]))


@pytest.mark.parametrize("shown", ["", "other"])
def test_a_party_confirms_the_text_on_the_table_or_nothing(shown: str) -> None:
    mediation.require_this_text("digest", "digest")
    with pytest.raises(mediation.TextChanged):
        mediation.require_this_text(shown, "digest")


# ----------------------------------------------------------------- random walks
@dataclass
class Table:
    """A mediation as the actions change it, and what each party itself ever said."""

    parties: int
    stage: str = Stage.BROUGHT
    texts: int = 0
    named: bool = False
    stances: list[Stance] = field(default_factory=list)
    own: set[tuple[int, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.stances = [Stance() for _ in range(self.parties)]

    @property
    def digest(self) -> str:
        return f"text {self.texts}" if self.stage == Stage.DRAFTED else ""

    def seen(self) -> Situation:
        facts = mediation.facts(self.stances, has_mediator=self.named, digest=self.digest)
        return Situation(self.stage, TOWN, TOWN, facts=facts)

    def make(self, move: Move, who: int) -> None:
        if move in PUBLIC:
            row = lifecycle.require_public(MEDIATION, move, self.seen())
            self._said(move, who)
        else:
            lifecycle.require(MEDIATION, move, self.seen(), EVERYWHERE)
            row = MEDIATION.transition(move)
            self._done(move)
        self.stage = row.target or self.stage

    def _said(self, move: Move, who: int) -> None:
        changes: dict[Move, dict[str, object]] = {
            Move.CONSENT: {"consents": True},
            Move.ACCEPT_MEDIATOR: {"accepts_mediator": True},
            Move.REFUSE_MEDIATOR: {"accepts_mediator": False},
            Move.CONFIRM: {"confirmed": self.digest},
        }
        values = {Move.CONSENT: "consent", Move.CONFIRM: self.digest}
        self.stances[who] = replace(self.stances[who], **changes.get(move, {}))  # type: ignore[arg-type]
        self.own.add((who, values.get(move, "")))

    def _done(self, move: Move) -> None:
        if move is Move.NAME_MEDIATOR:
            self.named = True
            self.stances = [replace(each, accepts_mediator=None) for each in self.stances]
        if move is Move.DRAFT:
            self.texts += 1


MOVES = st.lists(st.tuples(st.sampled_from(list(Move)), st.integers(0, 2)), max_size=80)
# Enough to get through in most walks: what leads on comes first, twice as often.
LEADING = [
    Move.NAME_MEDIATOR, Move.CONSENT, Move.BEGIN, Move.DRAFT, Move.CONFIRM, Move.CONCLUDE,
]  # fmt: skip
AHEAD = st.lists(st.tuples(st.sampled_from(LEADING), st.integers(0, 2)), max_size=80)


def _walk(history: list[tuple[Move, int]]) -> Table:
    table = Table(parties=3)
    for move, who in history:
        before = table.stage
        try:
            table.make(move, who)
        except Refusal:
            continue
        if before != Stage.AGREED and table.stage == Stage.AGREED:
            text = f"text {table.texts}"
            assert all((n, "consent") in table.own and (n, text) in table.own for n in range(3))
        if table.stage in BEFORE:
            ends = {Move.DECLINE, Move.END} & lifecycle.open_to_public(MEDIATION, table.seen())
            assert len(ends) == 1
    return table


@given(MOVES | AHEAD)
def test_no_path_leads_to_an_agreement_without_each_partys_own_word(
    history: list[tuple[Move, int]],
) -> None:
    """And until then, whatever was done, every party can end it."""
    _walk(history)


def test_there_is_a_path_to_an_agreement() -> None:
    everybody = range(3)
    path = [(Move.NAME_MEDIATOR, 0), *((Move.CONSENT, n) for n in everybody), (Move.BEGIN, 0)]
    path += [(Move.DRAFT, 0), *((Move.CONFIRM, n) for n in everybody), (Move.CONCLUDE, 0)]

    assert _walk(path).stage == Stage.AGREED
    for left_out in (1, 2, 3, 6, 7, 8):
        assert _walk(path[:left_out] + path[left_out + 1 :]).stage != Stage.AGREED


def test_a_changed_text_needs_new_confirmations() -> None:
    everybody = range(3)
    path = [(Move.NAME_MEDIATOR, 0), *((Move.CONSENT, n) for n in everybody), (Move.BEGIN, 0)]
    path += [(Move.DRAFT, 0), *((Move.CONFIRM, n) for n in everybody)]
    changed = [*path, (Move.TAKE_BACK, 0), (Move.DRAFT, 0), (Move.CONCLUDE, 0)]

    assert _walk(changed).stage == Stage.DRAFTED
    assert _walk([*changed, *((Move.CONFIRM, n) for n in everybody), (Move.CONCLUDE, 0)]).stage == (
        Stage.AGREED
    )
