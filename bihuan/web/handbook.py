"""The officer's handbook in the product: its sections, and which one explains which page.

The text is `docs/officer.md` and its translations; a built package has copies of them. A section
begins with an anchor, which is the same in every language. Each app registers which section
explains its pages.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from bihuan import languages

_PACKAGED = Path(__file__).resolve().parent / "handbook"
_SOURCE = Path(__file__).resolve().parents[2] / "docs"
_SECTION = re.compile(r'^<a id="([a-z-]+)"></a>\n+(##+) (.+)$', re.MULTILINE)
# Links to other files of the documentation lead nowhere here; their words stay.
_LINK = re.compile(r"\[([^\]]+)\]\((?!https?:)[^)]*\)")
_ENTRY = ""


@dataclass(frozen=True)
class Section:
    """One section, rendered. The text is our own and may contain markup."""

    name: str
    title: str
    level: int
    content: SafeString


def sections() -> Mapping[str, Section]:
    """Return the sections in the reader's language, in their order."""
    return _sections(languages.chosen_file(_folder(), "officer", ".md"))


def _folder() -> Path:
    return _PACKAGED if _PACKAGED.is_dir() else _SOURCE


@lru_cache(maxsize=8)
def _sections(path: Path) -> Mapping[str, Section]:
    text = path.read_text(encoding="utf-8")
    starts = list(_SECTION.finditer(text))
    ends = [*(start.start() for start in starts[1:]), len(text)]
    markdown = MarkdownIt("commonmark", {"html": True}).enable("table")
    return {
        name: Section(
            name,
            title,
            len(marks),
            mark_safe(markdown.render(_LINK.sub(r"\1", text[start.end() : end]))),  # noqa: S308
        )
        for start, end in zip(starts, ends, strict=True)
        for name, marks, title in [start.groups()]
    }


# ----------------------------------------------------------- pages and sections
_explained: dict[str, dict[str, str]] = {}


def register(app: str, section: str, **pages: str) -> None:
    """For `AppConfig.ready`: the section that explains the pages of an app, and the exceptions by
    the names of their URLs, with underscores.
    """
    named = {name.replace("_", "-"): other for name, other in pages.items()}
    _explained[app] = {_ENTRY: section, **named}


def section_of(view_name: str) -> str:
    """Return the section that explains a page; empty if there is none."""
    app, _colon, page = view_name.partition(":")
    known = _explained.get(app, {})
    return known.get(page, known.get(_ENTRY, ""))
