"""What the public waits for: seals to open, what was not solved, and what nobody has read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from bihuan.cases import kinds
from bihuan.cases.agenda import Section, Task, on_cases, section_of, shown
from bihuan.cases.asked import NOTHING, AgendaContext, within
from bihuan.cases.models import FollowUp, Message, Participation, UnsealRequest
from bihuan.core import seals
from bihuan.core.lifecycle import SOLVERS
from bihuan.core.powers import Power
from bihuan.orgs.models import User


def agenda(user: User, now: datetime) -> Iterator[Section]:
    """The most urgent first."""
    asked = AgendaContext.by(user, now)
    yield section_of(_("Unseal requests to approve"), _openings(asked))
    yield section_of(_("“Not solved” feedback to follow up"), _unsolved(asked))
    yield section_of(_("Unread answers and additions"), _answers(asked))


def _openings(asked: AgendaContext) -> list[Task]:
    tasks = on_cases(asked.rows(_second_asked), "", _("Awaiting a second officer"))
    return _once(tasks)


def _second_asked(asked: AgendaContext) -> QuerySet[UnsealRequest, tuple[Any, ...]]:
    """An accusation's seal, or any in danger, is opened by two: here the second is asked."""
    waiting = UnsealRequest.objects.filter(
        asked.open_to("seal__case"),
        Q(seal__case__is_confidential=True) | Q(is_danger=True),
        seal__case__owner__in=[desk.unit for desk in asked.with_powers(*seals.OPENERS)],
        allowed_by=None,
        opened_at=None,
        until_at__gt=asked.now,
    ).exclude(asked_by=asked.member)
    return shown(waiting.order_by("asked_at"), "seal__case")


def _unsolved(asked: AgendaContext) -> list[Task]:
    return on_cases(asked.rows(_rated_unsolved), "follow_up")


def _rated_unsolved(asked: AgendaContext) -> QuerySet[FollowUp, tuple[Any, ...]]:
    """What was rated as not solved, for whoever may look into it and did not solve it so."""
    reach = NOTHING
    for kind in kinds.every():
        desks = asked.with_powers(*kind.lifecycle.powers_of("follow_up"))
        reach |= within(desks, "case__owner") & Q(case__kind=kind.name)
    items = FollowUp.objects.filter(reach, asked.open_to("case"), done_at=None)
    solved = Participation.objects.filter(
        case=OuterRef("case"), member=asked.member, side__in=sorted(SOLVERS)
    )
    others = items.filter(~Q(handled_by=asked.member) | Q(handled_by=None), ~Exists(solved))
    return shown(others.order_by("clock__due_at"), clock="clock__")


def _answers(asked: AgendaContext) -> list[Task]:
    return _once(on_cases(asked.rows(_unread), "", _("Unread")))


def _unread(asked: AgendaContext) -> QuerySet[Message, tuple[Any, ...]]:
    """What the reporter has said, and nobody here has read."""
    reach = within(asked.with_powers(Power.HANDLE, Power.COORDINATE), "case__owner")
    unread = Message.objects.filter(
        reach, asked.open_to("case"), kind__in=Message.FROM_PERSON, seen_at=None
    )
    return shown(unread.order_by("said_at"))


def _once(tasks: Iterable[Task]) -> list[Task]:
    """One task for each case, whose page says more about it."""
    return list({task.number: task for task in tasks}.values())
