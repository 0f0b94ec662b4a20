"""Write the cases of a year into a package for the archive, and verify it."""

from __future__ import annotations

import csv
import io
import json
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Q, Sum
from django.template.loader import render_to_string
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from bihuan.cases import kind_wording, kinds
from bihuan.cases import wording as case_words
from bihuan.cases.kinds import Paper
from bihuan.cases.models import Case, CaseQuerySet, Evidence
from bihuan.core.retention import Entry, Schedule
from bihuan.files import disk
from bihuan.files.disk import sync_folder
from bihuan.files.media import EXTENSIONS, MediaType
from bihuan.journal.models import Entry as JournalEntry
from bihuan.orgs.models import Unit
from bihuan.receipts.wording import letters
from bihuan.retention import queries, wording
from bihuan.retention.actions import hand_overs
from bihuan.retention.models import HandOver
from bihuan.retention.package import contents
from bihuan.retention.package.alone import alone
from bihuan.retention.package.bag import PAYLOAD, BadBag, Bag, verified
from bihuan.retention.refusals import NotPacked, Obstacle

PARTIAL = ".part"
FILES = "files"
PIECE = 1 << 20
# Roughly a page, its data and its journal.
A_CASE = 64 << 10
AT_ONCE = 200
EVERY_SECONDS = 10.0
FORMULA = "=+-@\t\r"

Say = Callable[[str], object]


@dataclass(frozen=True)
class Wanted:
    """What goes into one package."""

    year: int
    entries: Sequence[Entry]
    unit: Unit | None = None
    # Cases that were confidential, or had exclusions, go into a package of their own.
    is_restricted: bool = False


@dataclass
class Packed:
    """What was written, and what could not be."""

    folder: Path
    row: HandOver | None = None
    cases: int = 0
    files: int = 0
    bytes: int = 0
    restricted: int = 0
    # Cases with a missing or changed file: they are not packed.
    damaged: list[str] = field(default_factory=list)


def wanted(
    *, year: int, unit_code: str, ids: Sequence[str], early: bool, restricted: bool, now: datetime
) -> Wanted:
    """Return what a command requests; refuse if there is no such unit or class."""
    listed, this = queries.schedule(), localdate(now).year
    if year >= this:
        raise NotPacked(Obstacle.NOT_OVER, str(year))
    unit = Unit.objects.filter(code=unit_code).first() if unit_code else None
    if unit_code and unit is None:
        raise NotPacked(Obstacle.NO_UNIT, unit_code)
    for name in ids:
        if listed.entry(name) is None:
            known = ", ".join(each.id for each in listed.entries)
            raise NotPacked(Obstacle.NO_CLASS, name, known)
    chosen = [
        each
        for each in listed.entries
        if each.id in ids
        or (not ids and each.term.hand_over_after and early)
        or (not ids and each.term.is_owed_to_archive(year, this))
    ]
    return Wanted(year, chosen, unit, restricted)


def pack(*, out: Path, selection: Wanted, now: datetime, say: Say) -> Packed:
    """Write a package under a temporary name, verify it, record it, and rename it."""
    _require_new(out)
    with alone(out):
        _require_new(out)  # another run may have finished since
        return _packed(out, selection, now, say)


def _packed(out: Path, selection: Wanted, now: datetime, say: Say) -> Packed:
    partial = out.with_name(out.name + PARTIAL)
    if recorded := _left_behind(partial, out, selection):
        return _named(recorded, partial)
    listed = queries.schedule()
    found, others = _found(selection, listed)
    numbers = list(found.order_by("ended_at", "pk").values_list("pk", flat=True))
    if not numbers:
        raise NotPacked(Obstacle.NOTHING, str(selection.year))
    _require_room(out.parent, numbers)
    packed = Packed(out, restricted=others)
    try:
        bag = Bag(partial)
        heads = _write_cases(bag, numbers, selection, listed, packed, say)
        if not heads:
            raise NotPacked(Obstacle.DAMAGED, packed.damaged[0], str(len(packed.damaged)))
        digest = bag.finish(_about(selection, listed, packed, now), localdate(now))
        assert verified(partial) == digest, "it was just written so"
        packed.bytes = bag.bytes
        packed.row = hand_overs.record_package(
            heads=heads,
            unit=selection.unit,
            year=selection.year,
            retention_list=queries.named(listed),
            digest=digest,
            now=now,
        )
    except DatabaseError:
        raise  # whether it was recorded is unknown; the next run checks
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return _named(packed, partial)


