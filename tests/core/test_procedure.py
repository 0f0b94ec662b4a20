"""How a jurisdiction deals with grievances, as data: complete, known, and open about itself."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bihuan.core import procedure, rules
from bihuan.core.grievance import GRIEVANCE, OPINION, ClockPurpose, Move
from bihuan.core.procedure import (
    NotSimple,
    Procedure,
    SimpleExclusion,
    Sort,
    UnknownProcedure,
    UnknownWay,
)
from bihuan.core.rules import Party, Unit

ON = date(2026, 11, 4)
CN, ENGLAND = procedure.named("CN"), procedure.named("GB-ENG")
EACH = pytest.mark.parametrize("ruled", procedure.every(), ids=lambda each: each.id)


@EACH
def test_every_clock_of_every_procedure_is_a_known_rule(ruled: Procedure) -> None:
    # The day of an office's register is set for each row, under the project's own rule.
    [registered] = ruled.every_rule(ClockPurpose.REGISTERED)
    assert rules.rule(registered, on=ON).unit is Unit.DATE
    for slot in (slot for slot in ClockPurpose if slot is not ClockPurpose.REGISTERED):
        for rule_id in ruled.every_rule(slot):
            rule = rules.rule(rule_id, on=ON, jurisdiction=ruled.jurisdiction)
            window = slot in (ClockPurpose.ASK_REVIEW, ClockPurpose.ASK_REREVIEW)
            assert (rule.owed_by is Party.CITIZEN) is window, rule_id
            assert rule.unit is not Unit.DATE
    for rule_id in ruled.remedies:
        assert rules.rule(rule_id, on=ON, jurisdiction=ruled.jurisdiction).is_public_right


@EACH
def test_every_procedure_says_all_that_the_person_is_told_in_both_languages(
    ruled: Procedure,
) -> None:
    found = [ruled.name, ruled.reviewer, ruled.final, *ruled.steps.values()]
    found += [text for way in ruled.ways.values() for text in (way.name, way.advice)]

    assert all(text.zh.strip() and text.en.strip() for text in found)
    assert all("%" not in text.zh + text.en for text in found)


@EACH
def test_every_procedure_has_each_class_and_an_answer_that_is_due_some_day(
    ruled: Procedure,
) -> None:
    ways = ruled.ways.values()

    assert {way.sort for way in ways} == set(Sort)
    assert [way.confidential for way in ways].count(True) == 1
    assert ruled.confidential_way.sort is Sort.ACCUSATION
    for way in ways:
        assert bool(ruled.rules(ClockPurpose.CONCLUDE, way)) or not way.answered
        assert way.answered or not (way.reviewable or way.may_be_simple or way.conclude)
    assert set(ruled.opinion) <= set(OPINION)


def test_only_the_last_of_the_six_routes_runs_on_the_periods_of_the_opinion() -> None:
    reviewable = [way.id for way in CN.ways.values() if way.reviewable]
    by_law = {
        way.id: CN.rules(ClockPurpose.CONCLUDE, way) for way in CN.ways.values() if way.answered
    }

    assert reviewable == ["request"]
    assert by_law == {"accusation": ("LOC-9",), "duty": ("PET-4",), "request": ("PET-8",)}
    assert [way.id for way in CN.ways.values() if way.sort is Sort.REQUEST] == [
        "court", "arbitration", "party_appeal", "administrative", "duty", "request",
    ]  # fmt: skip


def test_the_windows_of_a_review_open_only_where_there_is_one() -> None:
    assert CN.rules(ClockPurpose.ASK_REVIEW, CN.way("request")) == ("PET-10",)
    assert CN.rules(ClockPurpose.ASK_REVIEW, CN.way("duty")) == ()
    assert CN.rules(ClockPurpose.ASK_REVIEW) == ()
    assert ENGLAND.rules(ClockPurpose.ASK_REVIEW, ENGLAND.way("request")) == ()


def test_there_are_two_reviews_here_and_one_in_england() -> None:
    assert [CN.reviews_left(done) for done in (0, 1, 2)] == [True, True, False]
    assert [ENGLAND.reviews_left(done) for done in (0, 1)] == [True, False]


def test_the_simple_procedure_has_clocks_of_its_own_where_it_has_any() -> None:
    way = CN.way("request")

    received = CN.clocks_of(GRIEVANCE.transition(Move.TRANSFER), way, simple=True)
    accepted = CN.clocks_of(GRIEVANCE.transition(Move.ACCEPT), way, simple=True)

    assert received.starts == ("PET-7", "PET-16c", "PET-6")
    assert accepted.starts == ("PET-16b",)
    assert set(accepted.stops) == {"PET-5", "PET-16a", "PET-6"}


@pytest.mark.parametrize("way", [way for way in CN.ways.values() if way.id != "request"])
def test_the_other_routes_are_never_simple(way: procedure.Pathway) -> None:
    with pytest.raises(NotSimple) as refused:
        procedure.require_simple(way, frozenset())

    assert refused.value.exclusion is SimpleExclusion.OTHER_ROUTE


@pytest.mark.parametrize("exclusion", SimpleExclusion)
def test_each_exclusion_rules_the_simple_procedure_out(exclusion: SimpleExclusion) -> None:
    procedure.require_simple(CN.way("request"), frozenset())

    with pytest.raises(NotSimple):
        procedure.require_simple(CN.way("request"), frozenset({exclusion}))


def test_some_clocks_count_from_the_receipt_and_the_others_from_the_move() -> None:
    received, accepted = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 9, tzinfo=UTC)

    def start(rule_id: str) -> datetime:
        return procedure.start_of(rules.rule(rule_id, on=ON), received_at=received, now=accepted)

    assert start("PET-4") == received
    assert start("PET-8") == accepted


def test_an_unknown_procedure_and_an_unknown_path_are_refused() -> None:
    with pytest.raises(UnknownProcedure):
        procedure.named("XX")
    with pytest.raises(UnknownWay):
        CN.way("nowhere")
