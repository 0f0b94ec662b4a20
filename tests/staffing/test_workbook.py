"""The organisation goes out as a workbook and comes back with its differences shown first."""

from __future__ import annotations

import zipfile
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.translation import override
from xlsxwriter import Workbook

from bihuan.core.powers import Power
from bihuan.orgs.actions.district import LoadResult
from bihuan.orgs.models import Post, Tenure, Unit, User
from bihuan.staffing import carrying, comparing, exported, importing
from bihuan.staffing.carrying import Carried
from bihuan.staffing.reading import Book, read
from tests.factories import (
    NOW,
    TODAY,
    make_member,
    make_officer,
    make_post,
    make_tenure,
    make_unit,
)

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
URL = "/desk/organisation/workbook/"
Sheets = dict[str, list[list[object]]]

UNITS: list[object] = ["单位代码", "名称", "单位类型", "上级单位代码"]


def book_of(tmp_path: Path, sheets: Sheets) -> Book:
    return read(file_of(tmp_path, sheets))


def file_of(tmp_path: Path, sheets: Sheets) -> Path:
    path = tmp_path / "organisation.xlsx"
    with Workbook(path) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, date):
                        sheet.write_datetime(at, column, value, day)
                    elif isinstance(value, str) and value.startswith("=1"):
                        sheet.write_formula(at, column, value, value=2)
                    else:
                        sheet.write(at, column, value)
    return path


def imported(book: Book, user: User) -> LoadResult:
    outcome = importing.carry_out(Carried(book, "n1"), user, NOW)
    assert outcome is not None
    return outcome


def exported_to(tmp_path: Path, user: User) -> Path:
    path = tmp_path / "out.xlsx"
    out = BytesIO()
    exported.write(out, user, TODAY)
    path.write_bytes(out.getvalue())
    return path


# ---------------------------------------------------------------------- out and in
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_goes_out_comes_back_without_a_difference(
    tmp_path: Path, administrator: User, town: Unit, language: str
) -> None:
    make_officer(town, Power.HANDLE, Power.COORDINATE, name="李四", title="镇安全员")
    make_post(town, title="空缺岗")

    with override(language):
        found = comparing.compare(read(exported_to(tmp_path, administrator)), administrator, NOW)

    assert (found.problems, found.added, found.changed, found.missing) == ([], [], [], [])
    assert found.unchanged == 2 + 3 + 2 + 2


def test_no_password_goes_out(tmp_path: Path, administrator: User) -> None:
    book = read(exported_to(tmp_path, administrator))

    said = str(book.tables)
    assert "password" not in said
    assert administrator.password not in said


def test_only_what_the_officer_administers_goes_out(tmp_path: Path, county: Unit) -> None:
    town, other = make_unit(county, code="t1"), make_unit(county, code="t2")
    make_officer(other, Power.HANDLE, username="elsewhere")
    own = make_officer(town, Power.ADMINISTER)

    book = read(exported_to(tmp_path, own))

    assert [row["code"] for row in book.tables["units"]] == ["t1"]
    assert "elsewhere" not in str(book.tables)


@pytest.mark.parametrize("start", "=+-@\t")
def test_no_cell_that_goes_out_is_a_formula(
    tmp_path: Path, administrator: User, county: Unit, start: str
) -> None:
    Unit.objects.create(
        parent=county, code="x1", name=f"{start}1+1", kind="town", path="000009/", depth=1
    )
    Unit.objects.filter(code="x1").update(path=f"{county.path}{999999}/")
    path = exported_to(tmp_path, administrator)

    with zipfile.ZipFile(path) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if "worksheets" in name]
    assert all(b"<f>" not in sheet for sheet in sheets)


