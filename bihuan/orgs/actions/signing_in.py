"""Signing in and out. No error reveals which accounts exist."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from bihuan.journal.actions import record
from bihuan.orgs import devices, second_step
from bihuan.orgs.actions.steps import Values, note
from bihuan.orgs.acts import OrgAct
from bihuan.orgs.models import SignIn, User
from bihuan.orgs.refusals import Busy, PasswordExpired, TooManyTries
from bihuan.tallies import counting

LOCK = timedelta(seconds=settings.SIGN_IN_LOCK_SECONDS)
# Failures for unknown user names are journaled too, so that they take as long and stay as rare.
UNKNOWN = "sign-in/unknown"


@dataclass(frozen=True)
class Place:
    """Where a sign-in comes from: the network, and the cookie of the device (see `devices`)."""

    network: str
    cookie: str = ""


def attempt(*, username: str, password: str, place: Place, now: datetime) -> User | None:
    """Return the officer with this user name and password, unless closed or locked; count failures.

    Raise `TooManyTries` after too many failures, whether or not the user name exists; `Busy` if too
    many passwords are being checked; `PasswordExpired` only if the temporary password is correct.
    """
    name = username.lower()
    user = User.objects.filter(username=name).first()
    device = devices.known(place.cookie, user)
    tries = _tries(name, place.network, device, now)
    _begin(tries, now)
    try:
        correct = _is_password_of(user, password)
    except Busy:
        for mark in tries:
            counting.uncount(mark)
        raise
    officer = _conclude(name, correct, is_known=bool(device), now=now)
    if officer is not None:
        own, *others = tries
        counting.clear(own)
        for mark in others:
            counting.uncount(mark)
        if officer.expired_at(now):
            raise PasswordExpired
    return officer


def _tries(name: str, network: str, device: str, now: datetime) -> dict[bytes, int]:
    """Return the counters that a failure increments, the officer's own first, with the limit of
    each.
    """

    def mark(what: str) -> bytes:
        return counting.mark_of(f"sign-in/{what}", now, window=LOCK)

    if device:
        return {mark(f"device/{device}/{name}"): settings.SIGN_IN_ATTEMPTS}
    return {
        mark(f"pair/{network}/{name}"): settings.SIGN_IN_ATTEMPTS,
        mark(f"from/{network}"): settings.SIGN_IN_ATTEMPTS_FROM_ADDRESS,
    }


def _begin(tries: Mapping[bytes, int], now: datetime) -> None:
    """Count the attempt before the password is checked, so that parallel attempts cannot exceed the
    limit.
    """
    for mark, most in tries.items():
        if not counting.count(mark, now, most):
            raise TooManyTries


def _is_password_of(user: User | None, password: str) -> bool:
    """Check the password outside any transaction: hashing is slow by design, and rows would stay
    locked.
    """
    if user is None:
        User().set_password(password)  # takes as long as checking a password
        return False
    return user.check_password(password)


@transaction.atomic
def _conclude(name: str, correct: bool, *, is_known: bool, now: datetime) -> User | None:
    """Journal the result. An unknown user name takes the same steps as a known one."""
    user = User.objects.select_for_update().filter(username=name).first()
    is_shut = user is None or not user.is_active or (user.locked_at(now) and not is_known)
    if user is None or is_shut or not correct:
        _count_failure(name, user, now)
        return None
    if user.expired_at(now):
        return user
    _note_first_step(user, now)
    return user


@transaction.atomic
def note_first_step(*, user: User, way: str, now: datetime) -> None:
    """Record a first step that was taken by other means than the password."""
    _note_first_step(user, now, {"way": way})


@transaction.atomic
def note_second_step(*, user: User, taken: str, now: datetime) -> None:
    """Record that the officer completed the second step and is signed in."""
    _note_sign_in(user, now, {"second_step": taken})


def _note_first_step(user: User, now: datetime, values: Values | None = None) -> None:
    if second_step.is_due(user, now):
        note(user, OrgAct.FIRST_STEP, actor=None, now=now, after=values)
    else:
        _note_sign_in(user, now, values)


def _note_sign_in(user: User, now: datetime, values: Values | None = None) -> None:
    SignIn.objects.filter(expire_date__lt=now).delete()
    note(user, OrgAct.SIGN_IN, actor=user, now=now, after=values)


def _count_failure(name: str, user: User | None, now: datetime) -> None:
    """Journal a failure; after many failures for one name from any network, block new devices."""
    subject = user.subject if user else UNKNOWN
    record(subject, OrgAct.SIGN_IN_FAILED.value, by=None, at=now)
    mark = _mark_of(name, now)
    counting.count(mark, now)
    is_full = counting.is_full(mark, settings.SIGN_IN_ATTEMPTS_AT_ACCOUNT)
    if is_full and user is not None and not user.locked_at(now):
        user.locked_until = now + LOCK
        user.save(update_fields=["locked_until"])
        note(user, OrgAct.LOCK, actor=None, now=now)


def forget_failures(name: str, now: datetime) -> None:
    """Reset the failure counters of an account."""
    counting.clear(_mark_of(name, now))


def _mark_of(name: str, now: datetime) -> bytes:
    return counting.mark_of(f"sign-in/name/{name}", now, window=LOCK)


@transaction.atomic
def sign_out(*, actor: User, session_key: str, now: datetime) -> None:
    """End the session of an officer who signs out."""
    if _ended(session_key):
        note(actor, OrgAct.SIGN_OUT, actor=actor, now=now)


@transaction.atomic
def sign_out_idle(*, user: User, session_key: str, now: datetime) -> None:
    """End a session that has been idle too long."""
    if _ended(session_key):
        note(user, OrgAct.IDLE_OUT, actor=None, now=now)


@transaction.atomic
def end_session(*, actor: User, handle: str, now: datetime) -> bool:
    """End one of one's own sessions; return False if it no longer exists."""
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


@transaction.atomic
def end_at_console(*, member: User | None, now: datetime) -> int:
    """End every session of this officer, or of all officers, after a device or a key was lost."""
    sessions = SignIn.objects.all() if member is None else SignIn.objects.filter(user=member)
    ended = Counter(sessions.values_list("user", flat=True))
    sessions.delete()
    # A session without an officer belongs to a sign-in in progress.
    for officer in User.objects.filter(pk__in=[pk for pk in ended if pk]).order_by("pk"):
        after = {"sessions": ended[officer.pk]}
        note(officer, OrgAct.END_SESSIONS, actor=None, now=now, after=after)
    return ended.total()


def note_seen(*, sign_in: SignIn, now: datetime) -> None:
    """Update, at most once a minute, when the session was last used."""
    if sign_in.seen_at is None or now - sign_in.seen_at >= timedelta(minutes=1):
        sign_in.seen_at = now
        SignIn.objects.filter(pk=sign_in.pk).update(seen_at=now)


def _ended(session_key: str) -> bool:
    """Delete a session; return False if another request of the same session ended it first."""
    ended, _ = SignIn.objects.filter(session_key=session_key).delete()
    return ended > 0


def _end(sign_in: SignIn, actor: User, now: datetime) -> None:
    after = {"session": sign_in.handle, "device": sign_in.device}
    sign_in.delete()
    note(actor, OrgAct.END_SESSION, actor=actor, now=now, after=after)
