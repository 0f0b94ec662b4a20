"""The differences between two versions, as they are shown before a draft is put to use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from bihuan.checklists import kinds, shown, values, wording
from bihuan.core.checklist import Content, Item
from bihuan.core.checklist_answers import written
from bihuan.core.checklist_changes import Difference, ItemChange, changes

WORDS: Mapping[Difference, str | Promise] = {
    Difference.ADDED: pgettext_lazy("an item", "Added"),
    Difference.REMOVED: pgettext_lazy("an item", "Removed"),
    Difference.CHANGED: pgettext_lazy("an item", "Changed"),
    Difference.MOVED: pgettext_lazy("an item", "Moved"),
}
FIELDS: Mapping[str, str | Promise] = {
    "text": gettext_lazy("What is asked"),
    "answer": gettext_lazy("Type of answer"),
    "help": gettext_lazy("Help for the inspector"),
    "basis": gettext_lazy("Legal basis"),
    "confidence": gettext_lazy("How sure the basis is"),
    "failing": gettext_lazy("The answer that fails"),
    "may_not_apply": gettext_lazy("“Not applicable” may be answered"),
    "low": gettext_lazy("Lowest value in order"),
    "high": gettext_lazy("Highest value in order"),
    "measure": gettext_lazy("Unit of measurement"),
    "choices": gettext_lazy("Answers"),
    "photo_when_failed": gettext_lazy("Require a photo when failed"),
    "required": gettext_lazy("Must be answered"),
    "condition": gettext_lazy("Ask only if"),
    "score": gettext_lazy("Score"),
    "hazard": gettext_lazy("Propose a hazard when failed"),
}


@dataclass(frozen=True)
class FieldDifference:
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class ShownDifference:
    """One line of the comparison."""

    kind: str
    tone: str
    number: str
    text: str
    fields: tuple[FieldDifference, ...] = ()


def differences(before: Content, after: Content) -> list[ShownDifference]:
    """Return the lines of the comparison, sections first."""
    found = changes(before, after)
    lines = [*_titles(found.titles)]
    if found.full_score:
        old, new = (str(score or "–") for score in found.full_score)
        kind = str(WORDS[Difference.CHANGED])
        lines.append(
            ShownDifference(kind, "", "", _("Full score"), (FieldDifference("", old, new),))
        )
    numbers = {**shown.numbered(before), **shown.numbered(after)}
    return [*lines, *(_line(change, numbers, before, after) for change in found.items)]


def _titles(titles: tuple[tuple[object, object], ...]) -> Iterator[ShownDifference]:
    for old, new in titles:
        was, now = (_title(each) for each in (old, new))
        kind = (
            Difference.ADDED if not was else Difference.REMOVED if not now else Difference.CHANGED
        )
        fields = (FieldDifference("", was, now),) if kind is Difference.CHANGED else ()
        said = _("Section: %(title)s") % {"title": now or was}
        yield ShownDifference(str(WORDS[kind]), _tone(kind), "", said, fields)


def _title(section: object) -> str:
    title = getattr(section, "title", None)
    return f"{title.zh} {title.en}".strip() if title else ""


def _tone(kind: Difference) -> str:
    return {Difference.ADDED: "good", Difference.REMOVED: "bad"}.get(kind, "")


def _line(
    change: ItemChange, numbers: Mapping[str, str], before: Content, after: Content
) -> ShownDifference:
    item = change.after or change.before
    assert item is not None
    fields = tuple(
        FieldDifference(
            str(FIELDS[name]),
            _said(change.before, name, before) if change.before else "",
            _said(change.after, name, after) if change.after else "",
        )
        for name in change.fields
    )
    kind = change.difference
    return ShownDifference(
        str(WORDS[kind]), _tone(kind), numbers[item.key], shown.words(item.text), fields
    )


def _said(item: Item, name: str, content: Content) -> str:
    """Return the value of a field as the form shows it."""
    value = getattr(item, name)
    match name:
        case "text" | "help" | "basis":
            return f"{value.zh} {value.en}".strip()
        case "answer":
            return str(wording.ANSWERS[value])
        case "confidence":
            return str(wording.CONFIDENCES[value]) if value else ""
        case "low" | "high":
            return "" if value is None else written(value)
        case "choices":
            return values.write(value)
        case "hazard":
            return _hazard(item)
    return _plain(item, name, content)


def _plain(item: Item, name: str, content: Content) -> str:
    value = getattr(item, name)
    if name == "condition" and value is not None:
        names = {each.key: each for each in content.items}
        return shown.condition(value, shown.numbered(content), names)
    if name == "failing":
        return str(wording.PLAIN[value])
    if isinstance(value, bool):
        return str(wording.PLAIN["yes" if value else "no"])
    return str(value or "")


def _hazard(item: Item) -> str:
    hint = item.hazard
    if hint is None:
        return ""
    category = dict(kinds.categories()).get(hint.category, hint.category)
    grade = str(wording.GRADES[hint.grade])
    days = str(hint.days) if hint.days else ""
    trade = kinds.trade(hint.trade)
    return " · ".join(each for each in (grade, category, days, hint.criterion, trade) if each)
