"""The versions of a checklist: a draft is begun, changed, and put to use or discarded."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet

from bihuan.checklists.actions.lists import by, held
from bihuan.checklists.acts import ChecklistAct
from bihuan.checklists.models import Checklist, Version
from bihuan.checklists.queries import draft_of, in_use
from bihuan.checklists.refusals import (
    AlreadyInUse,
    ChangedMeanwhile,
    DraftExists,
    HasFaults,
    NoDraft,
    NothingChanged,
)
from bihuan.core import checklist as core
from bihuan.core import checklist_json, checklist_persons
from bihuan.core.checklist import Content, Fault, Found
from bihuan.journal.actions import record
from bihuan.orgs.access import Actor

# Faults that make the items of a draft ambiguous, or ask for persons.
NEVER = frozenset(
    {
        Fault.KEY_TWICE, Fault.BAD_KEY, Fault.CHOICE_TWICE, Fault.TOO_MANY_ITEMS,
        Fault.TOO_MANY_SECTIONS, Fault.ASKS_FOR_PERSON,
    }
)  # fmt: skip


@transaction.atomic
def begin_draft(
    *,
    checklist: Checklist,
    actor: Actor,
    now: datetime,
    content: Content | None = None,
    edition: str = "",
) -> Version:
    """Begin the next version, from the one in use or from other content."""
    here = held(checklist, actor, now)
    current = in_use(here)
    last = Version.objects.filter(checklist=here).aggregate(last=Max("number"))["last"] or 0
    text = checklist_json.dump(content) if content else (current.content if current else "")
    try:
        with transaction.atomic():
            draft = Version.objects.create(
                checklist=here,
                number=last + 1,
                content=text or checklist_json.dump(Content()),
                edition=edition,
                changed_at=now,
            )
    except IntegrityError as clash:
        raise DraftExists from clash
    detail = {"number": draft.number}
    record(here.subject, ChecklistAct.BEGIN_DRAFT, by=by(actor), at=now, detail=detail)
    return draft


@transaction.atomic
def change_draft(
    *, version: Version, content: Content, revision: int, what: str, actor: Actor, now: datetime
) -> Version:
    """Save a draft that was read at this revision; `what` says what was changed, for readers of a
    page that was opened earlier.
    """
    here = held(version.checklist, actor, now)
    text = checklist_json.dump(content)
    draft = _draft(version)
    if draft.revision != revision:
        raise ChangedMeanwhile(draft.revision)
    if draft.content == text:
        return draft
    draft.previous, draft.content = draft.content, text
    draft.revision, draft.changed_at = revision + 1, now
    draft.save(update_fields=["previous", "content", "revision", "changed_at"])
    detail = {"number": draft.number, "revision": draft.revision, "what": what[:80]}
    record(here.subject, ChecklistAct.CHANGE_DRAFT, by=by(actor), at=now, detail=detail)
    return draft


@transaction.atomic
def bring_in(
    *, checklist: Checklist, content: Content, revision: int, actor: Actor, now: datetime
) -> Version:
    """Make what was read from a file the next version: a new draft, or in place of the draft that
    was read at this revision; 0 if there was none. The same sent twice is kept once.
    """
    here = held(checklist, actor, now)
    draft = draft_of(here)
    if draft is None and revision:
        raise NoDraft
    if draft is None:
        return begin_draft(checklist=here, content=content, actor=actor, now=now)
    if draft.content == checklist_json.dump(content):
        return draft
    return change_draft(
        version=draft, content=content, revision=revision, what="file", actor=actor, now=now
    )


@transaction.atomic
def undo_change(*, version: Version, revision: int, actor: Actor, now: datetime) -> Version:
    """Take back the last change of a draft; the same again brings it back."""
    draft = _draft(version)
    if not draft.previous:
        raise NothingChanged
    content = checklist_json.load(draft.previous)
    return change_draft(
        version=draft, content=content, revision=revision, what="undo", actor=actor, now=now
    )


@transaction.atomic
def discard_draft(*, version: Version, revision: int, actor: Actor, now: datetime) -> Checklist:
    """Remove a draft that was never in use; the first version of a list cannot be removed."""
    here = held(version.checklist, actor, now)
    draft = _draft(version)
    if draft.revision != revision:
        raise ChangedMeanwhile(draft.revision)
    if in_use(here) is None:
        raise NoDraft
    number = draft.number
    draft.delete()
    detail = {"number": number}
    record(here.subject, ChecklistAct.DISCARD_DRAFT, by=by(actor), at=now, detail=detail)
    return here


@transaction.atomic
def put_to_use(*, version: Version, revision: int, actor: Actor, now: datetime) -> Version:
    """Put the draft to use in place of the version so far, which stays with its inspections."""
    here = held(version.checklist, actor, now)
    draft = Version.objects.select_for_update().filter(pk=version.pk).first()
    if draft is None or not draft.is_draft:
        raise AlreadyInUse
    if draft.revision != revision:
        raise ChangedMeanwhile(draft.revision)
    if found := faults_of(draft.read()):
        raise HasFaults(found)
    current = in_use(here)
    if current is not None and current.content == draft.content:
        raise NothingChanged
    _replace(here, draft, now)
    detail = {
        "number": draft.number,
        "replaces": current.number if current else None,
        "content": sha256(draft.content.encode()).hexdigest(),
    }
    record(here.subject, ChecklistAct.PUT_TO_USE, by=by(actor), at=now, detail=detail)
    return draft


def faults_of(content: Content) -> tuple[Found, ...]:
    """Return everything that keeps the content from being put to use."""
    return (*core.faults(content), *checklist_persons.faults(content))


def kept_out(content: Content) -> tuple[Found, ...]:
    """Return the faults with which not even a draft is made from a file."""
    return tuple(found for found in faults_of(content) if found.fault in NEVER)


def _replace(of_list: Checklist, draft: Version, now: datetime) -> None:
    """Two drafts cannot pass: the database has one version in use for a list."""
    draft.state, draft.put_to_use_at = Version.State.IN_USE, now
    try:
        with transaction.atomic():
            _current(of_list).update(state=Version.State.REPLACED)
            draft.save(update_fields=["state", "put_to_use_at"])
    except IntegrityError as clash:
        raise AlreadyInUse from clash


def _current(of_list: Checklist) -> QuerySet[Version, Version]:
    return Version.objects.filter(checklist=of_list, state=Version.State.IN_USE)


def _draft(version: Version) -> Version:
    """Return the draft, locked; refuse a version that was put to use or discarded meanwhile."""
    draft = Version.objects.select_for_update().filter(pk=version.pk).first()
    if draft is None or not draft.is_draft:
        raise NoDraft
    return draft
