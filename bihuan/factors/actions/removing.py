"""A lost second factor: one administrator requests its removal, a second confirms it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from bihuan.core import legible, second_factor
from bihuan.core.refusal import Missing
from bihuan.factors import queries
from bihuan.factors.actions.steps import note, tell
from bihuan.factors.acts import FactorAct
from bihuan.factors.models import CodeApp, Passkey, RecoveryCode, Removal
from bihuan.factors.refusals import NoFactor, RemovalGone
from bihuan.orgs import access
from bihuan.orgs.access import Console
from bihuan.orgs.actions.steps import (
    end_sessions,
    require_over_member,
    require_settled_over_member,
)
from bihuan.orgs.models import User


@transaction.atomic
def ask_removal(*, holder: User, actor: User, reason: str, now: datetime) -> Removal:
    """Request the removal of a factor that the officer lost.

    Both the request and the confirmation need a post and a password that are not pending: an
    administrator whom the first one created is not a second one.
    """
    holder = User.objects.select_for_update().get(pk=holder.pk)
    require_settled_over_member(actor, holder, now)
    second_factor.require_asker(holder.pk, actor.pk)
    if not legible.has_words(reason):
        raise Missing("reason")
    if not queries.has_factor(holder):
        raise NoFactor
    # An earlier request is replaced: it is too old, or this is a repeated request.
    Removal.objects.filter(holder=holder, ended_at=None).update(ended_at=now)
    reason = legible.clean(reason)
    removal = Removal.objects.create(holder=holder, asked_by=actor, asked_at=now, reason=reason)
    note(holder, FactorAct.ASK_REMOVAL, actor=actor, now=now, reason=reason)
    detail = {"holder": holder.name, "by": actor.name}
    for other in [holder, *queries.administrators_over(holder, now)]:
        if other.pk != actor.pk:
            tell(holder, FactorAct.ASK_REMOVAL, to=other, now=now, detail=detail)
    return removal


@transaction.atomic
def confirm_removal(*, removal: Removal, actor: User, now: datetime) -> None:
    """Remove every factor of the officer, as another administrator requested."""
    holder, removal = _waiting(removal)
    require_settled_over_member(actor, holder, now)
    same = access.same_person(actor, removal.asked_at, now)
    second_factor.require_confirmer(holder.pk, removal.asked_by_id, same)
    second_factor.require_recent(removal.asked_at, now)
    removal.confirmed_by, removal.ended_at = actor, now
    removal.save(update_fields=["confirmed_by", "ended_at"])
    _remove(holder, actor, now, removal.reason, asked_by=removal.asked_by.username)


@transaction.atomic
def withdraw_removal(*, removal: Removal, actor: User, now: datetime) -> None:
    """Withdraw a request: the officer found the factor, or an administrator cancels it."""
    holder, removal = _waiting(removal)
    if actor.pk != holder.pk:
        require_over_member(actor, holder, now)
    removal.ended_at = now
    removal.save(update_fields=["ended_at"])
    note(holder, FactorAct.WITHDRAW_REMOVAL, actor=actor, now=now)
    tell(holder, FactorAct.WITHDRAW_REMOVAL, now=now, detail={"by": actor.name})


@transaction.atomic
def remove_from_console(*, holder: User, reason: str, actor: Console, now: datetime) -> None:
    """Remove the factors from the console, for when no second administrator can sign in either."""
    holder = User.objects.select_for_update().get(pk=holder.pk)
    if not legible.has_words(reason):
        raise Missing("reason")
    if not queries.has_factor(holder):
        raise NoFactor
    Removal.objects.filter(holder=holder, ended_at=None).update(ended_at=now)
    _remove(holder, None, now, legible.clean(reason), asked_by="")


def _waiting(removal: Removal) -> tuple[User, Removal]:
    """Return the officer and the request, locked in this order as everywhere."""
    holder = User.objects.select_for_update().get(pk=removal.holder_id)
    found = Removal.objects.select_for_update().filter(pk=removal.pk, ended_at=None).first()
    if found is None:
        raise RemovalGone
    return holder, found


def _remove(holder: User, actor: User | None, now: datetime, reason: str, *, asked_by: str) -> None:
    for kind in (CodeApp, Passkey, RecoveryCode):
        kind.objects.filter(member=holder).delete()
    end_sessions(holder)
    detail = {"asked_by": asked_by}
    note(holder, FactorAct.REMOVE_ALL, actor=actor, now=now, reason=reason, detail=detail)
    by = actor.name if actor else ""
    tell(holder, FactorAct.REMOVE_ALL, now=now, detail={"by": by})
