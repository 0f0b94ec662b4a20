"""Random histories of grievances, and a counter of days for them that knows nothing of `core`.

The counter has the periods and the clocks of each step written down a second time, from the text
of the rules, and finds the end of a period by looking at one day after the other.
"""

from __future__ import annotations

import json
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
PUBLISHED = Path(__file__).parents[2] / "bihuan" / "calendars" / "data" / "cn"
FIRST, SPAN = datetime(2022, 6, 1, tzinfo=UTC), 365 * 3


@dataclass(frozen=True)
class Event:
    """One step of a history."""

    name: str
    at: datetime
    way: str = ""
    simple: bool = False
    agreed: bool = False
    days: int = 0


# ------------------------------------------------------------------- histories
def history(seed: int) -> list[Event]:
    """What might have happened to one grievance, on random days."""
    random = Random(seed)
    clock = _days(random)
    found: list[Event] = []

    def then(name: str, **options: object) -> None:
        found.append(Event(name, next(clock), **options))  # type: ignore[arg-type]

    way = random.choice(["request", "request", "request", "duty", "accusation"])
    simple = way == "request" and random.random() < 0.3
    then("receive")
    then("classify", way=way, simple=simple)
    for _ in range(random.choice([0, 0, 1, 2])):
        then("transfer")
        if random.random() < 0.5:
            then("take_over")
        else:
            then("object")
            then("answer_objection", agreed=random.random() < 0.5)
    if random.random() < 0.1:
        then("withdraw")
        return found
    then("accept")
    if way != "duty" and not simple and random.random() < 0.4:
        then("ask_extension")
        then("decide_extension", days=random.choice([0, *range(1, 31)]))
    then("issue")
    if way == "request" and random.random() < 0.7:
        found += _reviews(random, clock)
    return found


def _reviews(random: Random, clock: Iterator[datetime]) -> Iterator[Event]:
    yield Event("seen", next(clock))
    yield Event("ask_review", next(clock))
    yield Event("issue_review", next(clock))
    if random.random() < 0.7:
        yield Event("seen", next(clock))
        yield Event("ask_rereview", next(clock))
        for _ in range(random.choice([0, 0, 1, 2])):
            yield Event("begin_hearing", next(clock))
            yield Event("end_hearing", next(clock))
        yield Event("issue_rereview", next(clock))


def _days(random: Random) -> Iterator[datetime]:
    at = FIRST + timedelta(days=random.randrange(SPAN), minutes=random.randrange(1440))
    while True:
        yield at
        at += timedelta(days=random.choice([0, 1, 3, 8, 14, 29]), minutes=random.randrange(1440))


# ------------------------------------------------------------- the day counter
DAYS = {
    "PET-5": 15, "PET-6": 15, "PET-8": 60, "LOC-9": 60, "PET-10": 30, "PET-11": 30,
    "PET-12": 30, "PET-13": 30, "LOC-6": 2,
}  # fmt: skip
WORKING_DAYS = {"PET-7": 5, "PET-16a": 3, "PET-16b": 10, "PET-16c": 1}
MONTHS = {"PET-4": 2}
ANSWERS = {"request": "PET-8", "duty": "PET-4", "accusation": "LOC-9"}


def _published() -> tuple[frozenset[date], frozenset[date]]:
    off: set[date] = set()
    worked: set[date] = set()
    for file in PUBLISHED.glob("*.json"):
        for day in json.loads(file.read_text(encoding="utf-8"))["days"]:
            (off if day["isOffDay"] else worked).add(date.fromisoformat(day["date"]))
    return frozenset(off), frozenset(worked)


OFF, WORKED = _published()


@dataclass
class Counted:
    """One period as the counter keeps it."""

    rule: str
    start: date
    more: int = 0
    stood: set[date] = field(default_factory=set)
    runs: bool = True

    def end(self) -> date:
        """The last day, before any holiday lengthens it."""
        if self.rule in MONTHS:
            month = self.start.month - 1 + MONTHS[self.rule]
            year, month = self.start.year + month // 12, month % 12 + 1
            return date(year, month, min(self.start.day, monthrange(year, month)[1]))
        left = {**DAYS, **WORKING_DAYS}[self.rule] + self.more
        day = self.start
        while left:
            day += DAY
            if day not in self.stood and (self.rule in DAYS or _is_worked(day)):
                left -= 1
        return day

    def last(self) -> date:
        """The last day for a citizen: a holiday at the end does not count."""
        day = self.end()
        while day in OFF:
            day += DAY
        return day