def _named(packed: Packed, partial: Path) -> Packed:
    """A package with its final name has been recorded; a recorded one is renamed when the run
    is repeated.
    """
    _require_new(packed.folder)
    partial.rename(packed.folder)
    sync_folder(packed.folder.parent)
    return packed


def _left_behind(partial: Path, out: Path, selection: Wanted) -> Packed | None:
    """Finish what an interrupted run had recorded already, and delete what it had not."""
    if not partial.exists():
        return None
    row = _recorded(partial)
    if row is None:
        shutil.rmtree(partial)
        return None
    if (row.year, row.unit) != (selection.year, selection.unit):
        raise NotPacked(Obstacle.EXISTS, str(partial))
    payload = [path for path in (partial / PAYLOAD).rglob("*") if path.is_file()]
    files = sum(path.parent.name == FILES for path in payload)
    return Packed(out, row, row.cases, files, sum(path.stat().st_size for path in payload))


def _recorded(partial: Path) -> HandOver | None:
    try:
        digest = verified(partial)
    except (BadBag, OSError):
        return None
    return HandOver.objects.filter(manifest_digest=digest).first()


def _require_new(out: Path) -> None:
    if out.exists() or out.is_symlink():
        raise NotPacked(Obstacle.EXISTS, str(out))
    if not out.parent.is_dir():
        raise NotPacked(Obstacle.NO_FOLDER, str(out.parent))


def _found(selection: Wanted, listed: Schedule) -> tuple[CaseQuerySet, int]:
    """Return the cases for this package, and how many belong in the other type of package."""
    owed = Q(pk=None)
    for entry in selection.entries:
        owed |= queries.owed_to_archive(entry, listed, selection.year)
    cases = Case.objects.filter(owed)
    if selection.unit:
        cases = cases.filter(owner__in=Unit.objects.within(selection.unit).values("pk"))
    apart, together = cases.filter(queries.restricted()), cases.exclude(queries.restricted())
    return (apart, together.count()) if selection.is_restricted else (together, apart.count())


def _require_room(folder: Path, numbers: Sequence[int]) -> None:
    needed = len(numbers) * A_CASE
    for start in range(0, len(numbers), AT_ONCE):
        rows = Evidence.objects.filter(case__in=numbers[start : start + AT_ONCE])
        needed += rows.aggregate(sum=Sum("file__size_bytes"))["sum"] or 0
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise NotPacked(Obstacle.NO_ROOM, str(folder), f"{free >> 20} < {needed >> 20} MiB")


# ------------------------------------------------------------------------ cases
def _write_cases(
    bag: Bag, numbers: Sequence[int], selection: Wanted, listed: Schedule, packed: Packed, say: Say
) -> dict[int, bytes]:
    """Write every case with its files; return the head of each chain, as it was written."""
    heads: dict[int, bytes] = {}
    rows: list[dict[str, Any]] = []
    said_at = time.monotonic()
    for start in range(0, len(numbers), AT_ONCE):
        cases = Case.objects.filter(pk__in=numbers[start : start + AT_ONCE])
        for case in sorted(cases.select_related("owner"), key=lambda each: each.pk):
            evidence = contents.evidence_of(case)
            if not all(map(_is_whole, evidence)):
                packed.damaged.append(case.number)
                continue
            entry = queries.entry_of(case, listed)
            described, heads[case.pk] = _write_case(bag, len(rows) + 1, case, entry, evidence)
            packed.files += len(evidence)
            rows.append({"folder": f"cases/{len(rows) + 1:06d}", **described})
        if time.monotonic() - said_at >= EVERY_SECONDS:
            said_at = time.monotonic()
            say(f"{min(start + AT_ONCE, len(numbers))} / {len(numbers)}")
    packed.cases = len(rows)
    if rows:
        _write_lists(bag, rows, selection, listed)
    return heads


def _write_case(
    bag: Bag, place: int, case: Case, entry: Entry, evidence: Sequence[Evidence]
) -> tuple[dict[str, Any], bytes]:
    folder = f"cases/{place:06d}"
    files = {
        f"{FILES}/{n:03d}.{EXTENSIONS[MediaType(row.file.media_type)]}": row
        for n, row in enumerate(evidence, start=1)
    }
    for name, row in files.items():
        bag.add_pieces(f"{folder}/{name}", _pieces(row.file.path))
    described = contents.description(case, entry, len(files), settings.LANGUAGE_CODE)
    journal = contents.entries_of(case)
    data = {
        "description": described,
        "case": contents.row_of(case),
        "tables": contents.tables(case),
        "files": {name: row.file.sha256 for name, row in files.items()},
        "left_out": contents.LEFT_OUT,
    }
    bag.add(f"{folder}/case.json", _json(data))
    bag.add(f"{folder}/journal.json", _json(list(contents.journal_of(case))))
    page = render_to_string("retention/package/case.html", _told(case, described, files, journal))
    bag.add(f"{folder}/case.html", page.encode())
    return described, bytes(journal[-1].hash) if journal else b""


