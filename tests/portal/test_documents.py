"""Documents with a report where they help: checked like all files, for the office alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from bihuan.cases.models import Case, Evidence
from bihuan.files.models import StoredFile
from bihuan.portal import drafts, guard
from bihuan.portal.guard import Tried
from bihuan.receipts import sides
from bihuan.receipts.accounts import Account, Identity, Intake
from bihuan.receipts.models import Amendment, Message
from tests.factories import NOW, make_officer, make_unit
from tests.files.hostile import archive, encoded, pdf, scene, upload
from tests.portal.conftest import County
from tests.portal.test_report_accusation import accuse
from tests.portal.visitor import Page, Visitor
from tests.receipts.amended import decide

pytestmark = pytest.mark.django_db

DOCX = archive("[Content_Types].xml", "word/document.xml")
HOSTILE = {
    "macros": archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
    "bomb": archive("[Content_Types].xml", "word/document.xml", inflated=301 * 1024 * 1024),
    "script": pdf(b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"),
    "embedded": pdf(in_object_stream=b"<< /Type /EmbeddedFile >>"),
    "program": b"MZ\x90\x00" + b"\x00" * 200,
    "page": b"<html><script>alert(1)</script></html>",
    "workbook": archive("[Content_Types].xml", "xl/workbook.xml"),
    "cut off": pdf()[:-200],
}


@pytest.fixture(autouse=True)
def _nothing_laid_aside(tmp_path: Path, settings: Settings) -> None:
    """What these forms lay aside is no other test's."""
    settings.MEDIA_ROOT = tmp_path


def papers() -> list[Any]:
    return [upload(pdf(), "张三的劳动合同.pdf"), upload(DOCX, "工资条.docx")]


def complain(county: County, visitor: Visitor, *files: object, matter: str = "grievance") -> Page:
    first, *others = county.steps()
    return visitor.report(matter, {**first, "photos": [*files]}, *others)


def test_a_contract_comes_with_a_complaint_under_its_own_name(
    county: County, visitor: Visitor
) -> None:
    page = visitor.fill("grievance", {"photos": papers()})
    assert "已保留文件2个" in page.shown
    assert "张三的劳动合同.pdf" in visitor.send("/report/grievance/", page, go="back").shown

    complain(county, visitor, *papers())

    rows = Evidence.objects.filter(file__kind=StoredFile.Kind.DOCUMENT).select_related("file")
    assert {(row.file.name, row.slot, row.shown_to) for row in rows} == {
        ("张三的劳动合同.pdf", "reporter", "giver"),
        ("工资条.docx", "reporter", "giver"),
    }


def test_an_officer_who_may_see_the_case_saves_it_after_a_warning(
    county: County, visitor: Visitor
) -> None:
    complain(county, visitor, papers()[0])
    row, case = Evidence.objects.get(), Case.objects.get()
    url = f"/desk/cases/{case.number}/files/{row.pk}/"
    client, stranger = Client(), Client()
    client.force_login(county.clerk)
    stranger.force_login(make_officer(make_unit(name="邻镇")))

    for page in (f"/desk/cases/{case.number}/", f"/desk/cases/{case.number}/sheet/"):
        assert "张三的劳动合同.pdf" in client.get(page).content.decode()
    assert "这份文件来自外部" in client.get(url).content.decode()
    saved = client.post(url)
    disposition = saved.headers["Content-Disposition"]
    assert disposition == f"attachment; filename*=utf-8''{quote('张三的劳动合同.pdf')}"
    assert b"".join(saved.streaming_content) == pdf()  # type: ignore[attr-defined]
    assert stranger.post(url).status_code == 404


def test_the_holder_of_the_code_sees_that_it_is_there_and_may_have_it_erased(
    county: County, visitor: Visitor
) -> None:
    code = complain(county, visitor, *papers()).code
    page = visitor.track(code)
    row = Evidence.objects.earliest("pk")

    assert "张三的劳动合同.pdf" in page.shown
    assert "工资条.docx" in page.shown
    assert "不能在此打开" in page.shown
    assert visitor.get(f"/track/photo/{row.pk}/").status == 404
    kept = visitor.get("/track/case/kept/")
    assert f"/track/photo/{row.pk}/" not in kept.text
    assert f"erase-photo-{row.pk}" in kept.text
    assert "张三的劳动合同.pdf" in visitor.get(f"/track/case/erase-photo-{row.pk}/").shown
    stored = visitor.client.get("/track/case/kept/", {"format": "json"}).json()
    named = [each["text"] for each in stored["documents"]]
    assert (stored["photos"], named) == ([], ["张三的劳动合同.pdf", "工资条.docx"])


def test_it_may_be_added_later_also_in_an_answer(county: County, visitor: Visitor) -> None:
    visitor.track(complain(county, visitor).code)

    visitor.act("add", text="补充合同", photos=papers())

    assert Message.objects.filter(text="补充合同").exists()
    assert Evidence.objects.count() == 2


@pytest.mark.parametrize("given", ["张 三", "张三"])
def test_a_document_added_later_is_not_named_after_who_is_sealed(
    county: County, visitor: Visitor, given: str
) -> None:
    *first, words = county.steps()
    sent = visitor.report("grievance", *first, {**words, "my_name": given})
    visitor.track(sent.code)

    visitor.act("add", text="补充", photos=[*papers(), upload(pdf(b"% id"), "张三 身份证.pdf")])

    names = set(Evidence.objects.values_list("file__name", flat=True))
    assert names == {"document.pdf", "工资条.docx"}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_hostile_or_no_document_is_refused_and_the_words_are_kept(
    county: County, visitor: Visitor, name: str
) -> None:
    page = visitor.fill("grievance", {"photos": [upload(HOSTILE[name], "合同.docx")]})

    assert page.is_told
    assert not page.values.get("kept")
    assert page.values["step"] == ["photo"]


