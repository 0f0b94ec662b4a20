"""Deadlines against hand-checked cases and a counter that walks day by day."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.core import clocks, deadlines, rules
from bihuan.core.clocks import Clock, ClockAct
from bihuan.core.deadlines import Cause, Instant
from bihuan.core.rules import Extension, Party, Rollover, Rule, Unit
from bihuan.core.workdays import NO_CALENDAR, YearNotLoaded
from tests.core.calendars import china

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def start(rule_id: str, when: str, *, due_date: date | None = None) -> Clock:
    moment = at(when)
    rule = rules.rule(rule_id, on=moment.date(), jurisdiction="CN-SD")
    return clocks.start(rule, moment, zone=SHANGHAI, due_date=due_date)


@pytest.mark.parametrize(
    ("rule_id", "started", "unrolled", "rolled"),
    [
        # Received Friday before National Day 2025; the end is a make-up workday.
        ("PET-5", "2025-09-26T09:00", "2025-10-11", "2025-10-11"),
        # The end lies in the holiday of 1 to 8 October 2025.
        ("PET-5", "2025-09-20T09:00", "2025-10-05", "2025-10-09"),
        ("PET-5", "2025-09-16T09:00", "2025-10-01", "2025-10-09"),
        ("PET-5", "2025-09-23T09:00", "2025-10-08", "2025-10-09"),
        # An ordinary Saturday is no statutory holiday.
        ("PET-5", "2026-05-15T09:00", "2026-05-30", "2026-05-30"),
        # Spring Festival 2026: 15 to 23 February.
        ("PET-10", "2026-01-20T09:00", "2026-02-19", "2026-02-24"),
        # Spring Festival 2020 was lengthened to 2 February in mid-season.
        ("HAZ-3b", "2019-12-31T09:00", "2020-01-31", "2020-02-03"),
        # The holiday goes over the turn of the year: 30 December 2018 to 1 January 2019.
        ("HAZ-3a", "2018-12-15T09:00", "2018-12-30", "2019-01-02"),
        # Five working days over the holiday, with the make-up Sunday 28 September.
        ("PET-7", "2025-09-26T09:00", "2025-10-10", "2025-10-10"),
        ("PET-7", "2025-10-09T09:00", "2025-10-15", "2025-10-15"),
        # 60 days.
        ("PET-8", "2026-08-03T09:00", "2026-10-02", "2026-10-08"),
        # A month ends on the corresponding day, or on the last.
        ("MED-3", "2026-01-15T09:00", "2026-02-15", "2026-02-24"),
        ("MED-3", "2026-01-31T09:00", "2026-02-28", "2026-02-28"),
        ("MED-3", "2024-01-31T09:00", "2024-02-29", "2024-02-29"),
        ("MED-3", "2025-12-31T09:00", "2026-01-31", "2026-01-31"),
        ("INC-9", "2025-06-30T09:00", "2026-06-30", "2026-06-30"),
        # Quarterly statistics: within 15 days of the next quarter.
        ("HAZ-3a", "2026-06-30T23:00", "2026-07-15", "2026-07-15"),
    ],
)
def test_a_term_of_days_ends_with_the_last_second_of_its_last_day(
    rule_id: str, started: str, unrolled: str, rolled: str
) -> None:
    both = deadlines.deadline(start(rule_id, started), china())

    assert both is not None
    assert both.due_at_unrolled == at(f"{unrolled}T23:59:59")
    assert both.due_at == at(f"{rolled}T23:59:59")


@pytest.mark.parametrize(
    ("rule_id", "started", "due"),
    [
        ("INC-1", "2025-10-01T23:30", "2025-10-02T00:30"),
        ("INC-2", "2026-02-16T23:00:30", "2026-02-17T01:00:30"),
        ("INC-7a", "2026-12-31T23:45", "2027-01-01T00:15"),
        ("HAZ-15", "2026-10-01T08:00", "2026-10-02T08:00"),
    ],
)
def test_minutes_and_hours_run_through_nights_holidays_and_unknown_years(
    rule_id: str, started: str, due: str
) -> None:
    both = deadlines.deadline(start(rule_id, started), NO_CALENDAR)

    assert both == deadlines.Deadline(at(due), at(due))


def test_the_day_is_that_of_the_place_and_not_of_the_server() -> None:
    late_in_the_evening = datetime(2026, 3, 1, 16, 30, tzinfo=UTC)  # 2 March in Shanghai
    rule = rules.rule("LOC-1", on=date(2026, 3, 2))

    target = deadlines.target(clocks.start(rule, late_in_the_evening, zone=SHANGHAI))

    assert target == at("2026-03-04T23:59:59")


def test_an_hour_is_an_hour_when_the_clocks_of_a_place_change() -> None:
    zone = ZoneInfo("Europe/Berlin")
    rule = rules.rule("HAZ-15", on=date(2026, 3, 28))
    started = datetime(2026, 3, 28, 12, tzinfo=zone)

    target = deadlines.target(clocks.start(rule, started, zone=zone))

    assert target == datetime(2026, 3, 29, 13, tzinfo=zone)


def test_a_staff_target_in_calendar_days_needs_no_calendar_and_the_rolled_date_does() -> None:
    clock = start("PET-8", "2026-12-01T09:00")

    assert deadlines.target(clock) == at("2027-01-30T23:59:59")
    with pytest.raises(YearNotLoaded) as refused:
        deadlines.deadline(clock, china())
    with pytest.raises(YearNotLoaded):
        deadlines.target(start("PET-7", "2026-12-30T09:00"), china())

    assert refused.value.year == 2027


def test_citizens_have_until_the_rolled_date_and_staff_until_the_unrolled() -> None:
    ask, answer = start("PET-10", "2026-01-20T09:00"), start("PET-11", "2026-01-20T09:00")

    assert deadlines.binding(ask, china()) == at("2026-02-24T23:59:59")
    assert deadlines.binding(answer) == at("2026-02-19T23:59:59")


def test_where_the_law_says_so_a_last_day_on_a_weekend_rolls_too() -> None:
    rule = replace(rules.rule("PET-5", on=date(2026, 5, 15)), rolls_over=Rollover.REST_DAYS)

    assert deadlines.rolled(date(2026, 5, 30), rule, china()) == date(2026, 6, 1)
    assert deadlines.rolled(date(2025, 10, 11), rule, china()) == date(2025, 10, 11)


def test_a_date_set_for_the_case_is_the_last_day_whatever_the_start() -> None:
    ordinary = start("HAZ-5", "2026-03-02T09:00", due_date=date(2026, 4, 30))
    in_the_past = start("HAZ-5", "2026-03-02T09:00", due_date=date(2026, 2, 1))

    assert deadlines.target(ordinary) == at("2026-04-30T23:59:59")
    assert deadlines.target(ordinary.extend(at("2026-04-01T09:00"), 7)) == at("2026-05-07T23:59:59")
    assert deadlines.target(in_the_past) == at("2026-02-01T23:59:59")


def test_a_transfer_leaves_the_clock_running() -> None:
    clock = start("PET-8", "2026-03-02T09:00")

    moved = clock.transfer(at("2026-03-20T09:00"), to="u2")

    assert deadlines.target(moved) == deadlines.target(clock)


def test_while_a_clock_stands_still_it_has_no_end() -> None:
    clock = start("PET-13", "2026-03-02T09:00").suspend(at("2026-03-10T09:00"), reason="hearing")

    assert deadlines.target(clock) is None
    assert deadlines.deadline(clock, china()) is None
    assert deadlines.target(clock.resume(at("2026-03-15T17:00"))) == at("2026-04-06T23:59:59")


def test_a_suspension_that_begins_on_the_last_day_comes_too_late_to_move_it() -> None:
    clock = start("PET-13", "2026-03-02T09:00")

    on_the_last = clock.suspend(at("2026-04-01T09:00"), reason="hearing")
    on_the_day_before = clock.suspend(at("2026-03-31T09:00"), reason="hearing")

    assert deadlines.target(on_the_last) == at("2026-04-01T23:59:59")
    assert deadlines.target(on_the_day_before) is None


# ------------------------------------------------------------- the day counter
RULES = {
    unit: Rule(
        id="X",
        version="1",
        jurisdiction="CN",
        start_event="received",
        unit=unit,
        name=rules.Bilingual("甲", "A"),
        source=rules.Bilingual("乙", "B"),
        confidence=rules.Confidence.PROJECT_DEFAULT,
        audience=Party.STAFF,
        length=0 if unit is Unit.DATE else 20,
        extension=Extension(),
        suspendable=True,
    )
    for unit in Unit
}


@st.composite
def histories(
    draw: st.DrawFn, *units: Unit, longest_pause: timedelta = timedelta(days=15)
) -> Clock:
    """A clock with any lawful sequence of events, minutes or weeks apart."""
    started = at("2018-01-10T00:00") + timedelta(minutes=draw(st.integers(0, 5 * 365 * 1440)))
    rule = RULES[draw(st.sampled_from(units))]
    moment = started.astimezone(SHANGHAI)
    due_date = moment.date() + timedelta(draw(st.integers(-3, 90)))
    clock = clocks.start(
        rule,
        moment,
        zone=SHANGHAI,
        length=None if rule.unit is Unit.DATE else draw(st.integers(1, 40)),
        due_date=due_date if rule.unit is Unit.DATE else None,
    )
    minutes = st.integers(0, 90) | st.integers(0, longest_pause // timedelta(minutes=1))
    for _ in range(draw(st.integers(0, 8))):
        moment += timedelta(minutes=draw(minutes))
        clock = _happens(draw, clock, moment)
    return clock


def _happens(draw: st.DrawFn, clock: Clock, moment: datetime) -> Clock:
    act = draw(st.sampled_from([ClockAct.SUSPEND, ClockAct.EXTEND, ClockAct.TRANSFER]))
    if act is ClockAct.SUSPEND:
        if clock.is_suspended:
            return clock.resume(moment)
        return clock.suspend(moment, reason="hearing")
    if act is ClockAct.EXTEND:
        return clock.extend(moment, draw(st.integers(1, 30)), approved=draw(st.booleans()))
    return clock.transfer(moment, to="u2")


def _length_by_hand(clock: Clock) -> int:
    """How many days (or minutes, or hours) have to be counted."""
    first = clock.events[0]
    granted = sum(e.length for e in clock.events if e.act is ClockAct.EXTEND and e.approved)
    day = first.at.astimezone(SHANGHAI).date()
    if first.due_date:
        return (first.due_date - day).days + granted
    if clock.rule.unit is Unit.MONTHS:
        return _days_until_same_day(day, first.length + granted)
    return first.length + granted


def _days_until_same_day(day: date, months: int) -> int:
    """Walk until the month has changed that often, then to the day or the month's end."""
    walked, changes = day, 0
    while changes < months:
        changes += (walked + timedelta(days=1)).month != walked.month
        walked += timedelta(days=1)
    while walked.day < day.day and (walked + timedelta(days=1)).month == walked.month:
        walked += timedelta(days=1)
    return (walked - day).days


