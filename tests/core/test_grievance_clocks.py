"""Ten thousand random histories: every clock of each ends on the day that counting gives."""

from __future__ import annotations

from datetime import date, datetime

from bihuan.core import clocks, deadlines, procedure, rules
from bihuan.core.clocks import Clock
from bihuan.core.grievance import GRIEVANCE, ClockPurpose
from tests.core.calendars import china
from tests.core.histories import FIRST, SHANGHAI, Counter, Event, history

HISTORIES = 10_000
CN = procedure.named("CN")
CALENDAR = china()
ON = date(2025, 1, 1)


class Kept:
    """The clocks of one grievance, run by the tables as the actions run them."""

    def __init__(self) -> None:
        self.clocks: list[Clock] = []
        self.way: procedure.Pathway | None = None
        self.simple = False
        self.received_at = self.came_at = self.kept_at = FIRST
        self.windows = [ClockPurpose.ASK_REVIEW, ClockPurpose.ASK_REREVIEW]

    def follow(self, event: Event) -> None:
        if event.name == "receive":
            self.received_at = event.at
        if event.name == "transfer":
            self.kept_at, self.received_at, self.came_at = self.received_at, event.at, event.at
        if event.name == "seen":
            for rule_id in CN.rules(self.windows.pop(0), self.way):
                self._start(rule_id, event.at)
            return
        if event.name == "classify":
            self._classify(event)
            return
        self._by_table(event)
        if event.name in ("take_over", "answer_objection"):
            self._settle(event)
        self._change(event)

    def _by_table(self, event: Event) -> None:
        row = GRIEVANCE.transition(event.name)
        named = CN.clocks_of(row, self.way, simple=self.simple)
        for rule_id in named.starts:
            self._start(rule_id, event.at)
        for each in self._running(*named.stops):
            self._put(each, each.stop(event.at))

    def _classify(self, event: Event) -> None:
        old = CN.rules(ClockPurpose.REGISTER, self.way, simple=self.simple)
        self.way, self.simple = CN.way(event.way), event.simple
        new = CN.rules(ClockPurpose.REGISTER, self.way, simple=self.simple)
        if old != new:
            (running,) = self._running(*old)
            self._put(running, running.stop(event.at))
            for rule_id in new:
                self._start(rule_id, running.started_at)

    def _settle(self, event: Event) -> None:
        """Taken over, or returned: then it is as if it had never left."""
        if event.agreed:
            self.received_at = self.kept_at
            for slot in (ClockPurpose.REGISTER, ClockPurpose.TELL):
                ran = [
                    each
                    for each in self.clocks
                    if each.rule.id in CN.every_rule(slot) and each.started_at < self.came_at
                ]
                for rule_id in CN.rules(slot, self.way, simple=self.simple):
                    self._start_from(rule_id, ran[-1].started_at, event.at)
            return
        if self.simple:
            for rule_id in CN.rules(ClockPurpose.REGISTER, self.way, simple=True):
                self._start(rule_id, event.at)

    def _change(self, event: Event) -> None:
        working = CN.every_rule(ClockPurpose.CONCLUDE) + CN.every_rule(ClockPurpose.REREVIEW)
        for each in self._running(*working):
            if event.name == "decide_extension" and event.days:
                self._put(each, each.extend(event.at, event.days))
            if event.name == "begin_hearing":
                self._put(each, each.suspend(event.at, reason="hearing"))
            if event.name == "end_hearing":
                self._put(each, each.resume(event.at))

    def _start(self, rule_id: str, now: datetime) -> None:
        rule = rules.rule(rule_id, on=ON)
        at = procedure.start_of(rule, received_at=self.received_at, now=now)
        self._start_from(rule_id, at, now)

    def _start_from(self, rule_id: str, at: datetime, now: datetime) -> None:
        for each in self._running(rule_id):
            self._put(each, each.stop(now))
        self.clocks.append(clocks.start(rules.rule(rule_id, on=ON), at, zone=SHANGHAI))

    def _running(self, *rule_ids: str) -> list[Clock]:
        return [c for c in self.clocks if c.stopped_at is None and c.rule.id in rule_ids]

    def _put(self, old: Clock, new: Clock) -> None:
        self.clocks[next(n for n, each in enumerate(self.clocks) if each is old)] = new

    def said(self) -> list[tuple[str, date, date, date, bool]]:
        return sorted(self._said(each) for each in self.clocks)

    def _said(self, clock: Clock) -> tuple[str, date, date, date, bool]:
        both = deadlines.deadline(clock, CALENDAR)
        assert both is not None
        ends = (clock.local_date(both.due_at_unrolled), clock.local_date(both.due_at))
        return clock.rule.id, clock.start_date, *ends, clock.stopped_at is None


def counted(seed: int) -> list[tuple[str, date, date, date, bool]]:
    counter = Counter()
    for event in history(seed):
        counter.follow(event)
    return sorted(
        (each.rule, each.start, each.end(), each.last(), each.runs) for each in counter.periods
    )


def kept(seed: int) -> list[tuple[str, date, date, date, bool]]:
    grievance = Kept()
    for event in history(seed):
        grievance.follow(event)
    return grievance.said()


def test_every_clock_of_ten_thousand_histories_ends_where_counting_ends() -> None:
    wrong = [seed for seed in range(HISTORIES) if kept(seed) != counted(seed)]

    assert wrong == []


def test_the_histories_use_every_clock_of_the_procedure() -> None:
    used = {text[0] for seed in range(500) for text in counted(seed)}

    # The day of an office's register begins with an import, and with no move.
    slots = [slot for slot in ClockPurpose if slot is not ClockPurpose.REGISTERED]
    assert used == {rule for slot in slots for rule in CN.every_rule(slot)}
