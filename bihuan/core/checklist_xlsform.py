"""XLSForm as a checklist: what it can express is read, and everything else refused by name.

The rows are those of a workbook that `pyxform` accepts. Nothing is dropped in silence: what a
checklist cannot express is refused, and what only changes how a form looks is a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from bihuan.core import checklist_relevance as expressions
from bihuan.core.checklist import (
    KEY,
    NO,
    NOT_APPLICABLE,
    YES,
    AnswerType,
    Choice,
    Condition,
    Content,
    Item,
    Section,
)
from bihuan.core.checklist_columns import (
    FALSE,
    OWN,
    TRUE,
    Column,
    Own,
    Row,
    keys_of,
    kind_of,
    label,
    plain,
    words,
)
from bihuan.core.checklist_relevance import TooElaborate
from bihuan.core.rules import Bilingual, Confidence

TYPES: Mapping[str, AnswerType] = {
    "integer": AnswerType.NUMBER,
    "int": AnswerType.NUMBER,
    "decimal": AnswerType.NUMBER,
    "text": AnswerType.TEXT,
    "string": AnswerType.TEXT,
    "image": AnswerType.PHOTO,
    "photo": AnswerType.PHOTO,
}
SIGNATURE = "signature"
# "select_one LIST", and the older ways to write it; `or_other` is found in the rest.
CHOICE = re.compile(
    r"(?:add )?select[ _]?(?:one|1)(?: prompt)?(?: from| using)? +(\S+) *(.*)", re.IGNORECASE
)


class Why(StrEnum):
    """Why a question, a column or a sheet cannot be in a checklist."""

    TYPE = "type"
    REPEAT = "repeat"
    NESTED = "nested"
    GEOGRAPHIC = "geographic"
    SEVERAL = "several"
    OTHER = "other"
    EXTERNAL = "external"
    RECORDED = "recorded"
    NOTE = "note"
    CALCULATED = "calculated"
    MEDIA = "media"
    READ_ONLY = "read_only"
    RELEVANT = "relevant"
    CONSTRAINT = "constraint"
    REQUIRED = "required"
    LANGUAGE = "language"
    NO_LIST = "no_list"
    OWN_COLUMN = "own_column"
    SHEET = "sheet"
    COLUMN = "column"
    FORMULA = "formula"
    NO_QUESTIONS = "no_questions"


class Remark(StrEnum):
    """What is read in another sense, or only changed how the form looked."""

    LOOKS = "looks"
    UNKNOWN = "unknown"
    RENAMED = "renamed"
    WHICH_FAILS = "which_fails"
    RANGE_FAILS = "range_fails"


REFUSED: Mapping[Column, Why] = {
    Column.CALCULATED: Why.CALCULATED,
    Column.MEDIA: Why.MEDIA,
    Column.LANGUAGE: Why.LANGUAGE,
    Column.SETTING: Why.COLUMN,
}


@dataclass(frozen=True)
class Refused:
    """What is refused: the name of a question, column or sheet, and why."""

    name: str
    why: Why
    detail: str = ""


@dataclass(frozen=True)
class Noted:
    remark: Remark
    names: tuple[str, ...]


@dataclass(frozen=True)
class Form:
    """The sheets of a workbook as rows; `others` are the names of further sheets with content."""

    survey: Sequence[Row]
    choices: Sequence[Row] = ()
    settings: Row = field(default_factory=dict)
    others: tuple[str, ...] = ()
    # Cells whose text a formula makes.
    formulas: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """What a form says as a checklist; the content is whole only if nothing is refused."""

    title: Bilingual
    content: Content
    refused: tuple[Refused, ...]
    notes: tuple[Noted, ...]


def read(form: Form) -> Reading:
    """Read a form, and collect everything that is refused, at once."""
    reader = _Reader(
        replace(form, survey=[*map(plain, form.survey)], choices=[*map(plain, form.choices)])
    )
    content = reader.content()
    if not content.items and not reader.refused:
        reader.refused.append(Refused("survey", Why.NO_QUESTIONS))
    title = words(plain(form.settings), "form_title")
    return Reading(title, content, tuple(reader.refused), tuple(reader.noted()))


class _Reader:
    """Collects sections and items, refusals and notes, row by row."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.refused: list[Refused] = []
        self.notes: dict[Remark, dict[str, None]] = {}
        self.groups: list[Row] = []
        self.repeats = 0
        self.sections: list[tuple[str, Bilingual, list[Item]]] = []
        self.own = False
        names = [row.get("name", "") for row in form.survey]
        self.keys = dict(zip(names, keys_of(names), strict=True))

    # ----------------------------------------------------------------- refusals
    def refuse(self, name: str, why: Why, detail: str = "") -> None:
        self.refused.append(Refused(name, why, detail))

    def note(self, remark: Remark, name: str) -> None:
        self.notes.setdefault(remark, {})[name] = None

    def noted(self) -> Iterator[Noted]:
        for remark, names in self.notes.items():
            yield Noted(remark, tuple(names))

    # --------------------------------------------------------------------- rows
    def content(self) -> Content:
        for sheet in self.form.others:
            self.refuse(sheet, Why.SHEET)
        for cell in self.form.formulas:
            self.refuse(cell, Why.FORMULA)
        for row in self.form.survey:
            self.row(row, " ".join(row.get("type", "").split()))
        sections = tuple(Section(key, title, tuple(items)) for key, title, items in self.sections)
        full = self.form.settings.get(f"{OWN}full_score", "").strip()
        return Content(sections, int(full) if full.isascii() and full.isdecimal() else 0)

    def row(self, row: Row, kind: str) -> None:
        plain = kind.replace("_", " ").lower()
        if plain in ("begin repeat", "begin loop"):
            self.repeats += 1
            self.refuse(row.get("name", kind), Why.REPEAT)
        elif plain in ("end repeat", "end loop"):
            self.repeats -= 1
        elif plain == "begin group":
            self.begin_group(row)
        elif plain == "end group":
            if self.groups:
                self.groups.pop()
        elif kind and not self.repeats:
            self.question(row, kind)

    def begin_group(self, row: Row) -> None:
        name = row.get("name", "")
        if self.groups:
            self.refuse(name, Why.NESTED)
        self.columns(name, row)
        self.groups.append(row)
        key = self.key(name, "s")
        self.sections.append((key, label(row, name), []))

    def question(self, row: Row, kind: str) -> None:
        name = row.get("name", kind)
        before = len(self.refused)
        self.columns(name, row)
        answer, choices = self.answer(name, kind, row)
        condition = self.condition(name, row)
        item = self.item(name, row, answer, choices, condition) if answer else None
        if item is None or len(self.refused) > before:
            return
        if not self.groups and (not self.sections or not self.is_open):
            self.sections.append((self.key(f"part_{len(self.sections) + 1}", "s"), _ITEMS, []))
        self.sections[-1][2].append(item)
        self.is_open = not self.groups

    is_open = False

    def key(self, name: str, letter: str) -> str:
        key = self.keys.get(name, name)
        if key != name:
            self.note(Remark.RENAMED, name)
        return key if KEY.fullmatch(key) else f"{letter}{len(self.sections) + 1}"

    # ------------------------------------------------------------------ columns
    def columns(self, name: str, row: Row) -> None:
        """Refuse what the columns say beyond a checklist."""
        for column in row:
            kind = kind_of(column)
            if kind in REFUSED:
                self.refuse(name, REFUSED[kind], column)
            elif kind is not Column.READ and row[column] != SIGNATURE:
                self.note(Remark(kind.value), column)
        if row.get("read_only", "").lower() not in FALSE:
            self.refuse(name, Why.READ_ONLY)

    def answer(self, name: str, kind: str, row: Row) -> tuple[AnswerType | None, str]:
        """Return the type of answer, and the list of choices that it has."""
        found = TYPES.get(kind.lower())
        if found is AnswerType.PHOTO and SIGNATURE in row.get("appearance", ""):
            return AnswerType.SIGNATURE, ""
        if found is not None:
            return found, ""
        if (match := CHOICE.fullmatch(kind)) is not None:
            if match[2]:
                self.refuse(name, Why.OTHER, kind)
                return None, ""
            return AnswerType.CHOICE, match[1]
        self.refuse(name, why_not(kind), kind)
        return None, ""

    def condition(self, name: str, row: Row) -> Condition | None:
        """Read when the question is asked; that of its group counts for each of its questions."""
        own = row.get("relevant", "")
        group = self.groups[-1] if self.groups else {}
        around = group.get("relevant", "")
        if own and around and own != around:
            self.refuse(name, Why.RELEVANT, f"{around} / {own}")
            return None
        text = own or around
        if not text:
            return None
        try:
            found = expressions.condition(text)
        except TooElaborate:
            self.refuse(name, Why.RELEVANT, text)
            return None
        values = tuple(self.value(found.item, value) for value in found.values)
        return Condition(self.keys.get(found.item, found.item), values)

    def value(self, question: str, value: str) -> str:
        """Return a value of a condition as the key of the choice that it names."""
        kinds = (row.get("type", "") for row in self.form.survey if row.get("name") == question)
        match = CHOICE.fullmatch(" ".join(next(kinds, "").split()))
        return self.choice_keys(match[1]).get(value, value) if match else value

    # -------------------------------------------------------------------- items
    def item(
        self, name: str, row: Row, answer: AnswerType, listed: str, condition: Condition | None
    ) -> Item | None:
        given = Own(row)
        key, text = self.key(name, "i"), label(row, name)
        item = Item(
            key=key,
            text=text,
            answer=answer,
            help=words(row, "hint"),
            basis=Bilingual(given.text("basis"), given.text("basis_en")),
            confidence=given.one(Confidence, "confidence"),
            may_not_apply=given.flag("may_not_apply", False),
            required=self.required(name, row),
            condition=condition,
            photo_when_failed=given.flag("photo_when_failed", False),
            score=given.whole("score") or 0,
            hazard=given.hint(),
        )
        item = self.answered(name, row, item, listed, given)
        for column in given.wrong:
            self.refuse(name, Why.OWN_COLUMN, column)
        return item

    def answered(self, name: str, row: Row, item: Item, listed: str, given: Own) -> Item:
        """Add the range of a number, or the choices."""
        constraint = row.get("constraint", "")
        low, high = given.number("low"), given.number("high")
        if constraint and item.answer is not AnswerType.NUMBER:
            self.refuse(name, Why.CONSTRAINT, constraint)
        elif constraint:
            try:
                low, high = expressions.bounds(constraint)
                self.note(Remark.RANGE_FAILS, name)
            except TooElaborate:
                self.refuse(name, Why.CONSTRAINT, constraint)
        if item.answer is AnswerType.NUMBER:
            return replace(item, low=low, high=high, measure=given.text("measure"))
        if item.answer is AnswerType.CHOICE:
            return self.chosen(name, item, listed, given)
        return item

    def chosen(self, name: str, item: Item, listed: str, given: Own) -> Item:
        rows = self.listed(listed)
        if not rows:
            self.refuse(name, Why.NO_LIST, listed)
        names = [row.get("name", "") for row in rows]
        may_not_apply = NOT_APPLICABLE in names
        if {*names} - {NOT_APPLICABLE} == {YES, NO}:
            if not given.text("failing"):
                self.note(Remark.WHICH_FAILS, name)
            failing = given.text("failing") or NO
            if failing not in (YES, NO):
                self.refuse(name, Why.OWN_COLUMN, f"{OWN}failing")
            return replace(
                item, answer=AnswerType.YES_NO, failing=failing, may_not_apply=may_not_apply
            )
        keys = self.choice_keys(listed)
        choices = tuple(
            Choice(
                keys[each],
                label(row, each),
                row.get(f"{OWN}fails", "").lower() in TRUE,
            )
            for each, row in zip(names, rows, strict=True)
            if each != NOT_APPLICABLE
        )
        return replace(item, choices=choices, may_not_apply=may_not_apply)

    def required(self, name: str, row: Row) -> bool:
        text = row.get("required", "").strip().lower()
        if text not in TRUE | FALSE:
            self.refuse(name, Why.REQUIRED, text)
        return text in TRUE

    def listed(self, name: str) -> list[Row]:
        rows = self.form.choices
        return [row for row in rows if name and row.get("list_name") == name]

    def choice_keys(self, listed: str) -> dict[str, str]:
        names = [row.get("name", "") for row in self.listed(listed)]
        return dict(zip(names, keys_of(names), strict=True))


_ITEMS = Bilingual("检查项", "Items")


def why_not(kind: str) -> Why:
    """Return why questions of this type cannot be items."""
    plain = kind.lower().replace("_", " ").split()
    first = plain[0] if plain else ""
    if first in ("geopoint", "geotrace", "geoshape", "location", "osm"):
        return Why.GEOGRAPHIC
    if plain[:2] in (["select", "multiple"], ["select", "all"]) or first in ("rank", "select1"):
        return Why.SEVERAL
    if (
        "external" in kind
        or "from file" in " ".join(plain)
        or first in ("xml-external", "csv-external")
    ):
        return Why.EXTERNAL
    if first in ("calculate", "hidden"):
        return Why.CALCULATED
    if first == "note":
        return Why.NOTE
    recorded = "start end today deviceid subscriberid simserial username email phonenumber "
    if first in f"{recorded}phone device subscriber audit start-geopoint uri".split():
        return Why.RECORDED
    return Why.TYPE
