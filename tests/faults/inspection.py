"""What is half done in an installation: `python -m tests.faults.inspection < told.json`.

Prints one line for each fault that it finds, and as its last line how much there was to look at.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterator

import django

ROUND_THE_CLOCK = ("overdue", "escalate")
WAITS = {
    "reported": ["LOC-1"],
    "confirmed": ["LOC-2"],
    "assigned": ["HAZ-5"],
    "rectifying": ["HAZ-5"],
}


def main() -> None:
    django.setup()
    result = json.load(sys.stdin)
    faults = [*_cases(), *_journal(), *_evidence(), *_words(), *_told(result), *_time()]
    for fault in faults:
        print(fault)
    print(json.dumps(_sizes()))


def _cases() -> Iterator[str]:
    """Each case with all that belongs to it, as many acts as its version says, at its stage."""
    from bihuan.cases.models import Case, Numbering
    from bihuan.clocks.models import Clock

    acts, stages = _acts()
    running: dict[str, list[str]] = {}
    rows = Clock.objects.filter(stopped_at=None)
    for subject, rule in rows.values_list("subject", "rule_id"):
        running.setdefault(subject, []).append(rule)
    highest: Counter[str] = Counter()
    for case in Case.objects.select_related("hazard"):
        done = [act for act in acts.get(case.subject, []) if act not in ROUND_THE_CLOCK]
        if not hasattr(case, "hazard"):
            yield f"{case.number}: no hazard"
        if case.version != len(done):
            yield f"{case.number}: version {case.version} after {done}"
        if stages.get(case.subject) != case.stage:
            yield f"{case.number}: {case.stage}, but the journal says {stages.get(case.subject)}"
        wanted = WAITS.get(case.stage, []) if case.ended_at is None else []
        if running.get(case.subject, []) != wanted:
            yield f"{case.number}: {case.stage} with the clocks {running.get(case.subject)}"
        series, _, number = case.number.rpartition("-")
        highest[series] = max(highest[series], int(number))
    for series, last in Numbering.objects.values_list("series", "last"):
        if last < highest[series]:
            yield f"{series}: {highest[series]} was given out, the next would be {last + 1}"


def _acts() -> tuple[dict[str, list[str]], dict[str, str]]:
    """What was done to each case, and the stage that it came to."""
    from bihuan.journal.models import Entry

    acts: dict[str, list[str]] = {}
    stages: dict[str, str] = {}
    entries = Entry.objects.filter(chain__subject__startswith="case/").order_by("seq")
    for entry in entries.select_related("chain"):
        acts.setdefault(entry.chain.subject, []).append(entry.act)
        stages[entry.chain.subject] = entry.details.get("to", stages.get(entry.chain.subject, ""))
    return acts, stages


def _journal() -> Iterator[str]:
    """As many chains as cases, and each as long as its entries."""
    from django.db.models import Count, F

    from bihuan.cases.models import Case
    from bihuan.journal.models import Chain

    chains = Chain.objects.filter(subject__startswith="case/")
    if chains.count() != Case.objects.count():
        yield f"{chains.count()} chains for {Case.objects.count()} cases"
    for chain in chains.annotate(found=Count("entries")).exclude(length=F("found")):
        yield f"{chain}: {chain.length} entries, but {chain.found} found"


def _evidence() -> Iterator[str]:
    """Each photo lies whole on disk, and each entry that names one has its record."""
    from bihuan.cases.models import Evidence
    from bihuan.files import disk
    from bihuan.journal.models import Entry

    stored = set()
    for row in Evidence.objects.select_related("file"):
        stored.add(row.file.sha256)
        at = disk.place(row.file.path)
        if not at.is_file() or hashlib.sha256(at.read_bytes()).hexdigest() != row.file.sha256:
            yield f"{row.file.path}: not whole"
        if not disk.place(row.file.thumbnail_path).is_file():
            yield f"{row.file.thumbnail_path}: missing"
    for entry in Entry.objects.filter(act__in=["report", "attach"]).select_related("chain"):
        for digest in entry.details["files"]:
            if digest not in stored:
                yield f"{entry.chain}: names {digest}, which nobody has"


def _words() -> Iterator[str]:
    """Each case can be found by its words, now or once the worker has come round."""
    from bihuan.cases.models import Case
    from bihuan.cases.models.words import CaseWords, Unindexed

    indexed = set(CaseWords.objects.values_list("pk", flat=True))
    later = list(Unindexed.objects.values_list("first", "last"))
    for pk, number in Case.objects.values_list("pk", "number"):
        if pk not in indexed and not any(first <= pk <= last for first, last in later):
            yield f"{number}: cannot be found by its words"


def _told(data: dict[str, dict[str, str]]) -> Iterator[str]:
    """What an officer was told was done is done, once."""
    from bihuan.cases.models import Case
    from bihuan.journal.models import Entry

    made: dict[str, list[str]] = {}
    for key, number in Case.objects.values_list("description", "number"):
        made.setdefault(key, []).append(number)
    for key, number in data["reports"].items():
        if made.get(key) != [number]:
            yield f"report {key}: told {number}, found {made.get(key)}"
    values: dict[str, list[str]] = {}
    for subject, note in Entry.objects.exclude(note="").values_list("chain__subject", "note"):
        values.setdefault(note.removeprefix("记录 "), []).append(subject)
    for word, number in data["words"].items():
        if values.get(word) != [f"case/{number}"]:
            yield f"{number}: the act {word} stands in {values.get(word)}"
    for note, subjects in values.items():
        if len(subjects) > 1 and note.isalnum() and len(note) == 32:
            yield f"{subjects}: the act {note} was done twice"


def _time() -> Iterator[str]:
    """Nothing that time causes happened twice to a case."""
    from django.db.models import Count

    from bihuan.journal.models import Entry

    rows = Entry.objects.filter(act__in=ROUND_THE_CLOCK).values("chain", "act", "detail")
    for row in rows.annotate(times=Count("pk")).filter(times__gt=1):
        yield f"{row['act']} {row['times']} times: {row['detail']}"


def _sizes() -> dict[str, int]:
    from bihuan.cases.models import Case, Evidence
    from bihuan.journal.models import Entry
    from bihuan.notices.models import Notice

    kinds = {"cases": Case, "evidence": Evidence, "entries": Entry, "notices": Notice}
    return {name: kind._default_manager.count() for name, kind in kinds.items()}


if __name__ == "__main__":
    main()
