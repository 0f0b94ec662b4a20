"""What an import would change, in words: for the page, and as a workbook."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.desk import replaced
from bihuan.journal.actions import record
from bihuan.ledgers import folders
from bihuan.ledgers.actions import findings
from bihuan.ledgers.models import ImportJob
from bihuan.orgs.models import User
from bihuan.sheets.ledger import types
from bihuan.sheets.writer import Heading, write_table

AT_ONCE = 2_000


class Change(NamedTuple):
    """One field that a row changes; of a case that the reader may not see, only the row."""

    row: int
    number: str
    title: str = ""
    old: str = ""
    new: str = ""
    empties: bool = False


def in_words(changes: Iterable[Mapping[str, Any]], seen: Collection[str]) -> Iterator[Change]:
    """Format the changes for a reader who may see these cases."""
    for each in changes:
        kind, name, number = each["kind"], each["field"], each["number"]
        if number not in seen:
            yield Change(each["row"], "")
            continue
        yield Change(
            each["row"],
            number,
            types.title_of(kind, name),
            replaced.said(kind, name, each["old"]),
            replaced.said(kind, name, each["new"]),
            not each["new"],
        )


def hand_out(out: Path | BinaryIO, *, job: ImportJob, actor: User, now: datetime) -> int:
    """Write all changes and the new rows as a workbook; the export is journaled.

    A workbook is passed around, so it never contains anything confidential.
    """
    titles = [(_("Row"), 8), (_("Case"), 20), (_("Field"), 18), (_("Before"), 40), (_("After"), 40)]
    rows = write_table(
        out,
        sheet=_("Changes"),
        headings=[Heading(title, width) for title, width in titles],
        rows=chain(_rows(job, actor, now), _new_rows(job)),
    )
    with transaction.atomic():
        detail = {"file": job.name, "rows": rows}
        record(actor.subject, "export", by=actor, at=now, detail=detail)
    return rows


def _new_rows(job: ImportJob) -> Iterator[Sequence[str | int]]:
    """Yield the rows that would be new: what they contain is in the file itself."""
    for first, last in job.result.get("created_rows", ()):
        for row in range(first, last + 1):
            yield row, _("new case"), "", "", ""


def _rows(job: ImportJob, actor: User, now: datetime) -> Iterator[Sequence[str | int]]:
    listed = findings.every(folders.place(job.folder), findings.CHANGES)
    ledger = types.of(job.result["kind"])
    while some := list(islice(listed, AT_ONCE)):
        numbers = {each["number"] for each in some}
        seen = ledger.seen(actor, numbers, now, False)
        for change in in_words(some, seen):
            if change.number:
                yield change[:5]
