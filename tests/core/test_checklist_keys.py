"""The keys of items that come back from a file."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings

from bihuan.core import checklist
from bihuan.core.checklist import AnswerType, Choice, Condition, Content, Fault, Item, Section
from bihuan.core.checklist_keys import kept
from bihuan.core.rules import Bilingual
from tests.core.checklists import contents


def _item(key: str, text: str, **given: object) -> Item:
    return Item(key, Bilingual(text, ""), **given)  # type: ignore[arg-type]


def _list(*items: Item, key: str = "s1") -> Content:
    return Content((Section(key, Bilingual("消防", ""), items),))


def _keys(content: Content) -> list[str]:
    return [item.key for item in content.items]


BEFORE = _list(_item("door", "门是否关闭？"), _item("lamp", "应急灯是否完好"))


def test_an_item_that_asks_the_same_keeps_its_key() -> None:
    after = _list(_item("q2", "应急灯 是否完好？"), _item("q1", "门是否关闭"), key="g1")

    found = kept(BEFORE, after)

    assert _keys(found) == ["lamp", "door"]
    assert found.sections[0].key == "s1"


def test_an_item_that_has_its_key_keeps_it_whatever_it_asks() -> None:
    after = _list(_item("door", "应急灯是否完好"), _item("q1", "门是否关闭？"))

    assert _keys(kept(BEFORE, after)) == ["door", "q1"]


def test_an_item_with_other_words_is_another_one() -> None:
    after = _list(_item("q1", "门是否上锁"), _item("lamp", "应急灯是否完好"))

    assert _keys(kept(BEFORE, after)) == ["q1", "lamp"]


def test_words_that_are_there_twice_say_nothing() -> None:
    after = _list(_item("q1", "门是否关闭？"), _item("q2", "门是否关闭？"))

    assert _keys(kept(BEFORE, after)) == ["q1", "q2"]


def test_answers_and_conditions_follow() -> None:
    def choice(key: str, text: str) -> Choice:
        return Choice(key, Bilingual(text, ""))

    works = (choice("works", "正常"), choice("broken", "损坏"))
    before = _list(_item("alarm", "报警器", answer=AnswerType.CHOICE, choices=works))
    after = _list(
        _item("q1", "报警器", answer=AnswerType.CHOICE,
              choices=(choice("a", "正常"), choice("b", "损坏"), choice("c", "没有"))),
        _item("q2", "何时维修", answer=AnswerType.TEXT, condition=Condition("q1", ("b", "c"))),
    )  # fmt: skip

    alarm, repair = kept(before, after).items

    assert [each.key for each in alarm.choices] == ["works", "broken", "c"]
    assert repair.condition == Condition("alarm", ("broken", "c"))


@given(contents())
@settings(max_examples=20)
def test_a_list_that_comes_back_unchanged_is_the_same(content: Content) -> None:
    assert kept(content, content) == content


@given(contents(), contents())
@settings(max_examples=30)
def test_no_key_is_there_twice_afterwards(before: Content, after: Content) -> None:
    renamed = replace(after, sections=tuple(
        replace(section, key=f"x{section.key}"[:40],
                items=tuple(replace(item, key=f"x{item.key}"[:40], condition=None)
                            for item in section.items))
        for section in after.sections
    ))  # fmt: skip

    faults = {found.fault for found in checklist.faults(kept(before, renamed))}

    assert Fault.KEY_TWICE not in faults
