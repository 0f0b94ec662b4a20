"""Send notices to officers, and record that they were read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from bihuan.notices.models import Notice
from bihuan.notices.queries import about
from bihuan.notices.queries import forget as forget_unread
from bihuan.notices.voices import every_subject
from bihuan.orgs.models import User


@dataclass(frozen=True)
class Telling:
    """One message and its recipients; the same cause never notifies an officer twice."""

    members: Iterable[User]
    subject: str
    what: str
    cause: str
    detail: Mapping[str, Any] = field(default_factory=dict)


def tell(
    members: Iterable[User],
    *,
    subject: str,
    what: str,
    cause: str,
    now: datetime,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Write a message to each of these officers; the same cause never notifies an officer twice."""
    tell_many([Telling(members, subject, what, cause, detail or {})], now=now)


def tell_many(tellings: Iterable[Telling], *, now: datetime) -> None:
    """Write all of these messages at once."""
    Notice.objects.bulk_create(unsaved(tellings, now=now), ignore_conflicts=True)


def unsaved(tellings: Iterable[Telling], *, now: datetime) -> list[Notice]:
    """Return these messages for an act that stores them with its own rows."""
    return [
        Notice(
            member=member,
            subject=each.subject,
            what=each.what,
            cause=each.cause,
            detail=dict(each.detail),
            created_at=now,
        )
        for each in tellings
        for member in each.members
    ]


def take_back(key: str, *, told_at: datetime) -> list[User]:
    """Delete the messages about this key of that moment, because the act that caused them is
    undone; return the officers who had read one.
    """
    told = Notice.objects.filter(subject__in=every_subject(key), created_at=told_at)
    knew = User.objects.filter(notices__in=told.exclude(read_at=None)).distinct().order_by("pk")
    members = list(knew)
    told.delete()
    return members


def mark_read(member: User, notices: Collection[int], *, now: datetime) -> int:
    """Mark these messages as read by the officer; return how many were new."""
    forget_unread(member)
    return Notice.objects.filter(member=member, pk__in=notices, read_at=None).update(read_at=now)


def mark_causes_read(member: User, cause: str, *, now: datetime) -> int:
    """Mark the officer's messages whose cause starts with this as read; return how many were
    new.
    """
    forget_unread(member)
    told = Notice.objects.filter(member=member, cause__startswith=cause, read_at=None)
    return told.update(read_at=now)


def take_back_causes(key: str, causes: Iterable[str]) -> None:
    """Delete the messages about this key whose cause starts with one of these."""
    for cause in causes:
        told = Notice.objects.filter(subject__in=every_subject(key), cause__startswith=cause)
        told.delete()


@transaction.atomic
def mark_all_read(member: User, *, until: int, now: datetime) -> int:
    """Mark the messages up to this one, the newest that the officer saw; return how many were
    new.
    """
    forget_unread(member)
    return Notice.objects.filter(member=member, pk__lte=until, read_at=None).update(read_at=now)


def note_seen(member: User, key: str, *, now: datetime) -> None:
    """Mark the officer's messages about this key as read: the officer has its page open."""
    seen = about(member, every_subject(key))
    if seen:
        mark_read(member, seen, now=now)


def rename(key: str, title: str) -> None:
    """Change the name shown for this key, including in earlier messages."""
    notices = list(Notice.objects.filter(subject__in=every_subject(key), detail__has_key="title"))
    for notice in notices:
        notice.detail["title"] = title
    Notice.objects.bulk_update(notices, ["detail"])


def forget(keys: Collection[str]) -> None:
    """Delete every message about these keys, whose subjects no longer exist."""
    about = [subject for key in keys for subject in every_subject(key)]
    Notice.objects.filter(subject__in=about).delete()


def forget_read(*, now: datetime) -> int:
    """Delete what was read long ago, and return how many; unread messages stay."""
    before = now - timedelta(days=settings.NOTICES_KEPT_DAYS)
    return Notice.objects.filter(read_at__lt=before).delete()[0]
