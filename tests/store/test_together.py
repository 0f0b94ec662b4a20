"""Records written together are what they would be if each were saved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from bihuan.journal.actions import first_entry
from bihuan.journal.models import Chain, Entry
from bihuan.store.prepared import first_row
from bihuan.store.together import insert_together
from tests.conftest import CountQueries
from tests.factories import NOW
from tests.store.conftest import Sample

WHOLE = {
    "text": "a\tb\nc\\d %s $1 ' \" 名",
    "code": "x",
    "whole": -(2**63),
    "small": 32767,
    "money": Decimal("-1234567890.12"),
    "day": date(2026, 2, 28),
    "at": NOW,
    "raw": bytes(range(256)),
    "given": {"名": ["\t", 1]},
    "key": UUID(int=7),
    "yes": True,
    "real": 0.1,
}


def test_every_kind_of_value_comes_back_as_it_was(sample: type[Sample]) -> None:
    for _ in range(5):  # from the third time on PostgreSQL has it planned
        full, empty = sample(**WHOLE), sample()
        insert_together([full, empty])

        for row in (full, empty):
            stored = sample.objects.get(pk=row.pk)
            assert not row._state.adding
            assert [_plain(getattr(stored, name)) for name in WHOLE] == [
                getattr(row, name) for name in WHOLE
            ]


def _plain(value: object) -> object:
    return bytes(value) if isinstance(value, memoryview) else value


@pytest.mark.django_db
def test_a_record_may_refer_to_one_before_it_that_had_no_key_yet() -> None:
    chain, entry = first_entry("case/1", "report", by=None, at=NOW)
    assert entry.chain_id is None

    insert_together([chain, entry])

    assert Entry.objects.get(pk=entry.pk).chain == chain


@pytest.mark.django_db
def test_all_are_written_or_none() -> None:
    first, again = (Chain(subject="case/1", length=0, head=b"") for _ in range(2))

    with pytest.raises(IntegrityError):
        insert_together([first, again])

    assert not Chain.objects.exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_postgresql_is_asked_once_however_many_rows(count_queries: CountQueries) -> None:
    with count_queries() as queries:
        insert_together([*first_entry("case/1", "report", by=None, at=NOW), *_chains(5)])

    assert len(queries) == 1
    assert len(set(Chain.objects.values_list("pk", flat=True))) == 6


def _chains(count: int) -> list[Chain]:
    return [Chain(subject=f"chain/{n}", length=0, head=b"") for n in range(count)]


@pytest.mark.django_db
def test_a_refused_row_leaves_the_transaction_around_it_usable() -> None:
    insert_together(_chains(1))

    with pytest.raises(IntegrityError):
        insert_together(_chains(2))

    assert Chain.objects.get().subject == "chain/0"


@pytest.mark.django_db
def test_nothing_to_write_is_no_statement(count_queries: CountQueries) -> None:
    with count_queries() as queries:
        insert_together([])

    assert not queries


# ------------------------------------------------------------- one statement
@pytest.mark.django_db
def test_the_first_row_or_nothing() -> None:
    assert first_row("SELECT %s || 'b' WHERE 1 = 1", ["a"]) == ("ab",)
    assert first_row("SELECT 1 WHERE 1 = 0") is None
    assert first_row("DELETE FROM journal_chain WHERE subject = %s", ["x"]) is None


@pytest.fixture
def patient(transactional_db: None) -> Iterator[None]:
    """A connection that waits for the disk, which the server of the tests does not."""
    first_row("SELECT set_config('synchronous_commit', 'on', false)")
    yield
    connection.close()


@pytest.mark.postgres
@pytest.mark.usefixtures("patient")
def test_only_what_stands_by_itself_may_be_lost_in_a_crash() -> None:
    """A transaction around it would be lost with it, and that was never asked for."""
    waits = "SELECT current_setting('synchronous_commit')"
    forget = "INSERT INTO journal_chain (subject, length, head) VALUES (%s, 0, '') RETURNING id"

    alone = first_row(forget, ["case/1"], async_commit=True)
    assert first_row(waits) == ("on",)
    with transaction.atomic():
        within = first_row(forget, ["case/2"], async_commit=True)
        assert first_row(waits) == ("on",)

    assert [len(row or ()) for row in (alone, within)] == [2, 1]
    assert (alone or ())[1] == "off"
