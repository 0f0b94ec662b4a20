"""An officer's answers about which rows are existing cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from django.db import transaction

from bihuan.core.refusal import WrongStage
from bihuan.ledgers import folders, given
from bihuan.ledgers.actions import findings
from bihuan.ledgers.given import Given
from bihuan.ledgers.models import ImportJob
from bihuan.sheets.ledger.rows import Answer, Doubt


@transaction.atomic
def answer(*, job: ImportJob, sort: Doubt, answers: Mapping[str, Answer | None]) -> None:
    """Store the answers to these questions; None withdraws one."""
    job_row = _locked(job)
    every, rows = job_row.every.get(sort), {**job_row.rows.get(sort, {})}
    for question, its in answers.items():
        if its is None or its is every:
            rows.pop(question, None)
        else:
            rows[question] = its
    _keep(job, job_row, replace(job_row, rows={**job_row.rows, sort: rows}))


@transaction.atomic
def answer_all(*, job: ImportJob, sort: Doubt, given_answer: Answer | None) -> None:
    """Answer all questions of one type alike, including answered ones; None: one by one."""
    job_row = _locked(job)
    every = {each: its for each, its in job_row.every.items() if each is not sort}
    if given_answer is not None:
        every[sort] = given_answer
    rows = {each: its for each, its in job_row.rows.items() if each is not sort}
    _keep(job, job_row, replace(job_row, rows=rows if given_answer else job_row.rows, every=every))


def _locked(job: ImportJob) -> Given:
    """Return the stored answers, locked; two windows may answer at once."""
    now = ImportJob.objects.select_for_update().only("answers", "state").get(pk=job.pk)
    if now.state != ImportJob.State.TRIED:
        raise WrongStage("answer", now.state)
    return given.from_json(now.answers)


def _keep(job: ImportJob, before: Given, after: Given) -> None:
    changed = (before.rows, before.every) != (after.rows, after.every)
    stored = replace(after, is_untried=before.is_untried or changed)
    ImportJob.objects.filter(pk=job.pk).update(answers=stored.as_json())
    job.answers = stored.as_json()


def tried(job: ImportJob) -> Given:
    """Return the answers after a trial run, which includes them, without those no longer needed."""
    stored, folder = given.from_json(job.answers), folders.place(job.folder)
    rows = {}
    for sort, answers in stored.rows.items():
        questions = findings.every(folder, findings.asked_in(sort))
        keys = (given.key(each["row"], each["number"]) for each in questions)
        rows[sort] = {each: answers[each] for each in keys if each in answers}
    return replace(stored, rows=rows, is_untried=False, leave_rest=False)
