"""Messages for keys that do not decrypt the seals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, InterfaceError, connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.receipts.actions import seal_keys
from bihuan.receipts.actions.seal_keys import Unopened
from bihuan.receipts.models import SealKey
from bihuan.web.checks import Level
from bihuan.web.models import Run

JOB = "prove seals"


def look(now: datetime) -> Iterator[tuple[Level, str]]:
    """Check the keys for `/readyz` and `bihuan check`."""
    for row in seal_keys.missing():
        yield Level.BAD, missing(row)
    run = Run.objects.filter(name=JOB, outcome=Run.Outcome.DONE).order_by("-turn_at").first()
    count = run.counts.get("unreadable", 0) if run else 0
    if count:
        text = ngettext(
            "%(count)d sealed identity cannot be unsealed with any key (bihuan rotate-seals)",
            "%(count)d sealed identities cannot be unsealed with any key (bihuan rotate-seals)",
            count,
        )
        is_known = SealKey.objects.filter(lost_at__isnull=False).exists()
        yield Level.WARN if is_known else Level.BAD, text % {"count": count}


def require(now: datetime) -> None:
    """Refuse to start with keys that do not decrypt the seals: more would be sealed wrongly."""
    try:
        found = seal_keys.missing()
        if not found:
            seal_keys.note(now=now)
    except (DatabaseError, InterfaceError):
        # The database is down, or has no tables yet: `/readyz` says which.
        connection.close()
        return
    if found:
        raise ImproperlyConfigured("; ".join(map(missing, found)))


def missing(row: SealKey) -> str:
    """Say that a key is missing, without revealing any key."""
    text = _(
        "BIHUAN_SEAL_KEYS: key %(label)s, in use since %(day)s, is missing or wrong; restore it, "
        "or declare it lost (bihuan rotate-seals --lost %(label)s)"
    )
    return text % {"label": row.label, "day": row.first_used_at.date().isoformat()}


def unopened(each: Unopened) -> str:
    """Explain why a seal cannot be decrypted; its number does not identify a case."""
    text = (
        _("seal %d: its row is damaged; the backup has the original")
        if each.is_damaged
        else _("seal %d: none of BIHUAN_SEAL_KEYS unseals it")
    )
    return text % each.seal
