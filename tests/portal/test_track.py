"""Tracking by code: how it is entered, and the office's timeline less what is internal."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import RequestFactory
from django.utils import timezone

from bihuan.cases.actions import clocks
from bihuan.cases.actions.loop import begin, finish
from bihuan.cases.models import Case
from bihuan.clocks.actions import running
from bihuan.clocks.models import Clock
from bihuan.core.codes import written
from bihuan.grievances.actions import reviews
from bihuan.orgs.models import User
from bihuan.portal import guard
from bihuan.portal.guard import Tried
from bihuan.portal.views import holding
from bihuan.receipts import codes
from bihuan.receipts.actions import intake
from bihuan.receipts.models import Message, TrackingCode
from bihuan.web.templatetags.bihuan import day
from tests.clock import PRESENT, StoppedClock
from tests.conftest import CountQueries
from tests.factories import make_photo
from tests.portal.answers import PARTS, replied
from tests.portal.conftest import County
from tests.portal.visitor import Page, Visitor, worked

pytestmark = pytest.mark.django_db


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
        "查询码：{grouped}。",
        "查询码：{grouped}。请保存好（2026-09-15）",
        "Tracking code: {grouped}. Keep it.",
        "{commas}",
        "{unseen}",
        "{spaced}",
        "查询码:{wide}",
        "五个字：{zh}。",
        "code: {en}.",
    ],
)
def test_a_code_is_understood_however_it_was_written_down(
    code: str, visitor: Visitor, typed: str
) -> None:
    plain = codes.understood(code)
    zh, en = codes.phrase(plain, "zh-hans"), codes.phrase(plain, "en")
    answer = typed.format(
        plain=plain,
        grouped=written(plain),
        dashed=written(plain).replace(" ", "-"),
        wide="".join(chr(ord(digit) + 0xFEE0) for digit in plain),
        commas=written(plain).replace(" ", "，"),
        unseen="\u200b".join(plain) + "\ufeff",
        spaced=" ".join(plain),
        zh=zh,
        zh_close=zh.replace(" ", ""),
        en=en,
        en_upper=en.upper(),
    )

    assert "桥头路灯坏了" in visitor.track(answer).text


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
    assert holding.COOKIE not in visitor.client.cookies


def test_a_right_code_and_a_wrong_one_cost_the_same_hash(
    code: str, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    stretched: list[str] = []
    slow = codes._stretched

    def counted(answer: str) -> bytes:
        stretched.append(answer)
        return slow(answer)

    monkeypatch.setattr(codes, "_stretched", counted)

    visitor.track(code)
    visitor.track("1234 5678 1234 5678")

    assert len(stretched) == 2


def test_guessing_is_held_off_before_anything_costly_is_done(
    code: str, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(guard.MOST, Tried.GUESS, 3)
    for n in range(3):
        assert visitor.track(f"1234 5678 1234 567{n}").status == 200
    monkeypatch.setattr(codes, "_stretched", pytest.fail)

    page = visitor.track(code)

    assert (page.status, page.is_told) == (429, True)


def test_the_same_wrong_code_counts_once(
    code: str, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(guard.MOST, Tried.GUESS, 2)
    for _ in range(5):
        visitor.track("1234 5678 1234 5678")

    assert visitor.track(code).status == 200


def test_nobody_keeps_another_behind_the_same_address_from_a_report(
    code: str, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(guard.MOST, Tried.GUESS, 2)
    for n in range(4):
        visitor.track(f"1234 5678 1234 567{n}")
    page = visitor.track(code)
    (challenge,) = page.values["challenge"]

    def tried(answer: str, **given: str) -> Page:
        return visitor.send("/track/", page, code=answer, challenge=challenge, **given)

    assert [tried(code, work="").status, tried(code, work="1").status] == [429, 429]
    work = worked(challenge)
    assert "bihuan_track" not in visitor.client.cookies
    assert tried(code, work=work).status == 302
    assert "bihuan_track" in visitor.client.cookies
    # The work is good for one try: a robot does it for each.
    assert tried("1234 5678 1234 5670", work=work).status == 429


def test_the_holder_of_a_code_has_room_whatever_others_behind_the_address_sent() -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="127.0.0.1")
    for _ in range(guard.MOST[Tried.SAY]):
        guard.note(Tried.SAY, request, PRESENT, code=1)

    with pytest.raises(guard.TooMany):
        guard.require_room_with_code(Tried.SAY, request, PRESENT, code=1)
    for _ in range(guard.ALWAYS_WITH_CODE):
        guard.require_room_with_code(Tried.SAY, request, PRESENT, code=2)
        guard.note(Tried.SAY, request, PRESENT, code=2)

    with pytest.raises(guard.TooMany):
        guard.require_room_with_code(Tried.SAY, request, PRESENT, code=2)


def test_one_code_does_not_send_without_end_from_many_addresses() -> None:
    for n in range(guard.MOST_WITH_CODE):
        request = RequestFactory().get("/", REMOTE_ADDR=f"198.51.100.{n}")
        guard.require_room_with_code(Tried.SAY, request, PRESENT, code=1)
        guard.note(Tried.SAY, request, PRESENT, code=1)

    fresh = RequestFactory().get("/", REMOTE_ADDR="203.0.113.9")
    with pytest.raises(guard.TooMany):
        guard.require_room_with_code(Tried.SAY, fresh, PRESENT, code=1)


def test_the_cookie_is_short_lived_signed_and_says_nothing(code: str, visitor: Visitor) -> None:
    visitor.track(code)

    cookie = visitor.client.cookies["bihuan_track"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/track/", True, "Strict")
    assert int(cookie["max-age"]) <= 1800
    assert codes.understood(code) not in cookie.value
    visitor.client.cookies["bihuan_track"] = "forged:value:here"
    assert visitor.client.get("/track/case/").status_code == 302


def test_after_half_an_hour_the_code_is_asked_for_again(
    code: str, visitor: Visitor, clock: StoppedClock
) -> None:
    visitor.track(code)

    clock.wait(timedelta(minutes=31))

    assert visitor.client.get("/track/case/").status_code == 302


def test_another_sites_page_lets_nobody_leave(code: str, visitor: Visitor) -> None:
    visitor.track(code)

    visitor.client.post("/track/leave/", headers={"Origin": "https://elsewhere.example"})

    assert visitor.client.get("/track/case/").status_code == 200


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
        finish(begin(case=case, move="comment", actor=county.clerk, now=PRESENT, note=handled))

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


def test_an_answer_served_on_paper_says_so_and_the_first_look_changes_nothing(
    county: County, head: User, code: str, visitor: Visitor
) -> None:
    case, now = replied(county, head), PRESENT
    served_date = timezone.localdate(now)
    reviews.serve(
        case=case, actor=county.clerk, now=now, served_date=served_date, service="household"
    )
    window = Clock.objects.get(rule_id="PET-10")

    page = visitor.track(code)

    assert Clock.objects.get(rule_id="PET-10").events == window.events
    assert f"已于{day(served_date)}由您的同住成年家属" in page.text
    assert "答复书面送达" in page.text
    assert "送达方式 交给同住成年家属或指定的代收人" in page.text
    assert "王办事" not in page.text


def test_nothing_that_nobody_has_read_is_told_as_a_time_limit(
    county: County, code: str, visitor: Visitor
) -> None:
    case = Case.objects.get()
    with transaction.atomic():
        clocks.start(case, "PET-16a", PRESENT)

    page = visitor.track(code)

    recalled = running.of(Clock.objects.get(rule_id="PET-16a")).rule
    assert recalled.confidence == "R"
    assert recalled.name.zh not in page.text


def test_the_page_costs_few_questions_all_by_key(
    county: County, head: User, code: str, visitor: Visitor, count_queries: CountQueries
) -> None:
    replied(county, head)
    visitor.track(code)

    with count_queries() as queries:
        visitor.get("/track/case/")

    # Two of them ask what may still be undone, the record is asked for both states, and one asks
    # for the documents.
    assert len(queries) <= 16, "\n".join(query["sql"] for query in queries)


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


def test_a_party_of_a_mediation_sees_no_photo_of_the_other(
    county: County, visitor: Visitor
) -> None:
    photo, [place, words] = {"photos": make_photo()}, county.steps(other_name="孙某乙")[1:]
    visitor.track(visitor.report("dispute", photo, place, words).code)
    case, other = Case.objects.get(), "1234567890123456"
    reported = case.evidence.get()
    TrackingCode.objects.create(
        case=case, slot="party-2", code_hash=codes.slow(other), given_at=PRESENT
    )
    stranger = Visitor()
    stranger.track(other)
    stranger.act("add", text="这是我家的墙", photos=make_photo())
    added = case.evidence.exclude(pk=reported.pk).get()

    def seen(who: Visitor) -> list[int]:
        page, found = who.get("/track/case/").text, []
        for pk in (reported.pk, added.pk):
            response = who.client.get(f"/track/photo/{pk}/")
            assert (f"/track/photo/{pk}/" in page) == (response.status_code == 200)
            if response.status_code == 200:
                assert b"".join(response.streaming_content)  # type: ignore[attr-defined]
                found.append(pk)
        return found

    assert seen(visitor) == [reported.pk]
    assert seen(stranger) == [added.pk]
