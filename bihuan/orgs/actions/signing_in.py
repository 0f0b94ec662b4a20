"""Signing in and out. Whatever goes wrong, a stranger learns nothing about which accounts exist."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from bihuan.orgs.actions.steps import note
from bihuan.orgs.acts import Act
from bihuan.orgs.models import SignIn, User


def attempt(*, username: str, password: str, now: datetime) -> User | None:
    """The officer with this name and password, unless closed or locked; failures are counted."""
    user = User.objects.filter(username=username.lower()).first()
    if user is None:
        User().set_password(password)  # takes as long as checking one
        return None
    # Outside the transaction: hashing is slow by design, and the row would stay locked for it.
    correct = user.check_password(password)
    return _conclude(user, correct, now)


@transaction.atomic
def _conclude(user: User, correct: bool, now: datetime) -> User | None:
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.is_active or user.locked_at(now):
        note(user, Act.SIGN_IN_FAILED, actor=None, now=now)
        return None
    if not correct:
        _count_failure(user, now)
        return None
    user.failed_sign_ins, user.locked_until = 0, None
    user.save(update_fields=["failed_sign_ins", "locked_until"])
    SignIn.objects.filter(expire_date__lt=now).delete()
    note(user, Act.SIGN_IN, actor=user, now=now)
    return user


def _count_failure(user: User, now: datetime) -> None:
    user.failed_sign_ins += 1
    note(user, Act.SIGN_IN_FAILED, actor=None, now=now)
    if user.failed_sign_ins >= settings.SIGN_IN_ATTEMPTS:
        user.failed_sign_ins = 0
        user.locked_until = now + timedelta(seconds=settings.SIGN_IN_LOCK_SECONDS)
        note(user, Act.LOCK, actor=None, now=now)
    user.save(update_fields=["failed_sign_ins", "locked_until"])


@transaction.atomic
def sign_out(*, actor: User, session_key: str, now: datetime) -> None:
    """End the session that the officer leaves."""
    if _ended(session_key):
        note(actor, Act.SIGN_OUT, actor=actor, now=now)


@transaction.atomic
def sign_out_idle(*, user: User, session_key: str, now: datetime) -> None:
    """End a session because nobody used it."""
    if _ended(session_key):
        note(user, Act.IDLE_OUT, actor=None, now=now)


@transaction.atomic
def end_session(*, actor: User, handle: str, now: datetime) -> bool:
    """End one of one's own sessions; False when it is gone already."""
    for sign_in in SignIn.objects.filter(user=actor):
        if sign_in.handle == handle:
            _end(sign_in, actor, now)
            return True
    return False


@transaction.atomic
def end_other_sessions(*, actor: User, session_key: str, now: datetime) -> int:
    """End one's own sessions on every other device."""
    others = SignIn.objects.filter(user=actor).exclude(session_key=session_key)
    for sign_in in others:
        _end(sign_in, actor, now)
    return len(others)


def note_seen(*, sign_in: SignIn, now: datetime) -> None:
    """Remember, at most once a minute, that the session is in use."""
    if sign_in.seen_at is None or now - sign_in.seen_at >= timedelta(minutes=1):
        sign_in.seen_at = now
        SignIn.objects.filter(pk=sign_in.pk).update(seen_at=now)


def _ended(session_key: str) -> bool:
    """False when another request of the same session ended it first."""
    ended, _ = SignIn.objects.filter(session_key=session_key).delete()
    return ended > 0


def _end(sign_in: SignIn, actor: User, now: datetime) -> None:
    after = {"session": sign_in.handle, "device": sign_in.device}
    sign_in.delete()
    note(actor, Act.END_SESSION, actor=actor, now=now, after=after)