def _is_worked(day: date) -> bool:
    return day in WORKED or (day.weekday() < 5 and day not in OFF)


@dataclass
class Counter:
    """Follows a history and keeps every period that runs or ran."""

    periods: list[Counted] = field(default_factory=list)
    way: str = ""
    simple: bool = False
    received: date = date.min
    before: tuple[date, date] = (date.min, date.min)
    hearing: date | None = None
    windows: list[str] = field(default_factory=lambda: ["PET-10", "PET-12"])

    def follow(self, event: Event) -> None:
        day = event.at.astimezone(SHANGHAI).date()
        getattr(self, f"_{event.name}")(day, event)

    def _begin(self, rule: str, day: date) -> None:
        self._end(rule)
        self.periods.append(Counted(rule, day))

    def _end(self, *rules: str) -> None:
        for period in self.periods:
            if period.rule in rules:
                period.runs = False

    def _running(self, *rules: str) -> Counted:
        return next(each for each in self.periods if each.runs and each.rule in rules)

    def _receive(self, day: date, event: Event) -> None:
        self.received = day
        self._begin("PET-5", day)
        self._begin("PET-6", day)

    def _classify(self, day: date, event: Event) -> None:
        self.way, self.simple = event.way, event.simple
        if event.simple:
            self._end("PET-5")
            self._begin("PET-16a", self.received)

    def _transfer(self, day: date, event: Event) -> None:
        result = self._running("PET-6").start
        decided = [each for each in self.periods if each.rule in ("PET-5", "PET-16a")]
        self.before = (decided[-1].start, result)
        self._end("PET-5", "PET-16a")
        self._begin("PET-7", day)
        self._begin("PET-6", day)
        if self.simple:
            self._begin("PET-16c", day)
        self.came = day

    def _take_over(self, day: date, event: Event) -> None:
        self._end("PET-7", "PET-16c")
        self.received = self.came
        if self.simple:
            self._begin("PET-16a", self.received)

    def _object(self, day: date, event: Event) -> None:
        self._end("PET-7", "PET-16c")

    def _answer_objection(self, day: date, event: Event) -> None:
        if not event.agreed:
            self._take_over(day, event)
            return
        self._begin("PET-16a" if self.simple else "PET-5", self.before[0])
        self._begin("PET-6", self.before[1])

    def _accept(self, day: date, event: Event) -> None:
        self._end("PET-5", "PET-16a", "PET-6")
        rule = "PET-16b" if self.simple else ANSWERS[self.way]
        self._begin(rule, self.received if rule == "PET-4" else day)

    def _ask_extension(self, day: date, event: Event) -> None:
        self._begin("LOC-6", day)

    def _decide_extension(self, day: date, event: Event) -> None:
        self._end("LOC-6")
        self._running("PET-8", "LOC-9").more += event.days

    def _issue(self, day: date, event: Event) -> None:
        self._end("PET-4", "PET-8", "PET-16b", "LOC-9")

    def _seen(self, day: date, event: Event) -> None:
        self._begin(self.windows.pop(0), day)

    def _ask_review(self, day: date, event: Event) -> None:
        self._end("PET-10")
        self._begin("PET-11", day)

    def _issue_review(self, day: date, event: Event) -> None:
        self._end("PET-11")

    def _ask_rereview(self, day: date, event: Event) -> None:
        self._end("PET-12")
        self._begin("PET-13", day)

    def _begin_hearing(self, day: date, event: Event) -> None:
        self.hearing = day

    def _end_hearing(self, day: date, event: Event) -> None:
        assert self.hearing is not None
        away = self.hearing + DAY
        while away <= day:
            self._running("PET-13").stood.add(away)
            away += DAY

    def _issue_rereview(self, day: date, event: Event) -> None:
        self._end("PET-13")

    def _withdraw(self, day: date, event: Event) -> None:
        self._end("PET-5", "PET-6", "PET-7", "PET-16a", "PET-16c")
