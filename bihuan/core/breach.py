"""A breach of personal data (PRV-8): who has to be told and by when, and what closing it needs.

个人信息保护法 57: remedy at once, tell the departments in charge, and the persons concerned unless
the remedy keeps harm away. 国家网络安全事件报告管理办法 4 (2025) gives a serious breach four hours,
and one hour where critical information infrastructure is concerned.
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
    """What may get out of this system."""

    SEALED = "sealed"
    WORDS = "words"
    PHOTOS = "photos"
    ACCOUNTS = "accounts"
    CODES = "codes"
    OTHER = "other"


class Grade(StrEnum):
    """How serious it is; unknown counts as serious until somebody has graded it."""

    UNKNOWN = "unknown"
    LESSER = "lesser"
    SERIOUS = "serious"
    CRITICAL = "critical"
    # A false alarm, or one that was recorded twice: nobody has to be told of it.
    NONE = "none"


class Authority(StrEnum):
    """Who is told by law."""

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
    """What somebody states of a breach. What was stated is never changed, only added to."""

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


# How fast the first report is due. Below 较大 no term is fixed; who has to be told is the same law.
RULES: Mapping[Grade, str] = {
    Grade.UNKNOWN: "PRV-8a",
    Grade.SERIOUS: "PRV-8a",
    Grade.CRITICAL: "PRV-8b",
}
# All of these; below 较大 any one department that guards personal information.
ADDRESSEES: Mapping[Grade, frozenset[Authority]] = {
    Grade.UNKNOWN: frozenset({Authority.CYBERSPACE}),
    Grade.SERIOUS: frozenset({Authority.CYBERSPACE}),
    Grade.CRITICAL: frozenset({Authority.PROTECTION, Authority.POLICE}),
}
# What may still be said of a breach that is closed.
AFTER_CLOSING = frozenset(
    {
        BreachAct.ADD,
        BreachAct.TELL,
        BreachAct.TELL_PERSONS,
        BreachAct.SPARE_PERSONS,
        BreachAct.REOPEN,
    }
)
# While it waits for the check, what was handed in stays as it is.
WHILE_CHECKED = frozenset({BreachAct.ADD, BreachAct.SEND_BACK, BreachAct.CLOSE})


class NotYet(Refusal):
    """A breach is not closed before this was done."""

    def __init__(self, lack: Lack) -> None:
        super().__init__(lack)
        self.lack = lack


class NotNow(Refusal):
    """Nobody says that of a breach that stands so: closed, or handed in for the check."""

    def __init__(self, act: BreachAct) -> None:
        super().__init__(act)
        self.act = act


class BeforeFound(Refusal):
    """Nobody was told, and nothing remedied, before it was found."""


class StillToCome(Refusal):
    """It is said to have happened at a time that has not come yet."""


class FoundLater(Refusal):
    """When it was found is corrected to an earlier time only: the clock never gains by it."""


@dataclass(frozen=True)
class Known:
    """What is stated of a breach by now."""

    grade: Grade
    is_contained: bool = False
    # When each authority was first told.
    told: Mapping[Authority, datetime] = field(default_factory=dict)
    # They were told, or it is said why not.
    persons_decided: bool = False
    is_handed_in: bool = False
    is_closed: bool = False

    @property
    def reported_at(self) -> datetime | None:
        """When the last of those who have to be told was told; None before that."""
        needed = ADDRESSEES.get(self.grade)
        if needed is None:
            return min(self.told.values(), default=None)
        if not needed <= self.told.keys():
            return None
        return max(self.told[each] for each in needed)

    @property
    def untold(self) -> tuple[Authority, ...]:
        """Who has to be told by the clock and was not."""
        needed = ADDRESSEES.get(self.grade, frozenset())
        return tuple(each for each in Authority if each in needed - self.told.keys())

    @property
    def stage(self) -> Stage:
        if self.is_closed:
            return Stage.CLOSED
        if not self.is_contained:
            return Stage.FOUND
        return Stage.CONTAINED if self.reported_at is None else Stage.REPORTED

    @property
    def lacks(self) -> tuple[Lack, ...]:
        """What is to do before it may be closed, the most urgent first."""
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
        """Whether this may be said now; handing in asks that nothing is missing."""
        if not self.allows(act):
            raise NotNow(act)
        if act is BreachAct.ASK_CHECK and self.lacks:
            raise NotYet(self.lacks[0])


def require_time(at: datetime, *, found_at: datetime, now: datetime) -> None:
    """What is stated happened after it was found, and has happened."""
    if at < found_at:
        raise BeforeFound
    if at > now:
        raise StillToCome


def clock(grade: Grade, found_at: datetime, *, zone: tzinfo) -> Clock | None:
    """The clock of the first report, from when it was found; None where no term is fixed."""
    rule_id = RULES.get(grade)
    if rule_id is None:
        return None
    found = rules.candidates(rule_id, on=found_at.astimezone(zone).date())
    return clocks.start(deadlines.shortest(found, found_at, zone=zone), found_at, zone=zone)
