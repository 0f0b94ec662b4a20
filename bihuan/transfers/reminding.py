"""Whom to notify when the answer to a letter is due: both sides."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.timezone import localdate

from bihuan.clocks.models import Clock
from bihuan.clocks.subjects import RowBatch
from bihuan.core.deadlines import Cause, Instant
from bihuan.core.powers import Power
from bihuan.notices.actions import Telling
from bihuan.orgs.models import User
from bihuan.orgs.queries import answering, holders
from bihuan.transfers import queries
from bihuan.transfers.models import Letter


class Letters(RowBatch[Letter]):
    rows = Letter.objects.select_related("unit", "to_unit")

    def tellings(self, clock: Clock, instant: Instant) -> Iterable[Telling]:
        """Notify the coordinators of the body, of an overdue answer also those of the sender; on
        escalation the leaders above the body.
        """
        letter = self.by_subject[clock.subject]
        members = [
            each for each in self._members(letter, clock, instant) if self._sees(each, letter)
        ]
        yield self.telling(clock, instant, members, title=letter.title, number=letter.number)

    def _members(self, letter: Letter, clock: Clock, instant: Instant) -> list[User]:
        if instant.cause is Cause.ESCALATION:
            if len(clock.unit.paths_above()) < instant.number:
                return []
            path = self.path(clock, instant)
            return holders([path], [Power.APPROVE, Power.SUPERVISE], self.now)
        found = [t.member for t in answering(letter.answering, localdate(self.now))]
        if instant.cause is Cause.OVERDUE and letter.answering.pk != letter.unit_id:
            found += holders([letter.unit.path], [queries.DRAFTER], self.now)
        return list({member.pk: member for member in found}.values())

    def _sees(self, member: User, letter: Letter) -> bool:
        return queries.may_see(member, str(letter.pk), self.now)