def _last_day_by_hand(clock: Clock) -> date | None:
    """Go day by day; a day is counted unless the clock stood still as it began."""
    days_of_events = [(e.act, e.at.astimezone(SHANGHAI).date()) for e in clock.events]
    day, left = days_of_events[0][1], _length_by_hand(clock)
    if left < 0:
        return day + timedelta(days=left)
    for _ in range(3000):
        if left == 0:
            return day
        day += timedelta(days=1)
        before = [act for act, on in days_of_events if on < day]
        stands = [act for act in before if act in (ClockAct.SUSPEND, ClockAct.RESUME)][-1:] == [
            ClockAct.SUSPEND
        ]
        workday = clock.rule.unit is not Unit.WORKING_DAYS or china().is_workday(day)
        left -= workday and not stands
        if stands and not any(on >= day for _, on in days_of_events):
            return None
    raise AssertionError("the counter never ends")


@given(histories(Unit.DAYS, Unit.WORKING_DAYS, Unit.MONTHS, Unit.DATE))
def test_any_history_ends_on_the_day_that_a_day_counter_finds(clock: Clock) -> None:
    if clock.rule.unit is Unit.MONTHS and clock.length + clock.extended_by > 24:
        clock = replace(clock, events=clock.events[:1])

    target = deadlines.target(clock, china())

    last = _last_day_by_hand(clock)
    assert target == (last and datetime.combine(last, time(23, 59, 59), SHANGHAI))


