"""What the tests of killed disposals put into an installation, and what they look for in it.

`plant LISTED` prints what was planted, and `inspect < planted.json` one line for each fault;
`inspect-done` looks besides whether all is done.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import django
from django.db import transaction
from django.db.models import Count

from tests.clock import PRESENT

if TYPE_CHECKING:
    from bihuan.cases.models import Case
    from tests.retention.scene import Scene

TOLD = PRESENT - timedelta(days=30)
PROPOSED, CONFIRMED = PRESENT - timedelta(days=9), PRESENT - timedelta(days=8)
# Ten whole years have to be over when the list is proposed, which may be in the year before.
YEAR = PROPOSED.year - 11
ENDED = datetime(YEAR, 6, 1, 2, 0, tzinfo=UTC)
Planted = dict[str, Any]


# -------------------------------------------------------------------- planted
def plant(listed: int) -> Planted:
    """A list that was confirmed eight days ago, of cases that ended eleven years ago.

    Beside it: one case of the list that is held since, one that shares its file with a case of
    the list and is not on it, and some that the archive is to have.
    """
    from bihuan.retention.actions import holds, lists
    from tests.retention.scene import Scene, entry

    scene = Scene()
    shared = os.urandom(2_000)
    going = [_case(scene, shared if not n else os.urandom(2_000)) for n in range(listed)]
    held = _case(scene, os.urandom(2_000))
    row = lists.propose(
        unit=scene.unit,
        entry=entry("hazard"),
        year=YEAR,
        reason="保管期限已满，经鉴定无继续保存价值。",
        actor=scene.proposer,
        now=PROPOSED,
    )
    lists.confirm(row=row, actor=scene.confirmer, now=CONFIRMED)
    holds.hold_case(case=held, reason="涉诉", actor=scene.auditor, now=CONFIRMED)
    stored = [held, _case(scene, shared)]
    for year in (YEAR, YEAR - 1):
        stored += [_case(scene, os.urandom(2_000), "major", year) for _ in range(3)]
    cases = [*going, *stored]
    rows = _rows_about([case.pk for case in cases])
    return {
        "going": [case.number for case in going],
        "kept": [case.number for case in stored],
        "rows": {case.number: rows[case.pk] for case in cases},
        "pks": {case.number: case.pk for case in cases},
        "files": {case.number: _files_of(case) for case in cases},
    }


def _case(scene: Scene, data: bytes, grade: str = "general", year: int = YEAR) -> Case:
    """A hazard that somebody told, with a document, which ended in that year."""
    from bihuan.cases.models import Case, Evidence
    from bihuan.core.hazard import RejectReason
    from bihuan.files import disk
    from bihuan.files.models import StoredFile
    from bihuan.hazards.actions import reporting
    from bihuan.hazards.models import Hazard
    from bihuan.journal.actions import record
    from tests.cases.public import told

    case = told(scene.unit, now=TOLD).case
    stored = StoredFile.objects.create(
        kind="document", media_type="application/pdf", sha256=sha256(data).hexdigest(),
        size_bytes=len(data), name="1.pdf", stored_by=scene.proposer, stored_at=TOLD,
    )  # fmt: skip
    disk.put(stored.path, data)
    # The bytes have lain there since, so that nothing takes them for just stored.
    os.utime(disk.place(stored.path), (ENDED.timestamp(), ENDED.timestamp()))
    Evidence.objects.create(
        case=case, file=stored, phase="document", added_by=scene.proposer, added_at=TOLD
    )
    case = reporting.reject(
        case=case, actor=scene.proposer, now=TOLD, reason=RejectReason.NOT_A_HAZARD, note="已核实。"
    )
    at = ENDED.replace(year=year)
    Case.objects.filter(pk=case.pk).update(reported_at=at, round_at=at, ended_at=at, due_at=None)
    Hazard.objects.filter(pk=case.pk).update(grade=grade)
    record(case.subject, "reject", by=None, at=TOLD)
    return case


def _rows_about(pks: Collection[int]) -> dict[int, dict[str, int]]:
    """How many rows of each table tell of each of these cases; the worker drops acts that can no
    longer be undone.
    """
    from bihuan.cases.models import Case, UndoableAct
    from bihuan.retention.actions import removal

    cases = list(Case.objects.filter(pk__in=pks))
    named = {case.subject: case.pk for case in cases}
    found: dict[int, dict[str, int]] = {pk: {} for pk in pks}
    for model, way in removal.paths():
        if model._meta.app_label != "retention" and model is not UndoableAct:
            rows = removal.about(cases, model, way).order_by()
            for result, count in rows.values_list(way).annotate(count=Count("pk")):
                pk = named[result] if way == removal.BY_NAME else result
                found[pk][f"{model._meta.label} {way}"] = count
    return found


def _files_of(case: Case) -> list[str]:
    return [row.file.path for row in case.evidence.select_related("file")]


# ------------------------------------------------------------------ looked for
def inspect(planted: Planted) -> Iterator[str]:
    """Each case is here with all of its rows and files, or gone with all of its rows."""
    from bihuan.cases.models import Case, Disposed
    from bihuan.files import disk

    here = set(Case.objects.values_list("number", flat=True))
    gone = set(Disposed.objects.values_list("number", flat=True))
    there = _rows_about(list(planted["pks"].values()))
    for number, pk in planted["pks"].items():
        rows = there[pk]
        if (number in here) == (number in gone):
            yield f"{number}: here {number in here}, disposed of {number in gone}"
        elif number in gone and rows:
            yield f"{number}: is gone, and has {rows}"
        elif number in here and rows != planted["rows"][number]:
            yield f"{number}: is here with {rows}, it had {planted['rows'][number]}"
        for path in planted["files"][number] if number in here else ():
            digest = path.rpartition("/")[2].partition(".")[0]
            if not disk.place(path).exists() or digest != sha256(
                disk.place(path).read_bytes()
            ).hexdigest():  # fmt: skip
                yield f"{number}: lacks {path}"
    yield from _list(gone)


def inspect_done(planted: Planted) -> Iterator[str]:
    """What was to go has gone, and nothing else."""
    from bihuan.cases.models import Disposed
    from bihuan.retention.models import Disposal

    gone = set(Disposed.objects.values_list("number", flat=True))
    for number in sorted(gone ^ set(planted["going"])):
        yield f"{number}: disposed of {number in gone}"
    if Disposal.objects.get().done_at is None:
        yield "the list is not done"


def _list(gone: set[str]) -> Iterator[str]:
    from bihuan.journal.models import Entry
    from bihuan.retention.models import Disposal, Item

    row = Disposal.objects.get()
    entries = set(
        Entry.objects.filter(act="dispose").values_list("chain__subject", flat=True).distinct()
    )
    result = Entry.objects.filter(act="dispose").count()
    if entries != {f"case/{number}" for number in gone} or result != len(gone):
        yield f"{result} entries tell of {len(gone)} cases"
    if row.cases_gone != len(gone):
        yield f"the list says {row.cases_gone}, and {len(gone)} are gone"
    if row.done_at and Item.objects.filter(state=Item.State.WAITING).exists():
        yield "the list is done, and cases wait on it"


if __name__ == "__main__":
    django.setup()
    if sys.argv[1] == "plant":
        with transaction.atomic():
            planted = plant(int(sys.argv[2]))
        print(json.dumps(planted))
    else:
        given = json.load(sys.stdin)
        found = [*inspect(given), *(inspect_done(given) if sys.argv[1] == "inspect-done" else ())]
        print("\n".join(found))
