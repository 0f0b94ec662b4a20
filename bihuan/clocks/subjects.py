"""The subjects of clocks: each app registers its type of subject when it is ready.

`clocks` is below those apps (see `docs/decisions/0070-kinds-register-themselves.md`). It identifies
a subject by the name of its chain in the journal, "case/YH-2026-000001", whose first part is the
type, and queries the type about many subjects at once.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from django.db.models import Model, QuerySet
from django.utils.functional import Promise

from bihuan.clocks.models import Clock
from bihuan.core.deadlines import Cause, Instant
from bihuan.notices.actions import Telling
from bihuan.orgs.models import User

M = TypeVar("M", bound=Model)


class Lock(Enum):
    """How the rows behind a batch of clocks are locked."""

    NONE = auto()
    WAIT = auto()
    SKIP = auto()  # rows locked by others are left to the next run

    def on(self, rows: QuerySet[M]) -> QuerySet[M]:
        if self is Lock.NONE:
            return rows
        skip = self is Lock.SKIP
        # A row that only refers to it, such as its words for searching, may be added meanwhile.
        return rows.select_for_update(of=("self",), skip_locked=skip, no_key=True)


class Moved(NamedTuple):
    """A clock whose end has changed or become final, and its previous state."""

    clock: Clock
    due_at: datetime
    is_provisional: bool

    @property
    def is_elsewhere(self) -> bool:
        return self.clock.due_at != self.due_at


class Batch(ABC):
    """Subjects of one type, loaded together with everything that the methods below need."""

    @abstractmethod
    def there(self) -> Collection[str]:
        """Return the subjects that exist and could be locked."""

    @abstractmethod
    def tellings(self, clock: Clock, instant: Instant) -> Iterable[Telling]:
        """Return whom to notify that the clock warns, is overdue or escalates now."""

    @abstractmethod
    def detail(self, clock: Clock, instant: Instant) -> Mapping[str, object]:
        """Return details to store in the journal entry with the act."""

    def keep(self, moved: Sequence[Moved]) -> None:  # noqa: B027 - most store nothing
        """Update what the subjects store about their clocks."""

    def tell_moved(self, moved: Moved) -> Iterable[Telling]:
        """Return whom to notify that a running clock now ends on another day."""
        return ()


class RowBatch(Batch, Generic[M]):
    """Subjects that are rows of one table, named "type/key" by primary key or another one.

    A subclass defines `rows`, loaded with what it needs, and whom to notify.
    """

    rows: QuerySet[M]
    key = "pk"

    def __init__(self, subjects: Collection[str], *, now: datetime, lock: Lock) -> None:
        named = {subject.partition("/")[2]: subject for subject in subjects}
        rows = lock.on(self.rows.filter(**{f"{self.key}__in": named}).order_by("pk"))
        self.by_subject = {named[str(getattr(row, self.key))]: row for row in rows}
        self.now = now

    def there(self) -> Collection[str]:
        return self.by_subject

    def detail(self, clock: Clock, instant: Instant) -> Mapping[str, object]:
        since = clock.due_at.isoformat()
        return {"rule": clock.rule_id, "since": since, "level": instant.number}

    @staticmethod
    def path(clock: Clock, instant: Instant) -> str:
        """Return the path of the responsible unit or, on escalation, of the unit above it."""
        if instant.cause is Cause.ESCALATION:
            return clock.unit.paths_above()[-instant.number]
        return clock.unit.path

    @staticmethod
    def occasion(clock: Clock, instant: Instant) -> str:
        """Return what identifies a notice, so that no officer gets it twice."""
        return f"{clock.pk}/{instant.cause}/{instant.number}"

    def telling(
        self, clock: Clock, instant: Instant, members: Iterable[User], **detail: Any
    ) -> Telling:
        return Telling(members, clock.subject, instant.cause, self.occasion(clock, instant), detail)


class Load(Protocol):
    """Loads the subjects with these names, locking the rows as requested."""

    def __call__(self, subjects: Collection[str], *, now: datetime, lock: Lock) -> Batch: ...


@dataclass(frozen=True)
class SubjectType:
    """One type of subject, as its clocks need to know it."""

    load: Load
    # When a clock that could not be processed is retried.
    retry_after: timedelta = timedelta(hours=1)
    # Texts for how clocks end, if they differ from those of a case.
    outcomes: Mapping[str, Promise | str] = field(default_factory=dict)


_kinds: dict[str, SubjectType] = {}


def register(name: str, kind: SubjectType) -> None:
    """Register the type for subjects "name/…". For `AppConfig.ready`."""
    _kinds[name] = kind


def name_of(subject: str) -> str:
    return subject.partition("/")[0]


def kind_of(subject: str) -> SubjectType:
    return _kinds[name_of(subject)]


def retry_after(subject: str) -> timedelta:
    """Return the retry delay, also for an unknown type, so that such a clock does not block
    others.
    """
    kind = _kinds.get(name_of(subject))
    return kind.retry_after if kind else SubjectType.retry_after


def outcome(clock: Clock) -> str:
    """Return how the clock ended, in the terms of its subject."""
    return str(kind_of(clock.subject).outcomes.get(clock.outcome, clock.get_outcome_display()))


def loaded(subjects: Iterable[str], *, now: datetime, lock: Lock) -> dict[str, Batch]:
    """Return the batch of each subject that was found; subjects of unknown types are left out."""
    named: dict[str, set[str]] = {}
    for subject in subjects:
        named.setdefault(name_of(subject), set()).add(subject)
    found: dict[str, Batch] = {}
    for name in sorted(named.keys() & _kinds.keys()):
        batch = _kinds[name].load(sorted(named[name]), now=now, lock=lock)
        found |= dict.fromkeys(batch.there(), batch)
    return found
