"""Answers and photos of an inspection; what is sent again changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from bihuan.core import checklist_answers, legible
from bihuan.core import inspection as core
from bihuan.core.checklist import AnswerType, Item
from bihuan.core.checklist_answers import State
from bihuan.core.inspection import Act, Stage
from bihuan.core.masking import masked
from bihuan.files import actions as files
from bihuan.files.actions import Checked
from bihuan.files.photos import Photo as Picture
from bihuan.files.refusals import FileRefused, Reason
from bihuan.inspections.actions.course import locked, require_own_post
from bihuan.inspections.models import Answer, Inspection, Photo
from bihuan.journal.actions import record
from bihuan.orgs.models import Post, User

LONGEST_NOTE = 1000
MOST_PHOTOS = 200
# The answer of an item that asks for a photo, once there is one.
PHOTOGRAPHED = "photo"


@dataclass(frozen=True)
class Save:
    """An answer as a page sends it, and the revision that the page showed."""

    item: str
    value: str
    note: str
    based_on: int
    key: UUID


@transaction.atomic
def answer(*, inspection: Inspection, save: Save, actor: User, now: datetime) -> Answer:
    """Save the answer to one item; refuse if it was changed elsewhere meanwhile."""
    here, post, item = _held(inspection, save.item, Act.ANSWER, actor, now)
    stored = Answer.objects.filter(inspection=here, item=item.key).first()
    if stored is not None and stored.key == save.key:
        return stored
    value = checklist_answers.read_answer(item, save.value) if save.value else ""
    if item.answer in (AnswerType.TEXT, AnswerType.NUMBER):
        value = masked(value).text
    state = checklist_answers.judge(item, value).value if value else ""
    note = masked(legible.clean(save.note)).text[:LONGEST_NOTE]
    _require_unsettled(here, item, state)
    revision = core.revised(stored.revision if stored else 0, save.based_on)
    return _write(
        stored or Answer(inspection=here, item=item.key),
        {
            "value": value,
            "state": state,
            "note": note,
            "post": post,
            "changed_at": now,
            "revision": revision,
            "key": save.key,
        },
        here,
        actor,
    )


@transaction.atomic
def add_photo(
    *,
    inspection: Inspection,
    item: str,
    purpose: str,
    upload: Checked,
    actor: User,
    now: datetime,
    key: UUID,
) -> Photo:
    """Keep a photo of an item; the same one sent again is kept once."""
    if not isinstance(upload.content, Picture):
        raise FileRefused(Reason.WRONG_TYPE, name=upload.name)
    here, post, asked = _held(inspection, item, Act.PHOTOGRAPH, actor, now)
    if made := Photo.objects.filter(inspection=here, key=key).select_related("file").first():
        return made
    if here.photos.count() >= MOST_PHOTOS:
        raise core.TooManyPhotos
    _require_unused(here, upload.nameless.sha256, purpose)
    stored = files.store(upload=upload.nameless, actor=actor, now=now, site=here.site.point)
    photo = Photo.objects.create(
        inspection=here,
        item=asked.key,
        purpose=Photo.Purpose(purpose),
        file=stored,
        added_at=now,
        key=key,
    )
    if asked.answer is AnswerType.PHOTO:
        _answer_by_photo(here, asked, post, key, now, PHOTOGRAPHED)
    detail = {"item": asked.key, "files": [stored.sha256], "purpose": photo.purpose}
    record(here.subject, Act.PHOTOGRAPH, by=actor, at=now, detail=detail)
    return photo


@transaction.atomic
def remove_photo(*, photo: Photo, actor: User, now: datetime) -> None:
    """Remove a photo that was taken by mistake; what has been reported keeps its own."""
    here, post, asked = _held(photo.inspection, photo.item, Act.PHOTOGRAPH, actor, now)
    found = Photo.objects.filter(pk=photo.pk).select_related("file").first()
    if found is None:
        return
    if asked.key in set(here.settlements.values_list("item", flat=True)):
        raise core.AlreadySettled
    stored = found.file
    found.delete()
    if asked.answer is AnswerType.PHOTO and not here.photos.filter(item=asked.key).exists():
        _answer_by_photo(here, asked, post, uuid4(), now, "")
    detail = {"item": asked.key, "files": [stored.sha256], "removed": True}
    record(here.subject, Act.PHOTOGRAPH, by=actor, at=now, detail=detail)
    files.discard(stored=[stored], now=now)


def _held(
    inspection: Inspection, key: str, act: Act, actor: User, now: datetime
) -> tuple[Inspection, Post, Item]:
    here = locked(inspection)
    post = require_own_post(here, actor, now)
    core.after(Stage(here.stage), act)
    assert here.version is not None, "it has begun"
    item = here.version.read().item(key)
    if item is None:
        raise core.NotInTheList
    return here, post, item


def _require_unused(inspection: Inspection, sha256: str, purpose: str) -> None:
    """Refuse a photo of another inspection, and one of what was found as one of the fix."""
    same = Photo.objects.filter(file__sha256=sha256)
    if same.exclude(inspection=inspection, purpose=purpose).exists():
        raise core.PhotoUsed


def _require_unsettled(inspection: Inspection, item: Item, state: str) -> None:
    """A failed item of which something followed stays failed; its note may change."""
    if state == State.FAILED:
        return
    if inspection.settlements.filter(item=item.key).exists():
        raise core.AlreadySettled


def _write(row: Answer, values: dict[str, object], inspection: Inspection, actor: User) -> Answer:
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    after = {"value": row.value, "note": row.note}
    detail = {"item": row.item, "state": row.state, "revision": row.revision}
    at = row.changed_at
    record(inspection.subject, Act.ANSWER, by=actor, at=at, after=after, detail=detail)
    return row


def _answer_by_photo(
    inspection: Inspection, item: Item, post: Post, key: UUID, now: datetime, value: str
) -> None:
    row = Answer.objects.filter(inspection=inspection, item=item.key).first()
    row = row or Answer(inspection=inspection, item=item.key, revision=0)
    row.value, row.state, row.post = value, State.OK.value if value else "", post
    row.changed_at, row.revision, row.key = now, row.revision + 1, key
    row.save()
