"""How notices are worded and where they lead: each app speaks for its own subjects.

`notices` lies below those apps; each gives its voice in `AppConfig.ready` and nowhere else
(see `docs/decisions/0070-kinds-register-themselves.md`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bihuan.notices.models import Notice


@dataclass(frozen=True)
class Voice:
    """What an app says of its notices: in words, by the name of the subject, and with a link."""

    words: Callable[[Notice], str]
    name: Callable[[str], str]
    address: Callable[[str], str]


@dataclass(frozen=True)
class Said:
    """A notice, ready to be shown."""

    notice: Notice
    words: str
    name: str
    url: str


_voices: dict[str, Voice] = {}


def register(kind: str, voice: Voice) -> None:
    """Speak for the notices whose subject is of this kind ("case" in "case/YH-2026-000001")."""
    _voices[kind] = voice


def say(notice: Notice) -> Said:
    kind, _, key = notice.subject.partition("/")
    voice = _voices[kind]
    return Said(notice, voice.words(notice), voice.name(key), voice.address(key))
