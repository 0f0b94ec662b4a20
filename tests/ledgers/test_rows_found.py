"""Second files of real offices: what they correct, and what they must not replace."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from bihuan.cases.models import Case
from bihuan.clocks.models import Clock
from bihuan.hazards.models import Hazard
from bihuan.journal.diagnosis import Break
from bihuan.journal.models import KeptValues
from bihuan.journal.queries import verify
from bihuan.orgs.models import Unit
from bihuan.sheets.ledger.rows import Answer, Answers
from tests.ledgers.books import counts
from tests.ledgers.test_ledgers_found import read_in, refused_at

pytestmark = pytest.mark.django_db


LATER = datetime(2026, 11, 1, 9, tzinfo=UTC)


def kept_rows() -> list[dict[str, Any]]:
    """All that is kept of every case, its hazard and its clocks."""
    stored = [Case.objects, Hazard.objects, Clock.objects]
    return [row for each in stored for row in each.order_by("pk").values()]


def test_r05_a_running_number_of_another_town_replaces_nothing(demo_county: Unit) -> None:
    assert counts(read_in("R05a_town_one.xlsx", demo_county, now=LATER)) == (3, 0, 0, 0)
    before = kept_rows()

    second = read_in("R05b_town_two.xlsx", demo_county, now=LATER)

    assert counts(second) == (0, 0, 0, 3)
    assert second.found.asked == 3
    assert kept_rows() == before
    assert all(text in refused_at(second)[0] for text in ("云榆镇隐患1", "东关百货商场"))


def test_r05_answered_as_other_hazards_they_are_three_more_and_stay_known(
    demo_county: Unit,
) -> None:
    read_in("R05a_town_one.xlsx", demo_county, now=LATER)
    before = kept_rows()
    others = Answers(others=Answer.NEW)

    assert counts(read_in("R05b_town_two.xlsx", demo_county, now=LATER, answers=others)) == (
        3,
        0,
        0,
        0,
    )
    assert counts(read_in("R05b_town_two.xlsx", demo_county, now=LATER)) == (0, 0, 3, 0)
    assert counts(read_in("R05a_town_one.xlsx", demo_county, now=LATER)) == (0, 0, 3, 0)

    assert [row for row in kept_rows() if row in before] == before
    added = Case.objects.filter(ended_at=None).values_list("owner__name", "title")
    assert sorted(added) == [("青杉镇人民政府", f"青杉镇隐患{n}") for n in (1, 2, 3)]


def test_r05_no_answer_replaces_an_ended_case(demo_county: Unit) -> None:
    read_in("R05a_town_one.xlsx", demo_county, now=LATER)
    before = kept_rows()
    same = Answers(others=Answer.SAME)

    assert counts(read_in("R05b_town_two.xlsx", demo_county, now=LATER, answers=same)) == (
        0,
        0,
        0,
        3,
    )
    assert kept_rows() == before


R01_CORRECTED = [
    (2, "title", "二楼疏散通道堆放纸箱", "二楼疏散通道堆放纸箱、塑料桶"),
    (3, "unit", "云榆镇人民政府", "青杉镇人民政府"),
    (4, "place", "东关百货商场", "东关百货商场一楼"),
]


def test_r01_corrected_rows_are_pointed_out_with_the_one_field_that_differs(
    demo_county: Unit,
) -> None:
    assert counts(read_in("R01_first.xlsx", demo_county, now=LATER)) == (3, 0, 0, 0)
    before = kept_rows()

    corrected = read_in("R01_corrected.xlsx", demo_county, now=LATER)

    assert counts(corrected) == (0, 0, 0, 3)
    assert kept_rows() == before
    request = [(each["row"], *each["changes"][0]) for each in corrected.found.questions]
    assert request == R01_CORRECTED
    assert all(len(each["changes"]) == 1 for each in corrected.found.questions)
    for reason, (_, _, old, new) in zip(refused_at(corrected), R01_CORRECTED, strict=True):
        assert f"{old} → {new}" in reason
    assert counts(read_in("R01_first.xlsx", demo_county, now=LATER)) == (0, 0, 3, 0)


def test_r01_answered_as_the_same_they_are_corrected_and_then_known(demo_county: Unit) -> None:
    read_in("R01_first.xlsx", demo_county, now=LATER)
    same = Answers(others=Answer.SAME)

    result = read_in("R01_corrected.xlsx", demo_county, now=LATER, answers=same)

    assert counts(result) == (0, 3, 0, 0)
    changes = [
        (each["row"], each["field"], each["old"], each["new"]) for each in result.found.changes
    ]
    assert changes == R01_CORRECTED
    assert Case.objects.count() == 3
    assert counts(read_in("R01_corrected.xlsx", demo_county, now=LATER)) == (0, 0, 3, 0)
    # The demo_county was loaded at `PRESENT`, which may be later.
    assert {each.kind for each in verify().findings} <= {Break.TIME}


def test_r01_each_row_has_its_own_answer(demo_county: Unit) -> None:
    read_in("R01_first.xlsx", demo_county, now=LATER)
    answers = Answers(
        by_row={2: Answer.SAME, 3: Answer.NEW}, by_case={(4, "YH-2026-9"): Answer.SAME}
    )

    result = read_in("R01_corrected.xlsx", demo_county, now=LATER, answers=answers)

    assert counts(result) == (1, 1, 0, 1)
    assert [each["row"] for each in result.found.questions] == [4]
    assert Case.objects.count() == 4


@pytest.mark.parametrize("dry_run", [True, False])
def test_f5_a_file_with_fewer_columns_changes_one_field(demo_county: Unit, dry_run: bool) -> None:
    read_in("F5a_full.xlsx", demo_county, now=LATER)
    before = kept_rows()

    result = read_in("F5b_fewer_columns.xlsx", demo_county, now=LATER, dry_run=dry_run)

    assert counts(result) == (0, 1, 0, 0)
    case = Case.objects.select_related("hazard").get()
    assert result.found.changes == [
        {"row": 2, "kind": "hazard", "number": case.number, "field": "deadline",
         "old": "2026-12-15", "new": "2026-12-31"}
    ]  # fmt: skip
    hazard = case.hazard
    if dry_run:
        assert kept_rows() == before
    else:
        assert hazard.deadline_date == date(2026, 12, 31)
        assert KeptValues.objects.get().changes == [("deadline", "2026-12-15", "2026-12-31")]
    assert (hazard.grade, case.description, hazard.standard, hazard.budget) == (
        "major", "2号储罐安全阀未校验", "燃气经营安全重大隐患判定标准第六条", Decimal("30000.00"),
    )  # fmt: skip
    assert (case.resolver_name, hazard.measures, hazard.contingency) == (
        "董海波", "更换安全阀并校验", "停用2号罐，设警戒线",
    )  # fmt: skip
    assert (hazard.progress, hazard.remark) == ("已采购", "县安委会督办")
