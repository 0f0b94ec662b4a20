"""A breach of personal data (PRV-8): whom to notify, by when, and what closing it requires.

个人信息保护法 57: take remedial measures at once, notify the authorities, and the people affected
unless the measures prevent harm. 国家网络安全事件报告管理办法 4 (2025) sets four hours for a
serious breach, and one hour if critical information infrastructure is concerned.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from enum import StrEnum

from bihuan.core import clocks, deadlines, rules
from bihuan.core.clocks import Clock
from bihuan.core.refusal import Refusal


class Data(StrEnum):
    """The categories of data that can leave this system."""

    SEALED = "sealed"
    WORDS = "words"
    PHOTOS = "photos"
    ACCOUNTS = "accounts"
    CODES = "codes"
    OTHER = "other"


class Grade(StrEnum):
    """How serious it is; unknown counts as serious until it is graded."""

    UNKNOWN = "unknown"
    LESSER = "lesser"
    SERIOUS = "serious"
    CRITICAL = "critical"
    # A false alarm or a duplicate record: no one has to be notified.
    NONE = "none"


class Authority(StrEnum):
    """The authorities to notify by law."""

    CYBERSPACE = "cyberspace"  # 省级网信部门
    PROTECTION = "protection"  # 关键信息基础设施保护工作部门
    POLICE = "police"  # 公安机关
    DEPARTMENT = "department"  # 其他履行个人信息保护职责的部门


class Stage(StrEnum):
    FOUND = "found"
    CONTAINED = "contained"
    REPORTED = "reported"
    CLOSED = "closed"


class BreachAct(StrEnum):
    """The types of statements about a breach. Statements are only added, never changed."""

    RECORD = "record"
    CORRECT = "correct"
    CONTAIN = "contain"
    GRADE = "grade"
    TELL = "tell"
    TELL_PERSONS = "tell_persons"
    SPARE_PERSONS = "spare_persons"
    ADD = "add"
    STRIKE = "strike"
    ASK_CHECK = "ask_check"
    SEND_BACK = "send_back"
    CLOSE = "close"
    REOPEN = "reopen"


class Lack(StrEnum):
    """What is still missing before a breach may be closed."""

    GRADE = "grade"
    REMEDY = "remedy"
    REPORT = "report"
    PERSONS = "persons"


# The deadline of the first report. Below 较大 there is no fixed term, but the same authorities must
# be notified.
RULES: Mapping[Grade, str] = {
    Grade.UNKNOWN: "PRV-8a",
    Grade.SERIOUS: "PRV-8a",
    Grade.CRITICAL: "PRV-8b",
}
# All of these; below 较大 any one authority for personal information protection.
ADDRESSEES: Mapping[Grade, frozenset[Authority]] = {
    Grade.UNKNOWN: frozenset({Authority.CYBERSPACE}),
    Grade.SERIOUS: frozenset({Authority.CYBERSPACE}),
    Grade.CRITICAL: frozenset({Authority.PROTECTION, Authority.POLICE}),
}
# The statements allowed about a closed breach.
AFTER_CLOSING = frozenset(
    {
        BreachAct.ADD,
        BreachAct.TELL,
        BreachAct.TELL_PERSONS,
        BreachAct.SPARE_PERSONS,
        BreachAct.REOPEN,
    }
)
# While it waits for review, what was submitted does not change.
WHILE_CHECKED = frozenset({BreachAct.ADD, BreachAct.SEND_BACK, BreachAct.CLOSE})


class NotYet(Refusal):
    """A breach cannot be closed before this was done."""

    def __init__(self, lack: Lack) -> None:
        super().__init__(lack)
        self.lack = lack


class NotNow(Refusal):
    """The statement is not allowed at this stage: the breach is closed, or submitted for review."""

    def __init__(self, act: BreachAct) -> None:
        super().__init__(act)
        self.act = act


class BeforeFound(Refusal):
    """No one can have been notified, and nothing remedied, before the breach was found."""


class StillToCome(Refusal):
    """The stated time is in the future."""


class FoundLater(Refusal):
    """The time of discovery can be corrected to an earlier time only, so that the clock never
    gains time.
    """


@dataclass(frozen=True)
class Known:
    """What has been stated about a breach so far."""

    grade: Grade
    is_contained: bool = False
    # When each authority was first notified.
    notified: Mapping[Authority, datetime] = field(default_factory=dict)
    # They were notified, or there is a reason why not.
    persons_decided: bool = False
    is_handed_in: bool = False
    is_closed: bool = False

    @property
    def reported_at(self) -> datetime | None:
        """Return when the last required authority was notified; None before that."""
        needed = ADDRESSEES.get(self.grade)
        if needed is None:
            return min(self.notified.values(), default=None)
        if not needed <= self.notified.keys():
            return None
        return max(self.notified[each] for each in needed)

    @property
    def untold(self) -> tuple[Authority, ...]:
        """Return the authorities that the clock requires and that were not notified yet."""
        needed = ADDRESSEES.get(self.grade, frozenset())
        return tuple(each for each in Authority if each in needed - self.notified.keys())

    @property
    def stage(self) -> Stage:
        if self.is_closed:
            return Stage.CLOSED
        if not self.is_contained:
            return Stage.FOUND
        return Stage.CONTAINED if self.reported_at is None else Stage.REPORTED

    @property
    def lacks(self) -> tuple[Lack, ...]:
        """Return what must be done before it may be closed, most urgent first."""
        return tuple(self._lacks())

    def _lacks(self) -> Iterator[Lack]:
        if self.grade is Grade.NONE:
            return
        if not self.is_contained:
            yield Lack.REMEDY
        if self.reported_at is None:
            yield Lack.REPORT
        if not self.persons_decided:
            yield Lack.PERSONS
        if self.grade is Grade.UNKNOWN:
            yield Lack.GRADE

    def allows(self, act: BreachAct) -> bool:
        if self.is_closed:
            return act in AFTER_CLOSING
        if self.is_handed_in:
            return act in WHILE_CHECKED
        return act not in (BreachAct.RECORD, BreachAct.SEND_BACK, BreachAct.CLOSE, BreachAct.REOPEN)

    def require(self, act: BreachAct) -> None:
        """Require that this statement is allowed now; submitting for review requires that
        nothing is missing.
        """
        if not self.allows(act):
            raise NotNow(act)
        if act is BreachAct.ASK_CHECK and self.lacks:
            raise NotYet(self.lacks[0])


def require_time(at: datetime, *, found_at: datetime, now: datetime) -> None:
    """Require a time after the discovery that is not in the future."""
    if at < found_at:
        raise BeforeFound
    if at > now:
        raise StillToCome


def clock(grade: Grade, found_at: datetime, *, zone: tzinfo) -> Clock | None:
    """Return the clock of the first report, from the discovery; None if there is no fixed term."""
    rule_id = RULES.get(grade)
    if rule_id is None:
        return None
    found = rules.candidates(rule_id, on=found_at.astimezone(zone).date())
    return clocks.start(deadlines.shortest(found, found_at, zone=zone), found_at, zone=zone)
