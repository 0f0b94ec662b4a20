"""Write the journal: an entry in the same transaction as the action that it records."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, transaction
from django.db.models import Exists, Model, OuterRef, Q

from bihuan.core import chain as core
from bihuan.core.chain import START, microseconds
from bihuan.journal import hooks
from bihuan.journal.models import ERASE, STANDS, STATE, Chain, Entry, KeptValues
from bihuan.store import counters
from bihuan.store.bulk import insert_rows, reserve_ids, update_rows
from bihuan.store.together import insert_together

Values = Mapping[str, object]

KEPT = ("chain", "seq", "before", "after")
CHAIN = ("id", "subject", "length", "head")
ENTRY = (
    "chain_id",
    "seq",
    "at",
    "actor_id",
    "act",
    "note",
    "detail",
    "before_digest",
    "after_digest",
    "previous",
    "hash",
)


class Change(NamedTuple):
    """The change that one action made to one of its subjects."""

    subject: str
    before: Values | None = None
    after: Values | None = None
    note: str = ""
    detail: Values | None = None

    def naming_kept(self) -> Change:
        """Return a copy whose detail names the fields whose values are kept separately.

        The names remain when the values are erased, and show that there were values.
        """
        return self._replace(detail={**(self.detail or {}), "kept": sorted(self.before or ())})


class _Head(NamedTuple):
    """The head of a chain: where the next entry is appended."""

    chain: int
    length: int
    hash: bytes


class _Act(NamedTuple):
    """What all entries of one action have in common."""

    act: str
    actor: int | None
    at: datetime
    instant: int

    @classmethod
    def of(cls, act: str, by: AbstractBaseUser | None, at: datetime) -> _Act:
        if not connection.in_atomic_block:
            raise transaction.TransactionManagementError(
                "An entry is written in the transaction of the act that it tells of."
            )
        return cls(str(act), by.pk if by else None, at, microseconds(at))


# --------------------------------------------------------------------- entries
def record(
    subject: str,
    act: str,
    *,
    by: AbstractBaseUser | None,
    at: datetime,
    note: str = "",
    before: Values | None = None,
    after: Values | None = None,
    detail: Values | None = None,
) -> Entry:
    """Append one entry to the subject's chain; wait for other writers of that chain."""
    common = _Act.of(act, by, at)
    head = _locked([subject])[subject]
    told = _standing(Change(subject, before, after, note, detail), hooks.states([subject]))
    values = _row(common, head, told)
    entry = Entry.objects.create(**dict(zip(ENTRY, values, strict=True)))
    Chain.objects.filter(pk=head.chain).update(length=entry.seq, head=entry.hash)
    hooks.after([subject])
    return entry


def insert_first(
    subject: str,
    act: str,
    rows: Sequence[Model],
    *,
    by: AbstractBaseUser | None,
    at: datetime,
    after: Values | None = None,
    detail: Values | None = None,
    stands: hooks.Parts | None = None,
    inserted: Sequence[Model] = (),
) -> None:
    """Insert the records of a new subject, its chain, its first entry and what follows that, by
    one statement; `stands` is the subject's state after it.

    Records that files refer to are `inserted` before, in the same transaction.
    """
    entry = first_entry(subject, act, by=by, at=at, after=after, detail=detail, stands=stands)
    insert_together([*rows, *entry, *hooks.first(subject, [*inserted, *rows])])


def first_entry(
    subject: str,
    act: str,
    *,
    by: AbstractBaseUser | None,
    at: datetime,
    note: str = "",
    after: Values | None = None,
    detail: Values | None = None,
    stands: hooks.Parts | None = None,
) -> tuple[Chain, Entry]:
    """Return an unsaved chain and first entry for a new subject."""
    common = _Act(act, by.pk if by else None, at, microseconds(at))
    told = _standing(Change(subject, None, after, note, detail), {subject: stands or {}})
    values = _row(common, _Head(0, 0, START), told)
    chain = Chain(subject=subject, length=1, head=values[-1])
    return chain, Entry(chain=chain, **dict(zip(ENTRY[1:], values[1:], strict=True)))


def record_many(
    act: str,
    changes: Iterable[Change],
    *,
    by: AbstractBaseUser | None,
    at: datetime,
    keep: bool = False,
) -> int:
    """Append an entry for each change, in order; return the number of entries.

    `keep` stores the values separately from the entries, where they can be viewed and erased.
    """
    common, given = _Act.of(act, by, at), list(changes)
    if keep:
        given = [change.naming_kept() for change in given]
    subjects = {change.subject for change in given}
    heads, stands = _locked(subjects), hooks.states(subjects)
    rows, kept = [], []
    for change in given:
        row = _row(common, heads[change.subject], _standing(change, stands))
        heads[change.subject] = _Head(row[0], row[1], row[-1])
        rows.append(row)
        if keep:
            values = map(core.readable, (change.before, change.after))
            kept.append((row[0], row[1], *values))
    update_rows(Chain, ("id", "length", "head"), heads.values())
    if kept:
        insert_rows(KeptValues, KEPT, kept)
    written = insert_rows(Entry, ENTRY, rows)
    hooks.after(subjects)
    return written


