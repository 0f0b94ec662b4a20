"""What the tests of pages share: how a page is opened and sent, and a draft to change."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

from bihuan.checklists.actions import versions
from bihuan.checklists.models import Checklist, Version
from bihuan.orgs.models import Unit, User
from tests.clock import PRESENT
from tests.factories import make_checklist, make_content, make_items

EARLIER = PRESENT - timedelta(days=1)


def page(client: Client, user: User, url: str, **typed: str) -> str:
    client.force_login(user)
    answer = client.get(url, typed)
    assert answer.status_code == 200, url
    return re.sub(r"\s+", " ", answer.content.decode())


def send(client: Client, user: User, url: str, **typed: Any) -> Any:
    client.force_login(user)
    return client.post(url, typed)


def url(name: str, checklist: Checklist, *more: object) -> str:
    return reverse(f"checklists:{name}", args=[checklist.pk, *more])


def drafted(town: Unit, keeper: User, count: int = 4) -> Version:
    """The draft of a list that is in use with three items."""
    checklist = make_checklist(town, title="消防检查", now=EARLIER).checklist
    content = make_content(make_items(count))
    return versions.begin_draft(checklist=checklist, content=content, actor=keeper, now=EARLIER)


def latest(version: Version) -> Version:
    return Version.objects.get(pk=version.pk)


FILLED: dict[str, Any] = {
    "text": "门是否关闭", "text_en": "Is the door closed?", "section": "s1", "answer": "yes_no",
    "failing": "no", "required": "on", "may_not_apply": "on", "revision": "1",
}  # fmt: skip
