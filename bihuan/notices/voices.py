"""Wording of notices: each app renders those of its own subjects.

`notices` is below those apps; each registers its renderer in `AppConfig.ready` and nowhere else
(see `docs/decisions/0070-kinds-register-themselves.md`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from bihuan.notices.models import Notice
from bihuan.orgs.models import User
from bihuan.web import subjects


@dataclass(frozen=True)
class NoticeRenderer:
    """How an app renders its notices: the text, and an optional link.

    A notice has the name and link of its subject (`web.subjects`), unless it sets its own.
    """

    words: Callable[[Notice], str]
    name: Callable[[str], str] | None = None
    url: Callable[[str], str] | None = None


@dataclass(frozen=True)
class RenderedNotice:
    """A notice, ready to be shown."""

    notice: Notice
    words: str
    name: str
    url: str


_voices: dict[str, NoticeRenderer] = {}


def register(kind: str, voice: NoticeRenderer) -> None:
    """Register the renderer for subjects of this type ("case" in "case/YH-2026-000001")."""
    _voices[kind] = voice


def every_subject(key: str) -> list[str]:
    """Return every subject with this key, of any type: a case can have notices under several."""
    return [f"{kind}/{key}" for kind in sorted(_voices)]


def say(member: User, notices: Iterable[Notice], now: datetime) -> Iterator[RenderedNotice]:
    """Render these notices, without those whose page the officer can no longer open."""
    given = list(notices)
    hidden = subjects.out_of_reach(member, (notice.subject for notice in given), now)
    yield from map(rendered, (notice for notice in given if notice.subject not in hidden))


def rendered(notice: Notice) -> RenderedNotice:
    """Render a notice that the officer may see."""
    kind, key = subjects.parted(notice.subject)
    voice = _voices[kind]
    name = voice.name(key) if voice.name else subjects.name(notice.subject)
    url = voice.url(key) if voice.url else subjects.url(notice.subject)
    return RenderedNotice(notice, voice.words(notice), name, url)
