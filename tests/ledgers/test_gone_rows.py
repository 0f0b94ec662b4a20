"""No workbook brings back what was disposed of, or what somebody had erased or corrected."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils.timezone import localdate

from bihuan.cases.models import Case, Disposed, GoneRow, LinkedRow
from bihuan.core.amending import AmendmentOutcome, Basis, Wants
from bihuan.ledgers.actions.exporting import write_ledger
from bihuan.ledgers.actions.results import Result
from bihuan.ledgers.said import all_here
from bihuan.sheets.ledger.rows import NO_ANSWERS, Answer, Answers
from tests.cases.public import told
from tests.clock import PRESENT
from tests.factories import NOW
from tests.ledgers.books import CLOSED, cells, counts, hazard, separated, table, take
from tests.receipts.amended import SECRET, ask, decide
from tests.retention.scene import Scene, carried_out, confirmed, end

pytestmark = pytest.mark.django_db
OTHERS, SAME = Answers(others=Answer.NEW), Answers(others=Answer.SAME)
NUMBERED = {"隐患编号": "AJ-7"}


def refusals(result: Result) -> list[str]:
    return [answer for _, _, answer in all_here(result.errors)]


def ledger(path: Path, rows: Sequence[dict[str, Any]]) -> Path:
    return separated(path, table(rows, "隐患编号"))


def dispose_of_all(scene: Scene) -> None:
    carried_out(confirmed(scene))
    assert not Case.objects.exists()


@pytest.fixture
def scene() -> Scene:
    return Scene()


# ------------------------------------------------------------------- disposed of
@pytest.mark.parametrize("values", [{}, NUMBERED], ids=["by its words", "by its source's number"])
def test_a_row_whose_case_was_disposed_of_is_refused(
    scene: Scene, tmp_path: Path, values: dict[str, str]
) -> None:
    path = ledger(tmp_path / "old.csv", [hazard(1, **CLOSED, **values)])
    assert counts(take(path, scene.unit)) == (1, 0, 0, 0)
    dispose_of_all(scene)

    again = take(path, scene.unit, answers=OTHERS)

    assert counts(again) == (0, 0, 0, 1)
    assert "销毁" in refusals(again)[0]
    assert not Case.objects.exists()


def test_a_numbered_row_is_known_though_its_words_were_corrected(
    scene: Scene, tmp_path: Path
) -> None:
    take(ledger(tmp_path / "old.csv", [hazard(1, **CLOSED, **NUMBERED)]), scene.unit)
    dispose_of_all(scene)
    other = hazard(1, **CLOSED, **NUMBERED, 隐患描述="指示灯坏")

    assert counts(take(ledger(tmp_path / "new.csv", [other]), scene.unit)) == (0, 0, 0, 1)


def test_an_office_that_counts_from_one_again_brings_other_matters_in(
    scene: Scene, tmp_path: Path
) -> None:
    take(ledger(tmp_path / "old.csv", [hazard(1, **CLOSED, **NUMBERED)]), scene.unit)
    dispose_of_all(scene)
    other = hazard(2, 检查日期=date(2026, 9, 2), **NUMBERED)

    assert counts(take(ledger(tmp_path / "new.csv", [other]), scene.unit)) == (1, 0, 0, 0)


def test_an_export_does_not_bring_a_disposed_case_back(scene: Scene, tmp_path: Path) -> None:
    end(told(scene.unit, now=NOW).case, stage="rejected")
    path = tmp_path / "out.xlsx"
    write_ledger(path, Case.objects.all())
    dispose_of_all(scene)

    again = take(path, scene.unit)

    assert counts(again) == (0, 0, 0, 1)
    assert "销毁" in refusals(again)[0]


def test_a_restricted_case_that_is_gone_betrays_no_more_than_that_its_number_is_taken(
    scene: Scene, tmp_path: Path
) -> None:
    end(told(scene.unit, now=NOW).case, stage="rejected")
    path = tmp_path / "out.xlsx"
    write_ledger(path, Case.objects.all())
    dispose_of_all(scene)
    Disposed.objects.update(is_restricted=True)

    again = take(path, scene.unit)

    assert counts(again) == (0, 0, 0, 1)
    assert "销毁" not in refusals(again)[0]


def test_what_is_kept_of_a_gone_row_is_digests(scene: Scene, tmp_path: Path) -> None:
    take(ledger(tmp_path / "old.csv", [hazard(1, **CLOSED, **NUMBERED)]), scene.unit)
    dispose_of_all(scene)

    stored = str(list(GoneRow.objects.values_list()))

    assert not any(text in stored for text in ("指示灯", "综合楼", "AJ-7"))


# ----------------------------------------------------------- erased or corrected
def register(path: Path, **values: Any) -> Path:
    """A register of the office that says the very words of the grievance."""
    row = {
        "诉求时间": date(2026, 9, 1), "诉求标题": f"{SECRET}占道", "市民诉求": f"停着{SECRET}",
        "问题点位": "古槐巷口", "办理状态": "办理中", **values,
    }  # fmt: skip
    return separated(path, [list(row), list(row.values())])


def brought(scene: Scene, path: Path) -> Case:
    assert counts(take(path, scene.unit, kind="grievance")) == (1, 0, 0, 0)
    return Case.objects.get()


@pytest.mark.parametrize("answers", [NO_ANSWERS, OTHERS, SAME])
@pytest.mark.parametrize("values", [{}, {"工单编号": "GD-7"}], ids=["by words", "by number"])
def test_the_row_that_a_case_came_from_does_not_bring_erased_words_back(
    scene: Scene, tmp_path: Path, values: dict[str, str], answers: Answers
) -> None:
    path = register(tmp_path / "登记.csv", **values)
    case = brought(scene, path)
    decide(ask(case, "title"), scene.office.head)

    again = take(path, scene.unit, kind="grievance", answers=answers)

    assert counts(again) == (0, 0, 0, 1)
    assert "删除或者更正" in refusals(again)[0]
    assert SECRET not in Case.objects.get().title


def test_words_that_were_corrected_do_not_come_back_either(scene: Scene, tmp_path: Path) -> None:
    path = register(tmp_path / "登记.csv")
    case = brought(scene, path)
    decide(ask(case, "title", Wants.CORRECT, right_words="三轮车占道"), scene.office.head)

    assert counts(take(path, scene.unit, kind="grievance")) == (0, 0, 0, 1)


def test_a_row_that_says_the_words_that_stand_there_now_is_taken(
    scene: Scene, tmp_path: Path
) -> None:
    path = register(tmp_path / "登记.csv")
    case = brought(scene, path)
    decide(ask(case, "title", Wants.CORRECT, right_words="三轮车占道"), scene.office.head)
    corrected = register(tmp_path / "新.csv", 诉求标题="三轮车占道")

    result = take(corrected, scene.unit, kind="grievance")

    assert not any("删除或者更正" in text for text in refusals(result))


def test_a_request_that_was_refused_keeps_no_row_out(scene: Scene, tmp_path: Path) -> None:
    path = register(tmp_path / "登记.csv")
    case = brought(scene, path)
    given = ask(case, "title")
    decide(
        given, scene.office.head, AmendmentOutcome.REFUSED, answer="仍需办理。", basis=Basis.NEEDED
    )

    assert counts(take(path, scene.unit, kind="grievance")) == (0, 0, 1, 0)
    assert not GoneRow.objects.exists()


def test_an_export_without_its_numbers_does_not_bring_erased_words_in_as_a_case(
    scene: Scene, tmp_path: Path
) -> None:
    case = told(scene.unit, title=f"{SECRET}占道", description="", now=PRESENT).case
    path = tmp_path / "out.xlsx"
    write_ledger(path, Case.objects.all())
    rows = cells(path)
    at = rows[0].index("编号")
    bare = separated(tmp_path / "bare.csv", [row[:at] + row[at + 1 :] for row in rows])
    decide(ask(case, "title"), scene.office.head)

    again = take(bare, scene.unit, answers=OTHERS, now=PRESENT + timedelta(days=1))

    assert (counts(again)[0], Case.objects.count()) == (0, 1)
    assert "删除或者更正" in refusals(again)[0]


def test_a_row_linked_to_a_case_does_not_come_back_with_its_words(
    scene: Scene, tmp_path: Path
) -> None:
    case = told(
        scene.unit, kind="grievance", title=f"{SECRET}占道", description=f"停着{SECRET}",
        place="古槐巷口", now=PRESENT,
    ).case  # fmt: skip
    path = register(tmp_path / "登记.csv", 诉求时间=localdate(PRESENT))
    later = PRESENT + timedelta(days=1)
    take(path, scene.unit, kind="grievance", answers=SAME, now=later)
    assert LinkedRow.objects.get().case == case
    decide(ask(case, "title"), scene.office.head)

    again = take(path, scene.unit, kind="grievance", answers=OTHERS, now=later)

    assert (counts(again), Case.objects.count()) == ((0, 0, 0, 1), 1)
