"""Events on the clock of a breach: a reminder, overdue, and escalation each hour."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from bihuan.breaches import queries
from bihuan.breaches.actions import telling
from bihuan.breaches.models import BREACH_SUBJECT, Breach
from bihuan.clocks.models import Clock
from bihuan.clocks.subjects import Batch, Lock
from bihuan.core.deadlines import Cause, Instant
from bihuan.notices.actions import Telling

# The whole term is only four hours, or one.
RETRY_AFTER = timedelta(minutes=10)


class Breaches(Batch):
    """Breaches whose clocks have events due; there are never many."""

    def __init__(self, subjects: Collection[str], *, now: datetime, lock: Lock) -> None:
        numbers = [subject.removeprefix(BREACH_SUBJECT) for subject in subjects]
        rows = Breach.objects.filter(number__in=numbers).order_by("pk")
        found = lock.on(rows.select_related("unit"))
        self._breaches = {breach.subject: breach for breach in found}
        self._now = now

    def there(self) -> Collection[str]:
        return self._breaches

    def tellings(self, clock: Clock, instant: Instant) -> Iterable[Telling]:
        breach, now = self._breaches[clock.subject], self._now
        cause = f"{clock.pk}/{instant.cause}/{instant.number}"
        if instant.cause is Cause.ESCALATION:
            above = breach.unit.paths_above()[-instant.number]
            return telling.of_office(breach, above, instant.cause, cause, now)
        keepers = queries.keepers(breach.unit, now)
        told = [telling.of_breach(breach, keepers, instant.cause, cause)]
        if instant.cause is Cause.OVERDUE:
            told += telling.of_office(breach, breach.unit.path, instant.cause, cause, now)
        return told

    def detail(self, clock: Clock, instant: Instant) -> Mapping[str, object]:
        since = clock.due_at.isoformat()
        return {"rule": clock.rule_id, "since": since, "level": instant.number}
