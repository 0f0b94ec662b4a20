"""A day of five people, counted: how often they tap, how many pages they meet, what they type.

`docs/day.md` shows these counts beside those of the release before.
"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import FilePayload, Frame, Locator, Page, expect

from bihuan.cases.models import Case
from bihuan.core.hazard import Stage
from bihuan.core.powers import Power
from bihuan.orgs.models import Tenure, Unit
from bihuan.portal import guard
from tests.browser.conftest import OpenPage
from tests.clock import PRESENT
from tests.factories import Cast, make_case, make_cast, make_officer, make_photo, make_unit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Hand:
    """The person who uses the page; each of their taps is counted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taps = self.pages = self.typed = 0
        page.on("framenavigated", self._arrived)

    def _arrived(self, frame: Frame) -> None:
        self.pages += frame == self.page.main_frame

    def tap(self, target: Locator | str) -> None:
        found = self.page.locator(target) if isinstance(target, str) else target
        found.first.click()
        self.taps += 1

    def type(self, field: str, text: str) -> None:
        """Tap the field and type."""
        self.page.locator(field).fill(text)
        self.taps += 1
        self.typed += len(text)

    def take_photo(self, field: str) -> None:
        """The button of the field, and the shutter."""
        photo = FilePayload(name="photo.jpg", mimeType="image/jpeg", buffer=make_photo().read())
        self.page.set_input_files(field, photo)
        self.taps += 2

    def choose(self, field: str, value: str) -> None:
        """Open a list and tap an entry."""
        self.page.select_option(field, value)
        self.taps += 2

    def send(self) -> None:
        self.tap(self.page.locator("main form .button-primary"))
        expect(self.page.locator(".message-success").first).to_be_visible()

    @property
    def seconds(self) -> float:
        """How long a practised person takes (keystroke-level model of Card, Moran and Newell,
        1980): 1.35 s to think and 1.1 s to point for each tap, 0.28 s for each sign.
        """
        return self.taps * (1.35 + 1.1) + self.typed * 0.28

    def has_done(self, job: str, *, taps: int, pages: int) -> None:
        print(f"\n{job}: {self.taps} taps, {self.pages} pages, {self.typed} signs typed")
        assert self.taps <= taps
        assert self.pages <= pages


@pytest.fixture
def cast() -> Cast:
    county = make_unit(name="云溪县")
    return make_cast(make_unit(county, name="双河镇", kind=Unit.Kind.TOWN))


def bring(cast: Cast, stage: Stage, count: int = 1) -> list[Case]:
    return [
        make_case(
            cast.post.unit, stage=stage, cast=cast, now=PRESENT, title=f"安全出口{n}堵塞",
            place=f"{n}号楼",
        )
        for n in range(count)
    ]  # fmt: skip


def test_a_grid_officer_reports_on_a_phone_in_a_minute(open_page: OpenPage, cast: Cast) -> None:
    page = open_page("/desk/", user=cast.reporter, width="phone")
    hand = Hand(page)

    hand.tap(page.locator(":is(main .button, .phone-bar a):visible").filter(has_text="上报隐患"))
    hand.take_photo("#id_photos")
    hand.type("#id_place", "食堂后门")
    hand.type("#id_title", "安全出口被杂物堵住")
    hand.tap("main button[type=submit]")
    expect(page.locator("h1")).to_have_text("安全出口被杂物堵住")

    hand.has_done("report on a phone", taps=6, pages=2)
    assert hand.seconds < 60


@pytest.mark.parametrize(("stage", "label"), [(Stage.REPORTED, "确认"), (Stage.VERIFIED, "销号")])
def test_today_of_twelve_items_is_cleared_in_two_taps_each(
    open_page: OpenPage, cast: Cast, stage: Stage, label: str
) -> None:
    bring(cast, stage, 12)
    page = open_page("/desk/", user=cast.coordinator)
    hand = Hand(page)

    hand.tap(step(page, label))
    for _ in range(11):
        hand.send()
        hand.tap("[data-next]")
    hand.send()

    assert not Case.objects.filter(stage=stage).exists()
    hand.has_done(f"twelve times {label}", taps=24, pages=24)


def step(page: Page, label: str) -> Locator:
    """The button of the next step in the first row that has it."""
    return page.locator("main .row-end a.button").filter(has_text=label)


def test_twelve_are_confirmed_at_once(open_page: OpenPage, cast: Cast) -> None:
    bring(cast, Stage.REPORTED, 12)
    page = open_page("/desk/cases/?stage=hazard.reported", user=cast.coordinator)
    hand = Hand(page)

    hand.tap("[data-select-all]")
    hand.tap(page.locator(".bulk button").filter(has_text="确认"))
    hand.tap("main form .button-primary")
    expect(page.locator("h1")).to_be_visible()

    assert Case.objects.filter(stage=Stage.CONFIRMED).count() == 12
    hand.has_done("confirm twelve at once", taps=3, pages=2)


