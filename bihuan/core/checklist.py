"""A checklist: sections with items, what each item asks, and what makes it whole.

An item asks whether a rule is kept at a place. Its key stays the same in every version of the list,
so that answers of different years can be compared. What must hold of a list before it is used is
found by `faults`; a draft may have faults.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum

from bihuan.core.hazard import Grade
from bihuan.core.rules import Bilingual, Confidence

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
MOST_SECTIONS, MOST_ITEMS, MOST_CHOICES = 50, 400, 40
LONGEST_TITLE, LONGEST_TEXT, LONGEST_HELP, LONGEST_BASIS = 80, 300, 1000, 200
# Of a category, a criterion and a trade, which other apps know by name.
LONGEST_KEY = 40
LARGEST_NUMBER = Decimal(10) ** 9
LARGEST_SCORE, LARGEST_FULL_SCORE, MOST_DAYS = 1000, 1000, 3650

NOTHING = Bilingual("", "")


class AnswerType(StrEnum):
    """How an item is answered."""

    YES_NO = "yes_no"
    NUMBER = "number"
    CHOICE = "choice"
    TEXT = "text"
    PHOTO = "photo"
    SIGNATURE = "signature"


YES, NO, NOT_APPLICABLE = "yes", "no", "not_applicable"


@dataclass(frozen=True)
class Choice:
    """One of the answers of a choice."""

    key: str
    text: Bilingual
    fails: bool = False


@dataclass(frozen=True)
class Condition:
    """The item is shown only when an earlier item has one of these answers."""

    item: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class HazardHint:
    """What a failed item proposes for the hazard; an officer decides."""

    category: str = ""
    grade: Grade = Grade.GENERAL
    days: int | None = None
    # The id of a published criterion of major hazards, such as "CRI-1/13.2".
    criterion: str = ""
    # The trade whose regulator is competent, if it is not the operator of the site.
    trade: str = ""


@dataclass(frozen=True)
class Item:
    """One question of a checklist."""

    key: str
    text: Bilingual
    answer: AnswerType = AnswerType.YES_NO
    help: Bilingual = NOTHING
    basis: Bilingual = NOTHING
    # How reliably the basis is known; None if nothing was said about it.
    confidence: Confidence | None = None
    # Of yes and no, the answer that fails.
    failing: str = NO
    may_not_apply: bool = True
    # The range of a number that is in order, with its unit of measurement.
    low: Decimal | None = None
    high: Decimal | None = None
    measure: str = ""
    choices: tuple[Choice, ...] = ()
    photo_when_failed: bool = False
    required: bool = True
    condition: Condition | None = None
    score: int = 0
    hazard: HazardHint | None = None

    @property
    def can_fail(self) -> bool:
        """Whether some answer fails; texts, photos and signatures are only recorded."""
        match self.answer:
            case AnswerType.YES_NO:
                return True
            case AnswerType.NUMBER:
                return self.low is not None or self.high is not None
            case AnswerType.CHOICE:
                return any(choice.fails for choice in self.choices)
        return False

    @property
    def values(self) -> tuple[str, ...]:
        """The answers that a condition may name; none for what is typed."""
        if self.answer is AnswerType.YES_NO:
            known: tuple[str, ...] = (YES, NO)
        elif self.answer is AnswerType.CHOICE:
            known = tuple(choice.key for choice in self.choices)
        else:
            return ()
        return (*known, NOT_APPLICABLE) if self.may_not_apply else known


@dataclass(frozen=True)
class Section:
    """Items under one heading."""

    key: str
    title: Bilingual
    items: tuple[Item, ...] = ()


@dataclass(frozen=True)
class Content:
    """Everything that one version of a checklist says."""

    sections: tuple[Section, ...] = ()
    # What a list with everything in order reaches; 0 if it is the sum of the items' scores.
    full_score: int = 0

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for section in self.sections for item in section.items)

    def item(self, key: str) -> Item | None:
        return next((item for item in self.items if item.key == key), None)

    @property
    def has_scores(self) -> bool:
        return any(item.score for item in self.items)


def weighed(item: Item, *, photo_when_failed: bool, score: int, hazard: HazardHint | None) -> Item:
    """Return the item with what follows when it fails."""
    return replace(item, photo_when_failed=photo_when_failed, score=score, hazard=hazard)


class Fault(StrEnum):
    """What is wrong with a list, or with one of its items."""

    NO_ITEMS = "no_items"
    EMPTY_SECTION = "empty_section"
    NO_TITLE = "no_title"
    TOO_MANY_SECTIONS = "too_many_sections"
    TOO_MANY_ITEMS = "too_many_items"
    BAD_KEY = "bad_key"
    KEY_TWICE = "key_twice"
    NO_TEXT = "no_text"
    TOO_LONG = "too_long"
    BAD_FAILING = "bad_failing"
    BAD_RANGE = "bad_range"
    TOO_FEW_CHOICES = "too_few_choices"
    TOO_MANY_CHOICES = "too_many_choices"
    CHOICE_TWICE = "choice_twice"
    CHOICE_WITHOUT_TEXT = "choice_without_text"
    BAD_SCORE = "bad_score"
    BAD_DAYS = "bad_days"
    CANNOT_FAIL = "cannot_fail"
    UNKNOWN_CONDITION = "unknown_condition"
    LATER_CONDITION = "later_condition"
    OWN_CONDITION = "own_condition"
    CONDITION_VALUE = "condition_value"
    ASKS_FOR_PERSON = "asks_for_person"


@dataclass(frozen=True)
class Found:
    """A fault, and where it is: the key of a section or an item, or of neither for the list."""

    fault: Fault
    item: str = ""
    section: str = ""
    words: tuple[str, ...] = field(default=())


def faults(content: Content) -> tuple[Found, ...]:
    """Return what is wrong with the list, in its order; `checklist_persons` finds more."""
    in_sections = (found for section in content.sections for found in _in(section))
    return (*_of_list(content), *in_sections, *_of_conditions(content))


def _of_list(content: Content) -> Iterator[Found]:
    items = content.items
    if not items:
        yield Found(Fault.NO_ITEMS)
    if len(content.sections) > MOST_SECTIONS:
        yield Found(Fault.TOO_MANY_SECTIONS)
    if len(items) > MOST_ITEMS:
        yield Found(Fault.TOO_MANY_ITEMS)
    if not 0 <= content.full_score <= LARGEST_FULL_SCORE:
        yield Found(Fault.BAD_SCORE)
    yield from (Found(Fault.KEY_TWICE, item=key) for key in _twice([i.key for i in items]))
    keys = [section.key for section in content.sections]
    yield from (Found(Fault.KEY_TWICE, section=key) for key in _twice(keys))


def _twice(keys: list[str]) -> list[str]:
    return [key for key in dict.fromkeys(keys) if keys.count(key) > 1]


def _in(section: Section) -> Iterator[Found]:
    if not KEY.fullmatch(section.key):
        yield Found(Fault.BAD_KEY, section=section.key)
    if not section.title.zh.strip():
        yield Found(Fault.NO_TITLE, section=section.key)
    if _is_long(section.title, LONGEST_TITLE):
        yield Found(Fault.TOO_LONG, section=section.key)
    if not section.items:
        yield Found(Fault.EMPTY_SECTION, section=section.key)
    for item in section.items:
        for fault in (*_of_words(item), *_of_answer(item), *_of_weight(item)):
            yield Found(fault, item=item.key, section=section.key)


def _is_long_hint(hint: HazardHint) -> bool:
    keys = (hint.category, hint.criterion, hint.trade)
    return any(len(key) > LONGEST_KEY for key in keys)


def _of_words(item: Item) -> Iterator[Fault]:
    if not KEY.fullmatch(item.key):
        yield Fault.BAD_KEY
    if not item.text.zh.strip():
        yield Fault.NO_TEXT
    long = (
        _is_long(item.text, LONGEST_TEXT)
        or _is_long(item.help, LONGEST_HELP)
        or _is_long(item.basis, LONGEST_BASIS)
        or len(item.measure) > LONGEST_TITLE
        or any(_is_long(choice.text, LONGEST_TITLE) for choice in item.choices)
        or (item.hazard is not None and _is_long_hint(item.hazard))
    )
    if long:
        yield Fault.TOO_LONG


def _is_long(text: Bilingual, most: int) -> bool:
    return max(len(text.zh), len(text.en)) > most


def _of_answer(item: Item) -> Iterator[Fault]:
    match item.answer:
        case AnswerType.YES_NO if item.failing not in (YES, NO):
            yield Fault.BAD_FAILING
        case AnswerType.NUMBER if not _is_range(item.low, item.high):
            yield Fault.BAD_RANGE
        case AnswerType.CHOICE:
            yield from _of_choices(item.choices)


def _is_range(low: Decimal | None, high: Decimal | None) -> bool:
    ends = [end for end in (low, high) if end is not None]
    fits = all(end.is_finite() and abs(end) <= LARGEST_NUMBER for end in ends)
    return fits and (len(ends) < 2 or ends[0] <= ends[1])


def _of_choices(choices: tuple[Choice, ...]) -> Iterator[Fault]:
    keys = [choice.key for choice in choices]
    if len(keys) < 2:
        yield Fault.TOO_FEW_CHOICES
    if len(keys) > MOST_CHOICES:
        yield Fault.TOO_MANY_CHOICES
    if _twice(keys) or _twice([choice.text.zh.strip() for choice in choices]):
        yield Fault.CHOICE_TWICE
    if any(not KEY.fullmatch(key) or key == NOT_APPLICABLE for key in keys):
        yield Fault.BAD_KEY
    if not all(choice.text.zh.strip() for choice in choices):
        yield Fault.CHOICE_WITHOUT_TEXT


def _of_weight(item: Item) -> Iterator[Fault]:
    if not 0 <= item.score <= LARGEST_SCORE:
        yield Fault.BAD_SCORE
    days = item.hazard.days if item.hazard else None
    if days is not None and not 1 <= days <= MOST_DAYS:
        yield Fault.BAD_DAYS
    if not item.can_fail and (item.hazard or item.photo_when_failed or item.score):
        yield Fault.CANNOT_FAIL


def _of_conditions(content: Content) -> Iterator[Found]:
    """Conditions name earlier items only, so that no item can wait for itself."""
    everything = {item.key for item in content.items}
    earlier: dict[str, Item] = {}
    for item in content.items:
        if item.condition is not None:
            fault = _of_condition(item, item.condition, earlier, everything)
            if fault is not None:
                yield Found(fault, item=item.key)
        earlier.setdefault(item.key, item)


def _of_condition(
    item: Item, condition: Condition, earlier: Mapping[str, Item], everything: set[str]
) -> Fault | None:
    if condition.item == item.key:
        return Fault.OWN_CONDITION
    if condition.item not in everything:
        return Fault.UNKNOWN_CONDITION
    if condition.item not in earlier:
        return Fault.LATER_CONDITION
    values = earlier[condition.item].values
    if not condition.values or not set(condition.values) <= set(values):
        return Fault.CONDITION_VALUE
    return None
