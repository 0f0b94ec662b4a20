"""What may happen to a clock, and what the rule forbids."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bihuan.core import clocks, rules
from bihuan.core.clocks import (
    Clock,
    ClockAct,
    ClockStopped,
    DueDateNeeded,
    ExtensionTooLong,
    LongerThanLaw,
    NotExtendable,
    NotInTurn,
    NotSuspendable,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)


def _clock(rule_id: str, *, due_date: date | None = None, length: int | None = None) -> Clock:
    rule = rules.rule(rule_id, on=AT.date())
    return clocks.start(rule, AT, zone=SHANGHAI, due_date=due_date, length=length)


def _later(days: int) -> datetime:
    return AT + timedelta(days=days)


def test_a_clock_is_suspended_only_where_the_law_says_so() -> None:
    with pytest.raises(NotSuspendable):
        _clock("PET-8").suspend(_later(1), reason="hearing")

    assert _clock("PET-13").suspend(_later(1), reason="hearing").is_suspended


def test_a_clock_is_suspended_once_at_a_time() -> None:
    suspended = _clock("PET-13").suspend(_later(1), reason="hearing")

    with pytest.raises(NotInTurn):
        suspended.suspend(_later(2), reason="again")
    with pytest.raises(NotInTurn):
        suspended.resume(_later(2)).resume(_later(3))
    with pytest.raises(NotInTurn):
        _clock("PET-13").resume(_later(1))


def test_events_come_in_order() -> None:
    with pytest.raises(NotInTurn):
        _clock("PET-8").transfer(_later(-1), to="u1")


def test_nothing_happens_to_a_stopped_clock() -> None:
    stopped = _clock("PET-13").suspend(_later(1), reason="hearing").stop(_later(2))

    with pytest.raises(ClockStopped):
        stopped.extend(_later(3), 1, approved=False)
    with pytest.raises(ClockStopped):
        stopped.transfer(_later(3), to="u1")
    with pytest.raises(ClockStopped):
        stopped.stop(_later(3))
    assert stopped.stopped_at == _later(2)
    assert not stopped.is_suspended


def test_an_extension_stays_within_what_the_law_allows() -> None:
    clock = _clock("PET-8")

    with pytest.raises(ExtensionTooLong) as refused:
        clock.extend(_later(50), 31)
    with pytest.raises(NotExtendable) as used_up:
        clock.extend(_later(50), 30).extend(_later(70), 1)
    with pytest.raises(NotExtendable):
        _clock("PET-5").extend(_later(1), 1)

    assert refused.value.longest == 30
    assert used_up.value.times == 1


def test_a_refused_extension_adds_nothing_and_uses_nothing_up() -> None:
    clock = _clock("PET-8").extend(_later(10), 30, approved=False)

    assert clock.extended_by == 0
    assert clock.extend(_later(20), 30).extended_by == 30


def test_where_nothing_limits_extensions_any_number_is_granted() -> None:
    clock = _clock("HAZ-5", due_date=date(2026, 4, 1))

    assert clock.extend(_later(1), 40).extend(_later(2), 50).extended_by == 90


@pytest.mark.parametrize("length", [0, -1])
def test_an_extension_adds_something(length: int) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        _clock("PET-8").extend(_later(1), length)
    with pytest.raises(ValueError, match="at least 1"):
        _clock("LOC-4", length=length)


def test_a_case_may_shorten_the_law_and_lengthen_only_a_default_of_the_project() -> None:
    assert _clock("PET-8", length=45).length == 45
    assert _clock("LOC-4", length=90).length == 90

    with pytest.raises(LongerThanLaw):
        _clock("PET-8", length=61)


def test_a_date_belongs_to_a_rule_without_a_length_and_to_no_other() -> None:
    with pytest.raises(DueDateNeeded):
        _clock("HAZ-5")
    with pytest.raises(DueDateNeeded):
        _clock("PET-8", due_date=date(2026, 4, 1))


def test_events_survive_being_stored() -> None:
    clock = (
        _clock("PET-13")
        .suspend(_later(1), reason="听证")
        .resume(_later(3))
        .transfer(_later(4).astimezone(UTC), to="u7")
        .stop(_later(5))
    )
    dated = _clock("HAZ-5", due_date=date(2026, 4, 1)).extend(_later(1), 7, approved=False)

    for each in (clock, dated):
        assert Clock.from_json(each.rule, each.zone, each.events_as_json()) == each
    assert [event["act"] for event in clock.events_as_json()] == [
        ClockAct.START, ClockAct.SUSPEND, ClockAct.RESUME, ClockAct.TRANSFER, ClockAct.STOP,
    ]  # fmt: skip
    refused = [event.get("approved", True) for event in dated.events_as_json()]
    assert refused == [True, False]
