"""An uploaded ledger before it is imported: stored, previewed, its mapping corrected, or
discarded.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path, PurePosixPath

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from bihuan.clocks.actions import running
from bihuan.core.powers import Power
from bihuan.core.refusal import NotAllowed, Refusal, WrongStage
from bihuan.ledgers import folders
from bihuan.ledgers import mapping as mappings
from bihuan.ledgers.look import For, Look, from_json, look
from bihuan.ledgers.mapping import Mapping
from bihuan.ledgers.models import ImportJob, RememberedMapping, SavedMapping
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
        wanted = _wanted(kind, unit, now)
        seen, mapping = (
            _recalled(path, None, wanted) if mapping is None else look(path, mapping, wanted=wanted)
        )
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
    seen, mapping = _recalled(source, sheet, _wanted(kind, job.unit, now))
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


def _wanted(kind: str, unit: Unit, now: datetime) -> For:
    return For(kind, unit, running.local_date(now))


def _recalled(path: Path, sheet: str | None, wanted: For) -> tuple[Look, Mapping]:
    """Preview a file with the choices made for the last file with the same headers, if any."""
    seen, mapping = look(path, None, sheet, wanted=wanted)
    stored = RememberedMapping.objects.filter(
        unit=wanted.unit, header=seen.header_digest(wanted.kind)
    ).first()
    if stored is None:
        return seen, mapping
    try:
        again, kept = look(path, mappings.from_json(stored.mapping), seen.sheet, wanted=wanted)
    except Refusal:
        # The fields of this type of ledger have changed since.
        return seen, mapping
    return replace(again, recalled_at=stored.saved_at.isoformat()), kept


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
    *,
    job: ImportJob,
    mapping: Mapping | None,
    sheet: str | None,
    header_row: int = 0,
    kind: str = "",
    now: datetime,
) -> None:
    """Preview another sheet or header row, or the same through another mapping or as another
    type of ledger.
    """
    path = folders.place(job.folder, job.file)
    if mapping is not None:
        kind = mapping.kind
    wanted = _wanted(kind or mappings.from_json(job.mapping, job.name).kind, job.unit, now)
    seen, mapping = look(path, mapping, sheet, header_row, wanted=wanted)
    change(job, AT_REST, look=seen.as_json(), mapping=mapping.as_json(), state=State.MAPPING)


@transaction.atomic
def correct(*, job: ImportJob, mapping: Mapping, empty_clears: bool, now: datetime) -> None:
    """Use this mapping of columns, words and empty cells from now on, and for the unit's next file
    with the same headers.
    """
    change(
        job,
        AT_REST,
        mapping=mapping.as_json(),
        empty_clears=empty_clears,
        state=State.MAPPING,
    )
    RememberedMapping.objects.update_or_create(
        unit=job.unit,
        header=from_json(job.look).header_digest(mapping.kind),
        defaults={"mapping": mapping.for_next().as_json(), "saved_by": job.member, "saved_at": now},
    )


def keep_mapping(*, unit: Unit, name: str, mapping: Mapping, actor: User, now: datetime) -> None:
    """Save the mapping for the unit's next file; an existing name is overwritten."""
    require_importer(actor, unit, now)
    stored = mapping.for_next()
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
