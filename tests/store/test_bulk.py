"""Loading many rows: the same values come back, on either engine, whatever they are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, models, transaction

from bihuan.core.chain import microseconds
from bihuan.journal.models import Chain
from bihuan.orgs.models import Unit
from bihuan.store.bulk import (
    AskedMeanwhile,
    Unstorable,
    asynchronous_commit,
    insert_rows,
    reserve_ids,
    rows_with,
    update_rows,
)
from bihuan.store.stream import snapshot, stream
from tests.factories import make_unit
from tests.store.conftest import Sample

NAUGHTY = json.loads(
    Path(__file__)
    .parent.parent.joinpath("data/hostile_inputs/naughty_strings/blns_part.json")
    .read_text()
)
AT = datetime(2026, 9, 15, 10, 30, 0, 7, tzinfo=timezone(timedelta(hours=8)))
ALL = ("text", "code", "whole", "small", "money", "day", "at", "raw", "given", "key", "yes", "real")


class Grade(models.TextChoices):
    MAJOR = "major"


def test_every_kind_of_value_comes_back_as_it_was(sample: type[Sample]) -> None:
    values = (
        "a\tb\nc\\d\r\\N\\.",
        Grade.MAJOR,
        -(2**63),
        32767,
        Decimal("-1234567890.12"),
        date(2026, 2, 28),
        AT,
        bytes(range(256)),
        '{"名": ["\\t", 1]}',
        UUID(int=7),
        True,
        0.1,
    )

    with transaction.atomic():
        count = insert_rows(sample, ALL, [values, (None,) * len(ALL)])

    full, empty = sample.objects.order_by("pk").values_list(*ALL)
    assert count == 2
    assert full == (*values[:8], {"名": ["\t", 1]}, *values[9:])
    assert empty == (None,) * len(ALL)


def test_rows_of_the_bulk_equal_rows_that_the_model_saves(sample: type[Sample]) -> None:
    with transaction.atomic():
        insert_rows(
            sample, ("money", "day", "at", "key"), [(Decimal(7), AT.date(), AT, UUID(int=1))]
        )

    assert sample.objects.filter(money=Decimal(7), day=AT.date(), at=AT, key=UUID(int=1)).exists()


def test_naughty_strings_come_back_unharmed(sample: type[Sample]) -> None:
    with transaction.atomic():
        insert_rows(sample, ["text"], ((text,) for text in NAUGHTY))

    assert list(sample.objects.order_by("pk").values_list("text", flat=True)) == NAUGHTY


@pytest.mark.parametrize("text", ["a\x00b", "\ud800"], ids=["NUL", "half a surrogate pair"])
def test_a_text_that_cannot_be_stored_is_named_as_such(sample: type[Sample], text: str) -> None:
    with pytest.raises(Unstorable), transaction.atomic():
        insert_rows(sample, ["text"], [("good",), (text,)])

    assert not sample.objects.exists()


def test_updated_rows_are_the_ones_named(sample: type[Sample]) -> None:
    with transaction.atomic():
        insert_rows(sample, ["whole", "text"], [(n, "old") for n in range(4)])
        ids = list(sample.objects.order_by("whole").values_list("pk", flat=True))

        updated = update_rows(
            sample, ["id", "text", "at", "small"], [(ids[n], f"新\\{n}", AT, n) for n in (1, 3)]
        )
        again = update_rows(sample, ["id", "text"], [])

    assert (updated, again) == (2, 0)
    assert list(sample.objects.order_by("whole").values_list("text", "at", "small")) == [
        ("old", None, None),
        ("新\\1", AT, 1),
        ("old", None, None),
        ("新\\3", AT, 3),
    ]


def test_reserved_ids_are_given_to_nobody_else(sample: type[Sample]) -> None:
    with transaction.atomic():
        first = sample.objects.create()
        ids = reserve_ids(sample, 3)
        insert_rows(sample, ["id", "whole"], [(number, number) for number in ids])
        later = sample.objects.create()
        more = reserve_ids(sample, 2)

    assert len({first.pk, *ids, later.pk, *more}) == 7


@pytest.mark.django_db
def test_a_row_that_a_constraint_forbids_is_an_integrity_error() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows(Chain, ["subject", "length", "head"], [("case/1", 0, b""), ("case/1", 0, b"")])


@pytest.mark.django_db(transaction=True)
@pytest.mark.django_db
def test_rows_that_ask_the_database_while_they_are_written_are_refused() -> None:
    def row() -> Iterator[tuple[object, ...]]:
        yield "case/1", b"", Unit.objects.count()

    with pytest.raises(AskedMeanwhile, match="orgs_unit"), transaction.atomic():
        insert_rows(Chain, ["subject", "head", "length"], row())

    assert Unit.objects.count() == 0


def test_rows_are_loaded_in_a_transaction_only() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        insert_rows(Chain, ["subject", "length", "head"], [])
    with pytest.raises(transaction.TransactionManagementError):
        update_rows(Chain, ["id", "length"], [])
    with pytest.raises(transaction.TransactionManagementError):
        reserve_ids(Chain, 1)


# --------------------------------------------------------------------- reading
def test_a_stream_gives_the_rows_in_order_with_instants_as_numbers(sample: type[Sample]) -> None:
    with transaction.atomic():
        insert_rows(
            sample,
            ["whole", "text", "at", "raw"],
            [(n % 7, f"{n}\t好", AT + timedelta(days=n), b"\x00\xff") for n in range(5000)],
        )

    with snapshot():
        rows = list(stream(sample, ["whole", "id", "text", "at", "raw"], order_by=["whole", "id"]))
        chosen = list(stream(sample, ["text"], order_by=["id"], whole=3, text="3\t好"))

    assert [row[:2] for row in rows] == sorted(row[:2] for row in rows)
    assert len(rows) == 5000
    number = int(rows[-1][2].split("\t")[0])
    assert rows[-1][3] == microseconds(AT + timedelta(days=number))
    assert rows[-1][4] == b"\x00\xff"
    assert chosen == [("3\t好",)]


def test_an_instant_before_the_epoch_is_a_negative_number(sample: type[Sample]) -> None:
    early = datetime(1987, 6, 5, tzinfo=UTC)
    with transaction.atomic():
        insert_rows(sample, ["at"], [(early,)])

    with snapshot():
        rows = list(stream(sample, ["at"], order_by=["id"]))

    assert rows == [(microseconds(early),)]


def test_a_snapshot_leaves_no_transaction_behind(sample: type[Sample]) -> None:
    with snapshot():
        list(stream(sample, ["id"], order_by=["id"]))

    sample.objects.create(whole=1)
    assert not connection.in_atomic_block
    assert sample.objects.count() == 1


@pytest.mark.django_db
def test_rows_are_found_by_many_texts_at_once_and_never_by_an_empty_one() -> None:
    first, second = make_unit(name="甲'乙"), make_unit(name="丙")
    values = [first.name, second.name, "", "nobody", *(f"x{n}" for n in range(40_000))]

    found = rows_with(Unit, "name", values, ("id", "name"))

    assert sorted(found) == sorted([(first.pk, "甲'乙"), (second.pk, "丙")])


@pytest.mark.django_db(transaction=True)
def test_only_a_batch_within_a_transaction_commits_asynchronously() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        asynchronous_commit()
    with transaction.atomic():
        asynchronous_commit()
