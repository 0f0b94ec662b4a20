"""Whatever is done to the journal with raw SQL is found and named."""

from datetime import timedelta

import pytest

from bihuan.core import chain as core
from bihuan.journal import queries
from bihuan.journal.diagnosis import Break, Finding
from bihuan.journal.models import Anchor, Chain, Entry
from tests.factories import TODAY
from tests.journal.forging import (
    CASE,
    OF_CASE,
    as_sql,
    found,
    hash_of,
    in_chains,
    rewritten,
)
from tests.journal.lifting import lifted, tamper

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("three_chains")]


def test_an_untouched_journal_verifies() -> None:
    verified = queries.verify()

    assert verified == queries.Verification(entries=8, chains=3, findings=[])
    assert verified.ok
    assert Anchor.objects.count() == 2


# --------------------------------------------------------------------- edited
@pytest.mark.parametrize(
    "change",
    [
        "note = 'nothing happened'",
        "act = 'reject'",
        "detail = ''",
        "actor_id = NULL",
        "at = '2026-09-15 08:00:01+00:00'",
        "before_digest = after_digest",
        "after_digest = previous",
    ],
)
@pytest.mark.parametrize("seq", [2, 5])
def test_an_edited_entry_is_named(change: str, seq: int) -> None:
    tamper(f"UPDATE journal_entry SET {change} WHERE {OF_CASE} AND seq = {seq}")

    assert in_chains() == [Finding(Break.EDITED, CASE, seq, field="content")]


@pytest.mark.parametrize("seq", [1, 3, 5])
def test_an_edited_hash_is_named(seq: int) -> None:
    forged = as_sql(b"\x01" * 32)

    tamper(f"UPDATE journal_entry SET hash = {forged} WHERE {OF_CASE} AND seq = {seq}")

    assert Finding(Break.EDITED, CASE, seq, field="hash") in in_chains()


@pytest.mark.parametrize("seq", [1, 3, 5])
def test_an_edited_link_is_named(seq: int) -> None:
    forged = as_sql(b"\x01" * 32)

    tamper(f"UPDATE journal_entry SET previous = {forged} WHERE {OF_CASE} AND seq = {seq}")

    assert found() == [Finding(Break.EDITED, CASE, seq, field="previous")]


def test_an_entry_edited_together_with_its_hash_is_named() -> None:
    previous = bytes(Entry.objects.get(chain__subject=CASE, seq=3).previous)
    forged = rewritten(3, previous, note="forged")

    with lifted():
        forged.save()

    assert Finding(Break.EDITED, CASE, 3, field="content, hash") in found()


def test_a_renamed_chain_is_named() -> None:
    tamper(f"UPDATE journal_chain SET subject = 'case/other' WHERE subject = '{CASE}'")

    assert found()[0] == Finding(Break.EDITED, "case/other", field="subject")


def test_a_chain_written_anew_from_an_entry_on_breaks_the_daily_root() -> None:
    previous = bytes(Entry.objects.get(chain__subject=CASE, seq=3).previous)

    with lifted():
        for seq in (3, 4, 5):
            forged = rewritten(seq, previous, note="forged")
            forged.save()
            previous = bytes(forged.hash)
        Chain.objects.filter(subject=CASE).update(head=previous)

    assert [(one.kind, one.field) for one in found()] == [(Break.ROOT, "root")] * 2


# -------------------------------------------------------------------- removed
@pytest.mark.parametrize("seq", [1, 2, 5])
def test_a_removed_entry_is_named(seq: int) -> None:
    tamper(f"DELETE FROM journal_entry WHERE {OF_CASE} AND seq = {seq}")

    assert found()[0] == Finding(Break.REMOVED, CASE, seq, last=seq)


def test_a_removal_hidden_by_new_numbers_is_named() -> None:
    tamper(
        f"DELETE FROM journal_entry WHERE {OF_CASE} AND seq = 2",
        *(
            f"UPDATE journal_entry SET seq = {n - 1} WHERE {OF_CASE} AND seq = {n}"
            for n in (3, 4, 5)
        ),
        f"UPDATE journal_chain SET length = 4 WHERE subject = '{CASE}'",
    )

    assert found() == [Finding(Break.REMOVED, CASE, 2, last=2)]


def test_a_removal_hidden_by_new_hashes_still_leaves_a_gap() -> None:
    previous = bytes(Entry.objects.get(chain__subject=CASE, seq=4).hash)

    with lifted():
        forged = rewritten(5, previous, seq=6)
        forged.save()
        Chain.objects.filter(subject=CASE).update(head=forged.hash)

    assert in_chains() == [Finding(Break.REMOVED, CASE, 5, last=5)]


