"""A whole file in: good rows become cases, the others come back, and nothing is half done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from bihuan.cases.actions import comments
from bihuan.cases.models import Case
from bihuan.core.history import RowFault
from bihuan.core.powers import Power
from bihuan.journal.models import Entry
from bihuan.journal.queries import verify
from bihuan.ledgers.actions import importing
from bihuan.ledgers.actions.results import MOST_UNKNOWN, Result
from bihuan.ledgers.said import all_here
from bihuan.ledgers.wording import words
from bihuan.orgs.models import Post, Unit
from tests.factories import NOW, make_cast, make_officer, make_unit
from tests.ledgers.books import CLOSED, cells, colours, counts, hazard, separated, table, take
from tests.ledgers.books import ods as write_ods
from tests.ledgers.books import xlsx as write_xlsx
from tests.ledgers.kinds import ROWS

pytestmark = pytest.mark.django_db
Write = Callable[[Path, Sequence[Sequence[Any]]], Path]
# Officials are named; these are not: a name and numbers that may be found nowhere afterwards.
PLANTED = ("佟某举报", "13912345678", "530102199003077571", "tong@example.org")


def reasons(rows: Sequence[Sequence[Any]]) -> list[str]:
    return [row[-1].rpartition("：")[2] for row in rows]


# --------------------------------------------------------------------- formats
@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("a.xlsx", write_xlsx),
        ("a.ods", write_ods),
        ("utf8.csv", separated),
        ("bom.csv", lambda path, rows: separated(path, rows, "utf-8-sig")),
        ("gb.csv", lambda path, rows: separated(path, rows, "gb18030")),
    ],
)
def test_every_format_says_the_same(county: Unit, tmp_path: Path, name: str, write: Write) -> None:
    rows = table([hazard(1), hazard(2, **CLOSED), hazard(3, 等级="特大")])

    result = take(write(tmp_path / name, rows), county)

    found = Case.objects.order_by("place").values_list("place", "title", "stage")
    assert counts(result) == (2, 0, 0, 1)
    assert list(found) == [
        ("综合楼1层", "第1处疏散指示灯不亮", "assigned"),
        ("综合楼2层", "第2处疏散指示灯不亮", "closed"),
    ]


def test_a_lost_value_in_a_column_that_is_read_hands_back_the_row(
    county: Unit, tmp_path: Path
) -> None:
    rows = table([hazard(1, 整改期限="#N/A"), hazard(2, 外来="#REF!")], "外来")

    result = take(separated(tmp_path / "a.csv", rows), county, errors_to=tmp_path / "bad.xlsx")

    assert counts(result) == (1, 0, 0, 1)
    assert [reason for _, _, reason in all_here(result.errors)] == ["J2：#N/A，公式出错"]
    assert counts(take(tmp_path / "bad.xlsx", county)) == (0, 0, 0, 1)


def test_a_file_in_another_format_is_the_same_file(county: Unit, tmp_path: Path) -> None:
    rows = table([hazard(1), hazard(2, **CLOSED)])
    take(write_xlsx(tmp_path / "a.xlsx", rows), county)

    assert counts(take(write_ods(tmp_path / "a.ods", rows), county)) == (0, 0, 2, 0)
    gb = separated(tmp_path / "a.csv", rows, "gb18030")
    assert counts(take(gb, county)) == (0, 0, 2, 0)


def test_titles_above_totals_and_notes_below_are_no_rows(county: Unit, tmp_path: Path) -> None:
    title, note = ["云岭县隐患台账"], ["填报单位：安委办", "", "", "", "填报日期：2026年9月15日"]
    rows = table([hazard(1), {}, hazard(2), {"序号": "合计", "整改资金": 2400}])

    result = take(write_xlsx(tmp_path / "a.xlsx", [title, note, *rows, ["填表人：张报"]]), county)

    assert result.rows == 2
    assert counts(result) == (2, 0, 0, 0)


# ---------------------------------------------------------------------- people
def test_an_open_row_lands_on_the_post_of_the_officer_it_names(
    county: Unit, tmp_path: Path
) -> None:
    make_officer(county, Power.HANDLE, name="王整改")
    make_officer(county, Power.REPORT, name="张报")

    rows = table([hazard(1), hazard(2, 责任人="张报"), hazard(3, 责任人="李四")])
    take(write_xlsx(tmp_path / "a.xlsx", rows), county)

    posts = dict(Case.objects.values_list("place", "post"))
    assert posts == {
        "综合楼1层": Post.objects.get(tenures__member__name="王整改").pk,
        "综合楼2层": None,
        "综合楼3层": None,
    }


def _in_the_database(planted: str) -> list[str]:
    """Every model with a row that holds this text."""
    return [
        model.__name__
        for model in apps.get_models()
        for row in model._default_manager.values_list()
        if planted in repr(row)
    ]


def test_what_names_members_of_the_public_is_neither_kept_nor_handed_back(
    county: Unit, tmp_path: Path
) -> None:
    titles = ("举报人", "联系电话", "身份证号", "邮箱", "附注")
    # The last column is recognised by what it holds, whatever its title.
    answer = dict(zip(titles, (*PLANTED, PLANTED[1]), strict=True))
    good = [hazard(n, **answer) for n in range(1, 5)]
    rows = table([*good, hazard(5, 场所="", **answer)], *titles)

    out = tmp_path / "refused.xlsx"
    result = take(write_xlsx(tmp_path / "a.xlsx", rows), county, errors_to=out)

    assert result.left_out == list(titles)
    assert counts(result) == (4, 0, 0, 1)
    for planted in PLANTED:
        assert _in_the_database(planted) == []
        assert planted not in repr(cells(out))
        assert planted not in repr(result.as_json())


# ---------------------------------------------------------------- refused rows
def test_refused_rows_come_back_coloured_and_are_taken_once_mended(
    county: Unit, tmp_path: Path
) -> None:
    rows = table(
        [
            hazard(1),
            hazard(2, 等级="特大"),
            hazard(3, **CLOSED | {"验收日期": ""}),
            hazard(4, 场所=""),
        ]
    )
    out = tmp_path / "refused.xlsx"

    first = take(write_xlsx(tmp_path / "a.xlsx", rows), county, errors_to=out)

    back = cells(out)
    assert counts(first) == (1, 0, 0, 3)
    assert [each[0] for each in first.errors] == [3, 4, 5]
    assert [row[0] for row in back[1:]] == [2, 3, 4]
    assert back[0][:15] == rows[0]
    assert reasons(back[1:])[1:] == [
        str(ROWS[RowFault.CLOSED_WITHOUT_DATE]),
        str(ROWS[RowFault.NO_PLACE]),
    ]
    assert set(colours(out)) == {"E2", "M3", "C4"}

    mended = [row[:16] for row in back]
    mended[1][4], mended[2][12], mended[3][2] = "一般", date(2026, 9, 9), "操场"
    second = take(write_xlsx(tmp_path / "mended.xlsx", mended), county)

    assert counts(second) == (3, 0, 0, 0)
    assert Case.objects.count() == 4


def test_a_file_without_refused_rows_leaves_no_workbook_of_them(
    county: Unit, tmp_path: Path
) -> None:
    out = tmp_path / "refused.xlsx"

    take(write_xlsx(tmp_path / "a.xlsx", table([hazard()])), county, errors_to=out)

    assert not out.exists()


def test_unknown_units_are_counted_by_name(county: Unit, tmp_path: Path) -> None:
    rows = table([hazard(n, 责任单位="教体局" if n < 3 else "水务局") for n in range(1, 4)])

    result = take(write_xlsx(tmp_path / "a.xlsx", rows), county)

    assert result.as_json()["unknown"] == {"unit": {"教体局": 2, "水务局": 1}}


# -------------------------------------------------------------- all or nothing
def test_a_dry_run_says_what_would_happen_and_writes_nothing(county: Unit, tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", table([hazard(1), hazard(2, 场所="")]))

    tried = take(path, county, dry_run=True)

    assert counts(tried) == (1, 0, 0, 1)
    assert not Case.objects.exists()
    assert not Entry.objects.exists()
    assert counts(take(path, county)) == counts(tried)


def test_all_or_nothing_keeps_nothing_when_a_row_is_refused(county: Unit, tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", table([hazard(1), hazard(2, 场所="")]))

    result = take(path, county, whole=True)

    assert (result.kept, result.rows, result.refused) == (False, 2, 1)
    assert counts(result) == (0, 0, 0, 1)
    assert not Case.objects.exists()
    assert not Entry.objects.exists()


def test_all_or_nothing_keeps_all_when_none_is_refused(county: Unit, tmp_path: Path) -> None:
    result = take(write_xlsx(tmp_path / "a.xlsx", table([hazard()])), county, whole=True)

    assert result.kept
    assert counts(result) == (1, 0, 0, 0)


class Cancelled(Exception):
    """Whoever watched the import has had enough."""


def cancel_after(batches: int) -> importing.Progress:
    left = iter(range(batches - 1))

    def progress(done: int, total: int | None) -> None:
        if next(left, None) is None:
            raise Cancelled

    return progress


@pytest.mark.parametrize(("whole", "stored"), [(False, 20), (True, 0)])
def test_an_import_cut_short_leaves_whole_batches(
    county: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: bool, stored: int
) -> None:
    monkeypatch.setattr(importing, "BATCH", 10)
    path = write_xlsx(tmp_path / "a.xlsx", table([hazard(n) for n in range(1, 46)]))

    with pytest.raises(Cancelled):
        take(path, county, whole=whole, progress=cancel_after(2))

    assert Case.objects.count() == Entry.objects.count() == stored
    assert verify().ok
    assert counts(take(path, county)) == (45 - stored, 0, stored, 0)


def test_progress_counts_up_to_all_rows(
    county: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 10)
    path = write_xlsx(tmp_path / "a.xlsx", table([hazard(n) for n in range(1, 26)]))
    found: list[tuple[int, int | None]] = []

    take(path, county, progress=lambda done, total: found.append((done, total)))

    assert found == [(10, 26), (20, 26), (25, 26)]


# ------------------------------------------------------------------------ again
def test_a_case_that_was_worked_on_is_handed_back_with_the_reason(
    county: Unit, tmp_path: Path
) -> None:
    take(write_xlsx(tmp_path / "a.xlsx", table([hazard(1), hazard(2)])), county)
    case = Case.objects.get(place="综合楼1层")
    comments.comment(case=case, actor=make_cast(county).coordinator, now=NOW, note="已去现场。")

    changed = table([hazard(1, 备注="催办"), hazard(2, 备注="催办")])
    out = tmp_path / "refused.xlsx"
    result = take(write_xlsx(tmp_path / "b.xlsx", changed), county, errors_to=out)

    assert counts(result) == (0, 1, 0, 1)
    assert reasons(cells(out)[1:]) == [str(ROWS[RowFault.WORKED_ON])]


def test_the_journal_of_the_unit_notes_the_import(county: Unit, tmp_path: Path) -> None:
    take(write_xlsx(tmp_path / "台账.xlsx", table([hazard(1), hazard(2, 场所="")])), county)

    entry = Entry.objects.get(chain__subject=county.subject)
    assert entry.act == "import"
    for text in ("台账.xlsx", '"created": 1', '"refused": 1'):
        assert text.replace(" ", "") in entry.detail.replace(" ", "")


def test_reasons_have_words_and_a_title() -> None:
    assert words().reason_title
    assert Counter(map(str, ROWS.values())).most_common(1)[0][1] == 1
    assert set(ROWS) == set(RowFault)


def test_what_is_due_is_due_from_the_ledgers_day_on(county: Unit, tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", table([hazard(整改期限=NOW.date())]))

    take(path, county)

    assert not Case.objects.overdue(NOW).exists()
    assert Case.objects.overdue(NOW + timedelta(days=1)).exists()


# ---------------------------------------------------------------- closed units
def gone(county: Unit, **values: Any) -> Unit:
    heir = make_unit(county, name="双河镇", code="shuanghe")
    unit = make_unit(county, name="旧林场", code="old")
    Unit.objects.filter(pk=unit.pk).update(end_date=NOW.date(), successor=heir, **values)
    return unit


def test_open_work_of_a_closed_unit_is_refused_with_the_name_of_its_successor(
    county: Unit, tmp_path: Path
) -> None:
    unit = gone(county)
    rows = table([hazard(1, 责任单位="旧林场"), hazard(2, 责任单位="旧林场", **CLOSED)])

    result = take(write_xlsx(tmp_path / "a.xlsx", rows), county)

    assert counts(result) == (1, 0, 0, 1)
    assert Case.objects.get().owner == unit
    (_row, column, reason) = all_here(result.errors)[0]
    assert column == "责任单位"
    assert "旧林场" in reason
    assert "双河镇" in reason


def test_a_name_that_an_open_unit_has_now_means_the_open_one(county: Unit, tmp_path: Path) -> None:
    gone(county, name="双河镇")

    take(write_xlsx(tmp_path / "a.xlsx", table([hazard(1, 责任单位="双河镇")])), county)

    assert Case.objects.get().owner.code == "shuanghe"


def test_no_ledger_is_taken_in_for_a_closed_unit(county: Unit, tmp_path: Path) -> None:
    gone(county)
    file = write_xlsx(tmp_path / "a.xlsx", table([hazard(1)]))

    with pytest.raises(CommandError, match="已撤销；由 shuanghe 接续"):
        call_command("import", str(file), kind="hazard", unit="old")


def test_words_that_all_differ_are_not_all_kept() -> None:
    result = Result("hazard")

    for number in range(2 * MOST_UNKNOWN):
        result.count_unknown("grade", f"词{number}")
    result.count_unknown("grade", "词0")

    assert len(result.unknown["grade"]) == MOST_UNKNOWN
    assert result.unknown["grade"]["词0"] == 2
