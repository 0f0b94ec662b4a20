"""One report on a phone, from the public's first word to the last answer, in both languages.

With `TESTS_WALK` naming a folder each step is pictured there, and the person's phone recorded as a
trace that `playwright show-trace` plays.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from bihuan.cases.models import Case
from bihuan.core.grievance import Stage
from bihuan.core.powers import Power
from bihuan.orgs.models import Unit, User
from bihuan.portal import guard
from bihuan.receipts.models import FollowUp
from tests.browser.conftest import OpenPage, assert_accessible
from tests.browser.test_portal import choose_place
from tests.factories import make_officer, make_unit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = ViewportSize(width=390, height=844)
WALKS = os.environ.get("TESTS_WALK", "")


@dataclass
class Offices:
    """A county and a town in it, and the six officers whom the report meets."""

    county: Unit
    town: Unit
    coordinator: User
    handler: User
    head: User
    follower: User
    reviewer: User
    leader: User


@pytest.fixture
def offices() -> Offices:
    county = make_unit(name="云榆县")
    town = make_unit(county, name="柳溪镇", kind=Unit.Kind.TOWN)
    return Offices(
        county=county,
        town=town,
        coordinator=make_officer(town, Power.COORDINATE, title="应急办主任"),
        handler=make_officer(town, Power.HANDLE, title="安全员"),
        head=make_officer(town, Power.APPROVE, title="镇长"),
        follower=make_officer(county, Power.COORDINATE, title="协调员"),
        reviewer=make_officer(county, Power.HANDLE, title="复查员"),
        leader=make_officer(county, Power.APPROVE, title="副县长"),
    )


class Phone:
    """The person's browser; each look is checked, and pictured where the walk is recorded."""

    def __init__(self, context: BrowserContext, language: str) -> None:
        self.page: Page = context.new_page()
        self._language, self._seen = language, 0

    def look(self, name: str) -> None:
        assert_accessible(self.page)
        self._seen += 1
        if WALKS:
            file = Path(WALKS) / f"{self._language}-{self._seen:02}-{name}.png"
            self.page.screenshot(path=file, full_page=True)

    def go_on(self) -> None:
        self.page.locator(".form-end .button-primary").click()


