"""Whom to notify when the check of a control is due."""

from __future__ import annotations

from collections.abc import Iterable

from bihuan.clocks.models import Clock
from bihuan.clocks.subjects import RowBatch
from bihuan.core.deadlines import Cause, Instant
from bihuan.notices.actions import Telling
from bihuan.risks import queries
from bihuan.risks.models import Control


class Controls(RowBatch[Control]):
    rows = Control.objects.select_related("risk__site__unit")

    def tellings(self, clock: Clock, instant: Instant) -> Iterable[Telling]:
        """Notify the holder of the post, and of an overdue check the coordinators; of a site that
        was closed meanwhile, no one.
        """
        control = self.by_subject[clock.subject]
        site = control.risk.site
        if site.closed_at is not None:
            return
        unit, is_escalated = site.unit, instant.cause is Cause.ESCALATION
        above = unit.paths_above()
        if is_escalated and len(above) < instant.number:
            return
        path = above[-instant.number] if is_escalated else unit.path
        members = queries.told_of(control, path, instant.cause, self.now)
        yield self.telling(clock, instant, members, title=control.measure[:80], place=site.name)
