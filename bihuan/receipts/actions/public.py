"""Messages between the office and the holder of the code, and “not solved” as work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from bihuan.cases import answering, queries
from bihuan.cases.actions import clocks, evidence
from bihuan.cases.actions.loop import MoveContext, begin, begin_public, finish
from bihuan.cases.models import REPORTER, Case
from bihuan.clocks.actions import running
from bihuan.core import legible
from bihuan.core.powers import Power
from bihuan.core.refusal import Missing, NotAllowed
from bihuan.core.resent import mark_of
from bihuan.files.actions import Checked
from bihuan.notices import mail
from bihuan.notices.actions import tell
from bihuan.orgs.models import User
from bihuan.receipts import sides
from bihuan.receipts.actions import room
from bihuan.receipts.models import Delivery, FollowUp, Message, Rating, Seal

LOOK_INTO = "LOC-10"
FROM_OFFICE = (Message.Kind.QUESTION, Message.Kind.NOTICE, Message.Kind.LETTER)
WORKERS = frozenset({Power.HANDLE, Power.COORDINATE})
WATCHERS = frozenset({Power.COORDINATE, Power.SUPERVISE})
# The same words within this time are one addition, and the same rating is one rating.
AGAIN = timedelta(hours=1)


# ------------------------------------------------------------------ the office
@transaction.atomic
def ask_reporter(
    *,
    case: Case,
    actor: User,
    now: datetime,
    note: str,
    slot: str = REPORTER,
    version: int | None = None,
) -> Case:
    """Ask the reporter a question, without knowing who that is."""
    act = begin(case=case, move="ask_reporter", actor=actor, now=now, note=note, version=version)
    write(act, Message.Kind.QUESTION, text=act.note, slot=slot)
    return finish(act)


@transaction.atomic
def follow_up(
    *, case: Case, actor: User, now: datetime, note: str, version: int | None = None
) -> Case:
    """Follow up on a “not solved” rating, and send the reporter the result."""
    act = begin(case=case, move="follow_up", actor=actor, now=now, note=note, version=version)
    items = FollowUp.objects.filter(case=act.case, done_at=None).select_related("clock")
    item = items.earliest("said_at", "pk")
    item.done_at, item.done_by, item.answer = now, actor, act.note
    item.save(update_fields=["done_at", "done_by", "answer"])
    running.stop(item.clock, now)
    write(act, Message.Kind.LETTER, text=act.note, what="followed_up")
    return finish(act)


@transaction.atomic
def note_read(*, case: Case, actor: User, now: datetime) -> int:
    """Record that an officer who works on the case has read the reporter's messages; the
    reporter sees since when.
    """
    if not queries.works_on(actor, case, now):
        raise NotAllowed
    unread = Message.objects.filter(case=case, seen_at=None, kind__in=Message.FROM_PERSON)
    return unread.update(seen_at=now)


def write(
    act: MoveContext,
    kind: Message.Kind,
    *,
    text: str = "",
    what: str = "",
    slot: str = REPORTER,
    detail: dict[str, Any] | None = None,
) -> Message:
    """Send the reporter a message, within the act of another function.

    If the act can be undone, it waits until then.
    """
    message = Message.objects.create(
        case=act.case,
        slot=slot,
        kind=kind,
        what=what,
        text=text,
        detail=detail or {},
        unit=act.unit,
        member=act.actor,
        said_at=act.now,
        shown_at=act.until_at,
    )
    act.detail["message"] = message.pk
    deliver(message, act.until_at or act.now)
    return message


def take_back(case: Case, made_at: datetime) -> None:
    """Delete the messages of an act that was undone, which no one has seen yet."""
    waiting = Message.objects.filter(case=case, said_at=made_at, shown_at__gt=made_at, seen_at=None)
    waiting.delete()


def deliver(message: Message, now: datetime) -> None:
    """Queue a mail to the sealed address, if there is one; no officer learns the address."""
    if not mail.is_set_up():
        return
    seal = Seal.objects.filter(case=message.case_id, slot=message.slot, erased_at=None).first()
    if seal is not None:
        Delivery.objects.create(message=message, seal=seal, next_at=now)


# ---------------------------------------------------------------- the reporter
@transaction.atomic
def add(
    *,
    case: Case,
    text: str,
    now: datetime,
    form_key: str,
    slot: str = REPORTER,
    photos: Sequence[Checked] = (),
    is_shown: bool = False,
    question: Message | None = None,
) -> Case:
    """Add something to a report, or answer a question of the office; the same form sent twice adds
    it once.

    The photos go to the office only, or also to every other party if `is_shown`. A question that
    was answered meanwhile is not answered again: the text becomes an addition.
    """
    mark = mark_of(form_key, text, *(photo.sha256 for photo in photos))
    _wait_for(case)
    if Message.objects.filter(form_key=mark).exists():
        return case
    act = begin_public(case=case, move="add", now=now)
    if not legible.has_words(text) and not photos:
        raise Missing("words")
    room.require_room(act.case, slot, len(photos), now)
    open_question = None if question is None or _is_answered(question) else question
    if open_question is None and not photos and _was_just_said(case, slot, text, now):
        return case
    message = _said(act, slot, text, open_question, mark)
    files = room.named_later(act.case, photos)
    evidence.keep_in(act, files, "before", slot=slot, is_shown=is_shown)
    act.detail.update(message=message.pk, slot=slot)
    act.after["words"] = message.text
    _tell_workers(act, "added", str(message.pk))
    return finish(act)


def _said(act: MoveContext, slot: str, text: str, question: Message | None, mark: UUID) -> Message:
    return Message.objects.create(
        case=act.case,
        slot=slot,
        kind=Message.Kind.ANSWER if question else Message.Kind.ADDITION,
        text=legible.clean(text),
        said_at=act.now,
        answers=question,
        form_key=mark,
    )


def _was_just_said(case: Case, slot: str, text: str, now: datetime) -> bool:
    """After Back, a browser puts the sent words into a new form: they were recorded already."""
    said = Message.objects.filter(case=case, slot=slot, said_at__gt=now - AGAIN)
    own = said.filter(kind__in=(Message.Kind.ADDITION, Message.Kind.ANSWER))
    last = own.order_by("-said_at", "-pk").first()
    return last is not None and last.text == legible.clean(text)


def say_why(act: MoveContext, words: str) -> None:
    """Store the reporter's reason for a step, where it can be corrected and erased."""
    reason = legible.clean(words)
    if not reason:
        return
    message = Message.objects.create(
        case=act.case,
        kind=Message.Kind.ADDITION,
        what=act.row.move,
        text=reason,
        said_at=act.now,
    )
    act.detail["message"] = message.pk
    act.after["words"] = reason


