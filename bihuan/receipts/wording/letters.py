"""Standard texts of notices and letters to the public."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise

from bihuan.cases.wording import day_of, moment_of
from bihuan.receipts import sides
from bihuan.receipts.models import Message

_WHEN: Mapping[str, Callable[[Any], str]] = {"until": day_of, "day": day_of, "at": moment_of}


def letter(text: str | Promise, detail: Mapping[str, Any]) -> str:
    """Return the standard text of a letter, with the names and dates it mentions."""
    named = {n: _WHEN[n](value) if n in _WHEN else value for n, value in detail.items()}
    return str(text) % named


def letter_words(kind: str, message: Message) -> str:
    """Return the standard text of a notice or letter, above what the officer wrote."""
    text = sides.letters_of(kind).get(message.what, "")
    return letter(text, message.detail) if text else ""
