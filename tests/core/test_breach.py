"""The clock of a data breach, and what closing one needs (PRV-8)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import chain, combinations
from zoneinfo import ZoneInfo

import pytest

from bihuan.core import breach, deadlines
from bihuan.core.breach import Authority, BreachAct, Grade, Known, Lack, Stage
from bihuan.core.deadlines import Cause
from bihuan.core.rules import RuleNotInForce

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOUR = timedelta(hours=1)
# The night before the National Day holiday: the clock knows neither nights nor holidays.
FOUND = datetime(2026, 9, 30, 22, 30, tzinfo=SHANGHAI)
LATER = FOUND + HOUR
EVERYBODY = dict.fromkeys(Authority, LATER)
SUBSETS = [
    dict.fromkeys(each, LATER)
    for each in chain.from_iterable(combinations(Authority, n) for n in range(5))
]


@pytest.mark.parametrize(
    ("grade", "hours"), [(Grade.UNKNOWN, 4), (Grade.SERIOUS, 4), (Grade.CRITICAL, 1)]
)
def test_the_first_report_is_due_so_many_hours_after_it_was_found(grade: Grade, hours: int) -> None:
    clock = breach.clock(grade, FOUND, zone=SHANGHAI)

    assert clock is not None
    assert deadlines.target(clock) == FOUND + hours * HOUR


def test_below_serious_no_term_is_fixed() -> None:
    assert breach.clock(Grade.LESSER, FOUND, zone=SHANGHAI) is None


def test_it_warns_at_half_time_is_overdue_a_second_late_and_escalates_each_hour() -> None:
    clock = breach.clock(Grade.SERIOUS, FOUND, zone=SHANGHAI)
    assert clock is not None

    seen, causes = FOUND, []
    for _turn in range(4):
        instant = deadlines.next_instant(clock, seen)
        assert instant is not None
        causes.append((instant.cause, instant.at - FOUND))
        seen = instant.at

    second = timedelta(seconds=1)
    assert causes == [
        (Cause.WARNING, 2 * HOUR),
        (Cause.OVERDUE, 4 * HOUR + second),
        (Cause.ESCALATION, 5 * HOUR + second),
        (Cause.ESCALATION, 6 * HOUR + second),
    ]


def test_no_clock_runs_from_before_the_measures_were_in_force() -> None:
    with pytest.raises(RuleNotInForce):
        breach.clock(Grade.SERIOUS, datetime(2025, 10, 31, 15, 59, tzinfo=UTC), zone=SHANGHAI)


@pytest.mark.parametrize("data", SUBSETS, ids=lambda data: "+".join(data) or "nobody")
def test_it_is_reported_when_everybody_was_told_whom_the_grade_asks_for(
    data: dict[Authority, datetime],
) -> None:
    reported = {grade for grade in Grade if Known(grade, notified=data).reported_at}

    expected = {Grade.LESSER, Grade.NONE} if data else set()
    if Authority.CYBERSPACE in data:
        expected |= {Grade.UNKNOWN, Grade.SERIOUS}
    if {Authority.PROTECTION, Authority.POLICE} <= data.keys():
        expected |= {Grade.CRITICAL}
    assert reported == expected


def test_the_last_who_has_to_be_told_counts_and_below_serious_the_first() -> None:
    found = {Authority.PROTECTION: FOUND + HOUR, Authority.POLICE: FOUND + 2 * HOUR}

    assert Known(Grade.CRITICAL, notified=found).reported_at == FOUND + 2 * HOUR
    assert Known(Grade.LESSER, notified=found).reported_at == FOUND + HOUR


@pytest.mark.parametrize(
    ("known", "stage"),
    [
        (Known(Grade.UNKNOWN), Stage.FOUND),
        (Known(Grade.UNKNOWN, notified=EVERYBODY), Stage.FOUND),
        (Known(Grade.UNKNOWN, is_contained=True), Stage.CONTAINED),
        (Known(Grade.UNKNOWN, is_contained=True, notified=EVERYBODY), Stage.REPORTED),
        (Known(Grade.LESSER, is_closed=True), Stage.CLOSED),
    ],
)
def test_the_stage_follows_from_what_is_stated(known: Known, stage: Stage) -> None:
    assert known.stage is stage


def test_what_is_missing_is_named_the_most_urgent_first() -> None:
    assert Known(Grade.UNKNOWN).lacks == (Lack.REMEDY, Lack.REPORT, Lack.PERSONS, Lack.GRADE)
    assert _whole().lacks == ()


def test_what_was_no_breach_after_all_is_handed_in_as_it_is() -> None:
    known = Known(Grade.NONE)

    assert breach.clock(Grade.NONE, FOUND, zone=SHANGHAI) is None
    known.require(BreachAct.ASK_CHECK)


@pytest.mark.parametrize("lack", Lack)
def test_nobody_hands_in_what_is_not_whole(lack: Lack) -> None:
    lacking: dict[Lack, dict[str, object]] = {
        Lack.GRADE: {"grade": Grade.UNKNOWN},
        Lack.REMEDY: {"is_contained": False},
        Lack.REPORT: {"notified": {}},
        Lack.PERSONS: {"persons_decided": False},
    }

    with pytest.raises(breach.NotYet) as refused:
        _whole(**lacking[lack]).require(BreachAct.ASK_CHECK)

    assert refused.value.lack is lack


OPEN = set(BreachAct) - {BreachAct.RECORD, BreachAct.SEND_BACK, BreachAct.CLOSE, BreachAct.REOPEN}
ALLOWED = {
    "open": OPEN,
    "handed in": {BreachAct.ADD, BreachAct.SEND_BACK, BreachAct.CLOSE},
    "closed": {
        BreachAct.ADD,
        BreachAct.TELL,
        BreachAct.TELL_PERSONS,
        BreachAct.SPARE_PERSONS,
        BreachAct.REOPEN,
    },
}


@pytest.mark.parametrize("act", BreachAct)
@pytest.mark.parametrize("how", ALLOWED)
def test_what_may_be_stated_when(how: str, act: BreachAct) -> None:
    known = _whole(is_handed_in=how != "open", is_closed=how == "closed")

    assert known.allows(act) == (act in ALLOWED[how])
    if act not in ALLOWED[how]:
        with pytest.raises(breach.NotNow):
            known.require(act)


def test_nothing_is_stated_of_a_time_before_it_was_found_or_still_to_come() -> None:
    breach.require_time(FOUND, found_at=FOUND, now=LATER)
    breach.require_time(LATER, found_at=FOUND, now=LATER)

    with pytest.raises(breach.BeforeFound):
        breach.require_time(FOUND - HOUR, found_at=FOUND, now=LATER)
    with pytest.raises(breach.StillToCome):
        breach.require_time(LATER + HOUR, found_at=FOUND, now=LATER)


def _whole(**but: object) -> Known:
    given: dict[str, object] = {
        "grade": Grade.SERIOUS,
        "is_contained": True,
        "notified": EVERYBODY,
        "persons_decided": True,
        **but,
    }
    return Known(**given)  # type: ignore[arg-type]
