"""Run imports and exports: small trial runs at once, everything else by the background worker.

A job is claimed by a worker that finds it waiting, or finds that the worker that had it went
silent. Running one again is harmless: imported rows are unchanged the second time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import TypeVar

from django.db import transaction
from django.db.models import Q, QuerySet

from bihuan.core.refusal import Refusal
from bihuan.ledgers import folders, given, mapping
from bihuan.ledgers.actions import answering, drafts, exporting, findings
from bihuan.ledgers.actions.importing import Source, take_in
from bihuan.ledgers.actions.refusals import GaveUp, StillAsked, Untried
from bihuan.ledgers.actions.results import Words
from bihuan.ledgers.look import from_json
from bihuan.ledgers.models import ExportJob, ImportJob, LongWork
from bihuan.notices.actions import tell
from bihuan.orgs.models import User
from bihuan.sheets.ledger.reading import Fault

AT_ONCE_ROWS = 2_000
AT_ONCE_BYTES = 256 * 1024
SILENT = timedelta(minutes=2)
ATTEMPTS = 3
KEPT = timedelta(days=30)
LEDGER = "ledger.xlsx"

State = ImportJob.State
Speaking = Callable[[str], AbstractContextManager[Words]]
"""The texts in a language, within the block."""
J = TypeVar("J", bound=LongWork)


class TakenOver(Exception):
    """Another worker has the job now, because this one was silent for too long."""


# ------------------------------------------------------------- called by pages
def try_out(*, job: ImportJob, language: str, now: datetime, speaking: Speaking) -> None:
    """Run a trial: at once for a small file, else by the worker."""
    _start(job, State.TRYING, language=language, now=now, at_once=_is_small(job))
    if job.started_at:
        _run_import(job, now, speaking, notify=False)


def go(
    *, job: ImportJob, whole: bool, language: str, now: datetime, leave_rest: bool = False
) -> None:
    """Have the worker import the file, once every question is answered or left out on purpose."""
    drafts.require_importer(job.member, job.unit, now)
    with transaction.atomic():
        ImportJob.objects.select_for_update().get(pk=job.pk)
        job.refresh_from_db(fields=["answers", "result"])
        stored = given.from_json(job.answers)
        if stored.is_untried:
            raise Untried
        if not leave_rest and (count := given.still_open(job)):
            raise StillAsked(count)
        answers = replace(stored, leave_rest=leave_rest).as_json()
        _start(job, State.WAITING, language=language, now=now, whole=whole, answers=answers)


def order_export(
    *, filters: Mapping[str, str], actor: User, language: str, now: datetime
) -> ExportJob:
    """Have the worker write what the ledger page shows this officer."""
    return ExportJob.objects.create(
        member=actor,
        language=language,
        folder=folders.make(folders.EXPORTS),
        created_at=now,
        asked=dict(filters),
    )


def refused_rows(job: ImportJob, language: str) -> Path:
    """Return the file with the refused rows and their reasons in this language."""
    path = _refused_in(job, language)
    # An earlier release wrote them in the language of the trial only.
    return path if path.exists() else folders.place(job.folder, "refused.xlsx")


def ledger_of(job: ExportJob) -> Path:
    """Return the requested workbook."""
    return folders.place(job.folder, LEDGER)


def _refused_in(job: ImportJob, language: str) -> Path:
    return folders.place(job.folder, f"refused-{language}.xlsx")


def _is_small(job: ImportJob) -> bool:
    height = from_json(job.look).height
    if height is not None:
        return height <= AT_ONCE_ROWS
    return folders.place(job.folder, job.file).stat().st_size <= AT_ONCE_BYTES


def _start(
    job: ImportJob,
    state: ImportJob.State,
    *,
    language: str,
    now: datetime,
    at_once: bool = False,
    **chosen: object,
) -> None:
    started_at = now if at_once else None
    before = drafts.AT_REST if state is State.TRYING else (State.TRIED,)
    drafts.change(
        job, before, state=state, language=language, problem="", why={}, attempts=0,
        started_at=started_at, seen_at=started_at, ended_at=None, rows_done=0, rows_total=None,
        **{"whole": False, **chosen},
    )  # fmt: skip


# --------------------------------------------------------- run by the worker
def run_imports(*, now: datetime, speaking: Speaking) -> dict[str, int]:
    """Run the import that has waited longest, if any."""
    job = _claim(ImportJob.objects.filter(state__in=ImportJob.TO_RUN), now)
    if job is not None:
        _run_import(job, now, speaking, notify=True)
    return {"imports": int(job is not None)}


def run_exports(*, now: datetime, speaking: Speaking) -> dict[str, int]:
    """Run the export that has waited longest, if any."""
    job = _claim(ExportJob.objects.filter(state__in=ExportJob.TO_RUN), now)
    if job is not None:
        _run_export(job, now, speaking)
    return {"exports": int(job is not None)}


def sweep(*, now: datetime) -> dict[str, int]:
    """Delete old uploads and results, and folders whose job no longer exists."""
    old = now - KEPT
    gone = 0
    for kind in (ImportJob, ExportJob):
        jobs = kind._default_manager.filter(created_at__lt=old).exclude(state__in=kind.TO_RUN)
        gone += jobs.delete()[0]
    for folder in list(folders.untouched_since(old)):
        if not any(
            kind._default_manager.filter(folder=folder).exists() for kind in (ImportJob, ExportJob)
        ):
            folders.remove(folder)
    return {"deleted": gone}


def _claim(jobs: QuerySet[J], now: datetime) -> J | None:
    """Claim the oldest free job."""
    free = jobs.filter(Q(seen_at=None) | Q(seen_at__lt=now - SILENT))
    if not free.exists():
        return None
    with transaction.atomic():
        # A locked one is being written, all or nothing, by a worker that is alive.
        job = free.select_for_update(skip_locked=True).order_by("created_at", "pk").first()
        if job is not None:
            job.started_at = job.seen_at = now
            job.attempts += 1
            job.save(update_fields=["started_at", "seen_at", "attempts"])
    return job


class _Pulse:
    """Reports the progress and a heartbeat; stops the work if another worker has taken it over."""

    def __init__(self, job: LongWork, now: datetime) -> None:
        self._now, self._began = now, monotonic()
        kind = type(job)
        self._mine = kind._default_manager.filter(pk=job.pk, started_at=job.started_at)

    @property
    def at(self) -> datetime:
        return self._now + timedelta(seconds=monotonic() - self._began)

    def beat(self, done: int, total: int | None = None) -> None:
        self._write(rows_done=done, rows_total=total, seen_at=self.at)

    def end(self, **values: object) -> None:
        self._write(**values, seen_at=None, ended_at=self.at)

    def _write(self, **values: object) -> None:
        if not self._mine.update(**values):
            raise TakenOver


def _run_import(job: ImportJob, now: datetime, speaking: Speaking, *, notify: bool) -> None:
    pulse, trial = _Pulse(job, now), job.state == State.TRYING
    with speaking(job.language) as words, suppress(TakenOver):
        try:
            _require_attempts(job)
            drafts.require_importer(job.member, job.unit, now)
            # The findings of the last run contain old values, which are otherwise kept only with
            # the journal.
            findings.forget(folders.place(job.folder))
            result = take_in(
                _source(job),
                words=words,
                actor=job.member,
                now=now,
                whole=job.whole,
                dry_run=trial,
                errors_to={each: _refused_in(job, each) for each in words.reason_title},
                report_to=folders.place(job.folder) if trial else None,
                progress=pulse.beat,
            )
        except Refusal as refusal:
            why = words.explain(Fault(refusal), _kind_of(job))
            _end(job, pulse, "failed" if notify else "", state=State.FAILED, why=why)
        else:
            state = State.TRIED if trial else State.DONE
            values = {"answers": answering.tried(job).as_json()} if trial else {}
            found = result.as_json() | (_compared(job) if trial else {})
            _end(job, pulse, state if notify else "", state=state, result=found, **values)
    job.refresh_from_db()


# The figures by which a trial run is compared with the one before it.
COMPARED = ("created", "updated", "unchanged", "refused", "asked", "changed")


def _compared(job: ImportJob) -> dict[str, dict[str, int]]:
    """Return the figures of the trial run before this one, if there was one."""
    before = {name: job.result[name] for name in COMPARED if name in job.result}
    return {"before": before} if before else {}


def _source(job: ImportJob) -> Source:
    return Source(
        folders.place(job.folder, job.file),
        job.name,
        job.unit,
        mapping.from_json(job.mapping, job.name),
        from_json(job.look).sheet or None,
        empty_clears=job.empty_clears,
        answers=given.from_json(job.answers).answers(),
        batch=job.batch,
    )


def _kind_of(job: ImportJob) -> str:
    return mapping.from_json(job.mapping, job.name).kind


def _run_export(job: ExportJob, now: datetime, speaking: Speaking) -> None:
    pulse = _Pulse(job, now)
    with speaking(job.language) as words, suppress(TakenOver):
        try:
            _require_attempts(job)
            rows = exporting.hand_out(
                ledger_of(job),
                filters=job.asked,
                actor=job.member,
                now=now,
                progress=pulse.beat,
            )
        except Refusal as refusal:
            why = words.explain(Fault(refusal), "")
            _end(job, pulse, "failed", state=ExportJob.State.FAILED, why=why)
        else:
            _end(job, pulse, "done", state=ExportJob.State.DONE, rows_done=rows)


def _require_attempts(job: LongWork) -> None:
    """A job that killed every worker that ran it is not retried for ever."""
    if job.attempts > ATTEMPTS:
        raise GaveUp


@transaction.atomic
def _end(job: ImportJob | ExportJob, pulse: _Pulse, news: str, **values: object) -> None:
    """Record the result of the job, and notify the officer if there is news."""
    pulse.end(**values)
    if news:
        subject = job.subject
        kind, _, _ = subject.partition("/")
        detail = {"title": str(job), **_counts(values.get("result"))}
        tell(
            [job.member],
            subject=subject,
            what=f"{kind}-{news}",
            cause=f"{subject}/{news}/{pulse.at.isoformat()}",
            now=pulse.at,
            detail=detail,
        )


def _counts(result: object) -> dict[str, int]:
    if not isinstance(result, dict):
        return {}
    return {name: result[name] for name in ("created", "updated", "unchanged", "refused")}
