"""Notices of access granted by administrators; `orgs` supplies the event and the recipients."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from bihuan.notices.actions import mark_causes_read, tell
from bihuan.notices.voices import NoticeRenderer
from bihuan.orgs import wording
from bihuan.orgs.announcements import News
from bihuan.orgs.models import User
from bihuan.web.subjects import SubjectType, nameless

KIND = "access"


def tell_officers(members: Iterable[User], news: News) -> None:
    """Send each recipient one notice, which links to the unit."""
    tell(
        members,
        subject=f"{KIND}/{news.unit.code if news.unit else ''}",
        what=news.what,
        cause=news.cause,
        now=news.now,
        detail=news.detail,
    )


def settle(member: User, causes: str, now: datetime) -> None:
    """Mark the officer's notices of these causes as read."""
    mark_causes_read(member, causes, now=now)


def _address(code: str) -> str:
    return reverse("orgs:unit", args=[code]) if code else reverse("orgs:account")


TYPE = SubjectType(_address, nameless)
VOICE = NoticeRenderer(lambda notice: wording.news(notice.what, notice.detail))
