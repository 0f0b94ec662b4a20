"""What the public waits for: seals to unseal, “not solved” ratings, and unread messages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from bihuan.cases import kinds
from bihuan.cases.models import Participation
from bihuan.core import seals
from bihuan.core.lifecycle import SOLVERS
from bihuan.core.powers import Power
from bihuan.desk.agenda import SHOWN, item_of, on_cases, section_of, shown
from bihuan.desk.context import NOTHING, AgendaContext, within
from bihuan.orgs.models import User
from bihuan.receipts.models import FollowUp, Message, UnsealRequest
from bihuan.web.agenda import AT_MOST, AgendaItem, AgendaSection, Urgency

# After what is due today on the officer's own posts, before decisions and verifications.
ORDER = 3


def agenda(user: User, now: datetime) -> Iterator[AgendaSection]:
    """Return the sections, in a fixed order."""
    context = AgendaContext.by(user, now)
    yield section_of(_("Unseal requests to approve"), _openings(context), order=ORDER)
    yield section_of(_("“Not solved” feedback to follow up"), _unsolved(context), order=ORDER)
    yield section_of(_("Unread answers and additions"), _answers(context), order=ORDER)


def _openings(context: AgendaContext) -> list[AgendaItem]:
    """Requests in case of danger to life come first, and are marked."""
    note = _("Awaiting a second officer")
    return _once(
        item_of(
            dict(zip(SHOWN, row, strict=True)),
            "",
            note,
            Urgency.URGENT if is_danger else Urgency.ORDINARY,
        )
        for *row, is_danger in context.rows(_second_asked)
    )


def _second_asked(context: AgendaContext) -> QuerySet[UnsealRequest, tuple[Any, ...]]:
    """Return requests to unseal that need a second officer: for accusations, or in case of
    danger.
    """
    waiting = UnsealRequest.objects.filter(
        context.open_to("seal__case"),
        Q(seal__case__is_confidential=True) | Q(is_danger=True),
        seal__case__owner__in=[scope.unit for scope in context.with_powers(*seals.OPENERS)],
        allowed_by=None,
        opened_at=None,
        until_at__gt=context.now,
    ).exclude(asked_by__in=context.members)
    of_case = (f"seal__case__{name}" for name in SHOWN)
    first = waiting.order_by("-is_danger", "asked_at")
    return first.values_list(*of_case, "is_danger")[: AT_MOST + 1]


def _unsolved(context: AgendaContext) -> list[AgendaItem]:
    return on_cases(context.rows(_rated_unsolved), "follow_up")


def _rated_unsolved(context: AgendaContext) -> QuerySet[FollowUp, tuple[Any, ...]]:
    """Return “not solved” ratings for officers who may follow up and did not do the work."""
    reach = NOTHING
    for kind in kinds.every():
        scopes = context.with_powers(*kind.lifecycle.powers_of("follow_up"))
        reach |= within(scopes, "case__owner") & Q(case__kind=kind.name)
    items = FollowUp.objects.filter(reach, context.open_to("case"), done_at=None)
    solved = Participation.objects.filter(
        case=OuterRef("case"), member__in=context.members, side__in=sorted(SOLVERS)
    )
    others = items.filter(~Q(handled_by__in=context.members) | Q(handled_by=None), ~Exists(solved))
    return shown(others.order_by("clock__due_at"), clock="clock__")


def _answers(context: AgendaContext) -> list[AgendaItem]:
    return _once(on_cases(context.rows(_unread), "", _("Unread")))


def _unread(context: AgendaContext) -> QuerySet[Message, tuple[Any, ...]]:
    """Return reporters' messages that no one here has read."""
    reach = within(context.with_powers(Power.HANDLE, Power.COORDINATE), "case__owner")
    unread = Message.objects.filter(
        reach, context.open_to("case"), kind__in=Message.FROM_PERSON, seen_at=None
    )
    return shown(unread.order_by("said_at"))


def _once(items: Iterable[AgendaItem]) -> list[AgendaItem]:
    """Return the first item of each case, whose page shows more."""
    found: dict[str, AgendaItem] = {}
    for item in items:
        found.setdefault(item.number, item)
    return list(found.values())
