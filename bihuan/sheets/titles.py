"""The headers of columns: equivalent wordings, and the units they name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from unicodedata import normalize

_BRACKETS = re.compile(r"[(\[{【〔<《]([^)\]}】〕>》]*)[)\]}】〕>》]")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_LINES = re.compile(r"\s*[\r\n]+\s*")
_ENGLISH_LINES = re.compile(r"(?<=[!-~])\s*[\r\n]+\s*(?=[!-~])")
_NOT_WORDS = re.compile(r"[\W_]+")


# ------------------------------------------------------------------- wordings
def split_note(title: str) -> tuple[str, str]:
    """Split a header into its text, without line breaks, and the note in brackets."""
    plain = normalize("NFKC", title)
    note = " ".join(found.strip() for found in _BRACKETS.findall(plain))
    return "".join(_BRACKETS.sub("", plain).splitlines()).strip(" \t:*"), note


def key(title: str) -> str:
    """Return a normalised form that is equal for different spellings of the same header."""
    return _NOT_WORDS.sub("", normalize("NFKC", title)).casefold()


_LETTER_ALONE = re.compile(r"\[[A-Z]{1,3}\]")


def name_key(shown: str) -> str:
    """Return the key of a column's name; a column without a header is named by its letter."""
    return shown if _LETTER_ALONE.fullmatch(shown) else key(shown)


def words(title: str) -> tuple[str, ...]:
    """Return the words of an English header."""
    parted = _NOT_WORDS.sub(" ", _CAMEL.sub(" ", normalize("NFKC", title)))
    return tuple(parted.casefold().split())


def letters(index: int) -> str:
    """Return the name of a column as the sheet shows it: A, B, … Z, AA."""
    more, last = divmod(index, 26)
    return (letters(more - 1) if more else "") + chr(65 + last)


# ---------------------------------------------------------------------- units
_TIMES = {
    "": 1, "百": 100, "千": 1_000, "万": 10_000, "十万": 100_000, "百万": 1_000_000,
    "千万": 10_000_000, "亿": 100_000_000,
}  # fmt: skip
# Not the yuan of "1万元" or "五百元": an amount is not a unit.
_YUAN = re.compile(r"(?<![\d.一二两三四五六七八九十百千万亿])(十万|百万|千万|[百千万亿]|)[元圆]")
_BARE = re.compile(r"(?:单位:?)?([百千万亿])")
_DECLARED = re.compile(
    r"(?:^|[(\W])(?:金额|货币|计量|资金)?单位:?(?:人民币)?((?:[^\W\d]{1,3}[,、/])*[百千万亿十]*[元圆])(?:$|[),、/\s])"
)
_UNIT_ALONE = re.compile(
    r"\(?(?:(?:金额|货币|计量|资金)?单位:?|金额:)?(?:人民币)?[百千万亿十]*[元圆]\)?"
)
_UNIT_TAIL = re.compile(
    r"(?:[\s,、/:;\-_]*(?:单位:?)?(?:人民币)?(?:十万|百万|千万|[百千万亿]|)[元圆]|[\s,、/:;\-_]+天)$"
)
_DAYS = re.compile(r"(?:单位:?)?(?:天|日|天数|日历天|自然日|个自然日)")
_WORKDAYS = re.compile(r"(?:单位:?)?个?工作[日天]")
_OF_A_ROW = re.compile(
    r"\(?(?:单位:?)?(?:[百千万亿十]*[元圆]|天|日|个?工作日|处|个|项|条|人|%|/|年月日|年/月/日|-+)\)?"
)


def money_units(text: str) -> set[Decimal]:
    """Return the units of money that a header or a note names: none, one, or several that
    contradict.
    """
    plain = "".join(normalize("NFKC", text).split())
    bare = _BARE.fullmatch(plain)
    found = [bare[1]] if bare else _YUAN.findall(plain)
    return {Decimal(_TIMES[each]) for each in found}


def money_word(unit: Decimal) -> str:
    """Return the word for this unit in a header."""
    return next(word for word, times in _TIMES.items() if times == unit) + "元"


def declared_units(cell: str) -> set[Decimal]:
    """Return the units of money that a line above a table declares, such as “单位：万元”."""
    plain = "".join(normalize("NFKC", cell).split())
    if _UNIT_ALONE.fullmatch(plain):
        return money_units(plain.strip("()"))
    return {unit for unit_name in _DECLARED.findall(plain) for unit in money_units(unit_name)}


def is_unit(cell: str) -> bool:
    """Whether the cell is only a unit, as in a row of units below the headers."""
    return _OF_A_ROW.fullmatch("".join(normalize("NFKC", cell).split())) is not None


def declares_unit(cell: str) -> bool:
    """Whether the cell is a line such as “单位：万元” and so not a header."""
    plain = "".join(normalize("NFKC", cell).split())
    return "单位" in plain and _UNIT_ALONE.fullmatch(plain) is not None


# --------------------------------------------------------------------- titles
@dataclass(frozen=True, slots=True)
class Title:
    """The header of a column, with the group above it if there are two header rows.

    `keys` are its wordings, most specific first; `unit` is from a row of units below it; `letter`
    is the column letter if an earlier one has the same header, or if the column has none.
    """

    text: str
    group: str = ""
    unit: str = ""
    letter: str = ""
    note: str = field(init=False)
    own: str = field(init=False)
    keys: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        text, note = split_note(self.text)
        plain = _UNIT_TAIL.sub("", text) or text
        tail = text[len(plain) :].strip(" ,、/:;-_")
        group, _note = split_note(self.group)
        object.__setattr__(self, "note", " ".join(filter(None, (note, tail, self.unit))))
        object.__setattr__(self, "own", key(plain))
        keys = _keys(group, text, plain, note) if self.text else ("",)
        object.__setattr__(self, "keys", tuple(dict.fromkeys(keys)))

    @property
    def shown(self) -> str:
        if not self.text and not self.letter:
            return ""
        parts = " / ".join(map(_on_one_line, filter(None, (self.group, self.text))))
        return f"{parts} [{self.letter}]".strip() if self.letter else parts

    @property
    def whole(self) -> str:
        """Return the group and the text as one wording, without notes and units."""
        return key(split_note(self.group)[0]) + self.own

    @property
    def money_units(self) -> set[Decimal]:
        return money_units(self.note) if self.note else money_units(self.text)

    @property
    def in_days(self) -> bool:
        """Whether the column counts days instead of naming one."""
        return _DAYS.fullmatch(self.note) is not None or self.own.endswith("天数")

    @property
    def in_workdays(self) -> bool:
        return _WORKDAYS.fullmatch(self.note) is not None


def _on_one_line(title: str) -> str:
    """Join the lines of a header; only English words need a space between them."""
    return _LINES.sub("", _ENGLISH_LINES.sub(" ", title))


def _keys(group: str, text: str, plain: str, note: str) -> Iterator[str]:
    if group:
        yield key(group + plain + note)
        yield key(group + plain)
    yield key(text + note)
    yield key(text)
    yield key(plain)
