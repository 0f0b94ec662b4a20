"""The hazards section of Today, apart from the cases themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from bihuan.cases.kinds import Words
from bihuan.cases.models import Case
from bihuan.core.hazard import RECHECK, Move, Stage
from bihuan.core.powers import Power
from bihuan.desk.agenda import SHOWN, item_of, on_cases, section_of
from bihuan.desk.context import NOTHING, AgendaContext, within
from bihuan.desk.listing import UNVERIFIED
from bihuan.desk.pages import Waiting
from bihuan.hazards.apart import closures_to_confirm, four_eyes, never_there
from bihuan.hazards.models import Control
from bihuan.orgs.models import User
from bihuan.web.agenda import AT_MOST, AgendaSection

Wanted = Callable[[AgendaContext], Q]


def expiring_controls(user: User, now: datetime) -> Iterator[AgendaSection]:
    """Return interim controls on the officer's own posts that end within days."""
    items = [
        replace(
            item_of(dict(zip(SHOWN, row, strict=True)), Move.ADD_CONTROL),
            title=what[:80],
            post=post,
        )
        for what, post, *row in AgendaContext.by(user, now).rows(_ending)
    ]
    yield AgendaSection.of(_("My interim controls ending soon"), items, order=8)


def _ending(context: AgendaContext) -> QuerySet[Control, tuple[Any, ...]]:
    rows = Control.objects.filter(
        ended_at=None,
        post__in=context.posts,
        expiry_date__lte=context.soon,
        hazard__case__ended_at=None,
    ).order_by("expiry_date", "pk")
    own = {"due_at": "clock__due_at", "is_due_provisional": "clock__is_provisional"}
    shown = (own.get(name, f"hazard__case__{name}") for name in SHOWN)
    return rows.values_list("what", "post", *shown)[: AT_MOST + 1]


# ------------------------------------------------------------------ by stage
NEXT: Mapping[str, str] = {Stage.ASSIGNED: Move.START, Stage.RECTIFYING: Move.SUBMIT}


def _to_confirm(context: AgendaContext) -> Q:
    return within(context.with_powers(Power.COORDINATE), "origin") & Q(stage=Stage.REPORTED)


def _to_assign(context: AgendaContext) -> Q:
    scopes = context.with_powers(Power.COORDINATE)
    return (within(scopes, "origin") | within(scopes)) & Q(stage=Stage.CONFIRMED)


def _to_check(context: AgendaContext) -> Q:
    reach = NOTHING
    for scope in context.with_powers(Power.VERIFY):
        reach |= within([scope]) & four_eyes(context, scope)
    return reach & never_there(context) & Q(stage=Stage.SUBMITTED)


def _to_close(context: AgendaContext) -> Q:
    reach = NOTHING
    for scope in context.with_powers(Power.COORDINATE, Power.APPROVE):
        here = within([scope], "hazard__listed_by") | (Q(hazard__listed_by=None) & within([scope]))
        reach |= here & four_eyes(context, scope)
    parts = Case.objects.open().filter(parent=OuterRef("pk"))
    waits = Q(~Exists(parts), stage=Stage.VERIFIED, hazard__stopped_at=None)
    return reach & never_there(context) & waits & ~Q(import_check=Case.ImportCheck.WAITING.value)


def _staged(stage: Stage, title: Words, move: Move, wanted: Wanted) -> tuple[str, Waiting]:
    return stage, Waiting(title, move, wanted, more=f"stage={stage}")


WAITING: Mapping[str, Waiting] = dict(
    (
        _staged(Stage.SUBMITTED, _("Awaiting my verification"), Move.VERIFY, _to_check),
        _staged(Stage.REPORTED, _("To confirm or reject"), Move.CONFIRM, _to_confirm),
        _staged(Stage.CONFIRMED, _("To assign"), Move.ASSIGN, _to_assign),
        _staged(Stage.VERIFIED, _("To close"), Move.CLOSE, _to_close),
        (
            UNVERIFIED,
            Waiting(
                _("Imported closures to confirm"),
                Move.CONFIRM_CLOSURE,
                closures_to_confirm,
                more=f"state={UNVERIFIED}",
                is_over=True,
            ),
        ),
    )
)


def rechecks(context: AgendaContext) -> Iterator[AgendaSection]:
    """Return closed hazards that are due for a re-check."""
    yield section_of(_("Re-checks due"), on_cases(context.rows(_due_again), Move.RECHECK))


def _due_again(context: AgendaContext) -> QuerySet[Case, tuple[Any, ...]]:
    reach = NOTHING
    for scope in context.with_powers(Power.VERIFY):
        reach |= within([scope]) & four_eyes(context, scope)
    ending = Case.objects.ending(RECHECK, context.soon_end)
    cases = ending.filter(reach & never_there(context), context.open_to())
    own = {"due_at": "ends_at", "is_due_provisional": "is_end_provisional"}
    return cases.values_list(*(own.get(name, name) for name in SHOWN))[: AT_MOST + 1]
