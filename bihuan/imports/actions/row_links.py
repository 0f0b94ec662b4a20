"""Rows linked to cases from another source: recognised again, and the case does not change."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from bihuan.cases.models import LinkedRow
from bihuan.imports.actions.doubts import Link, Pending
from bihuan.imports.known import LINK, linked_rows
from bihuan.imports.rows import ImportRow, KnownRow
from bihuan.journal.actions import Change, record_many
from bihuan.orgs.models import User
from bihuan.sheets.ledger.rows import Judged

R = TypeVar("R", bound=ImportRow)
Hidden = Callable[[Iterable[KnownRow]], Collection[str]]
Pairs = list[tuple[Judged[R], KnownRow]]


def sorted_out(
    unknown: Sequence[Judged[R]], doubtful: Sequence[Pending[R]], hidden: Hidden
) -> tuple[Pairs[R], list[Judged[R]], list[Pending[R]]]:
    """Separate rows that were linked to such cases, each with its case, from the others."""
    rows = [*unknown, *(each.judged for each in doubtful)]
    known = linked_rows(rows)
    secret = hidden(known.values()) if known else ()
    visible = {key: held for key, held in known.items() if held.number not in secret}
    if not visible:
        return [], [*unknown], [*doubtful]
    found = [visible.get(each.given.content.full_key()) for each in rows]
    pairs = [(each, held) for each, held in zip(rows, found, strict=True) if held]
    rest = [each for each, held in zip(unknown, found, strict=False) if not held]
    related = zip(doubtful, found[len(unknown) :], strict=True)
    return pairs, rest, [each for each, held in related if not held]


def keep(links: Sequence[Link[R]], *, source: str, actor: User | None, now: datetime) -> None:
    """Store which cases these rows are, and journal it for each case."""
    # Rows with identical content share one key.
    first = {each.judged.given.content.full_key(): each for each in reversed(links)}
    LinkedRow.objects.bulk_create(
        LinkedRow(case_id=each.held.pk, key=key, digest=each.judged.digest)
        for key, each in first.items()
    )
    if links:
        record_many(LINK, (_change(each, source) for each in links), by=actor, at=now)


def _change(link: Link[R], source: str) -> Change:
    detail = {"file": source, "row": link.judged.given.row}
    return Change(f"case/{link.held.number}", detail=detail)