# -------------------------------------------------------------------- differences
def test_differences_are_shown_and_nothing_changes(
    tmp_path: Path, administrator: User, town: Unit
) -> None:
    make_officer(town, Power.HANDLE, username="left")
    book = book_of(
        tmp_path,
        {
            "单位": [
                UNITS,
                ["530499", "云岭县", "人民政府", ""],
                ["t1", "望湖新镇", "town", "530499"],
                ["v1", "石桥村", "村（社区）", "t1"],
            ],
            "人员": [["用户名", "姓名"], ["ding", "丁管理"], ["New.One", "新人"]],
        },
    )

    found = comparing.compare(book, administrator, NOW)

    assert found.problems == []
    assert [(each.name, each.place.row) for each in found.added] == [("石桥村", 4), ("新人", 3)]
    (changed,) = found.changed
    assert changed.values == [("名称", "望湖镇", "望湖新镇")]
    assert [name for _, name in found.missing] == ["人员1"] or len(found.missing) == 1
    assert not Unit.objects.filter(code="v1").exists()
    assert not User.objects.filter(username="new.one").exists()


def test_what_the_workbook_lacks_stays(tmp_path: Path, administrator: User, town: Unit) -> None:
    book = book_of(tmp_path, {"单位": [UNITS, ["530499", "云岭县改名", "人民政府", ""]]})

    outcome = imported(book, administrator)

    assert outcome.changed == {"units": 1}
    assert Unit.objects.filter(code="t1").exists()


def test_an_empty_cell_changes_nothing(tmp_path: Path, administrator: User, town: Unit) -> None:
    member = make_member(username="li.si", name="李四")
    User.objects.filter(pk=member.pk).update(work_phone="110")
    make_tenure(member, make_post(town))
    book = book_of(tmp_path, {"人员": [["用户名", "姓名", "办公电话"], ["li.si", "李四", ""]]})

    found = comparing.compare(book, administrator, NOW)

    assert found.changed == []


def test_a_whole_town_is_imported_at_once(tmp_path: Path, administrator: User) -> None:
    book = book_of(
        tmp_path,
        {
            "单位": [UNITS, ["t9", "青杉镇", "乡镇（街道）", "530499"]],
            "岗位": [["单位代码", "岗位名称", "权限"], ["t9", "安全员", "经办人员、统筹人员"]],
            "人员": [["用户名", "姓名"], ["wang.wu", "王五"]],
            "任职": [
                ["用户名", "单位代码", "岗位", "起始日期", "截止日期"],
                ["wang.wu", "t9", "安全员", TODAY, ""],
            ],
        },
    )
    found = comparing.compare(book, administrator, NOW)
    assert found.problems == []

    outcome = imported(book, administrator)

    tenure = Tenure.objects.get(member__username="wang.wu")
    assert tenure.post.unit.name == "青杉镇"
    assert tenure.granted_by == administrator
    assert [username for username, _ in outcome.passwords] == ["wang.wu"]


# ------------------------------------------------------------------------- errors
def test_each_error_names_sheet_row_and_column(tmp_path: Path, administrator: User) -> None:
    book = book_of(
        tmp_path,
        {
            "单位": [
                [],
                UNITS,
                ["t1", "望湖镇", "公司", "530499"],
                ["t1", "", "人民政府", "530499"],
            ],
        },
    )

    found = comparing.compare(book, administrator, NOW)

    places = [(p.place.sheet, p.place.row, p.place.letter, p.value) for p in found.problems]
    assert ("单位", 3, "C", "公司") in places
    assert ("单位", 4, "B", "") in places
    assert not found.is_importable


def test_what_the_rules_refuse_names_each_row(tmp_path: Path, administrator: User) -> None:
    book = book_of(
        tmp_path,
        {
            "单位": [
                UNITS,
                ["t8", "甲镇", "乡镇（街道）", "nowhere"],
                ["t9", "乙镇", "乡镇（街道）", "530499"],
                ["t10", "丙镇", "乡镇（街道）", "nowhere2"],
            ]
        },
    )

    found = comparing.compare(book, administrator, NOW)

    assert [problem.place.row for problem in found.problems] == [2, 4]
    assert imported(book, administrator).refused
    assert not Unit.objects.filter(code="t9").exists()