def test_all_entries_removed_are_one_finding() -> None:
    tamper(f"DELETE FROM journal_entry WHERE {OF_CASE}")

    assert found()[0] == Finding(Break.REMOVED, CASE, 1, last=5)


def test_a_last_entry_removed_with_the_head_set_back_breaks_the_daily_root() -> None:
    tamper(
        f"DELETE FROM journal_entry WHERE {OF_CASE} AND seq = 5",
        f"UPDATE journal_chain SET length = 4, head = {hash_of(4)} WHERE subject = '{CASE}'",
    )

    assert found() == [Finding(Break.ROOT, field="root", day=TODAY + timedelta(days=1))]


def test_a_removed_chain_isfound_by_its_entries() -> None:
    number = Chain.objects.get(subject=CASE).pk

    tamper(f"DELETE FROM journal_chain WHERE subject = '{CASE}'")

    assert found()[:5] == [
        Finding(Break.STRAY, f"#{number}", seq, field="chain") for seq in range(1, 6)
    ]


# ------------------------------------------------------------------- inserted
COPY = "at, actor_id, act, note, detail, before_digest, after_digest"


def test_an_entry_inserted_at_the_end_is_named() -> None:
    tamper(
        f"INSERT INTO journal_entry (chain_id, seq, previous, hash, {COPY}) "
        f"SELECT chain_id, 6, hash, previous, {COPY} FROM journal_entry "
        f"WHERE {OF_CASE} AND seq = 5"
    )

    assert found() == [Finding(Break.INSERTED, CASE, 6)]


@pytest.mark.parametrize("place", [1, 3])
@pytest.mark.parametrize("hashed", [True, False], ids=["with its own hash", "with any hash"])
def test_an_entry_inserted_between_others_is_named(place: int, hashed: bool) -> None:
    before = Entry.objects.filter(chain__subject=CASE, seq=place - 1).first()
    forged = rewritten(place, bytes(before.hash) if before else core.START, note="forged")
    forged.pk = None
    if not hashed:
        forged.hash = b"\x01" * 32

    tamper(
        *(
            f"UPDATE journal_entry SET seq = {n + 1} WHERE {OF_CASE} AND seq = {n}"
            for n in range(5, place - 1, -1)
        )
    )
    forged.save(force_insert=True)
    Chain.objects.filter(subject=CASE).update(length=6)

    assert found()[0] == Finding(Break.INSERTED, CASE, place)
    assert {one.kind for one in found()} <= {Break.INSERTED, Break.ROOT}


# ------------------------------------------------------------------ re-ordered
def test_entries_that_changed_places_are_named() -> None:
    tamper(
        f"UPDATE journal_entry SET seq = 99 WHERE {OF_CASE} AND seq = 2",
        f"UPDATE journal_entry SET seq = 2 WHERE {OF_CASE} AND seq = 4",
        f"UPDATE journal_entry SET seq = 4 WHERE {OF_CASE} AND seq = 99",
    )

    assert [(one.kind, one.seq) for one in found()][:2] == [
        (Break.REORDERED, 2),
        (Break.REORDERED, 4),
    ]


def test_an_entry_moved_behind_the_end_is_named() -> None:
    tamper(f"UPDATE journal_entry SET seq = 50 WHERE {OF_CASE} AND seq = 5")

    assert found() == [Finding(Break.REORDERED, CASE, 50, field="seq")]


def test_an_entry_moved_to_another_chain_is_missed_and_not_welcome() -> None:
    tamper(
        "UPDATE journal_entry SET seq = 3, chain_id = "
        "(SELECT id FROM journal_chain WHERE subject = 'case/zafter') "
        f"WHERE {OF_CASE} AND seq = 5"
    )

    assert Finding(Break.REMOVED, CASE, 5, last=5) in found()
    assert Finding(Break.INSERTED, "case/zafter", 3) in found()


# ----------------------------------------------------------------- chain heads
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ("length = 9", "length"),
        ("length = 4", "length"),
        ("head = other.head", "head"),
        ("length = 4, head = other.head", "length, head"),
    ],
)
def test_a_changed_chain_record_is_named(change: str, field: str) -> None:
    tamper(
        f"UPDATE journal_chain SET {change} FROM (SELECT head FROM journal_chain "
        f"WHERE subject = 'case/before') AS other WHERE subject = '{CASE}'"
    )

    assert found() == [Finding(Break.HEAD, CASE, field=field)]
