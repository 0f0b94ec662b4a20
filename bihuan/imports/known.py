"""Which rows of a ledger exist already or may exist, and what a ledger must not change."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, time, timedelta
from itertools import chain
from typing import Any, NamedTuple

from django.utils.timezone import get_default_timezone, localtime

from bihuan.cases.models import Case, Disposed, GoneRow, LinkedRow
from bihuan.core.sameness import Identity
from bihuan.imports.rows import ImportRow, KnownRow
from bihuan.journal.models import ERASE, STANDS, Entry
from bihuan.sheets.ledger.rows import Judged
from bihuan.store.bulk import rows_with
from bihuan.store.nearby import rows_within

IMPORT, UPDATE, LINK = "import", "update", "link"
# The acts of the ledger and the clock; any other act means that an officer has worked on the case.
NOBODYS_WORK = (IMPORT, UPDATE, LINK, ERASE, "overdue", "escalate", "lapse", STANDS)
# A hazard is reported within this many days after it was found.
REPORTED_WITHIN = timedelta(days=8)
# The number of cases of one place (or without a place) or one title in those days that are
# compared.
LOOKED_AT = 50
_HELD = (
    "id", "number", "origin", "source_digest", "ended_at", "source_key", "source_ref",
    "is_confidential",
)  # fmt: skip
_SAID = ("title", "description", "place", "owner", "reported_at", "kind", "stage")


class Candidate(NamedTuple):
    """A case that a row may be, and its values."""

    held: KnownRow
    identity: Identity
    title: str


def known_rows(rows: Sequence[Judged[Any]]) -> dict[str, KnownRow]:
    """Return what exists already, by number and by key."""
    known = held_by("source_key", [each.key for each in rows])
    known.update(held_by("number", [each.number for each in rows if each.number]))
    return known


def held_by(field: str, values: Sequence[str]) -> dict[str, KnownRow]:
    """Return the cases with one of these values in a unique field, by value."""
    found = rows_with(Case, field, values, (field, *_HELD)) if values else []
    return {value: _held(*rest) for value, *rest in found}


def gone_keys(keys: Sequence[str]) -> dict[str, str]:
    """Which of these keys no file may bring in again, and why."""
    return dict(rows_with(GoneRow, "key", keys, ("key", "why")))


def disposed_among(numbers: Sequence[str]) -> list[tuple[str, int, bool]]:
    """Those of these cases that were disposed of: their units, and whether they were restricted."""
    found = rows_with(Disposed, "number", numbers, ("number", "unit", "is_restricted"))
    return [(number, unit, bool(restricted)) for number, unit, restricted in found]


def linked_rows(rows: Sequence[Judged[Any]]) -> dict[str, KnownRow]:
    """Return the cases from other sources that such rows were linked to, by full key."""
    keys = [each.given.content.full_key() for each in rows]
    links = rows_with(LinkedRow, "key", keys, ("key", "digest", "case")) if keys else []
    cases = Case.objects.filter(pk__in={pk for *_, pk in links}) if links else Case.objects.none()
    held = {row[0]: _held(*row) for row in cases.values_list(*_HELD)}
    return {
        key: held[pk]._replace(key=key, digest=digest, is_linked=True) for key, digest, pk in links
    }


def _held(
    pk: int,
    number: str,
    origin: int,
    digest: str,
    ended_at: object,
    key: str,
    ref: str,
    is_confidential: object,
) -> KnownRow:
    # SQLite returns booleans as numbers.
    return KnownRow(
        pk, number, origin, digest, ended_at is not None, key, ref, bool(is_confidential)
    )


def identity(row: ImportRow, *, names_unit: bool = True) -> Identity:
    """Return what distinguishes the row from others."""
    owner = row.owner if names_unit else None
    return Identity(row.origin, owner, row.day, row.place, _words(row.title, row.description))


def _words(title: str, description: str) -> str:
    return f"{title}\n{description}" if description else title


# ----------------------------------------------------------------------- near ones
def candidates(kind: str, rows: Sequence[ImportRow], *, through: int) -> list[Candidate]:
    """Return cases up to this id with the place or the title of one of the rows, around its day.

    The cost depends on the rows alone: each is looked up by an index.
    """
    zone = get_default_timezone()

    def within(
        stored_rows: Iterable[tuple[str, ImportRow]],
    ) -> list[tuple[str, datetime, datetime]]:
        # For rows without a place, as for suggestions, only the day limits the search.
        days = {(text, row.day) for text, row in stored_rows}
        starts = ((text, datetime.combine(day, time(), zone)) for text, day in days)
        return [(text, start, start + REPORTED_WITHIN) for text, start in starts]

    found = chain.from_iterable(
        rows_within(Case, name, "reported_at", wanted, (*_HELD, *_SAID), most=LOOKED_AT)
        for name, wanted in (
            ("place", within((row.place, row) for row in rows)),
            ("title", within((row.title, row) for row in rows)),
        )
    )
    cases = {row[0]: row for row in found if row[0] <= through and row[-2] == kind}
    return [_candidate(row) for row in cases.values() if row[-1] != "rejected"]


def _candidate(row: tuple[Any, ...]) -> Candidate:
    held = _held(*row[: len(_HELD)])
    title, description, place, owner, reported_at, *_ = row[len(_HELD) :]
    # SQLite returns its instants in UTC without a zone.
    at = reported_at if reported_at.tzinfo else reported_at.replace(tzinfo=UTC)
    day = localtime(at).date()
    account = Identity(held.origin, owner, day, place, _words(title, description))
    return Candidate(held, account, title)


def last_case() -> int:
    """Return the newest case's id: later ones came with this import."""
    return Case.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


# ----------------------------------------------------------------- what stays as it is
def lock(keys: Iterable[int]) -> None:
    """Lock these cases until the transaction ends."""
    wanted = sorted(keys)
    if wanted:
        held = Case.objects.select_for_update().filter(pk__in=wanted).order_by("pk")
        list(held.values_list("pk"))


def worked_on(numbers: Collection[str]) -> set[str]:
    """Return which of these cases were taken up here."""
    if not numbers:
        return set()
    acts = Entry.objects.filter(chain__subject__in=[f"case/{number}" for number in numbers])
    worked = acts.exclude(act__in=NOBODYS_WORK).values_list("chain__subject", flat=True)
    return {subject.partition("/")[2] for subject in worked}
