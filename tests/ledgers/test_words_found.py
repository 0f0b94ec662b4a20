"""What cells say in ledgers as offices really send them; each file ends as its README says."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Q
from django.utils.timezone import localtime

from bihuan.cases.models import Case
from bihuan.ledgers import mapping as mappings
from bihuan.ledgers.actions.importing import Source, take_in
from bihuan.ledgers.actions.results import Result
from bihuan.ledgers.mapping import Mapping
from bihuan.ledgers.notes import said_of
from bihuan.ledgers.said import all_here, here
from bihuan.ledgers.wording import words
from bihuan.orgs.models import Unit
from tests.ledgers.books import counts
from tests.ledgers.test_ledgers_found import FOUND

pytestmark = pytest.mark.django_db


NOW = datetime(2026, 11, 20, 1, tzinfo=UTC)


def read_in(name: str, demo_county: Unit, mapping: Mapping | None = None, **how: Any) -> Result:
    """Take the file in, after all days that it names."""
    of_file = {key: how.pop(key) for key in ("sheet", "split", "struck") if key in how}
    source = Source(FOUND / name, name, demo_county, mapping, **of_file)
    return take_in(source, words=words(), actor=None, now=NOW, **how)


def cells_refused(result: Result) -> dict[int, list[str]]:
    """The cells that were refused, by row."""
    found: dict[int, list[str]] = {}
    for row, _column, reason in all_here(result.errors):
        cell = re.match(r"[A-Z]+\d+(?=：)", reason)
        found.setdefault(row, []).append(cell[0] if cell else "")
    return found


def cells_noted(result: Result) -> set[str]:
    return {note.partition("：")[0] for _row, _column, note in all_here(result.notes)}


# --------------------------------------------------------- D13: finishing words
CLOSED = {2, 4, 5, 6, 11, 12, 13, 14, 15, 27, 28, 29, 36, 38, 40, 42, 48, 49, 53, 54}
ASKED = {*range(16, 27), 31, 33, 52, 57, 58, 59}
PLAINLY_OPEN = {30, 37, 39, 41, 43, 50}


def test_d13_closes_only_on_finishing_words(demo_county: Unit, tmp_path: Any) -> None:
    result = read_in(
        "D13_closed_words.xlsx", demo_county, errors_to={"zh-hans": tmp_path / "out.xlsx"}
    )

    contradicted = set(range(2, 60)) - CLOSED - ASKED - PLAINLY_OPEN
    assert counts(result) == (len(CLOSED | PLAINLY_OPEN), 0, 0, len(ASKED | contradicted))
    for row, found in cells_refused(result).items():
        assert row in ASKED | contradicted
        assert found == ([f"N{row}"] if row in ASKED else [f"N{row}", f"L{row}"])
    closed = Case.objects.filter(stage="closed").values_list("title", flat=True)
    assert set(closed) == {f"隐患第{row - 1}项" for row in CLOSED}
    waiting = Case.objects.filter(stage="verified").values_list("title", flat=True)
    assert set(waiting) == {f"隐患第{row - 1}项" for row in PLAINLY_OPEN}
    assert sum(result.unknown["closed"].values()) == len(ASKED)


def test_d13_one_answer_serves_every_word(demo_county: Unit) -> None:
    first = read_in("D13_closed_words.xlsx", demo_county, dry_run=True)
    answers = dict.fromkeys(first.unknown["closed"], "verified")
    known = Mapping(columns=first.titles["columns"], words={"closed": answers})

    result = read_in("D13_closed_words.xlsx", demo_county, known)

    assert not result.unknown
    assert Case.objects.filter(stage="verified").count() == len(ASKED | PLAINLY_OPEN)


# ------------------------------------------------------------- D12: officers
def test_d12_compares_people_and_leaves_telephones_out(demo_county: Unit) -> None:
    result = read_in("D12_officer_phone.xlsx", demo_county)

    assert counts(result) == (4, 0, 0, 3)
    assert cells_refused(result) == {6: ["L6"], 7: ["L7"], 8: ["L8"]}
    names = Case.objects.order_by("pk").values_list("resolver_name", flat=True)
    assert list(names) == ["白若兰", "白若兰", "白若兰", "白若兰、何静"]
    assert cells_noted(result) == {"G2", "G3", "G4"}
    assert result.noted["phone_left_out"] == 3
    assert not Case.objects.filter(hazard__remark__contains="1380").exists()


# ------------------------------------------------- D11: several hazards in a cell
SEVERAL = "D11_several_in_cell.xlsx"


def test_d11_says_where_several_hazards_stand_in_a_cell(demo_county: Unit) -> None:
    result = read_in(SEVERAL, demo_county)

    assert counts(result) == (2, 0, 0, 1)
    assert cells_refused(result) == {2: ["J2"]}
    assert "逐处拆分" in here(result.errors[0][2])
    assert cells_noted(result) == {"D3", "D4"}
    assert (result.noted["several"], result.noted["several_days"]) == (2, 1)


def test_d11_split_gives_each_hazard_its_own_day_and_measures(
    demo_county: Unit,
) -> None:
    result = read_in(SEVERAL, demo_county, split=True)
    again = read_in(SEVERAL, demo_county, split=True)

    assert counts(result) == (9, 0, 0, 0)
    assert counts(again) == (0, 0, 9, 0)
    cases = Case.objects.select_related("hazard").order_by("pk")
    found = [(each.title, each.hazard.deadline_date, each.hazard.measures) for each in cases]
    assert found[:3] == [
        ("疏散通道堆放纸箱", date(2026, 9, 5), "立即清理"),
        ("灭火器压力不足", date(2026, 9, 20), "更换灭火器"),
        ("应急照明损坏", date(2026, 10, 10), "更换灯具"),
    ]
    assert [title for title, _day, _measures in found[6:]] == [
        "配电箱无门",
        "线路老化",
        "无漏电保护",
    ]
    assert {day for _title, day, _measures in found[3:]} == {date(2026, 9, 20)}


# ------------------------------------------------------------- D27: days
def test_d27_counts_the_days_of_a_term_and_says_so_once(demo_county: Unit) -> None:
    result = read_in("D27_deadline_in_days.xlsx", demo_county)

    assert counts(result) == (3, 0, 0, 0)
    days = Case.objects.values_list("hazard__deadline_date", flat=True)
    assert set(days) == {date(2026, 9, 16)}
    assert (result.noted["in_days"], result.notes) == (3, [])


# ------------------------------------------------------------- D09: hidden rows
def test_d09_says_that_hidden_rows_and_columns_were_read(demo_county: Unit) -> None:
    result = read_in("D09_hidden_rows.xlsx", demo_county)

    assert counts(result) == (5, 0, 0, 0)
    assert (result.noted["hidden"], result.hidden_columns) == (2, ["K"])
    assert {row for row, _column, _note in result.notes} >= {3, 5}
    answer = said_of(result.as_json(), demo_county.name)
    assert any(sentence.endswith("K") for sentence in answer)


# -------------------------------------------------------- Z01: everything at once
MONTH = "Z01_everything.xlsx"


def titled(words: str) -> Case:
    return Case.objects.select_related("hazard", "owner").get(
        Q(title__contains=words) | Q(description__contains=words)
    )


def test_z01_takes_what_is_sure_and_gives_a_reason_for_the_rest(demo_county: Unit) -> None:
    result = read_in(MONTH, demo_county, sheet="9月")

    refused = cells_refused(result)
    assert counts(result) == (2, 0, 0, 6)
    assert refused == {
        8: ["N8"],
        12: ["J12", ""],  # 重大 needs its standard, for which there is no column
        13: ["J13"],
        14: ["B14", "J14"],
        15: ["L15"],
        16: [""],  # struck through: asked
    }
    assert result.unknown == {"closed": {"已督促整改": 1}}
    assert result.passed == [5, 9, 11, 17, 18]
    assert result.noted["struck_rows"] == 1
    assert result.noted["hidden"] == 1
    assert [row for row, _column, note in all_here(result.notes) if "隐藏" in note] == [13]
    assert {"D6", "G6", "G7", "J7"} <= cells_noted(result)
    assert [
        note for row, _, note in all_here(result.notes) if row == 8 and "9月20日复查仍未改" in note
    ]


def test_z01_spreads_merged_cells_and_closes_what_is_ticked(demo_county: Unit) -> None:
    read_in(MONTH, demo_county, sheet="9月")

    for told_of, budget, due in (
        ("二楼疏散通道", 3000, date(2026, 9, 15)),
        ("配电箱无门", 1000, date(2026, 9, 2)),
    ):
        case = titled(told_of)
        result = case.hazard
        assert case.ended_at is not None
        assert (case.stage, localtime(case.ended_at).date()) == ("closed", date(2026, 9, 16))
        assert (case.place, case.owner.name) == ("东关百货商场", "云榆镇人民政府")
        assert (case.resolver_name, case.verifier_name) == ("白若兰", "何静")
        assert (result.found_date, result.deadline_date) == (date(2026, 9, 2), due)
        assert (result.verified_date, result.budget) == (date(2026, 9, 16), Decimal(budget))


def test_z01_answers_bring_the_rest_of_what_can_be_true(demo_county: Unit) -> None:
    first = read_in(MONTH, demo_county, sheet="9月", dry_run=True)
    answers = {"closed": {"已督促整改": "no"}, "unit": {"青杉镇": "青杉镇人民政府"}}
    known = Mapping(columns=first.titles["columns"], words=answers, struck="read")

    result = read_in(MONTH, demo_county, known, sheet="9月")

    assert counts(result) == (3, 0, 0, 5)
    refused = cells_refused(result)
    assert refused[8] == ["N8", "L8"]  # not fixed, and yet verified
    assert refused[13] == ["J13"]
    struck = titled("消防水池无水")
    assert (struck.hazard.found_date, struck.hazard.deadline_date) == (
        date(2026, 9, 9),
        date(2026, 9, 30),
    )
    assert (struck.place, struck.hazard.budget) == ("下青村", Decimal(0))
    assert struck.stage not in ("closed", "verified")


def test_the_options_that_answer_are_written_and_read_back() -> None:
    values = {"options": {"dates": "day first", "several": "split", "struck": "skip"}}

    read = mappings.from_json(values)

    assert (read.day_first, read.month_first, read.split, read.struck) == (
        True,
        False,
        True,
        "skip",
    )
    assert mappings.from_json(read.as_json()) == read
