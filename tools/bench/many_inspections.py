"""Inspections of many sites, written directly: begun, done, and each item of some answered."""

import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from bihuan.checklists.models import Version
from bihuan.inspections.models import Answer, Inspection, Inspector, Involved
from bihuan.orgs.models import Post
from bihuan.sites.models import Site
from bihuan.store.bulk import insert_rows, reserve_ids

AT_ONCE = 10_000
INSPECTION = (
    *("id", "site", "checklist", "version", "unit", "area", "kind", "stage", "made_at"),
    *("due_date", "begun_at", "done_at", "reason", "result", "failed_count", "key"),
)
ANSWER = (
    *("inspection", "item", "value", "state", "note", "post", "changed_at", "revision", "key"),
)
Row = tuple[object, ...]
# What else an inspection has, with its default.
OTHERS = [
    each
    for each in Inspection._meta.concrete_fields
    if each.name not in INSPECTION and not each.null
]


def fill(count: int, answers: int, version: Version, post: Post) -> dict[str, object]:
    """Inspect the sites at random, some of them often; answer every item of the last ones."""
    chance = random.Random(20261202)  # noqa: S311 - the same inspections each time
    now = timezone.now()  # noqa: TID251 - as commands do
    sites = list(Site.objects.order_by("pk").values_list("pk", "unit"))
    items = [item.key for item in version.read().items]
    answered, columns = answers // len(items), (*INSPECTION, *(each.name for each in OTHERS))
    for first in range(0, count, AT_ONCE):
        with transaction.atomic():
            _unchecked()
            keys = reserve_ids(Inspection, min(AT_ONCE, count - first))
            made = [(pk, *chance.choice(sites)) for pk in keys]
            insert_rows(Inspection, columns, _inspections(made, version, chance, now))
            insert_rows(Involved, ("inspection", "unit", "role"), _involved(made))
            insert_rows(Inspector, ("inspection", "post"), ((pk, post.pk) for pk in keys))
            full = keys[max(0, count - first - answered) :] if answered else []
            insert_rows(Answer, ANSWER, _answers(full, items, post, now))
    return {"inspections": Inspection.objects.count(), "answers": Answer.objects.count()}


def _unchecked() -> None:
    """Let the rows be written without asking for each row that they name."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role TO replica")


def _inspections(
    made: Sequence[tuple[int, int, int]], version: Version, chance: random.Random, now: datetime
) -> Iterator[Row]:
    same = version.checklist_id, version.pk
    for pk, site, unit in made:
        at = now - timedelta(minutes=chance.randrange(3 * 365 * 1440))
        is_done, until = chance.random() < 0.99, None
        failed = chance.choice((1, 2, 5)) if is_done and chance.random() < 0.1 else 0
        if not is_done:
            until = date(at.year, at.month, 1) + timedelta(days=60)
        ended = at + timedelta(minutes=30) if is_done else None
        stage, result = ("done", "检查完毕。") if is_done else ("begun", "")
        facts = site, *same, unit, unit, "ordinary", stage, at, until, at, ended, "", result
        key = UUID(int=chance.getrandbits(128))
        yield pk, *facts, failed, key, *(each.get_default() for each in OTHERS)


def _involved(made: Sequence[tuple[int, int, int]]) -> Iterator[Row]:
    return ((pk, unit, "inspects") for pk, _site, unit in made)


def _answers(keys: Sequence[int], items: Sequence[str], post: Post, now: datetime) -> Iterator[Row]:
    for pk in keys:
        for number, item in enumerate(items):
            key = UUID(int=pk * 1_000 + number)
            yield pk, item, "yes", "ok", "", post.pk, now, 1, key