def record_first_of_many(
    act: str, changes: Iterable[Change], *, by: AbstractBaseUser | None, at: datetime
) -> int:
    """Create a chain for each change, whose subject must be new; return the number of entries."""
    common, given = _Act.of(act, by, at), list(changes)
    ids = reserve_ids(Chain, len(given))
    stands = hooks.states([change.subject for change in given])
    chains: list[tuple[int, str, int, bytes]] = []

    def entries() -> Iterator[Sequence[object]]:
        # Built while the database inserts the previous batch, which is why the chains come last.
        for number, change in zip(ids, given, strict=True):
            row = _row(common, _Head(number, 0, START), _standing(change, stands))
            chains.append((number, change.subject, 1, row[-1]))
            yield row

    written = insert_rows(Entry, ENTRY, entries())
    insert_rows(Chain, CHAIN, chains)
    hooks.after([change.subject for change in given])
    return written


def _standing(change: Change, stands: Mapping[str, hooks.Parts]) -> Change:
    """Return a copy whose detail holds the subject's state after the action."""
    parts = stands.get(change.subject)
    if not parts:
        return change
    return change._replace(detail={**(change.detail or {}), STATE: parts})


def _row(
    common: _Act, head: _Head, change: Change
) -> tuple[int, int, datetime, int | None, str, str, str, bytes, bytes, bytes, bytes]:
    act, actor, at, instant = common
    subject, before_values, after_values, note, details = change
    before, after = core.digest(before_values), core.digest(after_values)
    detail = core.readable(details)
    seq = head.length + 1
    content = core.canonical(subject, seq, instant, actor, act, note, detail, before, after)
    made = core.link(head.hash, content)
    return head.chain, seq, at, actor, act, note, detail, before, after, head.hash, made


def _locked(subjects: Collection[str]) -> dict[str, _Head]:
    """Return the heads of these chains, created where missing and locked until the transaction
    ends.

    One statement serves new and existing chains: an upsert that changes nothing locks the row. Rows
    are locked in order, so that two actions on the same subjects cannot deadlock.
    """
    source = (
        "json_array_elements_text(%s::json) AS given (subject)"
        if connection.vendor == "postgresql"
        else "(SELECT value AS subject FROM json_each(%s)) AS given"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO journal_chain (subject, length, head) "
            f"SELECT subject, 0, %s FROM {source} WHERE true ORDER BY subject "
            "ON CONFLICT (subject) DO UPDATE SET length = journal_chain.length "
            "RETURNING subject, id, length, head",
            [START, json.dumps(list(subjects))],
        )
        return {
            subject: _Head(number, length, bytes(head))
            for subject, number, length, head in cursor.fetchall()
        }


# ----------------------------------------------------------------- kept values
@transaction.atomic
def erase_values(
    subject: str, *, by: AbstractBaseUser | None, at: datetime, note: str
) -> list[int]:
    """Erase the values kept for this subject's entries; return the numbers of the entries.

    The entries do not change; one more records who erased what, and why.
    """
    kept = KeptValues.objects.filter(chain__subject=subject, erased_at=None)
    entries = sorted(kept.select_for_update().values_list("seq", flat=True))
    if entries:
        kept.update(before="", after="", erased_at=at)
        record(subject, ERASE, by=by, at=at, note=note, detail={"entries": entries})
    return entries


# -------------------------------------------------------------- current state
def record_standing(*, now: datetime) -> int:
    """Record the current state of subjects whose entries do not hold it yet; return their number.

    Their last entries are older than this feature; from here on their state can be verified.
    """
    done, after = 0, 0
    while chains := _unsaid(after):
        after = chains[-1][0]
        with transaction.atomic():
            there = hooks.states([subject for _, subject in chains])
            done += record_many(STANDS, [Change(subject) for subject in there], by=None, at=now)
    return done


def _unsaid(after: int) -> list[tuple[int, str]]:
    """Return the next chains that have a witness but no entry with the subject's state."""
    said = Entry.objects.filter(chain=OuterRef("pk"), detail__contains=hooks.MARK)
    of_witnesses = Q(pk=None)
    for prefix in hooks.witnesses():
        of_witnesses |= Q(subject__startswith=f"{prefix}/")
    chains = Chain.objects.filter(of_witnesses, ~Exists(said), pk__gt=after).order_by("pk")
    return list(chains.values_list("pk", "subject")[: hooks.AT_ONCE])


# ------------------------------------------------------------- names of subjects
def reserve_numbers(model: type[Model], series: str, count: int) -> int:
    """Reserve numbers of a series, whose row has `series` and `last`, and return the last of them.

    The series stays locked until the transaction ends.
    """
    last = counters.add(model, "last", count, key="series", series=series)
    assert last is not None, "a series has no end"
    return last
