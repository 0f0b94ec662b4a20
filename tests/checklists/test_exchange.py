"""Checklists from and to XLSForm: real forms, hostile ones, and there and back."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import Phase, given, settings

from bihuan.checklists import exported, reader
from bihuan.checklists.actions import versions
from bihuan.checklists.models import Checklist, Version
from bihuan.checklists.refusals import CannotExport, NotAForm
from bihuan.checklists.sources import SuppliedSet
from bihuan.checklists.sources import supplied as sets
from bihuan.core import checklist_json
from bihuan.core.checklist import Content
from bihuan.core.checklist_xlsform import Why
from bihuan.core.rules import Bilingual
from bihuan.orgs.models import Unit, User
from bihuan.sheets.refusals import SheetFault, SheetRefused
from tests.checklists.pages import page, url
from tests.checklists.workbooks import FORMS, SURVEY, bomb, lying, parsed, spoilt, workbook
from tests.core.checklists import contents
from tests.factories import make_checklist, make_content, make_items

GOOD = workbook([SURVEY, ("text", "a", "情况"), ("integer", "b", "数量")])
TAKEN = {"field-list.xlsx": 1, "text_and_integer.xlsx": 2, "yes_or_no_question.xlsx": 1}
REFUSED = {
    "choice_filter_test.xlsx": {("county", Why.CALCULATED), ("city", Why.CALCULATED)},
    "group.xlsx": {("phone_number", Why.RECORDED)},
    "or_other.xlsx": {("fav_color", Why.OTHER), ("fav_pastel", Why.CALCULATED)},
    "table-list.xls": {("intro", Why.NOTE), ("happy_sad_brian", Why.SEVERAL),
                       ("happy_sad_michael", Why.SEVERAL)},
    "tutorial.xls": {("member", Why.REPEAT)},
    "repeat_date_test.xls": {("note", Why.NOTE), ("repeat_count", Why.CALCULATED),
                             ("repeat_test", Why.REPEAT)},
}  # fmt: skip


# --------------------------------------------------------------------- real forms
@pytest.mark.parametrize("name", TAKEN)
def test_a_simple_form_is_taken_as_it_is(name: str) -> None:
    found = parsed((FORMS / name).read_bytes())

    assert (len(found.content.items), found.refused) == (TAKEN[name], ())


@pytest.mark.parametrize("name", REFUSED)
def test_a_form_that_says_more_is_refused_by_the_names_of_its_questions(name: str) -> None:
    found = parsed((FORMS / name).read_bytes())

    assert {(each.name, each.why) for each in found.refused} == REFUSED[name]


def test_the_form_with_every_question_is_refused_with_all_of_them_at_once() -> None:
    found = parsed((FORMS / "widgets.xls").read_bytes())

    refused = {each.name for each in found.refused}
    assert {"my_date", "my_geopoint", "my_barcode", "my_audio", "my_int"} <= refused
    assert not refused & {item.key for item in found.content.items}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "cells", "said"),
    [
        ("text_and_integer.xlsx", [("A3", "geopoint")], "your_age"),
        ("text_and_integer.xlsx", [("A2", "barcode"), ("C3", "=1+1")], "survey!C3"),
        ("text_and_integer.xlsx", [("A2", "begin repeat"), ("A4", "end repeat")], "your_name"),
        ("yes_or_no_question.xlsx", [("A2", "select all that apply from yes_or_no")], "good_day"),
        ("yes_or_no_question.xlsx", [("C2", "来访人员的姓名和身份证号")], "good_day"),
    ],
    ids=["shape", "formula", "repeat", "several", "persons"],
)
def test_a_real_form_that_was_spoilt_is_refused_by_the_name_of_its_question(
    client: Client, town: Unit, keeper: User, name: str, cells: list[tuple[str, str]], said: str
) -> None:
    shown = _content(_upload(client, keeper, spoilt(name, *cells)))

    assert f"<b>{said}</b>" in shown
    assert not Checklist.objects.exists()


def test_the_confined_process_reads_a_form() -> None:
    found = reader.read((FORMS / "yes_or_no_question.xlsx").read_bytes())

    assert [item.key for item in found.content.items] == ["good_day"]


# ---------------------------------------------------------------- there and back
@given(contents())
@settings(max_examples=12, deadline=None, phases=[Phase.generate])
def test_an_exported_list_gives_the_same_content_when_imported(content: Content) -> None:
    data = exported.xlsform(content, title="表", key="k", version=1)

    found = parsed(data)

    assert (found.refused, found.notes) == ((), ())
    assert found.content == content


@pytest.mark.parametrize("each", sets(), ids=lambda each: each.key)
def test_a_supplied_set_comes_back_as_it_went(each: SuppliedSet) -> None:
    data = exported.xlsform(each.content, title=each.title.zh, key=each.key, version=1)

    assert parsed(data).content == each.content


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", '=HYPERLINK("x")', "“不适用”"])
def test_a_text_that_looks_like_a_formula_stays_a_text(text: str) -> None:
    (item,) = make_items(1)
    content = make_content((replace(item, text=Bilingual(text, "")),))

    found = parsed(exported.xlsform(content, title="表", key="k", version=1))

    assert found.content == content


def test_a_text_that_would_be_a_reference_is_not_exported() -> None:
    (item,) = make_items(1)
    content = make_content((replace(item, text=Bilingual("${a}", "")),))

    with pytest.raises(CannotExport):
        exported.xlsform(content, title="表", key="k", version=1)


# ----------------------------------------------------------------- hostile files
@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", SheetFault.EMPTY),
        (b"x" * (4 * 1024 * 1024 + 1), SheetFault.FILE_TOO_LARGE),
        (GOOD[: len(GOOD) // 2], SheetFault.DAMAGED),
        (bomb(GOOD), SheetFault.TOO_MUCH_INSIDE),
    ],
    ids=["empty", "too large", "cut off", "bomb"],
)
def test_a_hostile_file_is_refused_before_it_is_parsed(data: bytes, fault: SheetFault) -> None:
    with pytest.raises(SheetRefused) as refused:
        reader.read(data)

    assert refused.value.fault == fault


def test_a_file_that_lies_about_its_size_is_refused() -> None:
    with pytest.raises(SheetRefused):
        parsed(lying(GOOD))


@pytest.mark.parametrize(
    "data",
    [
        b"type,name,label\ntext,a,b\n",
        b"<html></html>",
        workbook([("a", "b"), ("1", "2")]),
        workbook([SURVEY, ("begin group", "g", "未结束"), ("text", "a", "情况")]),
        workbook([SURVEY, ("text", "a", "情况"), ("text", "a", "重复")]),
        workbook([SURVEY, ("sorcery", "a", "情况")]),
    ],
    ids=["csv", "html", "no survey", "open group", "a name twice", "unknown type"],
)
def test_what_pyxform_does_not_accept_is_no_form(data: bytes) -> None:
    with pytest.raises(NotAForm):
        parsed(data)


def test_a_formula_is_refused_by_its_cell() -> None:
    data = workbook([SURVEY, ("text", "a", '=CONCATENATE("a","b")')])

    found = parsed(data)

    assert [(each.name, each.why) for each in found.refused] == [("survey!C2", Why.FORMULA)]


# ------------------------------------------------------------------------- pages
def _upload(client: Client, user: User, data: bytes) -> Any:
    client.force_login(user)
    file = SimpleUploadedFile("form.xlsx", data)
    return client.post(reverse("checklists:import"), {"file": file})


def _content(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.mark.django_db
def test_a_form_is_previewed_and_kept_as_a_draft_once(
    client: Client, town: Unit, keeper: User
) -> None:
    answer = _upload(client, keeper, GOOD)
    assert "情况" in _content(answer)
    assert not Checklist.objects.exists()

    form = answer.context["form"]
    sent = {name: str(form[name].value() or "") for name in ("content", "form_key", "unit")}
    for _ in range(2):
        client.post(reverse("checklists:keep-import"), {**sent, "title": "导入的表"})

    made = Checklist.objects.get()
    assert (made.title, made.origin) == ("导入的表", "imported")
    version = Version.objects.get()
    assert (version.is_draft, [i.key for i in version.read().items]) == (True, ["a", "b"])


@pytest.mark.django_db
def test_all_that_is_refused_is_shown_and_nothing_kept(
    client: Client, town: Unit, keeper: User
) -> None:
    shown = _content(_upload(client, keeper, (FORMS / "widgets.xls").read_bytes()))

    assert "my_geopoint" in shown
    assert "位置和范围属于场所" in shown
    assert "my_barcode" in shown
    assert not Checklist.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("data", [b"", b"nonsense", GOOD[:200]], ids=["empty", "text", "cut off"])
def test_a_file_that_is_no_form_is_refused_at_its_field(
    client: Client, town: Unit, keeper: User, data: bytes
) -> None:
    answer = _upload(client, keeper, data)

    assert answer.status_code == 200
    assert answer.context["form"].errors["file"]


@pytest.mark.django_db
def test_a_form_that_collects_names_is_refused_with_the_reason(
    client: Client, town: Unit, keeper: User
) -> None:
    data = workbook([SURVEY, ("text", "who", "来访人员姓名")])

    assert "检查表只问规定是否落实" in _content(_upload(client, keeper, data))


@pytest.mark.django_db
@pytest.mark.parametrize("content", ["", "{}", "[", '{"schema":9}', "x\x00"])
def test_content_that_was_changed_on_the_way_back_is_refused(
    client: Client, town: Unit, keeper: User, content: str
) -> None:
    client.force_login(keeper)
    sent = {"content": content, "title": "表", "unit": str(town.pk)}

    answer = client.post(reverse("checklists:keep-import"), sent)

    assert answer.headers["Location"] == reverse("checklists:import")
    assert not Checklist.objects.exists()


@pytest.mark.django_db
def test_what_is_missing_is_asked_for_with_the_preview(
    client: Client, town: Unit, keeper: User
) -> None:
    client.force_login(keeper)
    content = checklist_json.dump(make_content())

    answer = client.post(reverse("checklists:keep-import"), {"content": content, "title": ""})

    assert "第1项是否符合要求" in _content(answer)
    assert answer.context["form"].errors["title"]


@pytest.mark.django_db
def test_only_those_who_keep_lists_import(client: Client, town: Unit, reader: User) -> None:
    client.force_login(reader)

    assert client.get(reverse("checklists:import")).status_code == 404
    assert client.post(reverse("checklists:keep-import")).status_code == 404


@pytest.mark.django_db
def test_a_version_is_exported_and_its_draft_only_for_those_who_keep_it(
    client: Client, town: Unit, keeper: User, reader: User
) -> None:
    checklist = make_checklist(town).checklist
    versions.begin_draft(checklist=checklist, actor=keeper, now=checklist.created_at)

    client.force_login(reader)
    answer = client.get(url("export", checklist, 1))

    assert parsed(answer.content).content == make_content()
    assert "attachment" in answer.headers["Content-Disposition"]
    assert client.get(url("export", checklist, 2)).status_code == 404
    assert url("export", checklist, 1) in page(client, reader, url("version", checklist, 1))
