"""Several workers: each job is had by one of them, also while it is written all or nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client

from bihuan.ledgers.actions import jobs
from bihuan.ledgers.models import ImportJob
from bihuan.orgs.models import Unit
from tests.at_once import at_once
from tests.clock import PRESENT
from tests.ledgers.pages import act, send, try_out
from tests.ledgers.workbooks import GOOD, workbook

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgres,
    pytest.mark.usefixtures("shelf"),
]


def waiting(desk: Client, town: Unit) -> ImportJob:
    job = send(desk, town, workbook([GOOD]))
    try_out(desk, job)
    act(desk, "ledgers:import-go", job, {"refused": "all"})
    return job


def test_two_workers_never_take_the_same_job(desk: Client, town: Unit) -> None:
    waits = {waiting(desk, town).pk for _ in range(2)}
    now = PRESENT

    def take() -> int | None:
        job = jobs._claim(ImportJob.objects.filter(state__in=ImportJob.TO_RUN), now)
        return job.pk if job else None

    taken = at_once(take, take, take, take)

    assert {*taken} == {*waits, None}
    assert taken.count(None) == 2


def test_a_job_that_is_being_written_all_or_nothing_is_left_to_its_worker(
    desk: Client, town: Unit
) -> None:
    waiting(desk, town)
    now = PRESENT
    jobs_ = ImportJob.objects.filter(state__in=ImportJob.TO_RUN)
    job = jobs._claim(jobs_, now)
    assert job

    with transaction.atomic():
        jobs._Pulse(job, now).beat(1, 2)
        late = at_once(lambda: jobs._claim(jobs_, now + timedelta(minutes=9)))

    assert late == [None]
