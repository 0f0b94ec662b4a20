"""Photos that were erased on request leave the disk, unless somebody else needs the bytes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.conf import settings

from bihuan.cases.models import (
    Case,
    Evidence,
)
from bihuan.files import actions as files
from bihuan.files import disk
from bihuan.files.models import StoredFile
from bihuan.journal import queries as journal
from bihuan.receipts.queries import amendments
from tests.cases.public import Office, told
from tests.clock import PRESENT
from tests.factories import make_photo
from tests.receipts.amended import add, ask, decide, told_secretly

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(office: Office) -> Case:
    return told_secretly(office.town)


def kept_on_disk(sha256: str) -> list[Path]:
    return stored(sha256, at=0)


def stored(sha256: str, *, at: float) -> list[Path]:
    """Its files, as if they had been written at that moment."""
    found = list(Path(settings.MEDIA_ROOT).glob(f"??/??/{sha256}.*"))
    for path in found:
        os.utime(path, (at, at))
    return found


def test_an_erased_photo_leaves_the_disk_with_its_thumbnail(
    office: Office, case: Case, django_capture_on_commit_callbacks: object
) -> None:
    add(case, photos=[files.check(make_photo())])
    row = Evidence.objects.select_related("file").get()
    assert len(kept_on_disk(row.file.sha256)) == 2
    given = ask(case, f"photo-{row.pk}")

    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        decide(given, office.clerk)

    assert kept_on_disk(row.file.sha256) == []
    assert not Evidence.objects.exists()
    assert not StoredFile.objects.exists()
    assert amendments.told(case, "reporter")[-1].what == "place"
    assert journal.verify().ok


def test_bytes_that_another_report_needs_stay(
    office: Office, case: Case, django_capture_on_commit_callbacks: object
) -> None:
    other = told(office.town, kind="grievance").case
    photo = files.check(make_photo())
    for each in (case, other):
        add(each, photos=[photo])
    row = Evidence.objects.select_related("file").get(case=case)
    kept_on_disk(row.file.sha256)

    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        decide(ask(case, f"photo-{row.pk}"), office.clerk)

    assert len(kept_on_disk(row.file.sha256)) == 2
    assert StoredFile.objects.count() == 1


def test_bytes_that_are_stored_again_at_that_moment_wait_for_the_worker(
    office: Office, case: Case, django_capture_on_commit_callbacks: object
) -> None:
    add(case, photos=[files.check(make_photo())])
    row = Evidence.objects.select_related("file").get()
    stored(row.file.sha256, at=PRESENT.timestamp())

    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        decide(ask(case, f"photo-{row.pk}"), office.clerk)

    assert disk.place(row.file.path).exists()
    assert len(kept_on_disk(row.file.sha256)) == 2
    files.discard_orphans(now=PRESENT)
    assert kept_on_disk(row.file.sha256) == []