def _wait_for(case: Case) -> None:
    """The same form may be in progress twice: the second one sees the result of the first."""
    Case.objects.select_for_update().values_list("pk").get(pk=case.pk)


def _is_answered(question: Message) -> bool:
    """Check under the lock of the case, whatever the page showed."""
    return Message.objects.filter(answers=question.pk).exists()


@transaction.atomic
def rate(
    *,
    case: Case,
    solved: bool,
    now: datetime,
    stars: int | None = None,
    text: str = "",
    form_key: str = "",
) -> Case:
    """Record whether the answer solved the problem, as often as the reporter likes: the last rating
    counts.

    “Not solved” always creates an item with a clock, and a later “solved” does not close it.
    """
    mark = mark_of(form_key, str(solved), str(stars), text) if form_key else None
    _wait_for(case)
    if mark is not None and Rating.objects.filter(form_key=mark).exists():
        return case
    act = begin_public(case=case, move="rate", now=now)
    if _was_just_rated(act.case, (solved, stars, legible.clean(text)), now):
        return case
    rating = Rating.objects.create(
        case=act.case,
        stage=act.case.stage,
        round=queries.round_of(act.case),
        solved=solved,
        stars=stars,
        words=legible.clean(text),
        unit=act.case.resolved_unit or act.case.owner,
        rated_at=now,
        item=None if solved else _item(act),
        form_key=mark,
    )
    act.detail["solved"] = solved
    act.after["rating"] = {"solved": solved, "stars": stars, "words": rating.words}
    if not solved:
        _tell_workers(act, "unsolved", str(rating.pk))
    return finish(act)


def _was_just_rated(case: Case, rated: tuple[bool, int | None, str], now: datetime) -> bool:
    """Whether the last rating of this answer is the same: see `_was_just_said`."""
    same = Rating.objects.filter(case=case, stage=case.stage, round=queries.round_of(case))
    last = same.select_related("item").order_by("-rated_at", "-pk").first()
    if last is None or last.rated_at <= now - AGAIN or (last.item and last.item.done_at):
        return False
    return (last.solved, last.stars, last.words) == rated


def _item(act: MoveContext) -> FollowUp:
    """Return the open item for this answer, or create one with its clock."""
    case = act.case
    ratings = Rating.objects.filter(case=case, stage=case.stage, round=queries.round_of(case))
    item = FollowUp.objects.filter(case=case, done_at=None, ratings__in=ratings).first()
    return item or FollowUp.objects.create(
        case=case,
        clock=clocks.start(case, LOOK_INTO, act.now),
        said_at=act.now,
        handled_by=_handler(case),
    )


def _handler(case: Case) -> User | None:
    """Return who handled what was rated; if no one did, who wrote the letter that says so."""
    if case.resolved_by is not None:
        return case.resolved_by
    letters = Message.objects.filter(case=case, kind=Message.Kind.LETTER).select_related("member")
    last = letters.order_by("said_at", "pk").last()
    return last.member if last else None


def _tell_workers(act: MoveContext, what: str, key: str) -> None:
    """Notify those who work on or coordinate the case, except excluded officers."""
    case = act.case
    recipients = answering.holders(case, [case.owner.path], WORKERS | WATCHERS, act.now)
    tell(
        recipients,
        subject=case.subject,
        what=what,
        cause=f"{what}/{case.pk}/{key}",
        now=act.now,
        detail={"title": case.title},
    )


@transaction.atomic
def seen(*, case: Case, slot: str, now: datetime) -> None:
    """Record that the reporter has opened the page: the office's messages count as received
    from now on.
    """
    unseen = Message.objects.select_for_update().filter(case=case, slot=slot, seen_at=None)
    messages = list(unseen.shown(now).filter(kind__in=FROM_OFFICE))
    Message.objects.filter(pk__in=[message.pk for message in messages]).update(seen_at=now)
    for message in messages:
        if message.kind == Message.Kind.LETTER:
            sides.of(case.kind).letter_seen(case, message, now)


# ------------------------------------------------------------------ deliveries
RETRY = (timedelta(minutes=5), timedelta(hours=1), timedelta(hours=12), timedelta(days=2))
