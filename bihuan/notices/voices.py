"""How notices are worded and where they lead: each app speaks for its own subjects.

`notices` lies below those apps; each gives its voice in `AppConfig.ready` and nowhere else
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
    """What an app says of its notices: in words, by the name of the subject, and with a link.

    `kept_from` says of which subjects an officer must not know, whenever the notice was written.
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
    """Speak for the notices whose subject is of this kind ("case" in "case/YH-2026-000001")."""
    _voices[kind] = voice


def subjects(key: str) -> list[str]:
    """Every subject of this key, of whatever kind: a case is told of under more than one."""
    return [f"{kind}/{key}" for kind in sorted(_voices)]


def say(member: User, notices: Iterable[Notice], now: datetime) -> Iterator[RenderedNotice]:
    """These notices in words, but for those of which the officer must not know any more."""
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
