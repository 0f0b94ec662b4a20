"""Officers' accounts: create, change, close, and set passwords."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils.timezone import localdate

from bihuan.core.refusal import Missing
from bihuan.orgs import passwords
from bihuan.orgs.access import Actor, Console
from bihuan.orgs.actions import signing_in
from bihuan.orgs.actions.granting import FIELDS, granted, tell_account
from bihuan.orgs.actions.standing_in import end_stand_ins_of
from bihuan.orgs.actions.steps import (
    change,
    end_sessions,
    keep_administrators_without,
    lock_organisation,
    note,
    require_over_member,
    require_somewhere,
)
from bihuan.orgs.acts import OrgAct
from bihuan.orgs.models import User
from bihuan.orgs.refusals import AlreadyThere, PasswordExpired, WrongPassword


@transaction.atomic
def add_member(
    *,
    username: str,
    name: str,
    actor: Actor,
    now: datetime,
    work_phone: str = "",
    password: str = "",
    must_change_password: bool = True,
    temporary: str = "",
    hash_password: Callable[[str], str] = make_password,
) -> tuple[User, str]:
    """Create an account; the result holds the temporary password in plain text, which is not
    stored. It may have been generated before (`temporary`).
    """
    require_somewhere(actor, now)
    username = username.lower()
    if not username or not name:
        raise Missing("username", "name")
    if User.objects.filter(username=username).exists():
        raise AlreadyThere(username)

    if not password:
        password, hash_password = temporary or passwords.temporary(), passwords.hash_temporary
    member = User(
        username=username,
        name=name,
        work_phone=work_phone,
        must_change_password=must_change_password,
        created_at=now,
    )
    validate_password(password, member)
    member.password = hash_password(password)
    if must_change_password:
        member.password_until_at = _until(now)
    granted(member, actor, now).save()
    after = {"name": name, "work_phone": work_phone}
    note(member, OrgAct.ADD_MEMBER, actor=actor, now=now, after=after)
    return member, password


@transaction.atomic
def change_member(*, member: User, name: str, work_phone: str, actor: Actor, now: datetime) -> User:
    """Change an officer's name or telephone number."""
    member = User.objects.select_for_update().get(pk=member.pk)
    require_over_member(actor, member, now)
    _change(member, actor, now, name=name, work_phone=work_phone)
    return member


@transaction.atomic
def end_tour(*, member: User, now: datetime) -> None:
    """Stop showing the tour of the first day. It concerns only this officer, so it is not
    journaled.
    """
    member.tour_ended_at = now
    member.save(update_fields=["tour_ended_at"])


@transaction.atomic
def change_own_account(*, actor: User, work_phone: str, language: str, now: datetime) -> User:
    """Change the settings that officers control on their own account."""
    member = User.objects.select_for_update().get(pk=actor.pk)
    _change(member, actor, now, work_phone=work_phone, language=language)
    return member


@transaction.atomic
def deactivate_member(*, member: User, actor: Actor, now: datetime, reason: str) -> User:
    """Close an account at once; its posts remain assigned until they are handed over."""
    lock_organisation()
    member = User.objects.select_for_update().get(pk=member.pk)
    require_over_member(actor, member, now)
    if not reason:
        raise Missing("reason")
    if change(member, is_active=False):
        keep_administrators_without(actor, member, localdate(now))
        end_sessions(member)
        end_stand_ins_of(member, actor, now)
        note(member, OrgAct.DEACTIVATE, actor=actor, now=now, reason=reason)
    return member


@transaction.atomic
def reactivate_member(
    *, member: User, actor: Actor, now: datetime, temporary: str = ""
) -> tuple[User, str]:
    """Reopen a closed account with a new temporary password."""
    member = User.objects.select_for_update().get(pk=member.pk)
    require_over_member(actor, member, now)
    if change(member, is_active=True):
        note(member, OrgAct.REACTIVATE, actor=actor, now=now)
    return member, reset_password(member=member, actor=actor, now=now, temporary=temporary)


@transaction.atomic
def reset_password(*, member: User, actor: Actor, now: datetime, temporary: str = "") -> str:
    """Set a temporary password, unlock the account and end all its sessions; the password may have
    been generated before (`temporary`).
    """
    member = User.objects.select_for_update().get(pk=member.pk)
    require_over_member(actor, member, now)
    password = temporary or passwords.temporary()
    _set_password(member, password, until_at=_until(now))
    granted(member, actor, now).save(update_fields=FIELDS)
    end_sessions(member)
    note(member, OrgAct.RESET_PASSWORD, actor=actor, now=now)
    tell_account(member, "reset", actor, now)
    return password


@transaction.atomic
def unlock(*, member: User, now: datetime) -> User:
    """Unlock an account from the console; the password does not change."""
    member = User.objects.select_for_update().get(pk=member.pk)
    change(member, locked_until=None)
    signing_in.forget_failures(member.username, now)
    note(member, OrgAct.UNLOCK, actor=Console.CONSOLE, now=now)
    tell_account(member, "unlocked", Console.CONSOLE, now)
    return member


@transaction.atomic
def change_own_password(
    *, actor: User, present: str, new: str, session_key: str, now: datetime
) -> User:
    """Set one's own new password and end one's sessions on other devices."""
    member = User.objects.select_for_update().get(pk=actor.pk)
    if not member.check_password(present):
        raise WrongPassword
    if member.expired_at(now):
        raise PasswordExpired
    validate_password(new, member)
    _set_password(member, new, until_at=None)
    end_sessions(member, but=session_key)
    note(member, OrgAct.CHANGE_PASSWORD, actor=member, now=now)
    return member


def _set_password(member: User, password: str, *, until_at: datetime | None) -> None:
    """Set a password; a temporary one expires and must be changed at the next sign-in."""
    hashed = make_password if until_at is None else passwords.hash_temporary
    member.password = hashed(password)
    member.must_change_password = until_at is not None
    member.password_until_at = until_at
    member.locked_until = None
    member.save(
        update_fields=["password", "must_change_password", "password_until_at", "locked_until"]
    )


def _until(now: datetime) -> datetime:
    return now + timedelta(hours=settings.TEMPORARY_PASSWORD_HOURS)


def _change(member: User, actor: Actor, now: datetime, **values: str) -> None:
    changed = change(member, **values)
    if changed:
        note(
            member,
            OrgAct.CHANGE_MEMBER,
            actor=actor,
            now=now,
            before=changed.before,
            after=changed.after,
        )
