"""Events on the clocks of cases: whom to notify, and what the case stores."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property

from bihuan.cases import outside
from bihuan.cases.actions import clocks
from bihuan.cases.answering import Answering
from bihuan.cases.models import CASE_SUBJECT, Case
from bihuan.clocks.actions import running
from bihuan.clocks.models import Clock
from bihuan.clocks.subjects import Batch, Lock, Moved
from bihuan.core.deadlines import Cause, Instant
from bihuan.core.powers import Power
from bihuan.core.rules import Party
from bihuan.notices.actions import Telling
from bihuan.orgs.models import User

LEADERS = frozenset({Power.APPROVE, Power.SUPERVISE})


class Cases(Batch):
    """Cases whose clocks have events due."""

    def __init__(self, subjects: Collection[str], *, now: datetime, lock: Lock) -> None:
        numbers = [subject.removeprefix(CASE_SUBJECT) for subject in subjects]
        rows = Case.objects.filter(number__in=numbers).order_by("pk")
        found = lock.on(rows.select_related("owner", "origin", "bound"))
        self._cases = {case.subject: case for case in found}
        self._now = now

    def there(self) -> Collection[str]:
        return self._cases

    @cached_property
    def _answering(self) -> Answering:
        found = Answering(list(self._cases.values()), self._now)
        found.look_around()
        return found

    # ----------------------------------------------------------------------- events
    def tellings(self, clock: Clock, instant: Instant) -> Iterable[Telling]:
        case = self._cases[clock.subject]
        number = f"{instant.cause}/{instant.number}/{clock.due_at:%Y%m%d%H%M%S}"
        return [
            Telling(
                self._told(case, clock, instant),
                subject=case.subject,
                what=instant.cause,
                cause=f"clock/{clock.pk}/{number}",
                detail=_named(case, clock),
            )
        ]

    def _told(self, case: Case, clock: Clock, instant: Instant) -> list[User]:
        if instant.cause is Cause.ESCALATION:
            level = case.owner.paths_above()[-instant.number]
            return self._answering.holders(case, [level], LEADERS)
        able = self._answering.answerable(case, clock.rule_id)
        if instant.cause is Cause.WARNING:
            return able
        return able + self._answering.holders(case, [case.owner.path], LEADERS)

    def detail(self, clock: Clock, instant: Instant) -> Mapping[str, object]:
        level = {"level": instant.number} if instant.cause is Cause.ESCALATION else {}
        return {"rule": clock.rule_id, **level, "since": clock.due.in_text()}

    # -------------------------------------------------------------- ends that moved
    def keep(self, moved: Sequence[Moved]) -> None:
        cases = {each.clock.subject: self._cases[each.clock.subject] for each in moved}
        for each in moved:
            case = cases[each.clock.subject]
            if (case.due_at, case.is_due_provisional) == (each.due_at, each.is_provisional):
                case.due_at, case.is_due_provisional = each.clock.due_at, each.clock.is_provisional
        for case in cases.values():
            clocks.refresh_due(case)
        Case.objects.bulk_update(cases.values(), ["due_at", "is_due_provisional"])

    def tell_moved(self, moved: Moved) -> Iterable[Telling]:
        """Notify the reporter of a window that ends on another day, and staff who have less
        time than before.
        """
        clock, case = moved.clock, self._cases[moved.clock.subject]
        if running.of(clock).rule.owed_by is Party.CITIZEN:
            until = {"until": running.last_day(clock).in_text()}
            outside.tell(case, "window_moved", until, self._now)
        elif clock.due_at < moved.due_at:
            yield Telling(
                self._answering.answerable(case, clock.rule_id),
                subject=case.subject,
                what="moved",
                cause=f"clock/{clock.pk}/moved/{clock.due_at:%Y%m%d%H%M%S}",
                detail=_named(case, clock),
            )


def _named(case: Case, clock: Clock) -> Mapping[str, object]:
    return {"rule": clock.rule_id, "due_at": clock.due.in_text(), "title": case.title}
