"""Whom to notify that a paper of a site runs out."""

from __future__ import annotations

from collections.abc import Iterable

from bihuan.clocks.models import Clock
from bihuan.clocks.subjects import RowBatch
from bihuan.core.deadlines import Instant
from bihuan.notices.actions import Telling
from bihuan.orgs.models import User
from bihuan.sites import queries
from bihuan.sites.models import SitePaper


class Papers(RowBatch[SitePaper]):
    """Papers whose clocks have events due: the unit in charge and the regulators are notified."""

    rows = SitePaper.objects.select_related("site__unit").prefetch_related("site__regulators__unit")

    def tellings(self, clock: Clock, instant: Instant) -> Iterable[Telling]:
        paper = self.by_subject[clock.subject]
        units = [paper.site.unit, *(each.unit for each in paper.site.regulators.all())]
        members: dict[int, User] = {}
        for unit in units:
            members |= {each.pk: each for each in queries.keepers(unit, self.now)}
        yield self.telling(clock, instant, members.values(), kind=paper.kind)
