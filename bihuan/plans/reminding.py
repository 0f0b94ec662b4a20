"""Whom to notify when the time of a round runs out: once, with how many are left."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.timezone import localdate

from bihuan.clocks.models import Clock
from bihuan.clocks.subjects import RowBatch
from bihuan.core.deadlines import Cause, Instant
from bihuan.core.powers import Power
from bihuan.notices.actions import Telling
from bihuan.orgs import access
from bihuan.orgs.models import User
from bihuan.orgs.queries import holders
from bihuan.plans.models import PlannedPost, Review, Round
from bihuan.plans.queries import KEEPER, LEFT

ABOVE = (KEEPER, Power.SUPERVISE, Power.APPROVE)


class Rounds(RowBatch[Round]):
    """Rounds whose clocks have events due."""

    rows = Round.objects.select_related("unit")

    def tellings(self, clock: Clock, instant: Instant) -> Iterable[Telling]:
        here = self.by_subject[clock.subject]
        left = here.planned.filter(state__in=LEFT).count()
        left += here.reviews.filter(verdict="due").count()
        if not left:
            return
        if instant.cause is Cause.ESCALATION:
            told = holders([self.path(clock, instant)], ABOVE, self.now)
        else:
            told = inspecting(here, self.now)
        if instant.cause is Cause.OVERDUE:
            told = [*told, *holders([here.unit.path], [KEEPER], self.now)]
        members = dict.fromkeys(told)
        yield self.telling(clock, instant, members, title=here.title, left=left)


def inspecting(made: Round, now: datetime) -> list[User]:
    """Return who acts for the posts with something left to do in the round."""
    left = PlannedPost.objects.filter(planned__round=made, planned__state__in=LEFT)
    posts = set(left.values_list("post", flat=True).distinct())
    posts |= set(Review.objects.filter(round=made, verdict="due").values_list("post", flat=True))
    return [tenure.member for tenure in access.acting(posts, localdate(now))]
