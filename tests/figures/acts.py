"""What may happen to a case that somebody of the public brought, each as one act."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from django.db import transaction

from bihuan.cases.models import Case, Exclusion
from bihuan.clocks.models import Clock
from bihuan.journal.actions import record
from bihuan.orgs.models import Unit
from bihuan.receipts.models import Rating
from tests.portal.published import ANSWERED, OPEN, make_brought


class Undone(Exception):
    """The act failed after it had written everything."""


Act = Callable[["Place"], Case]


class Place:
    """Some units, their cases, and the time, which goes on with each act."""

    def __init__(self, units: list[Unit], now: datetime, random: Random) -> None:
        self.units, self.now, self.random = units, now, random

    def some_case(self) -> Case:
        return self.random.choice(list(Case.objects.order_by("pk")))

    def do(self, act: Act) -> None:
        """One act in one transaction, which fails one time in five."""
        self.now += timedelta(days=self.random.randrange(9))
        try:
            with transaction.atomic():
                case = act(self)
                record(case.subject, act.__name__, by=None, at=self.now)
                if self.random.random() < 0.2:
                    raise Undone
        except Undone:
            pass


def report(place: Place) -> Case:
    kind, channel = place.random.choice(
        [
            ("grievance", "portal"), ("suggestion", "phone"), ("hazard", "open311"),
            ("hazard", "desk"), ("hazard", "import"),
        ]
    )  # fmt: skip
    unit = place.random.choice(place.units)
    return make_brought(unit, kind=kind, channel=channel, at=place.now, due_after=20)


def transfer(place: Place) -> Case:
    case = place.some_case()
    case.owner = place.random.choice(place.units)
    case.save()
    return case


def answer(place: Place) -> Case:
    case = place.some_case()
    case.stage, case.ended_at = ANSWERED[case.kind], place.now
    case.save()
    for clock in Clock.objects.filter(subject=case.subject, stopped_at=None):
        in_time = place.now <= clock.due_at
        clock.stopped_at, clock.outcome = place.now, "met" if in_time else "missed"
        clock.save()
    return case


def reopen(place: Place) -> Case:
    case = place.some_case()
    case.stage, case.ended_at = OPEN[case.kind], None
    case.save()
    return case


def withdraw(place: Place) -> Case:
    case = place.some_case()
    # The reporter of a hazard cannot withdraw it.
    case.stage = "rejected" if case.kind == "hazard" else "withdrawn"
    case.ended_at = place.now
    case.save()
    return case


def rate(place: Place) -> Case:
    case = place.some_case()
    Rating.objects.create(
        case=case, stage=case.stage, solved=True, unit=case.owner, rated_at=place.now
    )
    return case


def run_out(place: Place) -> Case:
    case = place.some_case()
    late = Clock.objects.filter(subject=case.subject, stopped_at=None, due_at__lt=place.now)
    late.update(overdue_at=place.now)
    return case


def shut_out(place: Place) -> Case:
    case = place.some_case()
    Exclusion.objects.get_or_create(
        case=case, unit=place.random.choice(place.units), cause=Exclusion.Cause.COMPLAINED_OF,
        defaults={"since_at": place.now, "added_at": place.now},
    )  # fmt: skip
    return case


ACTS: tuple[Act, ...] = (
    report, report, transfer, answer, answer, reopen, withdraw, rate, run_out, shut_out,
)  # fmt: skip
