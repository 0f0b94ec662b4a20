"""Tracking by code: the office's timeline less what is internal, and what its holder may do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from bihuan.cases import codes, queries
from bihuan.cases.actions import clocks, intake, public, seals
from bihuan.cases.actions.loop import begin, finish
from bihuan.cases.models import Bar, Case, Clock, Message, Opening, Rating, Seal, Unsolved
from bihuan.core.codes import written
from bihuan.core.grievance import Stage
from bihuan.core.powers import Power
from bihuan.grievances.actions import answering, classifying, handling
from bihuan.grievances.actions.answering import Parts
from bihuan.journal.queries import verify
from bihuan.orgs.models import Post, User
from bihuan.portal import guard
from bihuan.portal.guard import Tried
from tests.conftest import CountQueries
from tests.factories import make_officer, make_photo
from tests.portal.conftest import County
from tests.portal.visitor import Visitor

pytestmark = pytest.mark.django_db

Wait = Callable[[timedelta], None]
PARTS = Parts(
    request="修好桥头的路灯。",
    facts="灯头烧毁，已核实。",
    reasons="属于公共照明，由镇里负责。",
    decision="support",
    basis="《城市照明管理规定》",
)


@pytest.fixture
def head(county: County) -> User:
    """Whoever issues the answers of the town; and at the county those who review."""
    make_officer(county.top, Power.HANDLE, name="周复查")
    return make_officer(county.town, Power.APPROVE, name="赵镇长")


@pytest.fixture
def code(county: County, visitor: Visitor) -> str:
    return visitor.report("grievance", *county.steps()).code


def fresh(case: Case) -> Case:
    return queries.numbered(case.number).get()


def replied(county: County, head: User, case: Case | None = None) -> Case:
    """The town classifies, accepts, works and answers."""
    now = timezone.now()
    case = case or Case.objects.get(kind="grievance")
    clerk = county.clerk
    classifying.classify(case=case, actor=clerk, now=now, way="request")
    classifying.accept(case=case, actor=clerk, now=now)
    post = Post.objects.get(tenures__member=clerk)
    handling.assign(case=case, actor=clerk, now=now, post=post)
    answering.draft(case=case, parts=PARTS, actor=clerk, now=now)
    answering.issue(case=case, actor=head, now=now)
    return fresh(case)


# -------------------------------------------------------------------- the code
@pytest.mark.parametrize(
    "typed",
    [
        "{plain}",
        "{grouped}",
        " {grouped}  ",
        "{dashed}",
        "{wide}",
        "{zh}",
        "{zh_close}",
        "{en}",
        "{en_upper}",
    ],
)
def test_a_code_is_understood_however_it_was_written_down(
    code: str, visitor: Visitor, typed: str
) -> None:
    plain = codes.understood(code)
    zh, en = codes.phrase(plain, "zh-hans"), codes.phrase(plain, "en")
    said = typed.format(
        plain=plain,
        grouped=written(plain),
        dashed=written(plain).replace(" ", "-"),
        wide="".join(chr(ord(digit) + 0xFEE0) for digit in plain),
        zh=zh,
        zh_close=zh.replace(" ", ""),
        en=en,
        en_upper=en.upper(),
    )

    assert "桥头路灯坏了" in visitor.track(said).text


def test_a_hardened_code_opens_the_case_as_before(code: str, visitor: Visitor) -> None:
    assert intake.harden()["codes"] == 1

    assert "桥头路灯坏了" in visitor.track(code).text


@pytest.mark.parametrize(
    "typed", ["1234 5678 1234 5678", "abc", "一 二 三", "'; DROP TABLE", "0" * 16]
)
def test_a_wrong_code_gets_the_same_answer_whatever_it_is(
    code: str, visitor: Visitor, typed: str
) -> None:
    page, other = visitor.track(typed), visitor.track("9999 8888 7777 6666")

    assert page.is_told
    assert page.status == other.status == 200
    assert page.text.count("error") == other.text.count("error")
    assert not visitor.client.cookies


def test_a_right_code_and_a_wrong_one_cost_the_same_hash(
    code: str, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    stretched: list[str] = []
    slow = codes._stretched

    def counted(said: str) -> bytes:
        stretched.append(said)
        return slow(said)

    monkeypatch.setattr(codes, "_stretched", counted)

    visitor.track(code)
    visitor.track("1234 5678 1234 5678")

    assert len(stretched) == 2


def test_guessing_is_held_off_before_anything_costly_is_done(
    code: str, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(guard.MOST, Tried.GUESS, 3)
    for _ in range(3):
        assert visitor.track("1234 5678 1234 5678").status == 200
    monkeypatch.setattr(codes, "_stretched", pytest.fail)

    page = visitor.track(code)

    assert (page.status, page.is_told) == (429, True)


def test_the_cookie_is_short_lived_signed_and_says_nothing(code: str, visitor: Visitor) -> None:
    visitor.track(code)

    cookie = visitor.client.cookies["bihuan_track"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/track/", True, "Strict")
    assert int(cookie["max-age"]) <= 1800
    assert codes.understood(code) not in cookie.value
    visitor.client.cookies["bihuan_track"] = "forged:value:here"
    assert visitor.client.get("/track/case/").status_code == 302


def test_after_half_an_hour_the_code_is_asked_for_again(
    code: str, visitor: Visitor, wait: Wait
) -> None:
    visitor.track(code)

    wait(timedelta(minutes=31))

    assert visitor.client.get("/track/case/").status_code == 302


def test_whoever_leaves_is_gone_from_the_device(code: str, visitor: Visitor) -> None:
    visitor.track(code)

    visitor.client.post("/track/leave/")

    assert visitor.client.get("/track/case/").status_code == 302


@pytest.mark.parametrize("path", ["case/", "case/add/", "case/rate/", "case/answer/1/"])
def test_without_a_code_nothing_is_shown(visitor: Visitor, path: str) -> None:
    response = visitor.client.get(f"/track/{path}")

    assert (response.status_code, response.headers["Location"]) == (302, "/track/")


# -------------------------------------------------------------------- the page
def test_units_and_acts_are_told_but_no_officer_and_no_internal_note(
    county: County, head: User, code: str, visitor: Visitor
) -> None:
    case = replied(county, head)
    handled = "内部意见：先放一放"
    with transaction.atomic():
        finish(
            begin(case=case, move="comment", actor=county.clerk, now=timezone.now(), note=handled)
        )

    page = visitor.track(code)

    assert "双河镇" in page.text
    for hidden in (handled, "王办事", "赵镇长", "李调度", "陈领导", "周复查"):
        assert hidden not in page.text, hidden


def test_the_opinion_stands_there_in_full_with_what_may_be_done_against_it(
    county: County, head: User, code: str, visitor: Visitor
) -> None:
    replied(county, head)

    page = visitor.track(code)

    for part in (PARTS.request, PARTS.facts, PARTS.reasons, PARTS.basis):
        assert part in page.text
    window = Clock.objects.get(rule_id="PET-10")
    assert "复查" in page.shown
    assert f"{timezone.localtime(window.due_at):%-m月%-d日}" in page.text


def test_the_time_for_a_review_counts_from_the_first_look(
    county: County, head: User, code: str, visitor: Visitor
) -> None:
    replied(county, head)
    assert not Clock.objects.filter(rule_id="PET-10").exists()

    visitor.track(code)
    started = Clock.objects.get(rule_id="PET-10").started_at
    visitor.get("/track/case/")

    assert Clock.objects.get(rule_id="PET-10").started_at == started
    assert Message.objects.get(kind="letter", what="opinion/answer").seen_at == started


def test_nothing_that_nobody_has_read_is_told_as_a_time_limit(
    county: County, code: str, visitor: Visitor
) -> None:
    case = Case.objects.get()
    clocks.start(case, "PET-16a", timezone.now())

    page = visitor.track(code)

    recalled = clocks.of(Clock.objects.get(rule_id="PET-16a")).rule
    assert recalled.confidence == "R"
    assert recalled.name.zh not in page.text


def test_the_page_costs_few_questions_all_by_key(
    county: County, head: User, code: str, visitor: Visitor, count_queries: CountQueries
) -> None:
    replied(county, head)
    visitor.track(code)

    with count_queries() as asked:
        visitor.get("/track/case/")

    assert len(asked) <= 12, "\n".join(query["sql"] for query in asked)


@pytest.mark.parametrize("matter", ["hazard", "suggestion"])
def test_every_kind_has_its_page(county: County, visitor: Visitor, matter: str) -> None:
    code = visitor.report(matter, *county.steps()).code

    assert "桥头路灯坏了" in visitor.track(code).text


def test_a_party_of_a_mediation_does_its_part_there(county: County, visitor: Visitor) -> None:
    code = visitor.report("dispute", *county.steps()).code
    page = visitor.track(code)
    assert page.values["csrfmiddlewaretoken"]

    page = visitor.send("/track/case/party/", page, move="decline", **{"decline-is_sure": "on"})

    assert page.status == 302
    assert Case.objects.get().stage == "declined"
    assert "bihuan_csrf" not in visitor.client.cookies


# ---------------------------------------------------------------- what one does
def test_words_and_photos_are_added_once(code: str, visitor: Visitor) -> None:
    visitor.track(code)
    page = visitor.get("/track/case/add/")

    for _ in range(2):
        visitor.send("/track/case/add/", page, text="灯又坏了一盏", photos=make_photo())

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
    public.ask_reporter(case=case, actor=county.clerk, now=timezone.now(), note="哪一盏灯？")
    visitor.track(code)
    asked = Message.objects.get(kind="question")

    page = visitor.get(f"/track/case/answer/{asked.pk}/")
    assert "哪一盏灯？" in page.text
    visitor.send(f"/track/case/answer/{asked.pk}/", page, text="东边第一盏")
    visitor.send(f"/track/case/answer/{asked.pk}/", visitor.get("/track/case/add/"), text="又一句")

    assert Message.objects.get(kind="answer").answers == asked
    assert Message.objects.get(kind="addition").text == "又一句"


def test_not_solved_becomes_work_for_somebody_else(
    county: County, head: User, code: str, visitor: Visitor
) -> None:
    replied(county, head)
    visitor.track(code)

    page = visitor.act("rate", solved="no", stars="2", text="灯还是不亮")

    assert Rating.objects.get().stars == 2
    assert Unsolved.objects.get().handled_by == county.clerk
    assert "灯还是不亮" in page.text
    assert "/track/case/rate/" not in page.text


def test_a_review_goes_to_the_unit_above(
    county: County, head: User, code: str, visitor: Visitor
) -> None:
    case = replied(county, head)
    visitor.track(code)

    visitor.act("review", note="事实不清")

    case.refresh_from_db()
    assert (case.stage, case.owner) == (Stage.REVIEWING, county.top)


def test_a_late_request_for_a_review_is_taken(
    county: County, head: User, code: str, visitor: Visitor, wait: Wait
) -> None:
    case = replied(county, head)
    visitor.track(code)

    wait(timedelta(days=40))
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
    made = Case.objects.get(is_urgent=True)
    assert (made.owner, made.is_confidential) == (county.top, True)
    assert Bar.objects.filter(case=made, unit=county.town).exists()


def test_who_opened_the_seal_when_and_why_is_told(county: County, visitor: Visitor) -> None:
    code = visitor.report("grievance", *county.steps(my_name="植小明")).code
    now = timezone.now()
    opening = seals.ask_opening(
        row=Seal.objects.get(), actor=county.clerk, reason="需要当面送达", now=now
    )
    page = visitor.track(code)
    assert "需要当面送达" not in page.text

    seals.look(opening=opening, actor=county.clerk, now=now)

    page = visitor.get("/track/case/")
    assert "需要当面送达" in page.text
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
    assert not Opening.objects.exists()
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
