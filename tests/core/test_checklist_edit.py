"""Changes of a draft: nothing is lost on the way."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.core import checklist_edit as edit
from bihuan.core.checklist import Content, Item, Section
from bihuan.core.rules import Bilingual
from tests.core.checklists import contents

A, B, C = (Item(key, Bilingual(key, "")) for key in "abc")
TITLE = Bilingual("节", "")
LIST = Content((Section("s", TITLE, (A, B)), Section("t", TITLE, (C,)), Section("u", TITLE)))


def _keys(content: Content) -> str:
    return " ".join("".join(i.key for i in s.items) or "-" for s in content.sections)


def test_an_item_moves_within_its_section_and_into_the_next() -> None:
    assert _keys(edit.move_item(LIST, "a", 1)) == "ba c -"
    assert _keys(edit.move_item(LIST, "b", 1)) == "a bc -"
    assert _keys(edit.move_item(LIST, "c", 1)) == "ab - c"
    assert _keys(edit.move_item(LIST, "c", -1)) == "abc - -"
    assert edit.move_item(LIST, "a", -1) == LIST
    assert edit.move_item(LIST, "gone", 1) == LIST


def test_an_item_is_added_copied_changed_and_removed() -> None:
    new = Item("d", Bilingual("新", ""))

    assert _keys(edit.add_item(LIST, "u", new)) == "ab c d"
    assert _keys(edit.copy_item(LIST, "a", "x")) == "axb c -"
    assert _keys(edit.remove_item(LIST, "b")) == "a c -"
    assert _keys(edit.change_item(LIST, A, "t")) == "b ca -"
    changed = edit.change_item(LIST, replace(A, score=3), "s")
    assert (_keys(changed), changed.items[0].score) == ("ab c -", 3)


def test_sections_are_added_renamed_moved_and_removed() -> None:
    assert _keys(edit.add_section(LIST, "v", TITLE)) == "ab c - -"
    assert edit.rename_section(LIST, "t", Bilingual("新", "")).sections[1].title.zh == "新"
    assert _keys(edit.move_section(LIST, "t", -1)) == "c ab -"
    assert _keys(edit.move_section(LIST, "s", 1)) == "c ab -"
    assert edit.move_section(LIST, "s", -1) == edit.move_section(LIST, "u", 1) == LIST
    assert _keys(edit.remove_section(LIST, "s")) == "c -"


@given(contents(), st.data())
@settings(max_examples=20)
def test_moving_never_loses_an_item(content: Content, data: st.DataObject) -> None:
    key = data.draw(st.sampled_from([item.key for item in content.items]))
    steps = data.draw(st.sampled_from([-1, 1]))

    moved = edit.move_item(content, key, steps)

    assert sorted(i.key for i in moved.items) == sorted(i.key for i in content.items)
    assert {i.key: i for i in moved.items} == {i.key: i for i in content.items}
    back = edit.move_item(moved, key, -steps)
    assert back == content or moved == content