def test_an_assignment_takes_four_taps_if_the_proposal_is_right(
    open_page: OpenPage, cast: Cast
) -> None:
    bring(cast, Stage.ASSIGNED)
    bring(cast, Stage.CONFIRMED)
    Case.objects.update(category="消防安全")
    page = open_page("/desk/", user=cast.coordinator)
    hand = Hand(page)

    hand.tap(step(page, "交办"))
    hand.tap("[data-fills]")
    hand.send()

    assert Case.objects.filter(stage=Stage.ASSIGNED, post=cast.post).count() == 2
    hand.has_done("assign as proposed", taps=4, pages=2)


def test_twelve_are_assigned_at_once_each_as_proposed(open_page: OpenPage, cast: Cast) -> None:
    bring(cast, Stage.ASSIGNED)
    bring(cast, Stage.CONFIRMED, 12)
    Case.objects.update(category="消防安全")
    page = open_page("/desk/cases/?stage=hazard.confirmed", user=cast.coordinator)
    hand = Hand(page)

    hand.tap("[data-select-all]")
    hand.tap(page.locator(".bulk button").filter(has_text="交办"))
    hand.tap("[data-fills]")
    hand.tap("main form .button-primary")
    expect(page.locator("#done")).to_be_visible()

    assert Case.objects.filter(stage=Stage.ASSIGNED, post=cast.post).count() == 13
    hand.has_done("assign twelve at once", taps=4, pages=2)


def test_a_verifier_sees_the_photos_where_he_decides(open_page: OpenPage, cast: Cast) -> None:
    bring(cast, Stage.SUBMITTED)
    page = open_page("/desk/", user=cast.verifier)
    hand = Hand(page)

    hand.tap(step(page, "验收"))
    expect(page.locator("main img").first).to_be_visible()
    hand.type("#id_note", "现场查看，出口畅通。")
    hand.send()

    hand.has_done("verify", taps=3, pages=2)


def test_who_mends_begins_and_submits_on_a_phone(open_page: OpenPage, cast: Cast) -> None:
    bring(cast, Stage.ASSIGNED)
    page = open_page("/desk/", user=cast.handler, width="phone")
    hand = Hand(page)

    hand.tap(step(page, "开始整改"))
    hand.send()
    hand.tap(step(page, "提交验收"))
    hand.take_photo("#id_photos")
    hand.type("#id_note", "通道已清空。")
    hand.send()

    hand.has_done("begin and submit a fix", taps=7, pages=4)


def test_a_leader_opens_what_is_overdue_from_the_strip(open_page: OpenPage, cast: Cast) -> None:
    late = bring(cast, Stage.ASSIGNED, 3)
    Case.objects.update(due_at=PRESENT - timedelta(days=9))
    page = open_page("/desk/", user=cast.leader)
    hand = Hand(page)

    hand.tap(page.locator(".strip-figures a.is-bad"))
    expect(page.locator("tr[data-row]")).to_have_count(len(late))

    hand.has_done("open what is overdue", taps=1, pages=1)


def test_an_administrator_fills_a_new_unit_on_one_page(open_page: OpenPage, cast: Cast) -> None:
    county = Unit.objects.get(parent=None)
    page = open_page("/desk/organisation/", user=make_officer(county, Power.ADMINISTER))
    hand = Hand(page)

    hand.tap(page.locator("main").get_by_role("link", name=county.name, exact=True))
    hand.tap("main a[href$='/found/']")
    hand.type("#id_name", "东关村")
    hand.choose("#id_kind", "village")
    hand.type("#id_member_name", "田小龙")
    hand.type("#id_username", "tian")
    hand.tap("main form .button-primary")
    expect(page.locator("main")).to_contain_text("tian")

    assert Tenure.objects.get(member__username="tian").post.unit.name == "东关村"
    hand.has_done("a new unit, its post and its officer", taps=8, pages=3)


@pytest.fixture
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A browser that is driven is faster than anybody reads."""
    monkeypatch.setattr(guard, "SHORTEST", timedelta(0))


@pytest.mark.usefixtures("_patient")
def test_a_citizen_reports_with_a_photo(open_page: OpenPage, cast: Cast) -> None:
    page = open_page("/", width="phone")
    hand = Hand(page)

    hand.tap("main a[href='/report/']")
    hand.tap(".choices a")
    hand.take_photo("input[type=file]")
    go_on(hand)
    hand.tap("fieldset details summary")
    hand.tap(page.get_by_label("双河镇"))
    hand.type("#id_place", "双河桥头")
    go_on(hand)
    hand.type("#id_title", "桥头路灯坏了")
    go_on(hand)
    expect(page.locator("[data-work]")).to_have_value(re.compile(r"\d+"), timeout=40_000)
    go_on(hand)
    expect(page.locator(".code")).to_be_visible()

    hand.has_done("a citizen reports", taps=12, pages=6)


def go_on(hand: Hand) -> None:
    hand.tap(hand.page.locator("main .button-primary").last)
