"""What an officer and the worker do on the pages of an import."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from bihuan.ledgers.actions import jobs
from bihuan.ledgers.models import ImportJob
from bihuan.ledgers.wording import speaking
from bihuan.orgs.models import Unit
from tests.clock import PRESENT


def send(desk: Client, town: Unit, file: SimpleUploadedFile, **more: object) -> ImportJob:
    assert town.parent
    given = {"file": file, "unit": town.parent.pk, **more}
    response = desk.post(reverse("ledgers:import"), given)
    assert response.status_code == 302, response.content.decode()
    return ImportJob.objects.latest("pk")


def columns_of(job: ImportJob) -> dict[str, Any]:
    """What the mapping page has chosen: what a browser would send back."""
    titles = {title: name for name, title in job.mapping["columns"].items()}
    chosen = {
        f"column-{column['index']}": titles.get(column["title"], "")
        for column in job.look["columns"]
    }
    return {**chosen, "dates": "day"}


def act(desk: Client, name: str, job: ImportJob, given: Mapping[str, Any] | None = None) -> str:
    """Post to a page of the import and read the page that follows."""
    response = desk.post(reverse(name, args=[job.pk]), given or {}, follow=True)
    assert response.status_code == 200
    job.refresh_from_db()
    return response.content.decode()


def try_out(desk: Client, job: ImportJob, **changes: object) -> str:
    return act(desk, "ledgers:import-columns", job, {**columns_of(job), **changes})


def work(now: datetime | None = None) -> None:
    """The worker does what waits."""
    jobs.run_imports(now=now or PRESENT, speaking=speaking)
