"""Drafts are confirmed against the official text, and confirmations withdrawn."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from bihuan.core import legible
from bihuan.core.refusal import Missing, NotAllowed, SamePerson
from bihuan.criteria import queries
from bihuan.criteria.lists import CriteriaList, Item
from bihuan.criteria.models import Confirmation
from bihuan.criteria.refusals import AlreadyConfirmed, NotADraft, NotConfirmed, ReadInTheFuture
from bihuan.journal.actions import record
from bihuan.orgs.models import Post, User

CONFIRM, SECOND, WITHDRAW = "confirm", "second", "withdraw"


@transaction.atomic
def confirm(
    *,
    criteria: CriteriaList,
    item: Item,
    post: Post,
    reference: str,
    read_date: date,
    actor: User,
    now: datetime,
) -> Confirmation:
    """Confirm that a draft says what the official text says; it may be used once a second officer
    has read the text and found the same.
    """
    _require_post(actor, post, now)
    _require_read(item, reference, read_date, now)
    first = _in_force(criteria, item)
    if first is not None:
        return _second(first, post, reference, actor, now)
    try:
        with transaction.atomic():
            made = Confirmation.objects.create(
                list_key=criteria.key,
                version=criteria.version,
                item_key=item.key,
                reference=legible.clean(reference),
                read_date=read_date,
                post=post,
                confirmed_at=now,
            )
    except IntegrityError as clash:
        raise AlreadyConfirmed from clash
    after = {
        "criterion": str(made),
        "version": made.version,
        "text": item.text.zh,
        "read_date": read_date.isoformat(),
    }
    record(made.subject, CONFIRM, by=actor, at=now, note=made.reference, after=after)
    return made


def _require_read(item: Item, reference: str, read_date: date, now: datetime) -> None:
    """Require a draft, what was read of it, and a day that has come."""
    if not item.is_draft:
        raise NotADraft
    if not legible.has_words(reference):
        raise Missing("reference")
    if read_date > localdate(now):
        raise ReadInTheFuture


@transaction.atomic
def withdraw(
    *, criteria: CriteriaList, item: Item, note: str, actor: User, now: datetime
) -> Confirmation:
    """Withdraw a confirmation with the reason: what was judged by it stays as it was judged."""
    if not queries.may_confirm(actor, now):
        raise NotAllowed
    if not legible.has_words(note):
        raise Missing("note")
    found = _in_force(criteria, item)
    if found is None:
        raise NotConfirmed
    found.withdrawn_at = now
    found.save(update_fields=["withdrawn_at"])
    record(found.subject, WITHDRAW, by=actor, at=now, note=legible.clean(note))
    return found


def _second(
    first: Confirmation, post: Post, reference: str, actor: User, now: datetime
) -> Confirmation:
    """Confirm as the second officer, who is not the first, nor stands in for the first."""
    if first.seconded_at is not None:
        raise AlreadyConfirmed
    if queries.compared(first, actor, now):
        raise SamePerson
    first.second_post, first.seconded_at = post, now
    first.save(update_fields=["second_post", "seconded_at"])
    record(first.subject, SECOND, by=actor, at=now, note=legible.clean(reference))
    return first


def _in_force(criteria: CriteriaList, item: Item) -> Confirmation | None:
    """Return the confirmation that was not withdrawn, locked."""
    rows = Confirmation.objects.select_for_update().filter(
        list_key=criteria.key, version=criteria.version, item_key=item.key, withdrawn_at=None
    )
    return rows.first()


def _require_post(actor: User, post: Post, now: datetime) -> None:
    """Require one of the officer's own posts that confirms drafts."""
    if not queries.posts_to_confirm(actor, now).filter(pk=post.pk).exists():
        raise NotAllowed
