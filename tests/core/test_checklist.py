"""Checklists: what keeps one from being used, and how it is written and read."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.core import checklist_json
from bihuan.core.checklist import (
    LARGEST_SCORE,
    LONGEST_KEY,
    LONGEST_TEXT,
    MOST_CHOICES,
    MOST_DAYS,
    MOST_ITEMS,
    MOST_SECTIONS,
    NOT_APPLICABLE,
    AnswerType,
    Choice,
    Condition,
    Content,
    Fault,
    HazardHint,
    Item,
    Section,
    faults,
)
from bihuan.core.checklist_json import UnreadableContent
from bihuan.core.rules import Bilingual
from tests.core.checklists import contents

DOOR = Item("door", Bilingual("门是否关闭", "Is the door closed?"))
KIND = Item(
    "kind",
    Bilingual("门的种类", ""),
    AnswerType.CHOICE,
    choices=(Choice("wood", Bilingual("木门", ""), True), Choice("steel", Bilingual("钢门", ""))),
)
LOAD = Item("load", Bilingual("承重", ""), AnswerType.NUMBER, low=Decimal(1), high=Decimal(9))


def _content(*items: Item) -> Content:
    return Content((Section("s1", Bilingual("消防", "Fire"), items),))


def _faults(*items: Item) -> list[Fault]:
    return [found.fault for found in faults(_content(*items))]


@given(contents())
@settings(max_examples=20)
def test_what_is_written_is_read_again(content: Content) -> None:
    text = checklist_json.dump(content)

    assert checklist_json.load(text) == content
    assert checklist_json.dump(checklist_json.load(text)) == text
    assert faults(content) == ()


LONG = Bilingual("长" * (LONGEST_TEXT + 1), "")
WRONG: dict[Fault, Item] = {
    Fault.BAD_KEY: replace(DOOR, key="Door 1"),
    Fault.NO_TEXT: replace(DOOR, text=Bilingual(" ", "Door")),
    Fault.TOO_LONG: replace(DOOR, text=LONG),
    Fault.BAD_FAILING: replace(DOOR, failing="perhaps"),
    Fault.BAD_RANGE: replace(LOAD, low=Decimal(10)),
    Fault.TOO_FEW_CHOICES: replace(KIND, choices=KIND.choices[:1]),
    Fault.CHOICE_TWICE: replace(KIND, choices=(*KIND.choices, KIND.choices[0])),
    Fault.CHOICE_WITHOUT_TEXT: replace(
        KIND, choices=(*KIND.choices, Choice("other", Bilingual("", "Other")))
    ),
    Fault.TOO_MANY_CHOICES: replace(
        KIND,
        choices=tuple(Choice(f"c{n}", Bilingual(f"甲{n}", "")) for n in range(MOST_CHOICES + 1)),
    ),
    Fault.BAD_SCORE: replace(DOOR, score=LARGEST_SCORE + 1),
    Fault.BAD_DAYS: replace(DOOR, hazard=HazardHint(days=MOST_DAYS + 1)),
    Fault.CANNOT_FAIL: replace(DOOR, answer=AnswerType.TEXT, photo_when_failed=True),
    Fault.OWN_CONDITION: replace(DOOR, condition=Condition("door", ("no",))),
    Fault.UNKNOWN_CONDITION: replace(DOOR, condition=Condition("gone", ("no",))),
}


@pytest.mark.parametrize("fault", WRONG)
def test_an_item_has_this_fault_alone(fault: Fault) -> None:
    assert _faults(WRONG[fault]) == [fault]


@pytest.mark.parametrize("name", ["category", "criterion", "trade"])
def test_what_a_hazard_is_called_elsewhere_is_short(name: str) -> None:
    hint = replace(HazardHint(), **{name: "x" * (LONGEST_KEY + 1)})  # type: ignore[arg-type]

    assert _faults(replace(DOOR, hazard=hint)) == [Fault.TOO_LONG]


@pytest.mark.parametrize(
    "item",
    [
        replace(LOAD, low=Decimal("Infinity"), high=None),
        replace(LOAD, low=None, high=Decimal(10) ** 10),
    ],
    ids=["no number", "larger than any"],
)
def test_a_range_has_ends_that_can_be_measured(item: Item) -> None:
    assert _faults(item) == [Fault.BAD_RANGE]


@pytest.mark.parametrize("key", [NOT_APPLICABLE, "", "Wood", "a-b", "ä"])
def test_a_choice_has_a_key_of_its_own(key: str) -> None:
    item = replace(KIND, choices=(*KIND.choices, Choice(key, Bilingual("其他", ""))))

    assert _faults(item) == [Fault.BAD_KEY]


def test_a_condition_names_an_earlier_item_and_its_answers() -> None:
    on_wood = replace(DOOR, condition=Condition("kind", ("wood",)))
    on_load = replace(DOOR, condition=Condition("load", ("5",)))

    assert _faults(KIND, on_wood) == []
    assert _faults(on_wood, KIND) == [Fault.LATER_CONDITION]
    assert _faults(KIND, replace(on_wood, condition=Condition("kind", ("glass",)))) == [
        Fault.CONDITION_VALUE
    ]
    assert _faults(KIND, replace(on_wood, condition=Condition("kind", ()))) == [
        Fault.CONDITION_VALUE
    ]
    assert _faults(LOAD, on_load) == [Fault.CONDITION_VALUE]


def test_two_items_that_wait_for_each_other_are_refused() -> None:
    first = replace(DOOR, key="a", condition=Condition("b", ("yes",)))
    second = replace(DOOR, key="b", condition=Condition("a", ("yes",)))

    assert _faults(first, second) == [Fault.LATER_CONDITION]


def test_an_item_that_may_not_apply_can_be_waited_for() -> None:
    waits = replace(DOOR, key="b", condition=Condition("door", (NOT_APPLICABLE,)))

    assert _faults(DOOR, waits) == []
    assert _faults(replace(DOOR, may_not_apply=False), waits) == [Fault.CONDITION_VALUE]


def test_a_list_has_items_in_every_section_and_keys_only_once() -> None:
    empty = Section("s1", Bilingual("", ""))
    doubled = Content((Section("s1", Bilingual("甲", ""), (DOOR, DOOR)),) * 2)

    assert [each.fault for each in faults(Content())] == [Fault.NO_ITEMS]
    assert [each.fault for each in faults(Content((empty,)))] == [
        Fault.NO_ITEMS, Fault.NO_TITLE, Fault.EMPTY_SECTION,
    ]  # fmt: skip
    assert [(each.fault, each.item, each.section) for each in faults(doubled)] == [
        (Fault.KEY_TWICE, "door", ""), (Fault.KEY_TWICE, "", "s1"),
    ]  # fmt: skip


def test_a_list_has_a_size_that_one_person_can_walk() -> None:
    many = _content(*(replace(DOOR, key=f"i{n}") for n in range(MOST_ITEMS + 1)))
    sections = tuple(
        Section(f"s{n}", Bilingual("甲", ""), (replace(DOOR, key=f"i{n}"),))
        for n in range(MOST_SECTIONS + 1)
    )

    assert [each.fault for each in faults(many)] == [Fault.TOO_MANY_ITEMS]
    assert [each.fault for each in faults(Content(sections))] == [Fault.TOO_MANY_SECTIONS]
    assert [each.fault for each in faults(replace(_content(DOOR), full_score=-1))] == [
        Fault.BAD_SCORE
    ]


GOOD = json.loads(checklist_json.dump(_content(DOOR, KIND, LOAD)))


def _with(**changed: object) -> str:
    return json.dumps({**GOOD, **changed})


def _with_item(**changed: object) -> str:
    section = GOOD["sections"][0]
    return _with(sections=[{**section, "items": [{**section["items"][0], **changed}]}])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        "{",
        "[" * 100_000,
        _with(schema=2),
        _with(schema="1"),
        _with(sections={}),
        _with(extra=1),
        _with(full_score=True),
        _with(full_score=10**30),
        _with_item(answer="geoshape"),
        _with_item(key=1),
        _with_item(text="门"),
        _with_item(text={"zh": "门", "fr": "porte"}),
        _with_item(text={"zh": "门\x00"}),
        _with_item(text={"zh": "\ud800"}),
        _with_item(low="1e9"),
        _with_item(low=1),
        _with_item(low="1.2.3"),
        _with_item(required="yes"),
        _with_item(hazard={"grade": "worst"}),
        _with_item(confidence="certain"),
        _with_item(condition={"item": "a"}),
        _with_item(repeat=[]),
        "9" * 5_000,
        " " * 2_000_001,
    ],
)
def test_what_is_no_checklist_is_refused(text: str) -> None:
    with pytest.raises(UnreadableContent):
        checklist_json.load(text)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: (
    st.lists(inner) | st.dictionaries(st.sampled_from(["schema", "sections", "key"]), inner)
)))  # fmt: skip
def test_whatever_is_read_is_a_checklist_or_refused(data: object) -> None:
    with pytest.raises(UnreadableContent):
        checklist_json.from_data({"schema": 1, "sections": [data]})
