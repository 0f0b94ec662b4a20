"""Photos and documents of a case."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import TypeAlias

from django.core.files.base import File
from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import localdate

from bihuan.cases import kinds, queries
from bihuan.cases.actions.loop import MoveContext, begin, finish, take_sides
from bihuan.cases.models import Case, Evidence
from bihuan.core import lifecycle
from bihuan.core.acting import ActingPost
from bihuan.core.lifecycle import FactMissing, SharedFact, Side
from bihuan.core.refusal import Refusal
from bihuan.files import actions as files
from bihuan.files import queries as file_queries
from bihuan.files.actions import Checked
from bihuan.files.models import StoredFile
from bihuan.orgs import access
from bihuan.orgs.models import Unit, User

AFTER, CHECK = Evidence.Phase.AFTER, Evidence.Phase.CHECK
# Checked beforehand where it matters: processing a photo takes time that no lock should wait for.
Upload: TypeAlias = "File[bytes] | Checked"
# Of a stored file, such as the photo of an inspection, the case keeps a record of its own.
Source: TypeAlias = "File[bytes] | Checked | StoredFile"


class NotOfTheFix(Refusal):
    """Only those assigned to the work can show the fix; photos from others show something else."""


class NotSeen(Refusal):
    """The evidence of the fix is not what the deciding officer was shown."""


class NotNew(Refusal):
    """A photo that was on the case before does not show the work as it is now."""


@transaction.atomic
def attach(
    *,
    case: Case,
    actor: User,
    now: datetime,
    uploads: Sequence[Upload],
    phase: str,
    note: str = "",
    is_shown: bool = False,
    version: int | None = None,
) -> Case:
    """Add photos or documents to a case; a photo of a fix that was used for another case is
    flagged.
    """
    act = begin(case=case, move="attach", actor=actor, now=now, note=note, version=version)
    kind = kinds.of(act.case)
    if phase == AFTER and kind.shows_fix:
        seat = _seat_of_the_fix(act.case, actor, now)
        act.stands_in_for = access.stood_in_for(actor, seat.stands_in_for, localdate(now))
        take_sides(act, Unit.objects.get(path=seat.path), Side.FIX)
    elif phase == CHECK:
        raise NotOfTheFix
    keep_in(act, uploads, phase, is_shown=is_shown)
    act.detail["phase"] = phase
    return finish(act)


def may_show_fix(case: Case, actor: User, now: datetime) -> bool:
    """Whether a photo from this officer now shows the fix; False for kinds without a fix."""
    if not kinds.of(case).shows_fix:
        return True
    try:
        _seat_of_the_fix(case, actor, now)
    except Refusal:
        return False
    return True


def _seat_of_the_fix(case: Case, actor: User, now: datetime) -> ActingPost:
    """Return the seat of an officer assigned to the work, while the work lasts."""
    kind = kinds.of(case)
    if case.stage not in kind.shows_fix:
        raise NotOfTheFix
    seen, person = queries.situation(case), queries.person(actor, now)
    try:
        return lifecycle.seat_on(kind.lifecycle, Side.FIX, seen, person)
    except Refusal as refusal:
        raise NotOfTheFix from refusal


def keep_in(
    act: MoveContext,
    uploads: Sequence[Upload],
    phase: str,
    *,
    is_shown: bool,
    slot: str = "",
    caption: str | None = None,
) -> list[Evidence]:
    """Store what comes with this act, by default with its note as caption, and journal it."""
    kept = keep(
        act.case,
        uploads,
        phase,
        actor=act.actor,
        now=act.now,
        caption=act.note if caption is None else caption,
        slot=slot,
        is_shown=is_shown,
    )
    act.detail["files"] = digests(kept)
    if kept and is_shown:
        act.detail["shown"] = True
    return kept


def require_new(act: MoveContext, kept: Iterable[Evidence]) -> None:
    """Require a photo that was added in this round and after the work was last sent back.

    A photo that is on the case already stays what it was, so sending it again is not enough.
    """
    photos = [row for row in kept if row.file.kind == StoredFile.Kind.PHOTO]
    if act.case.has_after_evidence or any(row.added_at == act.now for row in photos):
        return
    raise NotNew if photos else FactMissing(SharedFact.AFTER_EVIDENCE)


def require_seen(case: Case, seen: Collection[str] | None) -> None:
    """Require that an officer who decides by a form saw the evidence of the fix as it is now.

    `seen` are the digests that the form carries; None outside a form.
    """
    if seen is not None and frozenset(seen) != shown_fix(case):
        raise NotSeen


def shown_fix(case: Case) -> frozenset[str]:
    """Return the digests of what shows the fix."""
    rows = Evidence.objects.filter(case=case, phase=AFTER)
    return frozenset(rows.values_list("file__sha256", flat=True))


def digests(kept: Iterable[Evidence]) -> list[str]:
    """Return the digests of these files, as entries name them."""
    return [row.file.sha256 for row in kept]


def keep(
    case: Case,
    uploads: Sequence[Source],
    phase: str,
    *,
    actor: User | None,
    now: datetime,
    caption: str = "",
    slot: str = "",
    is_shown: bool = False,
) -> list[Evidence]:
    """Store the uploads and attach them to the case, within the act of another function.

    `slot` is the code with which the public sent them. Unless they are shown to all holders of
    codes, an officer's files are for the office, and a reporter's for the office and the reporter.
    What an officer sends again is shown as chosen last, and stays as old as it was.
    """
    rows = []
    for upload in uploads:
        stored = _stored(case, upload, actor, now)
        shown_to = _audience(stored, slot, is_shown)
        same = Evidence.objects.filter(case=case, file__sha256=stored.sha256)
        if actor and phase == AFTER and kinds.of(case).shows_fix:
            _require_of_fix(same)
        row = same.filter(phase=phase, slot=slot).first() or Evidence.objects.create(
            case=case,
            file=stored,
            phase=phase,
            caption=caption[:200],
            reused_from=_seen_before(case, stored) if actor and phase in (AFTER, CHECK) else None,
            added_by=actor,
            added_at=now,
            slot=slot,
            shown_to=shown_to,
        )
        if actor and row.shown_to != shown_to:
            row.shown_to = shown_to
            row.save(update_fields=["shown_to"])
        rows.append(row)
    return rows


def _stored(case: Case, source: Source, actor: User | None, now: datetime) -> StoredFile:
    if isinstance(source, StoredFile):
        return files.store_again(stored=source, actor=actor, now=now)
    return files.store(upload=source, actor=actor, now=now, site=case.point)


def _require_of_fix(same: QuerySet[Evidence]) -> None:
    """Refuse as a photo of the fix what is on the case as something else."""
    if same.filter(file__kind=StoredFile.Kind.PHOTO).exclude(phase=AFTER).exists():
        raise NotNew


def _audience(stored: StoredFile, slot: str, is_shown: bool) -> Evidence.Audience:
    """Return the audience; an officer's documents are never shown, since they may name people."""
    if is_shown and stored.kind == StoredFile.Kind.PHOTO:
        return Evidence.Audience.CODES
    return Evidence.Audience.GIVER if slot else Evidence.Audience.OFFICE


def _seen_before(case: Case, stored: StoredFile) -> Evidence | None:
    """Return where the same or nearly the same picture already shows the fix of another case.

    Photos from the public are not compared: a match would reveal that two reports come from one
    person.
    """
    alike = [stored.pk, *(other.pk for other in file_queries.like(stored))]
    earlier = Evidence.objects.of_fixes().filter(file__in=alike).exclude(case=case)
    return earlier.order_by("added_at", "pk").first()
