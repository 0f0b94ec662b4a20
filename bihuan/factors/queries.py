"""Who has a second factor, and who needs one."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.db.models import QuerySet
from django.utils.timezone import localdate

from bihuan.core import second_factor
from bihuan.core.powers import Power
from bihuan.factors.models import CodeApp, Passkey, RecoveryCode, Removal
from bihuan.orgs import access
from bihuan.orgs.models import Tenure, User


def has_factor(user: User) -> bool:
    """Whether the officer can take a second step."""
    return has_app(user) or Passkey.objects.filter(member=user).exists()


def has_app(user: User) -> bool:
    return CodeApp.objects.filter(member=user).exists()


def needs_factor(user: User, on: date) -> bool:
    """Whether the settings require it for one of the officer's powers."""
    named = settings.SECOND_FACTOR
    if not named:
        return False
    held = {power for seat in access.own_seats(user, on) for power in seat.powers}
    return second_factor.is_required(held, named)


def is_second_step_due(user: User, now: datetime) -> bool:
    return has_factor(user) or needs_factor(user, localdate(now))


def codes_left(user: User) -> int:
    return RecoveryCode.objects.filter(member=user, used_at=None).count()


def passkeys_of(user: User, host: str = "") -> list[Passkey]:
    """Return the officer's passkeys; with a host, only those that work there."""
    found = Passkey.objects.filter(member=user).order_by("added_at", "pk")
    return list(found.filter(host=host) if host else found)


def open_removal(holder: User, now: datetime) -> Removal | None:
    """Return the removal request that waits for a second administrator."""
    since = now - second_factor.ASKED_FOR
    waiting = Removal.objects.filter(holder=holder, ended_at=None, asked_at__gt=since)
    return waiting.select_related("asked_by").first()


def without_factor(on: date) -> QuerySet[User]:
    """Return the officers who need a second factor and have none yet."""
    held = Tenure.objects.in_force(on).filter(member__is_active=True)
    named = settings.SECOND_FACTOR
    needing = {
        tenure.member_id
        for tenure in held.select_related("post")
        if second_factor.is_required([Power(power) for power in tenure.post.powers], named)
    }
    bare = User.objects.filter(pk__in=needing, code_app=None, passkeys=None)
    return bare.order_by("username")


def administrators_over(holder: User, now: datetime) -> list[User]:
    """Return who could confirm a removal: those who administer every unit of the officer."""
    on = localdate(now)
    posts = Tenure.objects.not_over(on).filter(member=holder).select_related("post__unit")
    units = [tenure.post.unit for tenure in posts]
    held = Tenure.objects.in_force(on).filter(member__is_active=True).exclude(member=holder)
    members = {
        tenure.member
        for tenure in held.select_related("member", "post")
        if Power.ADMINISTER in tenure.post.powers
    }
    return sorted(
        (
            each
            for each in members
            if all(access.has(each, Power.ADMINISTER, unit=unit, now=now) for unit in units)
        ),
        key=lambda each: each.pk,
    )
