"""A checklist as pages show it: numbered items with words for everything they say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan import formats, languages
from bihuan.checklists import kinds, wording
from bihuan.checklists.queries import Touched
from bihuan.core.checklist import (
    NO,
    NOT_APPLICABLE,
    YES,
    AnswerType,
    Condition,
    Content,
    Found,
    Item,
    Section,
)
from bihuan.core.checklist_answers import written
from bihuan.core.hazard import Grade
from bihuan.core.rules import Bilingual, Confidence


@dataclass(frozen=True)
class ShownItem:
    """One item with its number, and what is wrong with it."""

    number: str
    item: Item
    text: str
    help: str
    basis: str
    doubt: str
    condition: str
    answers: tuple[tuple[str, bool], ...]
    marks: tuple[str, ...]
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class ShownSection:
    number: int
    section: Section
    title: str
    items: tuple[ShownItem, ...]
    faults: tuple[str, ...] = field(default=())


def words(text: Bilingual) -> str:
    """Return a text in the reader's language, or in the one that it has."""
    return languages.name(text.zh, text.en)


def sections(content: Content, found: Sequence[Found] = ()) -> tuple[ShownSection, ...]:
    """Return the whole list; `found` are its faults, shown where they are."""
    numbers = numbered(content)
    names = {item.key: item for item in content.items}
    return tuple(
        ShownSection(
            number,
            section,
            words(section.title),
            tuple(_item(item, numbers, names, found) for item in section.items),
            tuple(wording.fault(f) for f in found if f.section == section.key and not f.item),
        )
        for number, section in enumerate(content.sections, 1)
    )


def of_list(found: Iterable[Found]) -> list[str]:
    """Return the faults of the list as a whole."""
    return [wording.fault(each) for each in found if not each.item and not each.section]


def numbered(content: Content) -> Mapping[str, str]:
    """Return the number of each item, such as "2.3"."""
    return {
        item.key: f"{section}.{place}"
        for section, each in enumerate(content.sections, 1)
        for place, item in enumerate(each.items, 1)
    }


def _item(
    item: Item, numbers: Mapping[str, str], names: Mapping[str, Item], found: Sequence[Found]
) -> ShownItem:
    return ShownItem(
        number=numbers[item.key],
        item=item,
        text=words(item.text),
        help=words(item.help),
        basis=words(item.basis),
        doubt=doubt(item.confidence),
        condition=condition(item.condition, numbers, names) if item.condition else "",
        answers=tuple(answers(item)),
        marks=tuple(map(str, marks(item))),
        faults=tuple(wording.fault(f) for f in found if f.item == item.key),
    )


def doubt(confidence: Confidence | None) -> str:
    """Say how sure the basis is, where it is not sure."""
    match confidence:
        case Confidence.RECALLED:
            return _("source to be verified")
        case Confidence.SECOND_HAND:
            return _("source known second-hand")
        case Confidence.PROJECT_DEFAULT:
            return _("default of the system, not from a regulation")
    return ""


def condition(condition: Condition, numbers: Mapping[str, str], names: Mapping[str, Item]) -> str:
    """Say when the item is asked."""
    other = names.get(condition.item)
    values = [answer(other, value) if other else value for value in condition.values]
    return _("Only if %(number)s is: %(answers)s") % {
        "number": numbers.get(condition.item, "?"),
        "answers": _(" or ").join(values),
    }


def answer(item: Item, value: str) -> str:
    """Return an answer as the inspector sees it."""
    if value in (YES, NO, NOT_APPLICABLE):
        return str(wording.PLAIN[value])
    choices = {choice.key: words(choice.text) for choice in item.choices}
    return choices.get(value, value)


def answers(item: Item) -> Iterator[tuple[str, bool]]:
    """Return the answers to tap, each with whether it fails."""
    failing = {choice.key for choice in item.choices if choice.fails}
    if item.answer is AnswerType.YES_NO:
        failing = {item.failing}
    for value in item.values:
        yield answer(item, value), value in failing
    if not item.values and item.may_not_apply:
        yield answer(item, NOT_APPLICABLE), False


def marks(item: Item) -> Iterator[str]:
    """Return what else there is to know about an item, as short marks."""
    if item.answer is not AnswerType.YES_NO:
        yield str(wording.ANSWERS[item.answer])
    if in_order := _range(item):
        yield in_order
    if not item.required:
        yield _("optional")
    if item.photo_when_failed:
        yield _("photo when failed")
    if item.score:
        yield ngettext("%(count)s point", "%(count)s points", item.score) % {"count": item.score}
    if item.hazard:
        yield from _hazard(item)


def _range(item: Item) -> str:
    if item.answer is not AnswerType.NUMBER:
        return ""
    low = "" if item.low is None else written(item.low)
    high = "" if item.high is None else written(item.high)
    ends = f"{low}–{high}" if low and high else (f"≥ {low}" if low else f"≤ {high}" if high else "")
    return f"{ends} {item.measure}".strip()


def _hazard(item: Item) -> Iterator[str]:
    assert item.hazard is not None
    hint = item.hazard
    major = hint.grade is Grade.MAJOR
    category = dict(kinds.categories()).get(hint.category, hint.category)
    said = _("major hazard proposed") if major else _("hazard proposed")
    yield _("%(what)s: %(category)s") % {"what": said, "category": category} if category else said
    if hint.days:
        yield ngettext("%(days)s day", "%(days)s days", hint.days) % {"days": hint.days}
    if hint.criterion:
        yield hint.criterion
    if hint.trade:
        yield _("competent: %(trade)s") % {"trade": kinds.trade(hint.trade)}


def touched(change: Touched, content: Content) -> str:
    """Say in one sentence what was changed in a draft by another officer, or in another window."""
    item = content.item(change.key)
    section = next((s for s in content.sections if s.key == change.key), None)
    title = words(item.text) if item else words(section.title) if section else ""
    said = str(wording.TOUCHED.get(change.what, wording.TOUCHED["item"]))
    return _("%(time)s, %(officer)s: %(what)s%(title)s.") % {
        "time": formats.stamp(change.at),
        "officer": change.by,
        "what": said,
        "title": _(" “%(title)s”") % {"title": title} if title else "",
    }