@pytest.mark.parametrize("matter", ["hazard", "suggestion"])
def test_no_document_comes_where_it_does_not_help(
    county: County, visitor: Visitor, matter: str
) -> None:
    steps: list[dict[str, Any]] = [{"photos": papers()}]
    if matter == "suggestion":
        steps = [{"title": "设停车位"}, {"unit": county.town.pk}, *steps]

    page = visitor.fill(matter, *steps)

    assert page.is_told
    assert not page.values.get("kept")


def many(count: int) -> list[Any]:
    return [upload(pdf(b"%% %d" % n), f"{n}.pdf") for n in range(count)]


def test_five_documents_come_with_a_form_and_photos_beside_them(
    county: County, visitor: Visitor
) -> None:
    photo = upload(encoded(scene(), "JPEG"))

    page = visitor.fill("grievance", {"photos": [*many(7), photo]})

    assert "文档最多五个" in page.shown
    assert len(page.values["kept"]) == 6


def test_a_document_of_the_public_is_smaller_than_one_of_officers(
    county: County, visitor: Visitor
) -> None:
    page = visitor.fill("grievance", {"photos": [upload(pdf(b" " * 10_485_761), "a.pdf")]})

    assert "过大，不得超过 10" in page.shown
    assert "kept" not in page.values


def test_documents_of_one_network_are_counted_and_its_photos_come(
    county: County, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "MOST", {**guard.MOST, Tried.DOCUMENT: 2})

    first = visitor.fill("grievance", {"photos": many(2)})
    second = visitor.fill("grievance", {"photos": [upload(pdf(b"% another"), "b.pdf")]})
    third = visitor.fill("grievance", {"photos": [upload(encoded(scene(), "JPEG"))]})

    assert len(first.values["kept"]) == 2
    assert "来自您所在网络的文件过多" in second.shown
    assert "kept" not in second.values
    assert len(third.values["kept"]) == 1


def test_documents_leave_half_of_the_space_to_photos(
    county: County, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "MOST_BYTES", 2 * len(pdf()))
    visitor.fill("grievance", {"photos": many(1)})

    assert not drafts.has_room(drafts.FOR_DOCUMENTS)
    assert drafts.has_room()
    page = visitor.fill("grievance", {"photos": [upload(pdf(b"% b"), "b.pdf")]})
    assert "kept" not in page.values


def test_an_accusation_takes_none_whatever_a_form_carries(county: County, visitor: Visitor) -> None:
    kept = visitor.fill("grievance", {"photos": papers()}).values["kept"]
    page = accuse(county, visitor, photos=[papers()[0]])
    assert not page.values.get("kept")

    sent = visitor.send_off("accusation", accuse(county, visitor), kept=kept)
    assert not sent.code
    assert "文档没有保留" in sent.shown
    code = visitor.send_off("accusation", sent).code

    case = Case.objects.get(is_confidential=True)
    assert not sides.takes_documents(case)
    visitor.track(code)
    page = visitor.act("add", text="合同在此", photos=papers(), kept=kept)
    assert page.is_told
    assert not Evidence.objects.exists()


def test_a_dispute_takes_them_and_the_other_party_never_sees_them(
    county: County, visitor: Visitor
) -> None:
    code = complain(county, visitor, papers()[0], matter="dispute").code
    row = Evidence.objects.get()

    assert row.shown_to == "giver"
    assert "张三的劳动合同.pdf" in visitor.track(code).shown
    assert not Evidence.objects.shown_to(row.case_id, "other").exists()


NAMED = {
    "合同\u202efdp.pdf": "合同fdp.pdf",
    "../../etc/合\x07同\r\n.exe": "合同.exe.pdf",
    "长" * 200 + ".pdf": "长" * 65 + ".pdf",
    "联系电话13812345678.pdf": "联系电话×××.pdf",
    "合同.docx": "合同.pdf",
    "...": "file.pdf",
    "李四-合同.pdf": "document.pdf",
}


@pytest.mark.parametrize("given", NAMED)
def test_the_name_of_a_document_is_safe_and_names_no_sealed_person(
    county: County, given: str
) -> None:
    said = Account(title="欠薪", unit=county.town, identity=Identity(name="李四"))
    came = Intake(account=said, form_key=str(uuid4()), now=NOW, photos=[upload(pdf(), given)])

    sides.receive("grievance", came)

    assert StoredFile.objects.get().name == NAMED[given]


def test_the_name_of_a_photo_is_not_kept(county: County, visitor: Visitor) -> None:
    complain(county, visitor, upload(encoded(scene(), "JPEG"), "张三.jpg"))

    assert StoredFile.objects.get().name == "photo.jpg"


def test_the_name_goes_with_the_document(county: County, visitor: Visitor) -> None:
    visitor.track(complain(county, visitor, papers()[0]).code)
    row = Evidence.objects.get()
    visitor.act(f"erase-photo-{row.pk}", reason="不再需要")
    asked = Amendment.objects.get()
    client = Client()
    client.force_login(county.clerk)
    page = client.get(f"/desk/cases/{row.case.number}/amendments/{asked.pk}/")
    assert "张三的劳动合同.pdf" in page.content.decode()

    decide(asked, county.clerk)

    assert not StoredFile.objects.exists()
    for path in ("/track/case/", "/track/case/kept/"):
        assert "劳动合同" not in visitor.get(path).text
    assert "劳动合同" not in client.get(row.case.get_absolute_url()).content.decode()