def test_an_administrator_of_a_town_changes_no_other(tmp_path: Path, county: Unit) -> None:
    town = make_unit(county, code="t1", name="甲镇", kind=Unit.Kind.TOWN)
    make_unit(county, code="t2", name="乙镇", kind=Unit.Kind.TOWN)
    own = make_officer(town, Power.ADMINISTER)
    book = book_of(
        tmp_path,
        {
            "单位": [
                UNITS,
                ["t1", "甲新镇", "乡镇（街道）", ""],
                ["t2", "乙新镇", "乡镇（街道）", ""],
            ]
        },
    )

    found = comparing.compare(book, own, NOW)

    assert [problem.place.row for problem in found.problems] == [3]


def test_unknown_columns_and_broken_cells_are_errors(tmp_path: Path, administrator: User) -> None:
    path = file_of(tmp_path, {"单位": [[*UNITS, "密码"], ["t1", "=1/0", "town", "530499", "x"]]})

    found = comparing.compare(read(path), administrator, NOW)

    assert "密码" in [problem.value for problem in found.problems]


def test_a_text_that_looks_like_a_formula_is_a_name_and_never_calculated(
    tmp_path: Path, administrator: User, county: Unit
) -> None:
    book = Book(
        tables={
            "units": [{"code": "t1", "name": "=HYPERLINK(1)", "kind": "town", "parent": "530499"}]
        },
        rows={"units": [2]},
    )

    imported(book, administrator)

    assert Unit.objects.get(code="t1").name == "=HYPERLINK(1)"
    test_no_cell_that_goes_out_is_a_formula(tmp_path, administrator, county, "=")


@pytest.mark.parametrize(
    "content", [b"", b"not a workbook", b"PK\x03\x04broken", b"<html></html>", b"\x00" * 5000]
)
def test_a_file_that_is_no_workbook_is_refused(client: Client, content: bytes) -> None:
    answer = client.post(URL, {"file": SimpleUploadedFile("x.xlsx", content)})

    assert answer.status_code == 200
    assert answer.context["form"].errors


def test_a_workbook_with_other_sheets_is_refused(tmp_path: Path, client: Client) -> None:
    path = file_of(tmp_path, {"台账": [["检查日期"], ["2026-01-01"]]})

    answer = client.post(URL, {"file": SimpleUploadedFile("x.xlsx", path.read_bytes())})

    assert answer.context["form"].errors


# -------------------------------------------------------------------------- pages
def test_a_workbook_is_confirmed_on_the_page(tmp_path: Path, client: Client) -> None:
    path = file_of(tmp_path, {"单位": [UNITS, ["t9", "青杉镇", "乡镇（街道）", "530499"]]})
    shown = client.post(URL, {"file": SimpleUploadedFile("x.xlsx", path.read_bytes())})
    assert "青杉镇" in shown.content.decode()
    assert not Unit.objects.filter(code="t9").exists()

    done = client.post(f"{URL}confirm/", {"workbook": shown.context["workbook"]}, follow=True)

    assert "/desk/organisation/units/t9/" in done.content.decode()
    assert Unit.objects.get(code="t9").name == "青杉镇"


def test_a_changed_or_lent_token_imports_nothing(
    tmp_path: Path, client: Client, county: Unit, administrator: User
) -> None:
    book = book_of(tmp_path, {"单位": [UNITS, ["t9", "青杉镇", "乡镇（街道）", "530499"]]})
    other = make_officer(county, Power.ADMINISTER)

    for token in ("", "x", carrying.packed(book, other), carrying.packed(book, administrator)[:-1]):
        assert client.post(f"{URL}confirm/", {"workbook": token}).status_code == 302

    assert not Unit.objects.filter(code="t9").exists()


def test_only_administrators_have_these_pages(county: Unit) -> None:
    client = Client()
    client.force_login(make_officer(county, *(set(Power) - {Power.ADMINISTER})))

    for path in ("workbook/", "workbook/organisation.xlsx", "vacancies/", "vacancies/workbook/"):
        assert client.get(f"/desk/organisation/{path}").status_code == 403
    assert client.post(f"{URL}confirm/").status_code == 403


def test_the_download_is_a_workbook(client: Client) -> None:
    answer = client.get(f"{URL}organisation.xlsx")

    assert b"".join(answer.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]
    assert Post.objects.count() == 1