@given(histories(Unit.MINUTES, Unit.HOURS, longest_pause=timedelta(hours=8)))
def test_any_history_of_minutes_ends_at_the_minute_that_a_minute_counter_finds(
    clock: Clock,
) -> None:
    left = _length_by_hand(clock) * (60 if clock.rule.unit is Unit.HOURS else 1)
    moment, running, events = clock.started_at, True, list(clock.events)
    while left and (running or events):
        while events and events[0].at <= moment:
            act = events.pop(0).act
            running = act is not ClockAct.SUSPEND and (running or act is ClockAct.RESUME)
        moment += timedelta(minutes=1)
        left -= running

    assert deadlines.target(clock) == (None if left else moment)


@given(histories(Unit.DAYS, Unit.WORKING_DAYS, Unit.DATE))
def test_the_rolled_end_is_the_first_day_outside_a_holiday(clock: Clock) -> None:
    both = deadlines.deadline(clock, china())
    if both is None:
        return

    between = (both.due_at.date() - both.due_at_unrolled.date()).days
    skipped = [both.due_at_unrolled.date() + timedelta(days=n) for n in range(between)]
    assert all(china().is_statutory_holiday(day) for day in skipped)
    assert not china().is_statutory_holiday(both.due_at.date())


# ------------------------------------------------------------ what time causes
def _all_instants(clock: Clock, count: int) -> list[Instant]:
    found: list[Instant] = []
    after = clock.started_at
    while len(found) < count and (instant := deadlines.next_instant(clock, after, china())):
        found.append(instant)
        after = instant.at
    return found