@pytest.fixture
def phone_of(chromium: Browser, live_server: object) -> Iterator[Callable[[str], Phone]]:
    contexts: dict[str, BrowserContext] = {}

    def phone(language: str) -> Phone:
        address = str(live_server)
        context = chromium.new_context(base_url=address, viewport=PHONE, is_mobile=True)
        contexts[language] = context
        if WALKS:
            context.tracing.start(screenshots=True, snapshots=True)
        cookie = {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": address}
        context.add_cookies([cookie])  # type: ignore[list-item]
        return Phone(context, language)

    yield phone
    for language, context in contexts.items():
        if WALKS:
            context.tracing.stop(path=Path(WALKS) / f"{language}.zip")
        context.close()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_report_is_answered_doubted_reviewed_and_answered_for_good(
    language: str,
    offices: Offices,
    phone_of: Callable[[str], Phone],
    open_page: OpenPage,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(guard, "SHORTEST", timedelta(0))  # a script types faster than anybody
    with translation.override(language):
        phone = phone_of(language)
        code = _report(phone, offices)
        _track(phone, code)

        case = Case.objects.get()
        office = Office(case, open_page, language)
        _answer(office, offices)
        _doubt(phone, code)
        office.move(offices.follower, "follow_up", note="已约好周五到场，一并查看。")
        assert FollowUp.objects.get().done_by == offices.follower

        _ask_for_review(phone, code)
        office.opinion(offices.reviewer, "draft_review", outcome="changed")
        office.move(offices.leader, "issue_review")
        _read_last_answer(phone, code)

    case.refresh_from_db()
    assert case.stage == Stage.REVIEWED
    assert case.owner == offices.county


# ------------------------------------------------------------------ the person
def _report(phone: Phone, offices: Offices) -> str:
    page = phone.page
    page.goto("/")
    phone.look("front")
    page.goto("/report/")
    phone.look("choose")
    page.goto("/report/grievance/")
    phone.look("photo")
    phone.go_on()
    choose_place(page, "柳溪镇")
    page.locator("[name=place]").fill("柳荫巷")
    phone.look("place")
    phone.go_on()
    page.locator("[name=title]").fill("柳荫巷路灯三个月不亮")
    page.locator("[name=description]").fill("十二盏路灯不亮，晚上出行不安全。")
    phone.look("words")
    phone.go_on()
    phone.look("check")
    phone.go_on()
    phone.look("receipt")
    return page.locator(".code").inner_text()


def _track(phone: Phone, code: str) -> None:
    phone.page.goto("/track/")
    phone.look("track")
    phone.page.locator("[name=code]").fill(code)
    phone.go_on()
    phone.look("received")


def _again(phone: Phone, code: str, name: str) -> None:
    phone.page.goto("/track/case/")
    phone.look(name)


def _doubt(phone: Phone, code: str) -> None:
    """The written opinion, with what may be done about it; and that it solved nothing."""
    _again(phone, code, "opinion")
    page = phone.page
    assert page.get_by_text("九盏路灯因电缆接头老化不亮").count()
    page.goto("/track/case/rate/")
    page.locator("[name=solved][value=no]").check()
    page.locator("[name=text]").fill("还有五盏不亮。")
    phone.look("rate")
    phone.go_on()
    phone.look("rated")


def _ask_for_review(phone: Phone, code: str) -> None:
    _again(phone, code, "followed-up")
    page = phone.page
    assert page.get_by_text("已约好周五到场").count()
    page.goto("/track/case/review/")
    page.locator("[name=note]").fill("请上一级核查。")
    phone.look("ask-review")
    phone.go_on()
    phone.look("review-asked")


def _read_last_answer(phone: Phone, code: str) -> None:
    _again(phone, code, "last-answer")
    assert phone.page.get_by_text("五盏路灯仍不亮").count()


# ------------------------------------------------------------------ the office
@dataclass
class Office:
    """The officers, each at a desk of their own."""

    case: Case
    open_page: OpenPage
    language: str

    def at(self, who: User, move: str) -> Page:
        path = f"/desk/cases/{self.case.number}/{move}/"
        return self.open_page(path, user=who, language=self.language)

    def move(self, who: User, move: str, **text: str) -> None:
        page = self.at(who, move)
        for name, value in text.items():
            page.locator(f"[name={name}]").first.fill(value)
        self.send(page)

    def send(self, page: Page) -> None:
        page.locator("main form[method=post] .form-end button").last.click()
        page.wait_for_url(f"**/desk/cases/{self.case.number}/")

    def choose(self, who: User, move: str, name: str, value: str) -> None:
        page = self.at(who, move)
        control = page.locator(f"[name={name}]")
        if control.first.evaluate("each => each.tagName") == "SELECT":
            control.select_option(value)
        else:
            page.locator(f"[name={name}][value={value}]").check()
        self.send(page)

    def opinion(self, who: User, move: str, outcome: str = "") -> None:
        page = self.at(who, move)
        facts = "九盏路灯因电缆接头老化不亮，情况属实。"
        if outcome:
            facts = "现场核查，五盏路灯仍不亮，镇里未按时修完。"
            page.locator(f"[name=outcome][value={outcome}]").check()
        page.locator("[name=request]").fill("修复柳荫巷路灯。")
        page.locator("[name=facts]").fill(facts)
        page.locator("[name=reasons]").fill("路灯属镇级管护范围。")
        page.locator("[name=decision][value=support]").check()
        page.locator("[name=basis]").fill("《城市照明管理规定》第二十一条")
        self.send(page)


def _answer(office: Office, offices: Offices) -> None:
    """Four people: one classifies and accepts, one works and drafts, one issues, one follows up."""
    post = offices.handler.tenures.get().post
    office.choose(offices.coordinator, "classify", "way", "request")
    office.move(offices.coordinator, "accept")
    office.choose(offices.coordinator, "assign", "post", str(post.pk))
    office.move(offices.handler, "record_step", note="已到现场查看。")
    office.opinion(offices.handler, "draft")
    office.move(offices.head, "issue")
