"""Prevent the rows of a ledger from revealing that they are, or resemble, hidden cases."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from django.utils.timezone import localdate

from bihuan.cases import queries
from bihuan.imports.known import held_by
from bihuan.imports.rows import ImportRow, KnownRow
from bihuan.orgs import access
from bihuan.orgs.models import User
from bihuan.sheets.ledger.rows import Judged

R = TypeVar("R", bound=ImportRow)


def hidden(
    actor: User | None, known: Iterable[KnownRow], *, heirs: Collection[int], now: datetime
) -> frozenset[str]:
    """Return the numbers of cases out of the officer's reach, or from which the officer is
    excluded.

    `heirs` are the closed units whose work the importing unit continues.
    """
    if actor is None:
        return frozenset()
    origins = {held.number: held.origin for held in known}
    units = access.working_scope(actor, localdate(now))
    beyond = [
        number
        for number, origin in origins.items()
        if units is not None and origin not in units and origin not in heirs
    ]
    unseen = frozenset(beyond) - queries.seen_among(actor, beyond, now)
    return unseen | queries.shut_among(actor, origins, now)


def beside(
    rows: Sequence[Judged[R]], known: dict[str, KnownRow], secret: Collection[str]
) -> Sequence[Judged[R]]:
    """Identify rows that would match hidden cases by number and words together instead.

    They are imported as if there were no such case, and are recognised the next time. A row with
    one of our own numbers is kept: that the number is taken is not a secret.
    """
    keys = {held.key for held in known.values() if held.number in secret}
    if not keys:
        return rows
    again = [
        each._replace(key=each.given.content.full_key())
        if each.key in keys and each.number not in known
        else each
        for each in rows
    ]
    known.update(held_by("source_key", [each.key for each in again if each.key not in known]))
    return again
