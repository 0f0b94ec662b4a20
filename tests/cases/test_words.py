"""Cases found by their words, on both engines, without looking at each."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction

from bihuan.cases.actions import words
from bihuan.cases.models import Case, CaseWords, case
from bihuan.core.powers import Power
from bihuan.hazards.actions import reporting
from bihuan.hazards.actions.reporting import Finding
from bihuan.orgs.models import Unit
from tests.factories import NOW, make_officer, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit() -> Unit:
    return make_unit()


def reported(unit: Unit, title: str, place: str = "中心小学") -> Case:
    officer = make_officer(unit, Power.REPORT)
    found = Finding(title=title, place=place, unit=unit, found_date=date(2026, 9, 1))
    return reporting.report(finding=found, actor=officer, now=NOW)


def found(text: str) -> set[str]:
    return set(Case.objects.matching(text).values_list("title", flat=True))


def test_a_search_finds_words_in_any_order(unit: Unit) -> None:
    reported(unit, "三楼疏散通道堆放杂物")
    reported(unit, "围墙开裂倾斜")

    assert found("通道 三楼") == {"三楼疏散通道堆放杂物"}
    assert found("围墙") == {"围墙开裂倾斜"}
    assert found("水库") == set()


def test_a_single_character_and_the_start_of_a_word_are_enough(unit: Unit) -> None:
    reported(unit, "Exit 12 blocked 火源")

    assert found("火") == {"Exit 12 blocked 火源"}
    assert found("exi") == {"Exit 12 blocked 火源"}
    assert found("ＥＸＩＴ") == {"Exit 12 blocked 火源"}


def test_a_search_for_nothing_but_marks_finds_nothing(unit: Unit) -> None:
    reported(unit, "围墙开裂")

    assert found("'\"*:&|!()") == set()
    assert found("…") == set()


@pytest.mark.parametrize(
    "text", ["'); DROP TABLE cases_case;--", "a' | 'b", "“通道”", "a:*", "NOT a"]
)
def test_no_search_is_taken_for_a_query(unit: Unit, text: str) -> None:
    reported(unit, "三楼疏散通道")

    list(Case.objects.matching(text))


def test_common_words_are_looked_for_case_by_case(
    unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case, "RARE", 2)
    for n in range(5):
        reported(unit, f"消防栓无水 {n}")
    reported(unit, "护栏松动")

    matching = Case.objects.matching("消防栓").order_by("-number")[:3]

    assert [each.title for each in matching] == ["消防栓无水 4", "消防栓无水 3", "消防栓无水 2"]


def test_amended_words_are_found_and_old_ones_are_not(unit: Unit) -> None:
    made = reported(unit, "围墙开裂")
    coordinator = make_officer(unit, Power.COORDINATE)

    reporting.amend(
        case=made, actor=coordinator, now=NOW, title="护栏松动", place="操场", note="写错了"
    )

    assert found("护栏") == {"护栏松动"}
    assert found("围墙") == set()


def test_what_an_import_left_for_later_is_indexed_once(unit: Unit) -> None:
    made = [reported(unit, f"燃气软管老化 {n}") for n in range(3)]
    CaseWords.objects.all().delete()
    with transaction.atomic():
        words.leave_for_later(made[0].pk, made[-1].pk)

    assert found("软管") == set()
    assert words.index_rest() == 3
    assert words.index_rest() == 0
    assert len(found("软管")) == 3
