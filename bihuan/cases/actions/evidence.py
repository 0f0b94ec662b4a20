"""Photos and documents on a case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias

from django.core.files.base import File
from django.db import transaction

from bihuan.cases.actions.loop import begin, finish
from bihuan.cases.models import Case, Evidence
from bihuan.files import actions as files
from bihuan.files import queries as file_queries
from bihuan.files.actions import Checked
from bihuan.files.models import StoredFile
from bihuan.orgs.models import User

# Checked beforehand where it matters: looking a photo over takes time that no lock should wait.
Upload: TypeAlias = "File[bytes] | Checked"


@transaction.atomic
def attach(
    *,
    case: Case,
    actor: User,
    now: datetime,
    uploads: Sequence[Upload],
    phase: str,
    note: str = "",
    version: int | None = None,
) -> Case:
    """Put photos or documents on a case; a picture used on another case before is flagged."""
    act = begin(case=case, move="attach", actor=actor, now=now, note=note, version=version)
    kept = keep(act.case, uploads, phase, actor=actor, now=now, caption=act.note)
    act.detail["files"] = [row.file.sha256 for row in kept]
    act.detail["phase"] = phase
    return finish(act)


def keep(
    case: Case,
    uploads: Sequence[Upload],
    phase: str,
    *,
    actor: User | None,
    now: datetime,
    caption: str = "",
) -> list[Evidence]:
    """Store the uploads and tie them to the case, within the act of another function."""
    site = None
    if case.latitude is not None and case.longitude is not None:
        site = (case.latitude, case.longitude)
    rows = []
    for upload in uploads:
        stored = files.store(upload=upload, actor=actor, now=now, site=site)
        here = Evidence.objects.filter(case=case, phase=phase, file__sha256=stored.sha256)
        row = here.first() or Evidence.objects.create(
            case=case,
            file=stored,
            phase=phase,
            caption=caption[:200],
            reused_from=_seen_before(case, stored),
            added_by=actor,
            added_at=now,
        )
        rows.append(row)
    return rows


def _seen_before(case: Case, stored: StoredFile) -> Evidence | None:
    """Where the same or nearly the same picture already stands on another case."""
    alike = [stored.pk, *(other.pk for other in file_queries.like(stored))]
    earlier = Evidence.objects.filter(file__in=alike).exclude(case=case)
    return earlier.order_by("added_at", "pk").first()
