"""Asking by code that something one told be corrected or erased, and reading the answer."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from bihuan.cases.models import Case, Evidence
from bihuan.core.powers import Power
from bihuan.orgs.models import User
from bihuan.receipts import codes
from bihuan.receipts.models import Amendment, HeldAct, Message, TrackingCode
from tests.clock import PRESENT
from tests.factories import make_officer, make_photo
from tests.portal.conftest import County
from tests.portal.test_desk_codes import desk_of, enter, told_at_desk
from tests.portal.visitor import Page, Visitor

pytestmark = pytest.mark.django_db

KEPT = "/track/case/kept/"


@pytest.fixture
def kept(county: County, visitor: Visitor) -> Visitor:
    """Somebody who reported with a photo, added something, and entered the code."""
    first, *others = county.steps()
    code = visitor.report("grievance", {**first, "photos": make_photo()}, *others).code
    visitor.track(code)
    visitor.act("add", text="我叫丁小明，住三楼")
    return visitor


def signed_in(member: User) -> Client:
    client = Client()
    client.force_login(member)
    return client


def decided(client: Client, outcome: str, **text: str) -> Page:
    given = Amendment.objects.latest("pk")
    path = f"/desk/cases/{given.case.number}/amendments/{given.pk}/"
    return Page(client.post(path, {"outcome": outcome, "is_sure": "on", **text}, follow=True))


def test_beside_each_own_thing_stands_what_may_be_asked(kept: Visitor) -> None:
    page = kept.get(KEPT)

    message, photo = Message.objects.get(), Evidence.objects.get()
    for key in ("title", "description", "place", f"message-{message.pk}", f"photo-{photo.pk}"):
        assert f"/track/case/erase-{key}/" in page.text
    assert f"/track/case/correct-message-{message.pk}/" in page.text
    assert "correct-photo" not in page.text


def test_an_erasure_from_the_question_to_the_answer(kept: Visitor, county: County) -> None:
    key = f"message-{Message.objects.get().pk}"
    assert "我叫丁小明，住三楼" in kept.get(f"/track/case/erase-{key}/").shown

    page = kept.act(f"erase-{key}", note="名字不该写")

    assert "已提出申请" in page.shown
    assert "申请删除" in page.shown
    assert f"/track/case/unask-{key}/" in page.text
    office = signed_in(county.clerk)
    case = Case.objects.get()
    assert case.number in office.get("/desk/").content.decode()
    assert "/amendments/" in office.get(case.get_absolute_url()).content.decode()
    assert case.number in decided(office, "granted").shown

    page = kept.get(KEPT)
    assert "丁小明" not in page.text
    assert "应您的要求已于" in page.shown
    assert "同意" in page.shown
    assert "丁小明" not in office.get(case.get_absolute_url()).content.decode()
    assert "已有决定" in kept.get("/track/case/").shown
    for name in (county.clerk.name, "名字不该写"):
        assert name not in page.text


def test_a_refusal_says_why_by_what_law_and_what_can_be_done(kept: Visitor, county: County) -> None:
    kept.act("erase-description")

    office = signed_in(county.clerk)
    assert decided(office, "refused").is_told
    assert decided(office, "refused", answer="案件仍在办理").is_told
    decided(office, "refused", answer="案件仍在办理", basis="needed")

    page = kept.get(KEPT)
    for words in ("晚上看不见", "案件仍在办理", "第四十七条", "人民法院", "第五十条第二款"):
        assert words in page.shown
    assert "/track/case/erase-description/" in page.text
    assert county.clerk.name not in page.text


def test_a_correction_shows_the_right_words_and_no_others(kept: Visitor, county: County) -> None:
    form = kept.get("/track/case/correct-title/")
    assert form.values["text"] == ["桥头路灯坏了"]

    kept.act("correct-title", text="桥尾路灯坏了")
    decided(signed_in(county.clerk), "granted")

    assert "桥尾路灯坏了" in kept.get(KEPT).shown
    assert "桥头路灯坏了" not in kept.get(KEPT).shown


def test_an_erased_photo_is_gone_and_that_it_was_there_is_said(
    kept: Visitor, county: County
) -> None:
    photo = Evidence.objects.get()
    kept.act(f"erase-photo-{photo.pk}")
    assert (
        f"/files/{photo.pk}/"
        in signed_in(county.clerk)
        .get(f"/desk/cases/{photo.case.number}/amendments/{Amendment.objects.get().pk}/")
        .content.decode()
    )

    decided(signed_in(county.clerk), "granted")

    assert kept.client.get(f"/track/photo/{photo.pk}/").status_code == 404
    page = kept.get(KEPT)
    assert "一张照片" in page.shown
    assert f"/track/photo/{photo.pk}/" not in page.text
    desk = signed_in(county.clerk).get(photo.case.get_absolute_url()).content.decode()
    assert "应当事人要求于" in desk


def test_a_decision_that_destroys_something_is_confirmed(kept: Visitor, county: County) -> None:
    kept.act("erase-title")

    page = decided(signed_in(county.clerk), "granted", is_sure="")

    assert page.is_told
    assert Amendment.objects.get().is_open


def test_a_request_is_withdrawn_and_asked_again(kept: Visitor) -> None:
    kept.act("erase-title")
    page = kept.act("unask-title")

    assert "申请已撤回" in page.shown
    assert "/track/case/erase-title/" in page.text
    assert kept.client.get("/track/case/unask-title/").status_code == 404


def test_the_same_form_sent_again_asks_once_and_says_so(kept: Visitor) -> None:
    page = kept.get("/track/case/erase-title/")
    for _time in range(2):
        answer = kept.client.post("/track/case/erase-title/", page.values)
        assert answer["Location"] == f"{KEPT}?done=erase-title"

    assert Amendment.objects.count() == 1


def test_of_two_tabs_the_second_is_told(kept: Visitor) -> None:
    other = kept.get("/track/case/correct-title/")
    kept.act("erase-title")

    page = kept.send("/track/case/correct-title/", other, text="别的话")

    assert page.is_told
    assert page.values["text"] == ["别的话"]
    assert Amendment.objects.count() == 1


@pytest.mark.parametrize(
    "name",
    ["erase-message-999", "erase-photo-999", "correct-photo-1", "erase-slot", "erase-", "correct",
     "unask-title", "erase-rating-0", "erase-title-1", "erase-message-1234567890"],
)  # fmt: skip
def test_what_is_not_there_has_no_page(kept: Visitor, name: str) -> None:
    assert kept.client.get(f"/track/case/{name}/").status_code == 404


def test_nobody_asks_about_what_lies_under_another_code(kept: Visitor, county: County) -> None:
    message, photo = Message.objects.get(), Evidence.objects.get()
    outsider, party = Visitor(), Visitor()
    outsider.track(outsider.report("grievance", *county.steps(title="别的事")).code)
    TrackingCode.objects.create(
        case=message.case, slot="party-2", code_hash=codes.slow("1234567890123456"),
        given_at=PRESENT,
    )  # fmt: skip
    party.track("1234567890123456")

    for who in (outsider, party):
        blank = who.get("/track/case/add/").values
        for key in (f"message-{message.pk}", f"photo-{photo.pk}"):
            assert who.client.get(f"/track/case/erase-{key}/").status_code == 404
            who.client.post(f"/track/case/erase-{key}/", blank)
    party.client.post("/track/case/erase-title/", party.get("/track/case/add/").values)

    assert not Amendment.objects.exists()


def test_one_side_of_a_case_learns_nothing_of_what_the_other_asked(kept: Visitor) -> None:
    case = Case.objects.get()
    TrackingCode.objects.create(
        case=case, slot="party-2", code_hash=codes.slow("1234567890123456"), given_at=PRESENT
    )
    kept.act("erase-description", note="不想让对方看见")
    party = Visitor()

    shown = party.track("1234567890123456").shown + party.get(KEPT).shown

    for words in ("更正", "不想让对方看见"):
        assert words not in shown.replace("更正或删除", "")
    assert "申请更正或删除所反映的内容" not in shown


def test_the_file_says_what_was_asked_and_decided(kept: Visitor, county: County) -> None:
    kept.act("erase-description", note="太细")
    decided(signed_in(county.clerk), "refused", answer="仍需要", basis="needed")

    data = json.loads(kept.client.get(KEPT, {"format": "json"}).content)

    (request,) = data["requests"]
    assert (request["thing"], request["wants"], request["outcome"]) == (
        "description",
        "erase",
        "refused",
    )
    assert (request["answer"], request["basis"]) == ("仍需要", "needed")
    assert county.clerk.name not in json.dumps(data, ensure_ascii=False)


def test_officers_who_may_not_decide_find_no_page(kept: Visitor, county: County) -> None:
    kept.act("erase-title")
    given = Amendment.objects.get()
    handler = make_officer(county.town, Power.HANDLE)

    path = f"/desk/cases/{given.case.number}/amendments/{given.pk}/"

    assert signed_in(handler).get(path).status_code == 404
    assert signed_in(county.clerk).get(path.replace(str(given.pk), "999")).status_code == 404
    assert path not in signed_in(handler).get(given.case.get_absolute_url()).content.decode()


def test_a_decided_request_leads_back_to_the_case(kept: Visitor, county: County) -> None:
    kept.act("erase-title")
    decided(signed_in(county.clerk), "granted")

    page = decided(signed_in(county.leader), "granted")

    assert "已有决定" in page.shown


# ---------------------------------------------------------------------- at a desk
def test_without_a_telephone_it_is_asked_at_a_desk_and_confirmed_above(
    county: County, visitor: Visitor
) -> None:
    taken = told_at_desk(county)
    clerk = make_officer(county.village, Power.HANDLE)
    desk = desk_of(clerk, taken.code)
    assert "/desk/with-code/case/erase-title/" in desk.get("/desk/with-code/case/").content.decode()

    enter(desk, "erase-title", note="写错了")

    held = HeldAct.objects.get()
    assert held.act == "erase-title"
    assert not Amendment.objects.exists()
    path = f"/desk/cases/{held.case.number}/held/{held.pk}/"
    signed_in(county.coordinator).post(path, {"is_wanted": "yes", "note": "当面问过"})
    assert Amendment.objects.get().reason == "写错了"
    enter(desk, "unask-title")
    assert HeldAct.objects.get().said == {}
    enter(desk, "erase-title", note="还是写错了")
    again = HeldAct.objects.latest("pk")
    path = f"/desk/cases/{again.case.number}/held/{again.pk}/"
    signed_in(county.coordinator).post(path, {"is_wanted": "yes", "note": "当面问过"})
    decided(signed_in(county.coordinator), "granted")
    assert HeldAct.objects.latest("pk").said == {}
    assert "窗口故意拖延" not in desk.get("/desk/with-code/case/").content.decode()
