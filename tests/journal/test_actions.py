"""Writing the journal."""

import threading
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from bihuan.core import chain as core
from bihuan.journal import actions, queries, sealing
from bihuan.journal.actions import Change, first_entry, record
from bihuan.journal.models import Chain, Entry
from bihuan.store.together import insert_together
from tests.conftest import CountQueries
from tests.factories import NOW, TODAY, make_member

pytestmark = pytest.mark.django_db

TOMORROW = NOW + timedelta(days=1)


def test_an_entry_holds_the_act_and_fingerprints_of_the_values() -> None:
    officer = make_member()

    record(
        "case/H2026-000123",
        "verify",
        by=officer,
        at=NOW,
        note="现场已整改",
        before={"stage": "submitted", "money": Decimal("100")},
        after={"stage": "verified", "money": Decimal("100.00")},
        detail={"stage": "verified"},
    )

    entry = queries.timeline("case/H2026-000123").get()
    assert (entry.seq, entry.at, entry.actor, entry.act) == (1, NOW, officer, "verify")
    assert (entry.note, entry.details) == ("现场已整改", {"stage": "verified"})
    assert entry.before_digest == core.digest({"stage": "submitted", "money": Decimal(100)})
    assert entry.after_digest == core.digest({"stage": "verified", "money": Decimal(100)})
    assert entry.previous == core.START


def test_each_entry_is_chained_to_the_one_before() -> None:
    made = [record("case/1", act, by=None, at=NOW) for act in ("report", "confirm", "assign")]

    entries = list(queries.timeline("case/1"))
    chain = Chain.objects.get()
    assert entries == made
    assert [entry.seq for entry in entries] == [1, 2, 3]
    assert [entry.previous for entry in entries[1:]] == [entry.hash for entry in entries[:-1]]
    assert (chain.length, chain.head) == (3, entries[-1].hash)


def test_subjects_have_chains_of_their_own() -> None:
    record("case/1", "report", by=None, at=NOW)
    record("case/2", "report", by=None, at=NOW)

    assert [entry.seq for entry in Entry.objects.all()] == [1, 1]
    assert queries.timeline("case/2").count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_entry_is_written_in_a_transaction_only() -> None:
    write: list[Callable[[], object]] = [
        lambda: record("case/1", "report", by=None, at=NOW),
        lambda: actions.record_many("report", [Change("case/1")], by=None, at=NOW),
        lambda: actions.record_first_of_many("report", [Change("case/1")], by=None, at=NOW),
    ]

    for attempt in write:
        with pytest.raises(transaction.TransactionManagementError):
            attempt()

    assert not Chain.objects.exists()


def test_an_entry_takes_three_queries_one_for_how_its_subject_stands_and_one_to_count(
    count_queries: CountQueries,
) -> None:
    with count_queries() as first:
        record("case/1", "report", by=None, at=NOW)
    with count_queries() as later:
        record("case/1", "confirm", by=None, at=NOW)

    assert (len(first), len(later)) == (5, 5)


def test_a_first_entry_that_the_caller_inserts_is_the_same() -> None:
    after = {"stage": "reported"}
    usual = record("case/1", "report", by=None, at=NOW, note="门锁坏了", after=after)
    Chain.objects.filter(subject="case/1").update(subject="case/0")

    chain, entry = first_entry("case/1", "report", by=None, at=NOW, note="门锁坏了", after=after)
    insert_together([chain, entry])

    first = Entry.objects.get(chain__subject="case/1")
    assert (first.seq, bytes(first.hash)) == (1, usual.hash)
    assert bytes(first.previous) == core.START
    assert record("case/1", "confirm", by=None, at=NOW).previous == usual.hash


def test_a_first_entry_is_refused_where_a_chain_has_begun() -> None:
    record("case/1", "report", by=None, at=NOW)

    with pytest.raises(IntegrityError), transaction.atomic():
        insert_together(first_entry("case/1", "report", by=None, at=NOW))


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(TypeError):
        record("case/1", "report", by=None, at=NOW.replace(tzinfo=None))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_writers_of_one_chain_wait_for_each_other() -> None:
    together = threading.Barrier(4)

    def write() -> None:
        together.wait()
        for _ in range(10):
            with transaction.atomic():
                record("case/1", "note", by=None, at=NOW)
        connection.close()

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert Chain.objects.get().length == 40
    assert queries.verify().ok


# ------------------------------------------------------------------- many
def _hashes() -> dict[str, list[bytes]]:
    hashes: dict[str, list[bytes]] = {}
    rows = Entry.objects.order_by("seq").values_list("chain__subject", "hash")
    for subject, made in rows:
        hashes.setdefault(subject, []).append(bytes(made))
    return hashes


def test_many_first_entries_equal_those_written_one_by_one() -> None:
    officer = make_member()
    changes = [
        Change(f"case/{n}", before=None, after={"n": n}, note=f"行\\{n}", detail={"row": n})
        for n in range(20)
    ]
    undo = transaction.savepoint()
    for subject, before, after, note, detail in changes:
        record(
            subject,
            "import",
            by=officer,
            at=NOW,
            note=note,
            before=before,
            after=after,
            detail=detail,
        )
    one_by_one = _hashes()
    transaction.savepoint_rollback(undo)

    count = actions.record_first_of_many("import", changes, by=officer, at=NOW)

    assert count == 20
    assert _hashes() == one_by_one
    assert queries.verify() == queries.Verification(20, 20, [])


def test_many_entries_go_on_where_their_chains_end() -> None:
    record("case/old", "report", by=None, at=NOW)
    changes = [Change("case/old"), Change("case/new"), Change("case/old", after={"x": 1})]

    count = actions.record_many("import", changes, by=None, at=NOW)
    after_many = record("case/old", "confirm", by=None, at=NOW)

    assert count == 3
    assert after_many.seq == 4
    assert {chain.subject: chain.length for chain in Chain.objects.all()} == {
        "case/old": 4,
        "case/new": 1,
    }
    assert queries.verify() == queries.Verification(5, 2, [])


def test_the_queries_of_many_entries_do_not_grow_with_them(count_queries: CountQueries) -> None:
    counts = []
    for size in (100, 300):
        changes = [Change(f"case/{size}-{n}") for n in range(size)]
        with count_queries() as queries_made:
            actions.record_first_of_many("import", changes, by=None, at=NOW)
            actions.record_many("check", changes, by=None, at=NOW)
        counts.append(len(queries_made))

    assert counts[0] == counts[1]


def test_a_chain_is_begun_only_once() -> None:
    record("case/1", "report", by=None, at=NOW)

    with pytest.raises(IntegrityError), transaction.atomic():
        actions.record_first_of_many("import", [Change("case/1")], by=None, at=NOW)


# ------------------------------------------------------------ append-only
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_entry SET note = 'x'",
        "DELETE FROM journal_entry",
        "UPDATE journal_anchor SET leaves = 9",
        "DELETE FROM journal_anchor",
    ],
)
def test_the_database_refuses_to_change_or_remove(statement: str) -> None:
    record("case/1", "report", by=None, at=NOW)
    sealing.anchor(TODAY, now=TOMORROW)

    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)

    assert queries.verify().ok


@pytest.mark.parametrize("table", ["journal_entry", "journal_anchor"])
def test_no_row_is_ever_replaced_or_the_table_emptied(table: str) -> None:
    record("case/1", "report", by=None, at=NOW)
    sealing.anchor(TODAY, now=TOMORROW)
    statement = (
        f"TRUNCATE {table}"
        if connection.vendor == "postgresql"
        else f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"
    )
    connection.check_constraints()  # or PostgreSQL refuses to empty it for these alone

    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
