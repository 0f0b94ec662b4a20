"""Index the words of cases for search: at once for one case, by the worker for an import."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from bihuan.cases.models import Case, CaseWords, Unindexed
from bihuan.cases.models.words import one_text
from bihuan.core import wordlike

AT_ONCE = 2_000
# A merge processes this many pages in one step, and is done when fewer rows than this change
# (https://www.sqlite.org/fts5.html#the_merge_command).
PAGES_A_STEP, FEWEST_CHANGES = 500, 2
SAID = ("number", "source_ref", "title", "place", "description", "category")


def index(case: Case) -> None:
    """Index the words of one case, in the action that changes them."""
    CaseWords.objects.update_or_create(case=case, defaults={"words": _said(case)})


def row_of(case: Case) -> CaseWords:
    """Return the unsaved words of a case that is being created."""
    return CaseWords(case=case, words=_said(case))


def _said(case: Case) -> str:
    return one_text(_pieces(getattr(case, name) for name in SAID))


def leave_for_later(first: int, last: int) -> None:
    """Queue the cases of an import for indexing, so that the import need not wait."""
    Unindexed.objects.create(first=first, last=last)


def index_rest(*, most: int | None = None) -> int:
    """Index the cases of imports, one batch per transaction; return their number."""
    done = 0
    while (most is None or done < most) and (batch := Unindexed.objects.order_by("pk").first()):
        done += _index_batch(batch)
    return done


@transaction.atomic
def _index_batch(batch: Unindexed) -> int:
    """The worker that deletes the queue entry does the work; a batch that fails stays queued."""
    if not Unindexed.objects.filter(pk=batch.pk).delete()[0]:
        return 0
    rows = Case.objects.filter(pk__range=(batch.first, batch.last)).values_list("pk", *SAID)
    made = [
        CaseWords(case_id=pk, words=one_text(_pieces(said)))
        for pk, *said in rows.iterator(chunk_size=AT_ONCE)
    ]
    CaseWords.objects.bulk_create(
        made,
        batch_size=AT_ONCE,
        update_conflicts=True,
        unique_fields=["case"],
        update_fields=["words"],
    )
    return len(made)


def forget_replaced() -> int:
    """Merge SQLite's full-text table, so that erased or replaced words are really deleted; return
    the number of steps.

    It only marks them as deleted until its segments are merged. Each step is short, so that others
    can write in between. PostgreSQL has no such table.
    """
    if connection.vendor != "sqlite":
        return 0
    steps, pages = 0, -PAGES_A_STEP  # the first step starts merging everything into one segment
    while _merges(pages):
        steps, pages = steps + 1, PAGES_A_STEP
    return steps


@transaction.atomic
def _merges(pages: int) -> bool:
    """Whether there was something to merge, according to the number of changes."""
    with connection.cursor() as cursor:
        before = _changes(cursor)
        cursor.execute(
            "INSERT INTO cases_words_index (cases_words_index, rank) VALUES ('merge', %s)", [pages]
        )
        return _changes(cursor) - before >= FEWEST_CHANGES


def _changes(cursor: CursorWrapper) -> int:
    cursor.execute("SELECT total_changes()")
    (count,) = cursor.fetchone()
    return int(count)


def _pieces(said: Iterable[str]) -> frozenset[str]:
    return wordlike.pairs("\n".join(said))
