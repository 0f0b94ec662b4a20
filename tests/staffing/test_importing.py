"""A workbook is imported once, and its temporary passwords are not lost."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bihuan.core.powers import Power
from bihuan.journal.models import Entry
from bihuan.orgs.acts import OrgAct
from bihuan.orgs.models import Post, Tenure, Unit, User
from bihuan.staffing import comparing
from bihuan.staffing.reading import Book
from tests.clock import StoppedClock
from tests.factories import (
    LONG_AGO,
    NOW,
    TODAY,
    make_member,
    make_officer,
    make_post,
    make_tenure,
    make_unit,
)
from tests.staffing.test_workbook import UNITS, URL, Sheets, book_of, file_of

pytestmark = pytest.mark.django_db

TENURES: list[object] = ["用户名", "单位代码", "岗位", "起始日期", "截止日期"]


def a_town(officers: int = 2) -> Sheets:
    names = [f"new.{n}" for n in range(officers)]
    sheets: Sheets = {
        "单位": [UNITS, ["t9", "青杉镇", "乡镇（街道）", "530499"]],
        "岗位": [["单位代码", "岗位名称", "权限"]],
        "人员": [["用户名", "姓名", "办公电话"]],
        "任职": [TENURES],
    }
    for name in names:
        sheets["岗位"].append(["t9", f"岗{name}", "经办人员、管理员"])
        sheets["人员"].append([name, f"新{name}", "8801"])
        sheets["任职"].append([name, "t9", f"岗{name}", TODAY, ""])
    return sheets


def token_of(client: Client, tmp_path: Path, sheets: Sheets) -> str:
    content = file_of(tmp_path, sheets).read_bytes()
    shown = client.post(URL, {"file": SimpleUploadedFile("x.xlsx", content)})
    return str(shown.context["workbook"])


# --------------------------------------------------------------------------- once
def test_a_second_confirmation_shows_the_same_passwords(tmp_path: Path, client: Client) -> None:
    token = token_of(client, tmp_path, a_town())

    first = client.post(f"{URL}confirm/", {"workbook": token})
    second = client.post(f"{URL}confirm/", {"workbook": token})

    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    shown = client.get(first["Location"])
    passwords = [each.password for each in shown.context["found"].officers]
    assert len(set(passwords)) == 2
    assert all(password in shown.content.decode() for password in passwords)
    for each in shown.context["found"].officers:
        assert User.objects.get(username=each.member.username).check_password(each.password)
    assert Entry.objects.filter(act=OrgAct.ADD_MEMBER).count() == 2


def test_a_second_confirmation_does_not_bring_back_what_was_changed_meanwhile(
    tmp_path: Path, client: Client, town: Unit
) -> None:
    token = token_of(client, tmp_path, {"单位": [UNITS, ["t1", "新名", "乡镇（街道）", "530499"]]})
    client.post(f"{URL}confirm/", {"workbook": token})
    Unit.objects.filter(code="t1").update(name="望湖镇")

    client.post(f"{URL}confirm/", {"workbook": token})

    assert Unit.objects.get(code="t1").name == "望湖镇"


def test_passwords_are_shown_for_an_hour_to_the_importer_alone(
    tmp_path: Path, client: Client, county: Unit, clock: StoppedClock
) -> None:
    token = token_of(client, tmp_path, a_town())
    address = client.post(f"{URL}confirm/", {"workbook": token})["Location"]
    (first, _second) = client.get(address).context["found"].officers
    slips = client.get(f"{address}slips/").content.decode()
    other = Client()
    other.force_login(make_officer(county, Power.ADMINISTER))
    assert other.get(address).status_code == other.get(f"{address}slips/").status_code == 404

    clock.wait(timedelta(minutes=61))
    again = Client()
    again.force_login(User.objects.get(username="ding"))
    later = again.get(address)

    assert first.password in slips
    assert not later.context["found"].has_passwords
    assert "/desk/organisation/members/new.0/" in later.content.decode()


def test_a_password_that_was_changed_or_reset_is_not_shown(tmp_path: Path, client: Client) -> None:
    address = client.post(f"{URL}confirm/", {"workbook": token_of(client, tmp_path, a_town())})
    member = User.objects.get(username="new.0")
    member.set_password("Quiet-Lantern-47")
    member.save()

    found = client.get(address["Location"]).context["found"]

    assert [bool(each.password) for each in found.officers] == [False, True]


def test_too_many_new_officers_are_a_problem_and_not_a_long_wait(
    tmp_path: Path, administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparing, "MOST_OFFICERS", 1)

    found = comparing.compare(book_of(tmp_path, a_town()), administrator, NOW)

    assert len(found.problems) == 1
    assert not found.is_importable


# ------------------------------------------------------------------ what is shown
def test_added_entries_are_shown_with_their_values(
    tmp_path: Path, administrator: User, town: Unit
) -> None:
    held = make_officer(town, Power.HANDLE, name="前任", title="安全员")
    Tenure.objects.filter(member=held).update(start_date=LONG_AGO)
    sheets = a_town(1)
    sheets["任职"] += [["new.0", "t1", "安全员", TODAY, ""]]
    sheets["任职"] += [["new.0", "t9", "岗new.0", date(2020, 1, 1), date(2020, 2, 1)]]

    found = comparing.compare(book_of(tmp_path, sheets), administrator, NOW)

    assert found.problems == []
    said = {
        (each.place.sheet, title): text for each in found.added for title, _, text in each.values
    }
    assert said["岗位", "权限"] == "经办人员、管理员"
    assert said["人员", "办公电话"] == "8801"
    assert said["任职", "离任"] == "前任"
    assert [group.title for group in found.groups] == ["单位", "岗位", "人员", "任职"]
    marks = [mark for each in found.added for mark in each.marks]
    assert marks == ["新增：管理员", "起始日期早于今天"]


def test_every_wrong_cell_is_named_at_once_as_it_is_written(
    tmp_path: Path, administrator: User, town: Unit
) -> None:
    book = book_of(
        tmp_path,
        {
            "单位": [
                UNITS,
                ["t8", "甲镇", "公司", "530499"],
                ["v8", "甲村", "村（社区）", "t8"],
                ["v9", "乙村", "村（社区）", "nowhere"],
            ],
            "岗位": [["单位代码", "岗位名称", "权限"], ["t1", "新岗", "经办人员、皇帝"]],
            "人员": [["用户名", "姓名"], ["a/b", "新人"]],
            "任职": [
                TENURES,
                ["nobody", "t1", "新岗", TODAY, ""],
                ["ding", "t1", "无此岗", TODAY, ""],
            ],
        },
    )

    found = comparing.compare(book, administrator, NOW)

    places = [(p.place.sheet, p.place.row, p.value) for p in found.problems]
    assert places == [
        ("单位", 2, "公司"),
        ("单位", 4, "nowhere"),
        ("岗位", 2, "经办人员、皇帝"),
        ("人员", 2, "a/b"),
        ("任职", 2, "nobody"),
        ("任职", 3, "t1 无此岗"),
    ]


# -------------------------------------------------------------- permission first
@pytest.mark.parametrize("phone", ["13800138000", "1"])
def test_a_guess_about_another_unit_s_officer_is_not_answered(county: Unit, phone: str) -> None:
    town = make_unit(county, code="t2", name="乙镇", kind=Unit.Kind.TOWN)
    own = make_officer(town, Power.ADMINISTER)
    lead = make_officer(county, Power.APPROVE, name="县领导", username="lead")
    User.objects.filter(pk=lead.pk).update(work_phone="13800138000")
    book = Book(
        tables={"officers": [{"username": "lead", "name": "县领导", "phone": phone}]},
        rows={"officers": [2]},
    )

    found = comparing.compare(book, own, NOW)

    assert len(found.problems) == 1
    assert found.unchanged == 0


@pytest.mark.parametrize("powers", [["approve"], ["handle"]])
def test_a_guess_about_another_unit_s_post_is_not_answered(county: Unit, powers: list[str]) -> None:
    town = make_unit(county, code="t2", name="乙镇", kind=Unit.Kind.TOWN)
    own = make_officer(town, Power.ADMINISTER)
    make_post(county, Power.APPROVE, title="县长")
    book = Book(
        tables={"posts": [{"unit": county.code, "title": "县长", "powers": powers}]},
        rows={"posts": [2]},
    )

    found = comparing.compare(book, own, NOW)

    assert len(found.problems) == 1
    assert found.unchanged == 0


def test_an_officer_with_a_post_elsewhere_too_comes_back_unchanged(county: Unit) -> None:
    town = make_unit(county, code="t2", name="乙镇", kind=Unit.Kind.TOWN)
    own = make_officer(town, Power.ADMINISTER)
    both = make_member(username="both", name="两处")
    for unit in (county, town):
        make_tenure(both, make_post(unit, Power.HANDLE))
    book = Book(tables={"officers": [{"username": "both", "name": "两处"}]}, rows={"officers": [2]})

    found = comparing.compare(book, own, NOW)

    assert (found.problems, found.unchanged) == ([], 1)
    assert Post.objects.count() == 3