def test_a_clock_warns_then_is_overdue_then_escalates_again_and_again() -> None:
    clock = start("LOC-3", "2026-03-02T09:00")  # five days: warned at half and at four fifths

    assert _all_instants(clock, 5) == [
        Instant(at("2026-03-05T00:00"), Cause.WARNING, 1),
        Instant(at("2026-03-06T00:00"), Cause.WARNING, 2),
        Instant(at("2026-03-08T00:00"), Cause.OVERDUE, 1),
        Instant(at("2026-03-09T00:00"), Cause.ESCALATION, 1),
        Instant(at("2026-03-10T00:00"), Cause.ESCALATION, 2),
    ]


def test_warnings_that_fall_together_are_one() -> None:
    clock = start("PET-16c", "2026-03-02T09:00")  # one working day

    causes = [instant.cause for instant in _all_instants(clock, 3)]

    assert causes == [Cause.WARNING, Cause.OVERDUE, Cause.ESCALATION]


def test_a_clock_of_hours_warns_within_the_hour() -> None:
    assert _all_instants(start("INC-1", "2026-03-02T09:00"), 3) == [
        Instant(at("2026-03-02T09:30"), Cause.WARNING, 1),
        Instant(at("2026-03-02T10:00:01"), Cause.OVERDUE, 1),
        Instant(at("2026-03-02T11:00:01"), Cause.ESCALATION, 1),
    ]


def test_a_citizens_window_warns_and_closes_and_nothing_more() -> None:
    clock = start("PET-10", "2026-01-20T09:00")

    assert _all_instants(clock, 9) == [
        Instant(at("2026-02-13T00:00"), Cause.WARNING, 1),
        Instant(at("2026-02-25T00:00"), Cause.OVERDUE, 1),
    ]


def test_after_it_has_stopped_a_clock_causes_nothing() -> None:
    clock = start("LOC-3", "2026-03-02T09:00").stop(at("2026-03-05T12:00"))

    assert [instant.number for instant in _all_instants(clock, 9)] == [1]


def test_while_it_stands_still_a_clock_causes_nothing_that_it_has_not_reached() -> None:
    clock = start("PET-13", "2026-03-02T09:00").suspend(at("2026-03-20T09:00"), reason="hearing")

    assert _all_instants(clock, 9) == [Instant(at("2026-03-17T00:00"), Cause.WARNING, 1)]


def test_a_date_already_past_is_overdue_at_once_and_never_warns() -> None:
    clock = start("HAZ-5", "2026-03-02T09:00", due_date=date(2026, 2, 27))

    instant = deadlines.next_instant(clock, at("2026-02-01T00:00"))

    assert instant == Instant(at("2026-02-28T00:00"), Cause.OVERDUE, 1)


@given(histories(Unit.DAYS, Unit.WORKING_DAYS, Unit.DATE), st.integers(0, 300 * 1440))
def test_the_next_instant_lies_ahead_and_follows_from_the_one_before(
    clock: Clock, minutes: int
) -> None:
    watched = replace(
        clock,
        rule=replace(
            clock.rule,
            warn_at=rules.rule("LOC-1", on=date(2026, 1, 1)).warn_at,
            escalate_every=timedelta(hours=48),
        ),
    )
    after = clock.started_at + timedelta(minutes=minutes)

    instant = deadlines.next_instant(watched, after, china())

    assert instant is None or instant.at > after
    just_before = instant and deadlines.next_instant(
        watched, instant.at - timedelta(microseconds=1), china()
    )
    assert just_before == instant
