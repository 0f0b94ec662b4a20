"""An officer's own second factor: set up, confirmed, removed, with recovery codes on paper."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from bihuan.core import grants, legible, second_factor
from bihuan.core.refusal import Missing
from bihuan.factors import locking, passkeys, queries, totp
from bihuan.factors.actions.steps import note, tell
from bihuan.factors.acts import FactorAct
from bihuan.factors.models import CodeApp, Passkey, RecoveryCode
from bihuan.factors.passkeys import Asked, Site
from bihuan.factors.refusals import FactorThere, LastFactor, NameTaken, PasskeyRefused, WrongCode
from bihuan.orgs.access import Console
from bihuan.orgs.actions import granting
from bihuan.orgs.actions.steps import end_sessions
from bihuan.orgs.models import User

# As in temporary passwords: without 0 and o, 1 and l.
_CHARACTERS = "abcdefghijkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 3, 4
NEVER = -1


@dataclass(frozen=True)
class Setter:
    """The officer who sets up a factor, and where: signed in, or during the sign-in.

    During the sign-in only the password was given, which is enough for the first factor only.
    """

    member: User
    session_key: str = ""
    is_on_the_way_in: bool = False


@transaction.atomic
def set_up_app(*, actor: Setter, secret: bytes, code: str, now: datetime) -> list[str]:
    """Save the secret of a code app after the app showed the right code for it.

    It replaces an earlier app. The first factor also creates recovery codes, to be shown once.
    """
    member, is_first = _begin(actor)
    step = totp.matching_step(secret, totp.typed(code), now=now, last=NEVER)
    if step is None:
        raise WrongCode
    CodeApp.objects.update_or_create(
        member=member,
        defaults={"secret": locking.lock(secret), "last_step": step, "added_at": now},
    )
    note(member, FactorAct.SET_UP_APP, actor=member, now=now)
    return _added(member, FactorAct.SET_UP_APP, is_first, actor, now)


@transaction.atomic
def add_passkey(
    *,
    actor: Setter,
    name: str,
    challenge: Asked,
    answer: dict[str, Any],
    site: Site,
    now: datetime,
) -> list[str]:
    """Save a passkey that the browser created, under a name chosen by its owner."""
    member, is_first = _begin(actor)
    name = legible.clean(name)
    if not legible.has_words(name):
        raise Missing("name")
    if Passkey.objects.filter(member=member, name=name).exists():
        raise NameTaken(name)
    new = passkeys.made(challenge, answer, site)
    if Passkey.objects.filter(credential=new.credential).exists():
        raise PasskeyRefused
    Passkey.objects.create(
        member=member,
        name=name,
        host=site.host,
        credential=new.credential,
        attested=new.attested,
        uses=new.uses,
        added_at=now,
    )
    note(member, FactorAct.ADD_PASSKEY, actor=member, now=now, detail={"name": name})
    return _added(member, FactorAct.ADD_PASSKEY, is_first, actor, now)


@transaction.atomic
def make_recovery_codes(*, actor: User, now: datetime) -> list[str]:
    """Replace all recovery codes; only their digests are stored."""
    member = User.objects.select_for_update().get(pk=actor.pk)
    return _make_codes(member, now)


@transaction.atomic
def remove_app(*, actor: User, now: datetime) -> None:
    """Remove the code app."""
    member = User.objects.select_for_update().get(pk=actor.pk)
    removed, _ = CodeApp.objects.filter(member=member).delete()
    if removed:
        _after_removal(member, now)
        note(member, FactorAct.REMOVE_APP, actor=member, now=now)
        tell(member, FactorAct.REMOVE_APP, now=now)


@transaction.atomic
def remove_passkey(*, actor: User, passkey: Passkey, now: datetime) -> None:
    """Remove this passkey."""
    member = User.objects.select_for_update().get(pk=actor.pk)
    removed, _ = Passkey.objects.filter(pk=passkey.pk, member=member).delete()
    if removed:
        _after_removal(member, now)
        note(member, FactorAct.REMOVE_PASSKEY, actor=member, now=now, detail={"name": passkey.name})
        tell(member, FactorAct.REMOVE_PASSKEY, now=now, detail={"name": passkey.name})


def shown(code: str) -> str:
    """Format a recovery code in groups."""
    return "-".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))


def _begin(actor: Setter) -> tuple[User, bool]:
    """Return the officer, and whether this becomes the first factor."""
    member = User.objects.select_for_update().get(pk=actor.member.pk)
    is_first = not queries.has_factor(member)
    if actor.is_on_the_way_in and not is_first:
        raise FactorThere
    return member, is_first


def _added(member: User, act: FactorAct, is_first: bool, actor: Setter, now: datetime) -> list[str]:
    """End all sessions that began with the password alone, except the current one."""
    tell(member, act, now=now)
    if not is_first:
        return []
    if grants.waits(member.grant.settles_at, now):
        # Someone else who knows the password may have signed in before the officer did.
        granting.tell_account(member, "armed", member.granted_by or Console.CONSOLE, now)
    end_sessions(member, but=actor.session_key)
    return _make_codes(member, now)


def _make_codes(member: User, now: datetime) -> list[str]:
    codes = [_new_code() for _ in range(second_factor.RECOVERY_CODES)]
    RecoveryCode.objects.filter(member=member).delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(member=member, digest=locking.digest(locking.RECOVERY, member.pk, code))
        for code in codes
    )
    note(member, FactorAct.MAKE_CODES, actor=member, now=now)
    return [shown(code) for code in codes]


def _new_code() -> str:
    return "".join(secrets.choice(_CHARACTERS) for _ in range(_GROUPS * _GROUP))


def _after_removal(member: User, now: datetime) -> None:
    """Recovery codes replace a factor, but are not factors themselves."""
    if queries.has_factor(member):
        return
    if queries.needs_factor(member, localdate(now)):
        raise LastFactor
    RecoveryCode.objects.filter(member=member).delete()
