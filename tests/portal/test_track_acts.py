"""What the holder of a code does: says more, answers, rates, asks for a review, withdraws."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Sum

from bihuan.cases.models import Case, Exclusion
from bihuan.core.grievance import Stage
from bihuan.figures.models import Count
from bihuan.journal.queries import verify
from bihuan.orgs.models import User
from bihuan.portal import drafts, guard, wording
from bihuan.receipts.actions import public, seals
from bihuan.receipts.models import FollowUp, Message, Rating, Seal, UnsealRequest
from tests.clock import PRESENT, StoppedClock
from tests.factories import make_photo
from tests.portal.answers import replied
from tests.portal.conftest import County
from tests.portal.visitor import Visitor

pytestmark = pytest.mark.django_db


# ---------------------------------------------------------------- what one does
def test_words_and_photos_are_added_once(code: str, visitor: Visitor) -> None:
    visitor.track(code)
    page, photo = visitor.get("/track/case/add/"), make_photo()

    for _ in range(2):
        photo.seek(0)
        visitor.send("/track/case/add/", page, text="灯又坏了一盏", photos=photo)

    assert Message.objects.get(kind="addition").text == "灯又坏了一盏"
    assert "灯又坏了一盏" in visitor.get("/track/case/").text


def test_nothing_at_all_is_no_addition(code: str, visitor: Visitor) -> None:
    visitor.track(code)

    assert visitor.act("add", text="  ").is_told
    assert not Message.objects.exists()


def test_a_question_is_answered_without_saying_who(
    county: County, code: str, visitor: Visitor
) -> None:
    case = Case.objects.get()
    public.ask_reporter(case=case, actor=county.clerk, now=PRESENT, note="哪一盏灯？")
    visitor.track(code)
    request = Message.objects.get(kind="question")

    page = visitor.get(f"/track/case/answer/{request.pk}/")
    assert "哪一盏灯？" in page.text
    visitor.send(f"/track/case/answer/{request.pk}/", page, text="东边第一盏")
    visitor.send(
        f"/track/case/answer/{request.pk}/", visitor.get("/track/case/add/"), text="又一句"
    )

    assert Message.objects.get(kind="answer").answers == request
    assert Message.objects.get(kind="addition").text == "又一句"


def test_not_solved_becomes_work_for_somebody_else(
    county: County, head: User, code: str, visitor: Visitor
) -> None:
    replied(county, head)
    visitor.track(code)

    page = visitor.act("rate", solved="no", stars="2", text="灯还是不亮")

    assert Rating.objects.get().stars == 2
    assert FollowUp.objects.get().handled_by == county.clerk
    assert "灯还是不亮" in page.text


@pytest.mark.parametrize("page_again", [True, False], ids=["the page of before", "a new page"])
@pytest.mark.parametrize("answers", [("yes", "no"), ("no", "yes")])
def test_what_is_said_after_going_back_is_recorded_too(
    county: County, head: User, code: str, visitor: Visitor,
    answers: tuple[str, str], page_again: bool,
) -> None:  # fmt: skip
    replied(county, head)
    visitor.track(code)
    page = visitor.get("/track/case/rate/")

    for solved in answers:
        if not page_again:
            page = visitor.get("/track/case/rate/")
        visitor.send("/track/case/rate/", page, solved=solved, text=f"答：{solved}")

    shown = visitor.get("/track/case/").text
    assert [rating.solved for rating in Rating.objects.order_by("pk")] == [
        each == "yes" for each in answers
    ]
    assert FollowUp.objects.get().done_at is None
    assert all(f"答：{solved}" in shown for solved in answers)
    assert "再次评价是否解决" in shown


def test_the_last_word_about_the_first_answer_counts_in_the_figures(
    county: County, head: User, code: str, visitor: Visitor
) -> None:
    replied(county, head)
    visitor.track(code)
    for solved in ("yes", "no", "yes", "no"):
        visitor.act("rate", solved=solved)

    stored = Count.objects.filter(counter__in=["grievance.rated", "grievance.solved"])
    found = stored.values_list("counter").annotate(Sum("value"))

    assert {name: value for name, value in found if value} == {"grievance.rated": 1}


def test_a_review_goes_to_the_unit_above(
    county: County, head: User, code: str, visitor: Visitor
) -> None:
    case = replied(county, head)
    visitor.track(code)

    visitor.act("review", note="事实不清")

    case.refresh_from_db()
    assert (case.stage, case.owner) == (Stage.REVIEWING, county.top)


def test_a_late_request_for_a_review_is_taken(
    county: County, head: User, code: str, visitor: Visitor, clock: StoppedClock
) -> None:
    case = replied(county, head)
    visitor.track(code)

    clock.wait(timedelta(days=40))
    visitor.track(code)
    visitor.act("review", note="刚刚看到")

    case.refresh_from_db()
    assert case.stage == Stage.REVIEWING
    assert case.grievance.asked_late


def test_withdrawing_says_first_what_it_means(code: str, visitor: Visitor) -> None:
    visitor.track(code)
    assert "撤回" in visitor.get("/track/case/withdraw/").text

    visitor.act("withdraw", note="已经修好了")

    assert Case.objects.get().stage == Stage.WITHDRAWN
    assert "/track/case/withdraw/" not in visitor.get("/track/case/").text


def test_retaliation_is_a_case_of_its_own_with_a_code_of_its_own(
    county: County, code: str, visitor: Visitor
) -> None:
    visitor.track(code)

    page = visitor.act("retaliation", text="有人上门威胁我")

    assert page.code
    assert page.code != code
    english = visitor.send("/track/case/retaliation/", page, language="en")
    assert (english.code, "Your code" in english.text) == (page.code, True)
    made = Case.objects.get(is_urgent=True)
    assert (made.owner, made.is_confidential) == (county.top, True)
    assert Exclusion.objects.filter(case=made, unit=county.town).exists()


def test_other_words_on_a_form_that_made_a_case_are_said_not_to_be_recorded(
    county: County, code: str, visitor: Visitor
) -> None:
    visitor.track(code)
    form = visitor.get("/track/case/retaliation/")
    visitor.send("/track/case/retaliation/", form, text="有人上门威胁我")

    page = visitor.send("/track/case/retaliation/", form, text="他今天又来了")

    assert Case.objects.filter(is_urgent=True).count() == 1
    assert "这些话没有记录" in page.text
    assert page.values["text"] == ["他今天又来了"]
    added = visitor.send("/track/", page)
    visitor.send("/track/case/add/", added)
    assert Message.objects.get(case__is_urgent=True).text == "他今天又来了"


def test_who_opened_the_seal_when_and_why_is_told(county: County, visitor: Visitor) -> None:
    code = visitor.report("grievance", *county.steps(my_name="植小明")).code
    now = PRESENT
    opening = seals.ask_opening(
        row=Seal.objects.get(), actor=county.clerk, reason="需要当面送达", now=now
    )
    page = visitor.track(code)
    assert "需要当面送达" not in page.text

    seals.look(opening=opening, actor=county.clerk, now=now)

    page = visitor.get("/track/case/")
    assert f"{county.town.name}；理由：需要当面送达" in page.text
    assert "植小明" not in page.text
    assert "王办事" not in page.text


def test_ones_contact_is_erased_at_once_on_request(county: County, visitor: Visitor) -> None:
    code = visitor.report("grievance", *county.steps(my_name="植小明")).code
    visitor.track(code)

    page = visitor.act("erase")

    row = Seal.objects.get()
    assert row.erased_at is not None
    assert row.content == ""
    assert "/track/case/erase/" not in page.text
    assert not UnsealRequest.objects.exists()
    assert verify().ok


# ------------------------------------------------------------ whatever happens
def test_what_was_typed_survives_the_half_hour(code: str, visitor: Visitor) -> None:
    visitor.track(code)
    page = visitor.get("/track/case/add/")
    visitor.client.cookies.clear()

    page = visitor.send("/track/case/add/", page, text="写了很久的一段话")
    assert "写了很久的一段话" in page.text
    page = visitor.send("/track/", page, code=code)

    assert page.values["text"] == ["写了很久的一段话"]
    visitor.send("/track/case/add/", page)
    assert Message.objects.get().text == "写了很久的一段话"


def test_photos_survive_the_half_hour_too(code: str, visitor: Visitor) -> None:
    visitor.track(code)
    page = visitor.get("/track/case/add/")
    visitor.client.cookies.clear()

    page = visitor.send("/track/case/add/", page, text="看照片", photos=make_photo())
    page = visitor.send("/track/", page, code="1111222233334444")
    page = visitor.send("/track/", page, code=code)
    visitor.send("/track/case/add/", page)

    assert Message.objects.get().text == "看照片"
    assert Case.objects.get().evidence.count() == 1


def no_photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("a.jpg", b"no picture")


def test_a_photo_refused_after_the_half_hour_is_told(code: str, visitor: Visitor) -> None:
    visitor.track(code)
    page = visitor.get("/track/case/add/")
    visitor.client.cookies.clear()

    page = visitor.send("/track/case/add/", page, text="看照片", photos=no_photo())

    assert "照片：" in page.shown
    assert not page.values.get("kept")
    page = visitor.send("/track/", page, code=code)
    assert page.values["text"] == ["看照片"]


def test_too_many_photos_after_the_half_hour_are_told(
    code: str, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor.track(code)
    page = visitor.get("/track/case/add/")
    visitor.client.cookies.clear()
    monkeypatch.setattr(guard, "MOST", {**guard.MOST, guard.Tried.PHOTO: 0})
    for _ in range(2):
        result = visitor.send("/track/case/add/", page, text="看照片", photos=make_photo())

    assert str(wording.PHOTOS_HELD_OFF) in result.shown


@pytest.mark.parametrize(("given", "result"), [({}, "照片"), ({"language": "en"}, "Photos")])
def test_a_refused_photo_is_told_whatever_button_was_pressed(
    code: str, visitor: Visitor, given: dict[str, str], result: str
) -> None:
    visitor.track(code)
    page = visitor.get("/track/case/add/")

    page = visitor.send("/track/case/add/", page, text="", photos=no_photo(), **given)

    assert page.is_told
    assert result in page.shown


def test_photos_beyond_nine_are_told_and_the_nine_go_on(code: str, visitor: Visitor) -> None:
    visitor.track(code)
    page = visitor.get("/track/case/add/")
    several = [make_photo() for _ in range(5)]
    page = visitor.send("/track/case/add/", page, language="zh-hans", photos=several)
    several = [make_photo() for _ in range(5)]

    page = visitor.send("/track/case/add/", page, text="看照片", photos=several)

    assert str(wording.PHOTOS_CUT) in page.shown
    visitor.send("/track/case/add/", page)
    assert Case.objects.get().evidence.count() == 9


def test_photos_that_are_gone_are_told_once(code: str, visitor: Visitor) -> None:
    visitor.track(code)
    page = visitor.get("/track/case/add/")
    visitor.client.cookies.clear()
    page = visitor.send("/track/case/add/", page, text="看照片", photos=make_photo())
    draft = drafts.read(page.values["kept"][0])
    assert draft
    drafts.drop(draft)

    page = visitor.send("/track/", page, code=code)

    assert str(wording.PHOTOS_GONE) in page.shown
    visitor.send("/track/case/add/", page)
    assert Message.objects.get().text == "看照片"


def test_the_words_of_a_party_survive_the_half_hour(county: County, visitor: Visitor) -> None:
    code = visitor.report("dispute", *county.steps()).code
    visitor.track(code)
    given = {"move": "refuse_mediator", "refuse_mediator-words": "他是对方的亲戚"}
    page = visitor.get("/track/case/")
    visitor.client.cookies.clear()

    page = visitor.send("/track/case/party/", page, **given)
    assert "他是对方的亲戚" in page.text
    page = visitor.send("/track/", page, code=code)

    assert page.values["refuse_mediator-words"] == ["他是对方的亲戚"]


def test_a_party_is_told_that_what_is_not_open_any_more_was_not_recorded(
    county: County, visitor: Visitor
) -> None:
    visitor.track(visitor.report("dispute", *county.steps()).code)
    page = visitor.get("/track/case/")
    given = {"move": "refuse_mediator", "refuse_mediator-words": "他是对方的亲戚"}

    page = visitor.send("/track/case/party/", page, **given)

    assert "没有记录" in page.text
    assert page.values["refuse_mediator-words"] == ["他是对方的亲戚"]


def test_an_act_needs_a_key_made_for_this_very_case(county: County, visitor: Visitor) -> None:
    one = visitor.report("grievance", *county.steps()).code
    other = visitor.report("grievance", *county.steps()).code
    visitor.track(one)
    page = visitor.get("/track/case/withdraw/")

    visitor.track(other)
    refused = visitor.send("/track/case/withdraw/", page)

    assert refused.is_told
    assert not Case.objects.filter(stage=Stage.WITHDRAWN).exists()


def test_another_language_keeps_the_words(code: str, visitor: Visitor) -> None:
    visitor.track(code)
    page = visitor.get("/track/case/add/")

    page = visitor.send("/track/case/add/", page, text="一段话", language="en")

    assert 'lang="en"' in page.text
    assert page.values["text"] == ["一段话"]
    assert not page.is_told
    assert not Message.objects.exists()


def test_what_is_not_open_any_more_is_refused_with_the_words_still_there(
    code: str, visitor: Visitor
) -> None:
    visitor.track(code)
    page = visitor.get("/track/case/add/")
    visitor.act("withdraw")

    page = visitor.send("/track/case/add/", page, text="还有一句")

    assert page.is_told
    assert "没有记录" in page.text
    assert page.values["text"] == ["还有一句"]


def test_the_pictures_of_another_case_are_not_found(county: County, visitor: Visitor) -> None:
    one = visitor.report("hazard", {"photos": make_photo()}, *county.steps()[1:]).code
    visitor.track(one)
    row = Case.objects.get().evidence.get()
    for query in ("", "?size=small"):
        response = visitor.client.get(f"/track/photo/{row.pk}/{query}")
        assert response.status_code == 200
        assert b"".join(response.streaming_content)  # type: ignore[attr-defined]

    visitor.track(visitor.report("hazard", *county.steps()).code)

    assert visitor.client.get(f"/track/photo/{row.pk}/").status_code == 404
    assert Visitor().client.get(f"/track/photo/{row.pk}/").status_code == 404
