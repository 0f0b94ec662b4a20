"""What the page of an import shows: its result, or that of its trial run."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import chain, repeat
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan import formats
from bihuan.cases.models import Case
from bihuan.ledgers import folders, forms, given
from bihuan.ledgers import mapping as mappings
from bihuan.ledgers.actions import changing, findings
from bihuan.ledgers.actions.changing import Change
from bihuan.ledgers.actions.jobs import COMPARED
from bihuan.ledgers.look import from_json
from bihuan.ledgers.models import ImportJob
from bihuan.ledgers.notes import said_of
from bihuan.ledgers.said import all_here
from bihuan.ledgers.sheet import others, sheet_said
from bihuan.ledgers.wording import looks_like
from bihuan.orgs import choices
from bihuan.sheets.ledger import types

# The changes that the page of a trial run shows; all of them are on their own page.
CHANGES = 10
# Ranges of rows that can still be read in a line; more are only counted.
RANGES = 8
# Rows that a folded note names.
NAMED = 12


class Wrong(NamedTuple):
    """Why a row was refused, and where that can be mended on the pages; empty if in the file."""

    row: int
    column: str
    why: str
    mended_at: str

    @property
    def is_here(self) -> bool:
        """Whether it is mended on the page of the result itself."""
        return self.mended_at.startswith("#")


def context(
    job: ImportJob,
    now: datetime,
    words: forms.WordsForm | None = None,
    answers: forms.AnswersForm | None = None,
) -> dict[str, Any]:
    """Return what the page shows, with the forms if they have errors."""
    is_trial = job.state == ImportJob.State.TRIED
    unit_name = choices.name_of(job.unit)
    still_open = given.still_open(job)
    words = words or forms.WordsForm(job=job)
    in_trial = _in_trial(job, now) if is_trial else {}
    return {
        "job": job,
        "result": job.result,
        "takes": sum(job.counts[:2]) + job.result.get("linked", 0),
        "is_trial": is_trial,
        "looks_like": looks_like(job.result.get("looks_like", "")),
        "go": forms.GoForm(still_open=still_open),
        "still_open": still_open,
        "asked": sum(job.result.get("doubts", {}).values()),
        "is_untried": given.from_json(job.answers).is_untried,
        "form": words,
        "answers": answers or forms.AnswersForm(job=job, unit_name=unit_name),
        "said": said_of(job.result, unit_name),
        "notes": _folded(all_here(job.result.get("notes", ()))),
        "sheet_said": list(sheet_said(job.result)),
        "others": other_sheets(job),
        "batch": job.batch,
        "ledger_url": mappings.from_json(job.mapping, job.name).ledger.page(job.unit),
        "was_interrupted": job.attempts > 1,
        "unverified": 0 if is_trial else _unverified(job),
        **in_trial,
        **_columns(job),
        **_refused(job, words, is_trial=is_trial),
        "unit_name": unit_name,
        "heading": job.name,
        **back(),
    }


def _in_trial(job: ImportJob, now: datetime) -> dict[str, Any]:
    """Return what is shown before the import only."""
    return {
        "again": _again(job),
        "units": forms.units_named(job.unit),
        "new_rows": _ranges(job.result.get("created_rows", ())),
        "changes": _changes(job, now),
    }


def _unverified(job: ImportJob) -> int:
    """Return the closures that this officer imported and that are not confirmed yet."""
    waiting = Case.objects.filter(import_check=Case.ImportCheck.WAITING)
    return waiting.filter(import_by=job.member_id).count()


def _refused(job: ImportJob, words: forms.WordsForm, *, is_trial: bool) -> dict[str, Any]:
    """Return refused rows: in a trial run, without those that wait for an answer."""
    result, fields = job.result, job.result.get("error_fields", [])
    waiting = result.get("asked", 0) if is_trial else 0
    errors = all_here([*result.get("errors", ()), *(() if is_trial else result.get("asks", ()))])
    count = result.get("refused", 0) - waiting
    return {
        "refused": count,
        "has_refused": count > 0,
        "waiting": waiting,
        "errors": [
            Wrong(row, column, why, _mended_at(job, words, column, why, field) if is_trial else "")
            for (row, column, why), field in zip(errors, chain(fields, repeat("")), strict=False)
        ],
    }


def _mended_at(job: ImportJob, words: forms.WordsForm, column: str, why: str, field: str) -> str:
    """Return the input that mends it: of an unknown word, its meaning; else that of the column, or
    the value for all rows if the file has no such column.
    """
    for line in words.lines:
        if f"“{line.said}”" in why:
            return f"#{line.choice.id_for_label}"
    page = reverse("ledgers:import-columns", args=[job.pk])
    if not column and field in words.mapping.vocabulary.constants:
        return f"{page}#id_all-{field}"
    index = next((c.index for c in from_json(job.look).columns if c.title == column), None)
    return f"{page}#id_column-{index}" if column and index is not None else ""


def _ranges(ranges: Sequence[Sequence[int]]) -> str:
    """Return rows in words: 2–9, 11, 15–20; empty if they are too many to read."""
    if len(ranges) > RANGES:
        return ""
    return formats.names(
        [str(first) if first == last else f"{first}–{last}" for first, last in ranges]
    )


def _folded(notes: Sequence[tuple[int, str, str]]) -> list[tuple[str, str, str]]:
    """Return each note once, with the rows that it is about."""
    rows: dict[tuple[str, str], list[int]] = {}
    for row, column, note in notes:
        said = re.sub(rf"^[A-Z]{{1,3}}{row}(?:：|: )", "", note)  # without its cell: D3, D4 …
        rows.setdefault((column, said), []).append(row)
    return [(_named(found), column, note) for (column, note), found in rows.items()]


def _named(rows: Sequence[int]) -> str:
    shown = formats.names([str(row) for row in rows[:NAMED]])
    return f"{shown} … ({len(rows)})" if len(rows) > NAMED else shown


class Again(NamedTuple):
    """A repeated trial run: when, and which figures are other than before."""

    at: datetime
    changed: list[tuple[str, int, int]]


def _again(job: ImportJob) -> Again | None:
    """Return what another trial run of the same file changed."""
    before = job.result.get("before")
    if not before or job.ended_at is None:
        return None
    names = {
        "created": _("would be new"),
        "updated": _("would change"),
        "unchanged": _("unchanged"),
        "refused": _("refused"),
        "asked": _("waiting for an answer"),
        "changed": _("changed fields"),
    }
    old, new = _figures(before), _figures(job.result)
    changed = [(names[name], old[name], new[name]) for name in names if old[name] != new[name]]
    return Again(job.ended_at, changed)


def _figures(result: Mapping[str, Any]) -> dict[str, int]:
    """Return the figures as the page shows them: rows that wait are not refused."""
    found = {name: int(result.get(name, 0)) for name in COMPARED}
    return found | {"refused": found["refused"] - found["asked"]}


def _changes(job: ImportJob, now: datetime) -> list[Change]:
    """Return the first changes, as far as the officer may see the cases now."""
    if not job.result.get("changed"):
        return []
    page = findings.page_of(folders.place(job.folder), findings.CHANGES, 0, CHANGES)
    numbers = {each["number"] for each in page}
    seen = types.of(job.result["kind"]).seen(job.member, numbers, now, True)
    return list(changing.in_words(page, seen))


def _columns(job: ImportJob) -> dict[str, Any]:
    """Return what became of the columns of the file."""
    return {
        "left_out": forms.left_out(from_json(job.look)),
        "read_as": _read_as(job),
        "readings": _readings(job),
        "unread": _unread(job),
    }


def _read_as(job: ImportJob) -> list[tuple[str, str]]:
    """Return which columns were read, and as what."""
    kind, columns = job.result.get("kind", ""), job.result.get("columns", {})
    return [(title, types.title_of(kind, name)) for name, title in columns.items()]


def _readings(job: ImportJob) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return how cells were read that are not written in full, by field."""
    kind, readings = job.result.get("kind", ""), job.result.get("readings", {})
    return [(types.title_of(kind, name), list(read.items())) for name, read in readings.items()]


def _unread(job: ImportJob) -> list[dict[str, Any]]:
    """Return the columns that are not imported; earlier releases kept only their headers."""
    found = job.result.get("unread")
    if found is None:
        return [{"title": title, "has_header": True} for title in job.result.get("not_read", ())]
    return [{**each, "has_header": each["title"] != f"[{each['letter']}]"} for each in found]


def other_sheets(job: ImportJob) -> list[dict[str, Any]]:
    """Return the other sheets of the file that can be read next, each with its type of ledger."""
    kind = mappings.from_json(job.mapping, job.name).kind
    found = others(job.result or from_json(job.look).facts)
    known = [{"kind": kind} | each for each in found]
    return [each | {"ledger": types.of(each["kind"]).words.name} for each in known]


def back() -> dict[str, Any]:
    """Return the link from an import to all imports."""
    return {"back_url": reverse("ledgers:import"), "back_label": _("All imports")}
