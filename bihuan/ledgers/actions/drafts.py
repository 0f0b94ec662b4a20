"""An uploaded ledger before it is imported: stored, previewed, its mapping corrected, or
discarded.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import PurePosixPath

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from bihuan.core.powers import Power
from bihuan.core.refusal import NotAllowed, WrongStage
from bihuan.ledgers import folders
from bihuan.ledgers import mapping as mappings
from bihuan.ledgers.look import look
from bihuan.ledgers.mapping import Mapping
from bihuan.ledgers.models import ImportJob, SavedMapping
from bihuan.orgs import access
from bihuan.orgs.actions.steps import require_open
from bihuan.orgs.models import Unit, User
from bihuan.sheets.limits import MEBIBYTE, ORDINARY
from bihuan.sheets.refusals import SheetFault, SheetRefused

IMPORTERS = (Power.COORDINATE, Power.ADMINISTER)
SUFFIXES = (".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".txt")
NAME = 120

State = ImportJob.State
AT_REST = (State.MAPPING, State.TRIED, State.FAILED)


def require_importer(member: User, unit: Unit, now: datetime) -> None:
    """The ledger's unit decides: the officer must coordinate or administer it."""
    if not any(access.has(member, power, unit=unit, now=now) for power in IMPORTERS):
        raise NotAllowed(Power.COORDINATE)
    require_open(unit)


def upload(
    *,
    actor: User,
    unit: Unit,
    upload: UploadedFile[bytes],
    mapping: Mapping | None,
    language: str,
    now: datetime,
    kind: str,
) -> ImportJob:
    """Store the file and preview it; a file that is not a table is deleted."""
    require_importer(actor, unit, now)
    if (upload.size or 0) > ORDINARY.file_bytes:
        raise SheetRefused(SheetFault.FILE_TOO_LARGE, mebibytes=ORDINARY.file_bytes // MEBIBYTE)
    name = PurePosixPath(upload.name or "").name
    suffix = PurePosixPath(name).suffix.lower()
    file = f"upload{suffix if suffix in SUFFIXES else ''}"
    with _folder() as folder:
        path = folders.write(folder, file, upload.chunks())
        seen, mapping = look(path, mapping, kind=kind)
        return ImportJob.objects.create(
            member=actor,
            language=language,
            folder=folder,
            created_at=now,
            unit=unit,
            name=name[-NAME:],
            file=file,
            look=seen.as_json(),
            mapping=mapping.as_json(),
        )


def read_next(*, job: ImportJob, sheet: str, kind: str, language: str, now: datetime) -> ImportJob:
    """Create a separate import for another sheet of the same file, which is a ledger of this
    kind.
    """
    require_importer(job.member, job.unit, now)
    source = folders.place(job.folder, job.file)
    seen, mapping = look(source, None, sheet, kind=kind)
    with _folder() as folder:
        with source.open("rb") as content:
            folders.write(folder, job.file, iter(lambda: content.read(MEBIBYTE), b""))
        return ImportJob.objects.create(
            member=job.member,
            language=language,
            folder=folder,
            created_at=now,
            unit=job.unit,
            name=job.name,
            file=job.file,
            look=seen.as_json(),
            mapping=mapping.as_json(),
        )


@contextmanager
def _folder() -> Iterator[str]:
    """Create a folder, which is deleted again if the block fails."""
    folder = folders.make(folders.IMPORTS)
    try:
        yield folder
    except BaseException:
        folders.remove(folder)
        raise


def look_again(
    *, job: ImportJob, mapping: Mapping | None, sheet: str | None, header_row: int = 0
) -> None:
    """Preview another sheet or header row, or the same through another mapping."""
    path = folders.place(job.folder, job.file)
    kind = mappings.from_json(job.mapping, job.name).kind
    seen, mapping = look(path, mapping, sheet, header_row, kind=kind)
    change(job, AT_REST, look=seen.as_json(), mapping=mapping.as_json(), state=State.MAPPING)


def correct(*, job: ImportJob, mapping: Mapping, empty_clears: bool) -> None:
    """Use this mapping of columns, words and empty cells from now on."""
    change(
        job,
        AT_REST,
        mapping=mapping.as_json(),
        empty_clears=empty_clears,
        state=State.MAPPING,
    )


def keep_mapping(*, unit: Unit, name: str, mapping: Mapping, actor: User, now: datetime) -> None:
    """Save the mapping for the unit's next file; an existing name is overwritten."""
    require_importer(actor, unit, now)
    stored = replace(mapping, header_row=0)  # the next file may have its header in another row
    SavedMapping.objects.update_or_create(
        unit=unit,
        name=name,
        defaults={"mapping": stored.as_json(), "saved_by": actor, "saved_at": now},
    )


def discard(*, job: ImportJob) -> None:
    """Delete the import and its files; imported cases are kept, and so is the journal."""
    with transaction.atomic():
        gone, _ = ImportJob.objects.filter(pk=job.pk).exclude(state__in=ImportJob.TO_RUN).delete()
    if not gone:
        raise WrongStage("discard", job.state)
    folders.remove(job.folder)


def change(job: ImportJob, states: Collection[str], **values: object) -> None:
    """Change a job that no other process has moved on meanwhile."""
    if not ImportJob.objects.filter(pk=job.pk, state__in=states).update(**values):
        raise WrongStage("change", job.state)
    for name, value in values.items():
        setattr(job, name, value)
