"""Wording and links of notices: each app renders those of its own subjects.

`notices` is below those apps; each registers its renderer in `AppConfig.ready` and nowhere else
(see `docs/decisions/0070-kinds-register-themselves.md`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from bihuan.notices.models import Notice
from bihuan.orgs.models import User


def _nothing(member: User, keys: Collection[str], now: datetime) -> Collection[str]:
    return ()


@dataclass(frozen=True)
class NoticeRenderer:
    """How an app renders its notices: the text, the name of the subject, and a link.

    `kept_from` returns the subjects that must be hidden from an officer, whenever the notice was
    written.
    """

    words: Callable[[Notice], str]
    name: Callable[[str], str]
    address: Callable[[str], str]
    kept_from: Callable[[User, Collection[str], datetime], Collection[str]] = _nothing


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


def subjects(key: str) -> list[str]:
    """Return every subject with this key, of any type: a case can have notices under several."""
    return [f"{kind}/{key}" for kind in sorted(_voices)]


def say(member: User, notices: Iterable[Notice], now: datetime) -> Iterator[RenderedNotice]:
    """Render these notices, without those that must now be hidden from the officer."""
    told = [(*_parted(notice), notice) for notice in notices]
    kept = {
        kind: _voices[kind].kept_from(member, [key for other, key, _ in told if other == kind], now)
        for kind in {kind for kind, _, _ in told}
    }
    for kind, key, notice in told:
        if key not in kept[kind]:
            voice = _voices[kind]
            yield RenderedNotice(notice, voice.words(notice), voice.name(key), voice.address(key))


def _parted(notice: Notice) -> tuple[str, str]:
    kind, _, key = notice.subject.partition("/")
    return kind, key
