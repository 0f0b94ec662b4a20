"""What clocks run on: each app brings its kind of subject when it is ready.

`clocks` lies below those apps (see `docs/decisions/0070-kinds-register-themselves.md`). It knows
a subject by the name of its chain in the journal, "case/YH-2026-000001", whose first part is the
kind, and asks the kind about many subjects at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import NamedTuple, Protocol, TypeVar

from django.db.models import Model, QuerySet
from django.utils.functional import Promise

from bihuan.clocks.models import Clock
from bihuan.core.deadlines import Instant
from bihuan.notices.actions import Telling

M = TypeVar("M", bound=Model)


class Lock(Enum):
    """How rows are locked that a batch of clocks is about."""

    NONE = auto()
    WAIT = auto()
    SKIP = auto()  # what somebody else has locked is left to the next run

    def on(self, rows: QuerySet[M]) -> QuerySet[M]:
        if self is Lock.NONE:
            return rows
        return rows.select_for_update(of=("self",), skip_locked=self is Lock.SKIP)


class Moved(NamedTuple):
    """A clock whose end is another now, or certain now, and what it was."""

    clock: Clock
    due_at: datetime
    is_provisional: bool

    @property
    def is_elsewhere(self) -> bool:
        return self.clock.due_at != self.due_at


class Batch:
    """Subjects of one kind, loaded together with all that is asked about them below."""

    def there(self) -> Collection[str]:
        """The subjects that were found, and could be locked."""
        raise NotImplementedError

    def tellings(self, clock: Clock, instant: Instant) -> Iterable[Telling]:
        """Whom to tell that the clock warns, is overdue or escalates now."""
        raise NotImplementedError

    def detail(self, clock: Clock, instant: Instant) -> Mapping[str, object]:
        """What the journal's entry says of it beside the act."""
        raise NotImplementedError

    def keep(self, moved: Sequence[Moved]) -> None:
        """Bring what the subjects themselves keep of their clocks up to date."""

    def tell_moved(self, moved: Moved) -> Iterable[Telling]:
        """Whom to tell that a clock that runs ends on another day now."""
        return ()


class Load(Protocol):
    """Loads the subjects of these names, those that lie in the rows with this lock."""

    def __call__(self, subjects: Collection[str], *, now: datetime, lock: Lock) -> Batch: ...


@dataclass(frozen=True)
class SubjectType:
    """One kind of subject, as its clocks need to know it."""

    load: Load
    # When a clock is tried again that could not be seen to.
    retry_after: timedelta = timedelta(hours=1)
    # How clocks end, where another word is used for it than on a case.
    outcomes: Mapping[str, Promise | str] = field(default_factory=dict)


_kinds: dict[str, SubjectType] = {}


def register(name: str, kind: SubjectType) -> None:
    """Have clocks run on subjects "name/…". For `AppConfig.ready`."""
    _kinds[name] = kind


def name_of(subject: str) -> str:
    return subject.partition("/")[0]


def kind_of(subject: str) -> SubjectType:
    return _kinds[name_of(subject)]


def retry_after(subject: str) -> timedelta:
    """Also for a kind that no app knows, so that such a clock keeps no other from its turn."""
    kind = _kinds.get(name_of(subject))
    return kind.retry_after if kind else SubjectType.retry_after


def outcome(clock: Clock) -> str:
    """How the clock ended, in the words of its subject."""
    return str(kind_of(clock.subject).outcomes.get(clock.outcome, clock.get_outcome_display()))


def loaded(subjects: Iterable[str], *, now: datetime, lock: Lock) -> dict[str, Batch]:
    """The batch in which each of these subjects was found; one of an unknown kind is left out."""
    named: dict[str, set[str]] = {}
    for subject in subjects:
        named.setdefault(name_of(subject), set()).add(subject)
    found: dict[str, Batch] = {}
    for name in sorted(named.keys() & _kinds.keys()):
        batch = _kinds[name].load(sorted(named[name]), now=now, lock=lock)
        found |= dict.fromkeys(batch.there(), batch)
    return found
