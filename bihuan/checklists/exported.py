"""A version as an XLSForm that `pyxform` accepts, and that gives the same content when imported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO

from xlsxwriter import Workbook

from bihuan.checklists.refusals import CannotExport
from bihuan.core.checklist import NO, NOT_APPLICABLE, YES, AnswerType, Content, Item
from bihuan.core.checklist_answers import written
from bihuan.core.checklist_columns import OWN
from bihuan.core.checklist_relevance import written as condition_written
from bihuan.core.rules import Bilingual

Row = Mapping[str, str]

ZH, EN = "中文 (zh)", "English (en)"
SURVEY = (
    "type", "name", f"label::{ZH}", f"label::{EN}", f"hint::{ZH}", f"hint::{EN}", "required",
    "relevant", "appearance",
    *(
        f"{OWN}{name}"
        for name in (
            "basis", "basis_en", "confidence", "may_not_apply", "failing", "low", "high",
            "measure", "photo_when_failed", "score", "hazard", "category", "days", "criterion",
            "trade",
        )
    ),
)  # fmt: skip
CHOICES = ("list_name", "name", f"label::{ZH}", f"label::{EN}", f"{OWN}fails")
SETTINGS = ("form_title", "form_id", "version", "default_language", f"{OWN}full_score")
TYPES: Mapping[AnswerType, str] = {
    AnswerType.NUMBER: "decimal",
    AnswerType.TEXT: "text",
    AnswerType.PHOTO: "image",
    AnswerType.SIGNATURE: "image",
}
# Answers that mean the same in every list.
PLAIN: Mapping[str, Bilingual] = {
    YES: Bilingual("是", "Yes"),
    NO: Bilingual("否", "No"),
    NOT_APPLICABLE: Bilingual("不适用", "Not applicable"),
}


def xlsform(content: Content, *, title: str, key: str, version: int) -> bytes:
    """Write the workbook."""
    settings = {
        "form_title": title,
        "form_id": key,
        "version": str(version),
        "default_language": ZH,
        f"{OWN}full_score": str(content.full_score or ""),
    }
    buffer = BytesIO()
    book = Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    _sheet(book, "survey", SURVEY, list(_survey(content)))
    _sheet(book, "choices", CHOICES, list(_choices(content)))
    _sheet(book, "settings", SETTINGS, [settings])
    book.close()
    return buffer.getvalue()


def _sheet(book: Workbook, name: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Write every cell as text: an item that begins with “=” stays a text."""
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column)
        for number, row in enumerate(rows, 1):
            if row.get(column):
                sheet.write_string(number, place, row[column])


def _survey(content: Content) -> Iterator[Row]:
    for section in content.sections:
        yield {"type": "begin_group", "name": section.key, **_words("label", section.title)}
        for item in section.items:
            yield _row(item)
        yield {"type": "end_group"}


def _row(item: Item) -> Row:
    row = {
        "type": _type(item),
        "name": item.key,
        **_words("label", item.text),
        **_words("hint", item.help),
        "required": "yes" if item.required else "",
        "relevant": condition_written(item.condition) if item.condition else "",
        "appearance": "signature" if item.answer is AnswerType.SIGNATURE else "",
        **_own(item),
    }
    if any("${" in text for name, text in row.items() if name != "relevant"):
        raise CannotExport(item.text.zh)
    return row


def _own(item: Item) -> Row:
    """Return what an XLSForm has no column for."""
    hint, chosen = item.hazard, item.answer in (AnswerType.YES_NO, AnswerType.CHOICE)
    said = {
        "basis": item.basis.zh,
        "basis_en": item.basis.en,
        "confidence": item.confidence or "",
        "may_not_apply": "yes" if item.may_not_apply and not chosen else "",
        "failing": item.failing if item.answer is AnswerType.YES_NO else "",
        "low": "" if item.low is None else written(item.low),
        "high": "" if item.high is None else written(item.high),
        "measure": item.measure,
        "photo_when_failed": "yes" if item.photo_when_failed else "",
        "score": str(item.score or ""),
        "hazard": hint.grade if hint else "",
        "category": hint.category if hint else "",
        "days": str(hint.days or "") if hint else "",
        "criterion": hint.criterion if hint else "",
        "trade": hint.trade if hint else "",
    }
    return {f"{OWN}{name}": str(value) for name, value in said.items()}


def _type(item: Item) -> str:
    if item.answer is AnswerType.YES_NO:
        return f"select_one {_plain_list(item)}"
    if item.answer is AnswerType.CHOICE:
        return f"select_one of_{item.key}"
    return TYPES[item.answer]


def _plain_list(item: Item) -> str:
    return "yes_no_na" if item.may_not_apply else "yes_no"


def _choices(content: Content) -> Iterator[Row]:
    plain = {_plain_list(i): i.values for i in content.items if i.answer is AnswerType.YES_NO}
    for listed, values in sorted(plain.items()):
        for value in values:
            yield {"list_name": listed, "name": value, **_words("label", PLAIN[value])}
    for item in content.items:
        if item.answer is AnswerType.CHOICE:
            yield from _of_item(item)


def _of_item(item: Item) -> Iterator[Row]:
    listed = f"of_{item.key}"
    for choice in item.choices:
        fails = {f"{OWN}fails": "yes" if choice.fails else ""}
        yield {"list_name": listed, "name": choice.key, **_words("label", choice.text), **fails}
    if item.may_not_apply:
        name = NOT_APPLICABLE
        yield {"list_name": listed, "name": name, **_words("label", PLAIN[name])}


def _words(column: str, text: Bilingual) -> Row:
    return {f"{column}::{ZH}": text.zh, f"{column}::{EN}": text.en}
