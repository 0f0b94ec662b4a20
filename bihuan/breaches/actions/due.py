"""Events on the clock of a breach: a reminder, overdue, and escalation each hour."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from bihuan.breaches import queries
from bihuan.breaches.actions import notification
from bihuan.breaches.models import Breach
from bihuan.clocks.models import Clock
from bihuan.clocks.subjects import RowBatch
from bihuan.core.deadlines import Cause, Instant
from bihuan.notices.actions import Telling

# The whole term is only four hours, or one.
RETRY_AFTER = timedelta(minutes=10)


class Breaches(RowBatch[Breach]):
    """Breaches whose clocks have events due; there are never many."""

    rows = Breach.objects.select_related("unit")
    key = "number"

    def tellings(self, clock: Clock, instant: Instant) -> Iterable[Telling]:
        breach, now = self.by_subject[clock.subject], self.now
        cause, path = self.occasion(clock, instant), self.path(clock, instant)
        if instant.cause is Cause.ESCALATION:
            return notification.of_office(breach, path, instant.cause, cause, now)
        keepers = queries.keepers(breach.unit, now)
        notifications = [notification.of_breach(breach, keepers, instant.cause, cause)]
        if instant.cause is Cause.OVERDUE:
            notifications += notification.of_office(breach, path, instant.cause, cause, now)
        return notifications
