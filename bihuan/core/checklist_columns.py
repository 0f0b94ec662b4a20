"""The columns of an XLSForm: their names and languages, and those that only we write."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from bihuan.core.checklist import KEY, HazardHint
from bihuan.core.hazard import Grade
from bihuan.core.rules import Bilingual, Confidence

Row = Mapping[str, str]

# The columns that only this system writes and reads.
OWN = "bihuan_"
TRUE, FALSE = frozenset({"yes", "true", "true()"}), frozenset({"", "no", "false", "false()"})
LOOKS = frozenset(
    {
        "appearance", "constraint_message", "required_message", "guidance_hint", "autoplay",
        "note", "notes", "comment", "comments", "disabled", "save_to", "body::accept",
    }
)  # fmt: skip
SETTINGS = ("bind", "body", "instance", "control")
CALCULATED = ("calculation", "default", "trigger", "choice_filter", "repeat_count", "parameters")
MEDIA = ("media", "image", "audio", "video", "big-image")
# Other names of columns.
ALIASES: Mapping[str, str] = {
    "caption": "label", "relevance": "relevant", "readonly": "read_only",
    "calculate": "calculation", "list": "list_name", "value": "name", "count": "repeat_count",
}  # fmt: skip
BOUND: Mapping[str, str] = {
    "relevant": "relevant", "required": "required", "constraint": "constraint",
    "calculate": "calculation", "readonly": "read_only", "jr::constraintMsg": "constraint_message",
}  # fmt: skip
READ = frozenset({"type", "name", "required", "relevant", "constraint", "read_only"})
TEXTS = frozenset({"label", "hint"})
CHINESE, ENGLISH = ("zh", "chinese", "中文", "汉语", "简体"), ("en", "english", "英文", "英语")


class Column(StrEnum):
    """What a column is for a checklist."""

    READ = "read"
    LOOKS = "looks"
    CALCULATED = "calculated"
    MEDIA = "media"
    LANGUAGE = "language"
    SETTING = "setting"
    UNKNOWN = "unknown"


def kind_of(column: str) -> Column:
    """Return what a column is, by its plain name."""
    plain, _colons, language = column.partition("::")
    if plain in TEXTS:
        return Column.READ if not language or _known(language) else Column.LANGUAGE
    if plain in READ or column.startswith(OWN):
        return Column.READ
    kinds = {Column.CALCULATED: CALCULATED, Column.MEDIA: MEDIA, Column.LOOKS: LOOKS}
    found = (kind for kind, names in kinds.items() if plain in names or column in names)
    return next(found, Column.SETTING if plain in SETTINGS else Column.UNKNOWN)


class Own:
    """The columns that only this system writes; what cannot be read is collected in `wrong`."""

    def __init__(self, row: Row) -> None:
        self.row, self.wrong = row, list[str]()

    def text(self, name: str) -> str:
        return self.row.get(f"{OWN}{name}", "")

    def flag(self, name: str, default: bool) -> bool:
        text = self.text(name).lower()
        return default if not text else text in TRUE

    def whole(self, name: str) -> int | None:
        text = self.text(name)
        if not text:
            return None
        if text.isascii() and text.isdecimal() and len(text) < 10:
            return int(text)
        self.wrong.append(f"{OWN}{name}")
        return None

    def number(self, name: str) -> Decimal | None:
        text = self.text(name)
        if not text:
            return None
        try:
            if len(text) <= 30 and set(text) <= set("-.0123456789"):
                return Decimal(text)
        except InvalidOperation:
            pass
        self.wrong.append(f"{OWN}{name}")
        return None

    def one(self, kind: type[Confidence], name: str) -> Confidence | None:
        text = self.text(name)
        if text and text not in {*kind}:
            self.wrong.append(f"{OWN}{name}")
            return None
        return kind(text) if text else None

    def hint(self) -> HazardHint | None:
        grade = self.text("hazard")
        if not grade:
            return None
        if grade not in {*Grade}:
            self.wrong.append(f"{OWN}hazard")
            return None
        days, criterion = self.whole("days"), self.text("criterion")
        return HazardHint(self.text("category"), Grade(grade), days, criterion, self.text("trade"))


def plain(row: Row) -> Row:
    """Return a row with the columns named in one way: "Label:English" is "label::English"."""
    return {_column(name): value.strip() for name, value in row.items() if value.strip()}


def _column(name: str) -> str:
    first, _colons, rest = re.sub(r":+", "::", name.strip()).partition("::")
    first = " ".join(first.lower().split()).replace(" ", "_")
    if first == "bind" and rest in BOUND:
        first, rest = BOUND[rest], ""
    first = ALIASES.get(first, first)
    return f"{first}::{rest.strip()}" if rest else first


def _known(language: str) -> bool:
    return _is(language, CHINESE) or _is(language, ENGLISH)


def _is(language: str, names: Sequence[str]) -> bool:
    plain = language.strip().lower()
    code = re.search(r"\(([a-z-]+)\)", plain)
    return any(plain.startswith(name) or (code and code[1].startswith(name)) for name in names)


def words(row: Row, column: str) -> Bilingual:
    """Return a text in both languages; one without a language counts as Chinese."""
    found = {"zh": "", "en": ""}
    for name, value in row.items():
        plain, _colons, language = name.partition("::")
        if plain == column:
            found["en" if language and _is(language, ENGLISH) else "zh"] = value
    return Bilingual(found["zh"] or found["en"], found["en"] if found["zh"] else "")


def label(row: Row, name: str) -> Bilingual:
    """Return the label of a row, or its name."""
    text = words(row, "label")
    return text if text.zh else Bilingual(name, "")


def keys_of(names: Sequence[str]) -> list[str]:
    """Return a key for each name: the name itself if it can be one."""
    taken = {name for name in names if KEY.fullmatch(name)}
    keys = []
    for number, name in enumerate(names, 1):
        key = name
        if not KEY.fullmatch(name):
            plain = re.sub(r"[^a-z0-9_]+", "_", name.lower())[:30].strip("_")
            key = (
                plain if KEY.fullmatch(plain) and plain not in taken else f"k{number}_{plain}"[:40]
            )
            key = key if KEY.fullmatch(key) and key not in taken else f"k{number}"
            taken.add(key)
        keys.append(key)
    return keys
