"""The second step: a code of the app, a recovery code, or a passkey; each can be used once."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import transaction

from bihuan.core.refusal import Refusal
from bihuan.factors import locking, passkeys, totp, tries
from bihuan.factors.actions.steps import note, tell
from bihuan.factors.acts import FactorAct
from bihuan.factors.models import CodeApp, Passkey, RecoveryCode
from bihuan.factors.passkeys import Asked, Site
from bihuan.factors.refusals import NotProven, PasskeyCopied, PasskeyRefused, WrongCode
from bihuan.orgs.actions.signing_in import Place
from bihuan.orgs.models import SignIn, User


class SecondStepProof(StrEnum):
    """What a second step was taken with."""

    APP = "app"
    RECOVERY_CODE = "recovery-code"
    PASSKEY = "passkey"


def by_code(*, user: User, code: str, place: Place, now: datetime) -> SecondStepProof:
    """Take the step with a code of the app or a recovery code; raise `WrongCode` if it is wrong."""
    with tries.one(user, place, now) as attempt:
        taken = _use_code(user, totp.typed(code), now)
        attempt.was_right = taken is not None
    if taken is None:
        _fail(user, is_last=attempt.is_last, now=now)
        raise WrongCode
    return taken


def by_passkey(
    *, user: User, challenge: Asked, answer: dict[str, Any], site: Site, place: Place, now: datetime
) -> SecondStepProof:
    """Take the step with a signature by a passkey."""
    refused: Refusal | None = None
    with tries.one(user, place, now) as attempt:
        try:
            _use_passkey(user, challenge, answer, site, now)
            attempt.was_right = True
        except (PasskeyRefused, PasskeyCopied) as refusal:
            refused = refusal
    if refused is not None:
        _fail(user, is_last=attempt.is_last, now=now)
        raise refused
    return SecondStepProof.PASSKEY


def by_password_or_code(*, user: User, text: str, place: Place, now: datetime) -> None:
    """Verify the officer again, by password or code, before a factor is changed."""
    with tries.one(user, place, now) as attempt:
        attempt.was_right = user.check_password(text) or bool(
            _use_code(user, totp.typed(text), now)
        )
    if not attempt.was_right:
        _fail(user, is_last=attempt.is_last, now=now)
        raise NotProven


@transaction.atomic
def end_session(*, user: User, session_key: str, now: datetime) -> None:
    """End a session that began without a step which the officer's powers now require."""
    ended, _ = SignIn.objects.filter(session_key=session_key).delete()
    if ended:
        note(user, FactorAct.END_SESSION, actor=None, now=now)


@transaction.atomic
def _use_code(user: User, code: str, now: datetime) -> SecondStepProof | None:
    if totp.is_code(code):
        return SecondStepProof.APP if _use_app(user, code, now) else None
    return SecondStepProof.RECOVERY_CODE if _use_recovery_code(user, code, now) else None


def _use_app(user: User, code: str, now: datetime) -> bool:
    app = CodeApp.objects.select_for_update().filter(member=user).first()
    if app is None:
        return False
    try:
        secret = locking.unlock(app.secret)
    except locking.Unreadable:
        return False
    step = totp.matching_step(secret, code, now=now, last=app.last_step)
    if step is None:
        return False
    app.last_step, app.secret = step, locking.locked_again(app.secret)
    app.save(update_fields=["last_step", "secret"])
    return True


def _use_recovery_code(user: User, code: str, now: datetime) -> bool:
    digests = locking.every_digest(locking.RECOVERY, user.pk, code)
    unused = RecoveryCode.objects.filter(member=user, digest__in=digests, used_at=None)
    if not unused.update(used_at=now):
        return False
    note(user, FactorAct.USE_CODE, actor=user, now=now)
    tell(user, FactorAct.USE_CODE, now=now)
    return True


@transaction.atomic
def _use_passkey(
    user: User, challenge: Asked, answer: dict[str, Any], site: Site, now: datetime
) -> None:
    known = list(Passkey.objects.select_for_update().filter(member=user, host=site.host))
    used = passkeys.signed_by(known, challenge=challenge, answer=answer, site=site)
    if (used.uses or used.passkey.uses) and used.uses <= used.passkey.uses:
        raise PasskeyCopied
    used.passkey.uses = used.uses
    used.passkey.save(update_fields=["uses"])


@transaction.atomic
def _fail(user: User, *, is_last: bool, now: datetime) -> None:
    """Journal a failure; after the last attempt notify the officer, since someone may know the
    password.
    """
    note(user, FactorAct.FAILED, actor=None, now=now)
    if is_last:
        tell(user, FactorAct.FAILED, now=now)
