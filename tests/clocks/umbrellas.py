"""Lost umbrellas: subjects of a kind that is no case, and that no app of the product knows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta

from bihuan.clocks import subjects
from bihuan.clocks.models import Clock
from bihuan.clocks.subjects import Batch, Lock, SubjectType
from bihuan.core.deadlines import Cause, Instant
from bihuan.notices.actions import Telling
from bihuan.orgs.models import Unit, User

RETRY_AFTER = timedelta(minutes=5)
OUTCOMES: Mapping[str, str] = {Clock.Outcome.MET: "Given back"}


class Umbrellas(Batch):
    """Which umbrellas there are, and who keeps the office of each unit."""

    keepers: Mapping[int, User] = {}
    lost: Mapping[str, str] = {}

    def __init__(self, subjects: Collection[str], *, now: datetime, lock: Lock) -> None:
        self._here = [name for name in subjects if name in self.lost]

    def there(self) -> Collection[str]:
        return self._here

    def tellings(self, clock: Clock, instant: Instant) -> Iterable[Telling]:
        unit = clock.unit
        if instant.cause is Cause.ESCALATION:
            unit = Unit.objects.get(path=unit.paths_above()[-instant.number])
        yield Telling(
            [self.keepers[unit.pk]],
            subject=clock.subject,
            what=instant.cause,
            cause=f"{clock.pk}/{instant.cause}/{instant.number}",
            detail={"colour": self.lost[clock.subject]},
        )

    def detail(self, clock: Clock, instant: Instant) -> Mapping[str, object]:
        return {"rule": clock.rule_id, "colour": self.lost[clock.subject]}


@contextmanager
def known(lost: Mapping[str, str], keepers: Mapping[Unit, User]) -> Iterator[None]:
    """The kind is registered as an app does it, and forgotten afterwards."""
    Umbrellas.lost = lost
    Umbrellas.keepers = {unit.pk: keeper for unit, keeper in keepers.items()}
    subjects.register("umbrella", SubjectType(Umbrellas, RETRY_AFTER, OUTCOMES))
    try:
        yield
    finally:
        del subjects._kinds["umbrella"]
