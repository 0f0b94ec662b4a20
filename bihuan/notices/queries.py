"""Notices that an officer has not read, and all that the officer may still see."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet

from bihuan.core.once import PerObject
from bihuan.notices.models import Notice
from bihuan.orgs.models import User
from bihuan.store.prepared import prepared
from bihuan.web import subjects

# More are shown as “99+”.
COUNTED = 100


class Unread(NamedTuple):
    """An unread notice: its key, and its subject in the journal."""

    pk: int
    subject: str


@prepared
def _newest_rows(member: int) -> QuerySet[Notice, tuple[int, str]]:
    rows = Notice.objects.filter(member=member, read_at=None).order_by("-created_at")
    return rows.values_list("pk", "subject")[:COUNTED]


def _newest(member: User) -> list[Unread]:
    return [Unread(*row) for row in _newest_rows(member.pk)]


# Once for every page: the frame counts them, and the page of a case reads its own.
_unread = PerObject[User, list[Unread]]("unread", _newest)
_shown = PerObject[User, list[list[Unread]]]("unread_shown", lambda member: [])


def forget(member: User) -> None:
    """Ask again, because the officer has read some."""
    _unread.forget(member)
    _shown.forget(member)


def unread(member: User, now: datetime) -> list[Unread]:
    """Return the newest unread notices that the officer may see, up to `COUNTED`."""
    found, shown = _unread(member), _shown(member)
    if not found:
        return []
    if not shown:
        hidden = subjects.out_of_reach(member, (each.subject for each in found), now)
        shown.append([each for each in found if each.subject not in hidden])
    return shown[0]


def count_unread(member: User, now: datetime) -> int:
    return len(unread(member, now))


def about(member: User, subject_names: Collection[str]) -> list[int]:
    """Return the officer's unread notices about these subjects."""
    return [each.pk for each in _unread(member) if each.subject in subject_names]
