"""Roots, counts, triggers and times show what the chains alone do not."""

from datetime import timedelta

import pytest
from django.db import connection

from bihuan.journal import actions, guards, queries
from bihuan.journal.actions import record
from bihuan.journal.diagnosis import FINDINGS, Break, Finding
from bihuan.journal.models import Chain, Entry
from tests.factories import NOW, TODAY
from tests.journal.forging import (
    CASE,
    OF_CASE,
    as_sql,
    found,
)
from tests.journal.lifting import lifted, tamper
from tests.test_constraints import KEEP_AN_INDEX, there

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("three_chains")]


# ----------------------------------------------------------------- daily roots
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ("root = {forged}", "root"),
        ("previous = {forged}", "previous"),
        ("leaves = 7", "leaves"),
        ("through = through + 1", "root"),
    ],
)
def test_a_changed_daily_root_is_named(change: str, field: str) -> None:
    change = change.replace("{forged}", as_sql(b"\x01" * 32))

    tamper(f"UPDATE journal_anchor SET {change} WHERE date = '2026-09-16'")

    assert Finding(Break.ROOT, field=field, day=TODAY + timedelta(days=1)) in found()
    assert {one.day for one in found()} == {TODAY + timedelta(days=1)}


def test_a_removed_daily_root_breaks_the_next_ones_link() -> None:
    tamper("DELETE FROM journal_anchor WHERE date = '2026-09-15'")

    assert Finding(Break.ROOT, field="previous", day=TODAY + timedelta(days=1)) in found()


# ------------------------------------------------------------------- any more
def test_several_broken_chains_are_all_named() -> None:
    tamper("UPDATE journal_entry SET note = 'x'")

    assert {one.subject for one in found()} == {"case/before", CASE, "case/zafter"}


def test_only_the_first_hundred_findings_are_told() -> None:
    changes = [actions.Change(f"case/{number}") for number in range(150)]
    actions.record_first_of_many("import", changes, by=None, at=NOW)

    tamper("UPDATE journal_entry SET note = 'x'")

    assert len(found()) == FINDINGS


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="only SQLite takes any kind of value")
@pytest.mark.parametrize(
    "change",
    ["note = x'00ff'", "at = 'never'", "at = '2026-99-99'", "hash = 'text'", "detail = 5.5"],
)
def test_a_value_of_another_kind_is_an_edited_entry(change: str) -> None:
    tamper(f"UPDATE journal_entry SET {change} WHERE {OF_CASE} AND seq = 3")

    assert (Break.EDITED, 3) in [(one.kind, one.seq) for one in found()]


# ------------------------------------------------------------------- the count
def _counts() -> list[tuple[str, int | None, str]]:
    found = queries.verify().findings
    return [(one.field, one.seq, one.hint) for one in found if one.kind == Break.COUNT]


@pytest.fixture
def _since_the_last_root(three_chains: None) -> None:
    """What no root seals yet."""
    record("case/new", "report", by=None, at=NOW + timedelta(days=3))
    record("case/new", "confirm", by=None, at=NOW + timedelta(days=3))


@pytest.mark.usefixtures("_since_the_last_root")
def test_the_newest_entry_removed_with_the_head_set_back_is_missed() -> None:
    last = Entry.objects.latest("pk")
    stored = as_sql(bytes(last.previous))

    tamper(
        f"DELETE FROM journal_entry WHERE id = {last.pk}",
        f"UPDATE journal_chain SET length = 1, head = {stored} WHERE id = {last.chain_id}",
    )

    assert found() == []
    assert _counts() == [("journal_entry", 1, str(last.pk))]


@pytest.mark.usefixtures("_since_the_last_root")
def test_a_chain_removed_with_all_its_entries_is_missed() -> None:
    chain = Chain.objects.get(subject="case/new")
    first, last = Entry.objects.filter(chain=chain).order_by("pk").values_list("pk", flat=True)

    tamper(
        f"DELETE FROM journal_entry WHERE chain_id = {chain.pk}",
        f"DELETE FROM journal_chain WHERE id = {chain.pk}",
    )

    assert found() == []
    assert _counts() == [("journal_entry", 2, f"{first}-{last}")]


def test_roots_that_were_all_removed_are_missed() -> None:
    tamper("DELETE FROM journal_anchor")

    assert found() == []
    assert [(name, missing) for name, missing, _ in _counts()] == [("journal_anchor", 2)]


def test_an_entry_that_no_act_wrote_is_one_too_many() -> None:
    with lifted():
        record("case/never", "report", by=None, at=NOW + timedelta(days=3))

    assert _counts() == [("journal_entry", -1, "")]


# ------------------------------------------------------------------- the guards
def test_every_trigger_is_looked_for() -> None:
    assert guards.registered() == there() - KEEP_AN_INDEX


@pytest.mark.parametrize("way", ["dropped", "switched off", "emptied"])
def test_a_trigger_that_does_not_do_its_work_is_named(way: str) -> None:
    on_postgresql = connection.vendor == "postgresql"
    name = "journal_entry_never_changes" if on_postgresql else "journal_entry_never_updated"
    on = " ON journal_entry" if on_postgresql else ""
    statements = {
        "dropped": [f"DROP TRIGGER {name}{on}"],
        "switched off": [f"ALTER TABLE journal_entry DISABLE TRIGGER {name}"],
        "emptied": [
            "CREATE OR REPLACE FUNCTION journal_refuse_change() RETURNS trigger "
            "LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$"
        ]
        if on_postgresql
        else [
            f"DROP TRIGGER {name}",
            f"CREATE TRIGGER {name} BEFORE UPDATE ON journal_entry BEGIN SELECT 1; END",
        ],
    }
    if way == "switched off" and not on_postgresql:
        pytest.skip("SQLite switches no trigger off")

    connection.check_constraints()  # or PostgreSQL would have some waiting
    with connection.cursor() as cursor:
        for statement in statements[way]:
            cursor.execute(statement)

    assert Finding(Break.GUARD, name) in found()


# --------------------------------------------------------------- order of times
def test_an_entry_dated_before_the_one_before_it_is_named() -> None:
    record("case/zafter", "assign", by=None, at=NOW - timedelta(days=1))

    assert found() == [Finding(Break.TIME, "case/zafter", 3, field="at")]


def test_an_act_that_waited_for_another_is_not_dated_wrong() -> None:
    record("case/zafter", "assign", by=None, at=NOW - timedelta(minutes=30))

    assert found() == []
