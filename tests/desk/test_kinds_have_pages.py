"""A kind of case that registers no pages is refused at the start."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bihuan.cases import kind_wording, kinds
from bihuan.core.lifecycle import Lifecycle
from bihuan.desk import pages, workbook


def test_the_kinds_of_the_release_have_pages() -> None:
    assert pages.lacking() == []


def test_a_kind_without_pages_is_named() -> None:
    table = Lifecycle("other", "make", ("open",), frozenset(), ())
    other = replace(kinds.by_name("hazard"), lifecycle=table)

    found = pages.without_pages([*kinds.every(), other])

    assert [(each.id, each.msg) for each in found] == [
        ("desk.E001", "other: no pages are registered")
    ]


def test_the_pages_of_a_kind_are_registered_once() -> None:
    known = pages.by_name("hazard")

    with pytest.raises(ValueError, match=r"hazards/facts\.html and other\.html"):
        pages.register(replace(known, facts="other.html"))

    assert pages.by_name("hazard") is known


def test_the_pages_of_workbooks_are_registered_once() -> None:
    other = workbook.WorkbookPages(
        "other:export", "other:columns", "other:import", "other:sample", frozenset()
    )

    with pytest.raises(ValueError, match="ledgers:export and other:export"):
        workbook.register(other)


def test_the_timeline_names_a_move_as_its_page_does() -> None:
    differ = [
        (kind.name, move)
        for kind in kinds.every()
        for move, page in pages.by_name(kind.name).moves.items()
        if move != kind.lifecycle.birth and kind_wording.act_words(kind, move) != page.done
    ]

    assert differ == []
