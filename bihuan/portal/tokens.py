"""Signed form keys: a form that is sent twice is recognised, without a session or a cookie."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core import signing

SALT = "bihuan.portal.form"
LASTS = timedelta(days=1)


@dataclass(frozen=True)
class FormKey:
    """The identity of a form, and when it was opened."""

    key: str
    opened_at: datetime

    def is_expired(self, now: datetime) -> bool:
        return now - self.opened_at > LASTS


def new(now: datetime, bound_to: str = "") -> str:
    """Return a signed key, optionally for one purpose only."""
    return signing.dumps([secrets.token_hex(16), int(now.timestamp())], salt=SALT + bound_to)


def read(token: str, bound_to: str = "") -> FormKey | None:
    """Return the key, or None if it is not ours or not for this purpose."""
    try:
        key, opened = signing.loads(token, salt=SALT + bound_to)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return FormKey(str(key), datetime.fromtimestamp(opened, UTC))
