"""The differences between two versions of a checklist."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.core.checklist import Content, Item, Section
from bihuan.core.checklist_changes import Difference, changes
from bihuan.core.rules import Bilingual
from tests.core.checklists import contents

A, B, C, D = (Item(key, Bilingual(f"问{key}", "")) for key in "abcd")


def _list(*items: Item, title: str = "甲") -> Content:
    return Content((Section("s1", Bilingual(title, ""), items),))


def _said(before: Content, after: Content) -> list[tuple[str, str]]:
    return [(change.difference.value, change.key) for change in changes(before, after).items]


@given(contents())
@settings(max_examples=20)
def test_a_version_does_not_differ_from_itself(content: Content) -> None:
    assert not changes(content, content)


@given(contents(), contents())
@settings(max_examples=20)
def test_versions_that_differ_have_changes(before: Content, after: Content) -> None:
    sections = [section.key for section in before.sections]
    reordered = sections != [section.key for section in after.sections]

    assert bool(changes(before, after)) == (before != after) or reordered


def test_added_removed_and_changed_items_are_found() -> None:
    other = replace(B, text=Bilingual("另问", ""), score=3)

    found = changes(_list(A, B, C), _list(A, other, D))

    assert [(c.difference, c.key, c.fields) for c in found.items] == [
        (Difference.CHANGED, "b", ("text", "score")),
        (Difference.ADDED, "d", ()),
        (Difference.REMOVED, "c", ()),
    ]


def test_one_item_that_moves_leaves_the_others_in_place() -> None:
    assert _said(_list(A, B, C, D), _list(B, C, D, A)) == [("moved", "a")]
    assert _said(_list(A, B, C, D), _list(D, A, B, C)) == [("moved", "d")]


def test_an_item_in_another_section_has_moved() -> None:
    before = Content((*_list(A, B).sections, Section("s2", Bilingual("乙", ""), (C,))))
    after = Content((*_list(A).sections, Section("s2", Bilingual("乙", ""), (B, C))))

    assert _said(before, after) == [("moved", "b")]


def test_headings_and_the_full_score_are_compared() -> None:
    found = changes(_list(A), replace(_list(A, title="丙"), full_score=100))

    assert [(old and old.title.zh, new and new.title.zh) for old, new in found.titles] == [
        ("甲", "丙")
    ]
    assert found.full_score == (0, 100)


@given(st.permutations([A, B, C, D]))
def test_the_items_that_moved_are_as_few_as_possible(order: list[Item]) -> None:
    moved = {key for _, key in _said(_list(A, B, C, D), _list(*order))}
    stayed = [item.key for item in order if item.key not in moved]

    assert stayed == sorted(stayed)
    assert len(stayed) >= 2 or order == [D, C, B, A]
