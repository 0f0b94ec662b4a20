"""The lists of criteria as data: complete as far as they were read, and valid by day."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from bihuan.core.rules import Bilingual, Confidence
from bihuan.criteria import lists, matching
from bihuan.criteria.lists import CriteriaList, Criterion, Item

ON = date(2026, 9, 1)

LIST = """
[[list]]
key = "CRI-1"
version = "{version}"
{days}
sector = {{ zh = "甲", en = "A" }}
title = {{ zh = "乙", en = "B" }}
number = "1"
scope = {{ zh = "丙", en = "C" }}
order = 1
confidence = "S"
source = {{ zh = "丁", en = "D" }}
"""


def test_an_item_is_found_by_its_id() -> None:
    found = lists.by_id("CRI-1/13.2", on=ON)

    assert found is not None
    assert found.id == "CRI-1/13.2"
    assert found.item.join == "or"
    assert len(found.item.parts) == 3
    assert lists.find("CRI-1", "13.2") == found


@pytest.mark.parametrize("criterion", ["", "CRI-1", "CRI-1/", "CRI-99/1", "CRI-1/13.2\x00", "/"])
def test_what_is_no_id_finds_nothing(criterion: str) -> None:
    assert lists.by_id(criterion, on=ON) is None


@pytest.mark.parametrize(
    ("key", "last", "first"),
    [("CRI-4", date(2025, 10, 31), "2025"), ("CRI-9c", date(2026, 6, 30), "2026")],
)
def test_the_list_of_the_day_counts(key: str, last: date, first: str) -> None:
    before = [each.version for each in lists.in_force(last) if each.key == key]
    after = [each.version for each in lists.in_force(last + timedelta(1)) if each.key == key]

    assert len(before) == 1
    assert before != after
    assert after == [first]


def test_special_lists_go_before_general_ones() -> None:
    order = [each.key for each in lists.in_force(ON)]

    for special in ("CRI-2", "CRI-4", "CRI-5", "CRI-6"):
        assert order.index(special) < order.index("CRI-1")


def test_what_was_read_is_usable_and_what_is_recalled_is_a_draft() -> None:
    school = lists.by_id("CRI-8/3.8", on=ON)
    space = lists.by_id("CRI-1/13.2", on=ON)

    assert school is not None
    assert not school.item.is_draft
    assert space is not None
    assert space.item.is_draft


def test_the_earlier_elements_of_fire_hazards_are_not_included() -> None:
    assert all(not each.items for each in lists.every() if each.key == "CRI-4")


def test_catch_alls_have_no_words_by_which_they_could_be_proposed() -> None:
    ends = [item for each in lists.every() for item in each.items if item.is_catch_all]

    assert {item.key for item in ends} >= {"14", "10", "16", "17"}
    assert not any(item.terms for item in ends)


def test_texts_are_in_both_languages() -> None:
    for each in lists.every():
        for text in (each.sector, each.title, each.scope, each.source):
            assert text.zh.strip()
            assert text.en.isascii() or "“" in text.en
        for item in each.items:
            for text in (item.text, *item.parts):
                assert text.zh.strip()
                assert text.en.strip()
                assert len(text.zh) <= 600
                assert len(text.en) <= 900


def test_two_versions_at_the_same_time_are_refused(tmp_path: Path) -> None:
    one = LIST.format(version="1", days="to = 2025-12-31")
    other = LIST.format(version="2", days="from = 2025-12-31")
    (tmp_path / "a.toml").write_text(one + other, encoding="utf-8")

    with pytest.raises(ValueError, match="clashes"):
        lists._read(tmp_path)


def test_one_version_after_the_other_is_read(tmp_path: Path) -> None:
    one = LIST.format(version="1", days="to = 2025-12-31")
    other = LIST.format(version="2", days="from = 2026-01-01")
    (tmp_path / "a.toml").write_text(one + other, encoding="utf-8")

    assert [each.version for each in lists._read(tmp_path)] == ["1", "2"]


@pytest.mark.parametrize(
    "broken",
    [
        {"join": "xor", "parts": (Bilingual("a", "a"), Bilingual("b", "b"))},
        {"join": "and"},
        {"parts": (Bilingual("a", "a"), Bilingual("b", "b"))},
        {"is_catch_all": True, "terms": (("火",),)},
        {"terms": ((),)},
        {"terms": ((" ",),)},
    ],
)
def test_an_item_that_is_not_sound_is_refused(broken: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="not sound"):
        Item("1", Bilingual("a", "a"), Confidence.READ, **broken)  # type: ignore[arg-type]


# ------------------------------------------------------------------------ proposals
def _criteria() -> list[Criterion]:
    return [Criterion(each, item) for each in lists.in_force(ON) for item in each.items]


def test_the_words_of_a_case_point_to_a_criterion_with_the_reason() -> None:
    found = matching.by_words("三楼疏散通道被杂物堵塞，安全出口数量不足", _criteria())

    assert found[0].criterion.id == "CRI-8/3.8"
    assert set(found[0].words) <= {"安全出口", "不足", "疏散通道", "堵"}


def test_all_words_of_a_term_must_be_in_the_text() -> None:
    assert matching.by_words("地下车库照明不足", _criteria()) == []
    assert matching.by_words("", _criteria()) == []


def test_a_catch_all_is_never_proposed() -> None:
    every = "".join(word for each in _criteria() for words in each.item.terms for word in words)

    found = matching.by_words(every, _criteria())

    assert len(found) == matching.AT_MOST
    assert not any(each.criterion.item.is_catch_all for each in found)


def test_every_item_with_words_can_be_proposed() -> None:
    for criterion in _criteria():
        for words in criterion.item.terms:
            one: CriteriaList = criterion.list
            assert matching.by_words("".join(words), [Criterion(one, criterion.item)])