def _is_whole(row: Evidence) -> bool:
    digest = sha256()
    try:
        for piece in _pieces(row.file.path):
            digest.update(piece)
    except OSError:
        return False
    return digest.hexdigest() == row.file.sha256


def _pieces(path: str) -> Iterator[bytes]:
    with disk.place(path).open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def _told(
    case: Case,
    described: dict[str, Any],
    files: Mapping[str, Evidence],
    journal: Sequence[JournalEntry],
) -> dict[str, Any]:
    """Return the text of a case's page, in the language of the installation."""
    kind = kinds.of(case)
    return {
        "case": case,
        "language": settings.LANGUAGE_CODE,
        "kind": kinds.label(case.kind),
        "stage": kinds.stage_words(case.kind, case.stage),
        "described": described,
        "files": files.items(),
        "happened": [
            {
                "entry": entry,
                "act": kind_wording.act_words(kind, entry.act),
                "details": list(
                    case_words.details(entry.details, kind.wording.stages, kind.wording.details)
                ),
            }
            for entry in journal
        ],
        "messages": [
            (row, letters.letter_words(case.kind, row))
            for row in case.messages.select_related("unit").order_by("said_at", "pk")
        ],
        "papers": list(_papers(case)),
    }


def _printed() -> Mapping[str, Mapping[str, Paper]]:
    """Return the printed columns by table, those of the kinds first."""
    in_order = sorted(kinds.every(), key=lambda kind: kind.order)
    of_kinds = {name: paper for kind in in_order for name, paper in kind.filing.tables.items()}
    return {**of_kinds, **wording.PAPERS}


def _papers(case: Case) -> Iterator[tuple[str, str]]:
    """Return each long text with its name."""
    rows = contents.tables(case)
    for label, papers in _printed().items():
        for row in rows.get(label, ()):
            for name, paper in papers.items():
                if row[name]:
                    yield str(paper.label), paper.said(row[name])


# ------------------------------------------------------------------------ lists
def _write_lists(
    bag: Bag, rows: Sequence[dict[str, Any]], selection: Wanted, listed: Schedule
) -> None:
    """Write the list that both sides sign, as a table and on paper, and the description of the
    package.
    """
    out = io.StringIO()
    pen = csv.writer(out)
    pen.writerow(["序号", *(name for name in rows[0] if name != "folder"), "folder"])
    for n, row in enumerate(rows, start=1):
        values = [value for name, value in row.items() if name != "folder"]
        pen.writerow([n, *map(_harmless, values), row["folder"]])
    bag.add("list.csv", b"\xef\xbb\xbf" + out.getvalue().encode())
    context = {
        "language": settings.LANGUAGE_CODE,
        "rows": rows,
        "unit": selection.unit,
        "year": selection.year,
        "restricted": selection.is_restricted,
        "list_name": case_words.in_language(listed.name),
        "list_source": case_words.in_language(listed.source),
        "version": version("bihuan"),
    }
    bag.add("list.html", render_to_string("retention/package/list.html", context).encode())
    bag.add("about.html", render_to_string("retention/package/about.html", context).encode())


def _harmless(value: Any) -> Any:
    """Prefix a text that a spreadsheet would take for a formula with an apostrophe (decision
    43).
    """
    return f"'{value}" if isinstance(value, str) and value[:1] in tuple(FORMULA) else value


def _about(selection: Wanted, listed: Schedule, packed: Packed, now: datetime) -> dict[str, str]:
    unit = selection.unit.name if selection.unit else _("All units")
    return {
        "Source-Organization": unit,
        "External-Description": _("Cases that ended in %(year)s, for the archive")
        % {"year": selection.year},
        "Internal-Sender-Description": f"{queries.named(listed)}; {packed.cases}",
        "Bag-Software-Agent": f"bihuan {version('bihuan')}",
        "Made-At": localtime(now).isoformat(timespec="seconds"),
        "Restricted": "yes" if selection.is_restricted else "no",
    }


def _json(data: object) -> bytes:
    return json.dumps(data, ensure_ascii=False, indent=1, default=contents.plain).encode()
