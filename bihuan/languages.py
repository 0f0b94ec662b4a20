"""The reader's language, and data that is worded in several languages.

A language is a set of catalogues (`bihuan/<app>/locale/<language>/`), and no code names one.
Data has its texts in Chinese and English: for other readers the English text is looked up in their
catalogues, and shown as it is if it is not there.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from django.conf import settings
from django.utils.translation import get_language, gettext

from bihuan.core.rules import Bilingual

_OTHERWISE = "en"


def current() -> str:
    """Return the code of the reader's language, such as "zh-hans"."""
    return get_language() or settings.LANGUAGE_CODE


def tag() -> str:
    """Return the language as HTML names it, such as "zh-Hans"."""
    language, *parts = current().split("-")
    return "-".join(
        [language, *(each.title() if len(each) == 4 else each.upper() for each in parts)]
    )


def chosen(texts: Mapping[str, str]) -> str:
    """Return the text of the reader's language, by the languages' short codes."""
    if (own := _own(texts)) is not None:
        return own
    return gettext(text) if (text := texts[_OTHERWISE]) else ""


def of(text: Bilingual) -> str:
    """Return a text of the rules in the reader's language."""
    return chosen({"zh": text.zh, "en": text.en})


def name(chinese: str, english: str) -> str:
    """Return a name as it is in the reader's language; a name is never translated."""
    names = {"zh": chinese, "en": english or chinese}
    own = _own(names)
    return names[_OTHERWISE] if own is None else own


def chosen_file(folder: Path, stem: str, ending: str) -> Path:
    """Return a document in the reader's language; in English if there is none."""
    own = folder / f"{stem}.{current().partition('-')[0]}{ending}"
    return own if own.is_file() else folder / f"{stem}{ending}"


def _own(texts: Mapping[str, str]) -> str | None:
    return texts.get(current().partition("-")[0])
