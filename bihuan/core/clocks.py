"""A clock: the rule it runs by and its events. `deadlines` calculates the times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import StrEnum
from functools import cached_property

from bihuan.core.refusal import Refusal
from bihuan.core.rules import Confidence, Rule, Unit


class ClockAct(StrEnum):
    """What can happen to a clock."""

    START = "start"
    SUSPEND = "suspend"
    RESUME = "resume"
    EXTEND = "extend"
    TRANSFER = "transfer"
    STOP = "stop"


class ClockStopped(Refusal):
    """The clock has stopped and accepts no more events."""


class NotInTurn(Refusal):
    """The event is out of order: already suspended, not suspended, or dated before the last one."""

    def __init__(self, act: ClockAct) -> None:
        super().__init__(act)
        self.act = act


class NotSuspendable(Refusal):
    """The rule does not allow suspension."""

    def __init__(self, rule_id: str) -> None:
        super().__init__(rule_id)
        self.rule_id = rule_id


class NotExtendable(Refusal):
    """The rule does not allow an extension, or none is left; `times` is how many it allows."""

    def __init__(self, rule_id: str, times: int) -> None:
        super().__init__(rule_id, times)
        self.rule_id, self.times = rule_id, times


class ExtensionTooLong(Refusal):
    """The rule only allows a shorter extension."""

    def __init__(self, rule_id: str, longest: int) -> None:
        super().__init__(rule_id, longest)
        self.rule_id, self.longest = rule_id, longest


class LongerThanLaw(Refusal):
    """A length set for one case may be shorter than the law's, never longer."""

    def __init__(self, rule_id: str, longest: int) -> None:
        super().__init__(rule_id, longest)
        self.rule_id, self.longest = rule_id, longest


class DueDateNeeded(Refusal):
    """The rule has no length: the due date must be set for each case."""

    def __init__(self, rule_id: str) -> None:
        super().__init__(rule_id)
        self.rule_id = rule_id


@dataclass(frozen=True)
class Event:
    """One event. `length` is a custom length (start) or the added length (extend)."""

    act: ClockAct
    at: datetime
    length: int = 0
    due_date: date | None = None
    approved: bool = True
    note: str = ""

    def as_json(self) -> dict[str, object]:
        content: dict[str, object] = {"act": self.act.value, "at": self.at.isoformat()}
        if self.length:
            content["length"] = self.length
        if self.due_date:
            content["due_date"] = self.due_date.isoformat()
        if not self.approved:
            content["approved"] = False
        if self.note:
            content["note"] = self.note
        return content

    @classmethod
    def from_json(cls, content: Mapping[str, object]) -> Event:
        length, due_date = content.get("length", 0), content.get("due_date")
        return cls(
            act=ClockAct(str(content["act"])),
            at=datetime.fromisoformat(str(content["at"])),
            length=length if isinstance(length, int) else 0,
            due_date=None if due_date is None else date.fromisoformat(str(due_date)),
            approved=content.get("approved") is not False,
            note=str(content.get("note", "")),
        )


@dataclass(frozen=True)
class Clock:
    """A rule, the time zone in which days are counted, and its events in order, beginning with
    the start.
    """

    rule: Rule
    zone: tzinfo
    events: tuple[Event, ...]

    @classmethod
    def from_json(cls, rule: Rule, zone: tzinfo, events: Iterable[Mapping[str, object]]) -> Clock:
        return cls(rule, zone, tuple(map(Event.from_json, events)))

    def events_as_json(self) -> list[dict[str, object]]:
        return [event.as_json() for event in self.events]

    @property
    def started_at(self) -> datetime:
        return self.events[0].at

    @cached_property
    def start_date(self) -> date:
        return self.local_date(self.started_at)

    @property
    def stopped_at(self) -> datetime | None:
        return self.events[-1].at if self.events[-1].act is ClockAct.STOP else None

    @property
    def is_suspended(self) -> bool:
        still = bool(self.pauses) and self.pauses[-1][1] is None
        return still and self.stopped_at is None

    @property
    def length(self) -> int:
        """Return the length without extensions, in the unit of the rule."""
        return self.events[0].length or self.rule.length

    @cached_property
    def extended_by(self) -> int:
        return sum(event.length for event in self._granted())

    def local_date(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    @cached_property
    def pauses(self) -> tuple[tuple[datetime, datetime | None], ...]:
        """Return the periods of suspension; the end is None while one lasts."""
        spans: list[tuple[datetime, datetime | None]] = []
        for event in self.events:
            if event.act is ClockAct.SUSPEND:
                spans.append((event.at, None))
            elif event.act is ClockAct.RESUME:
                spans[-1] = (spans[-1][0], event.at)
        return tuple(spans)

    def suspend(self, at: datetime, *, reason: str) -> Clock:
        if not self.rule.suspendable:
            raise NotSuspendable(self.rule.id)
        if self.is_suspended:
            raise NotInTurn(ClockAct.SUSPEND)
        return self._then(Event(ClockAct.SUSPEND, at, note=reason))

    def resume(self, at: datetime) -> Clock:
        if not self.is_suspended:
            raise NotInTurn(ClockAct.RESUME)
        return self._then(Event(ClockAct.RESUME, at))

    def extend(self, at: datetime, length: int, *, approved: bool = True) -> Clock:
        """Add the decision on an extension; a refused one is recorded and has no effect."""
        if approved:
            self._require_extension(length)
        return self._then(Event(ClockAct.EXTEND, at, length=length, approved=approved))

    def transfer(self, at: datetime, *, to: str) -> Clock:
        """Record that another unit takes over; the clock keeps running."""
        return self._then(Event(ClockAct.TRANSFER, at, note=to))

    def stop(self, at: datetime) -> Clock:
        return self._then(Event(ClockAct.STOP, at))

    def _then(self, event: Event) -> Clock:
        if self.stopped_at is not None:
            raise ClockStopped
        if event.at < self.events[-1].at:
            raise NotInTurn(event.act)
        return Clock(self.rule, self.zone, (*self.events, event))

    def _granted(self) -> list[Event]:
        return [event for event in self.events if event.act is ClockAct.EXTEND and event.approved]

    def _require_extension(self, length: int) -> None:
        allowed = self.rule.extension
        if allowed is None:
            raise NotExtendable(self.rule.id, 0)
        if allowed.times is not None and len(self._granted()) >= allowed.times:
            raise NotExtendable(self.rule.id, allowed.times)
        if length < 1:
            raise ValueError("an extension adds at least 1")
        if allowed.length is not None and length > allowed.length:
            raise ExtensionTooLong(self.rule.id, allowed.length)


def start(
    rule: Rule,
    at: datetime,
    *,
    zone: tzinfo,
    length: int | None = None,
    due_date: date | None = None,
) -> Clock:
    """Start a clock; `length` replaces the rule's length, `due_date` is for rules without one."""
    if (rule.unit is Unit.DATE) != (due_date is not None):
        raise DueDateNeeded(rule.id)
    if length is not None and length < 1:
        raise ValueError("a length is at least 1")
    if length and length > rule.length and rule.confidence is not Confidence.PROJECT_DEFAULT:
        raise LongerThanLaw(rule.id, rule.length)
    return Clock(rule, zone, (Event(ClockAct.START, at, length=length or 0, due_date=due_date),))
