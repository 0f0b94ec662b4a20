"""An inspection walked on a phone, with the line cut in the middle, and on two phones at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from playwright.sync_api import FilePayload, Page, expect

from bihuan.cases.models import Case
from bihuan.core.checklist import Item
from bihuan.core.powers import Power
from bihuan.core.rules import Bilingual
from bihuan.files.models import StoredFile
from bihuan.inspections.models import Answer, Inspection, Photo
from bihuan.orgs.models import Post, User
from tests.browser.conftest import LOOKS, OpenPage, assert_accessible, screenshot, signed_in
from tests.clock import PRESENT
from tests.factories import (
    make_checklist,
    make_inspection,
    make_officer,
    make_photo,
    make_site,
    make_unit,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST_TAPS = 60
FAILED = {5, 14, 23, 38}
PHOTOS = 10
# What can be tapped in the form and is less than 44 px high or wide, without links in a text.
SMALL_TARGETS = """
[...document.querySelectorAll("form.enhanced button, form.enhanced label, form.enhanced summary, "
    + "form.enhanced a.button, form.enhanced input:not([type=hidden]):not([type=file])")]
  .filter((each) => each.checkVisibility() && !each.matches("label input, .hidden"))
  .map((each) => [each.textContent.trim() || each.name, each.getBoundingClientRect()])
  .filter(([, box]) => box.width > 1 && (box.width < 44 || box.height < 44))
  .map(([name, box]) => `${name} ${Math.round(box.width)}x${Math.round(box.height)}`)
"""


class Walk:
    """Somebody with the page of an inspection, whose taps are counted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taps = 0

    def item(self, key: str) -> None:
        expect(self.page.locator(f"#item-{key}")).to_be_visible()

    def tap(self, selector: str) -> None:
        self.taps += 1
        self.page.locator(selector).click()

    def answer(self, key: str, value: str) -> None:
        self.tap(f"#item-{key} .walk-option-{value}")

    def photograph(self, key: str) -> None:
        """One tap on the button; the camera of the phone is not counted."""
        self.taps += 1
        self.page.set_input_files(f"#item-{key} input[type=file]", [photo()])

    def next(self) -> None:
        self.tap("[data-next]")

    @property
    def line(self) -> str:
        return self.page.locator("[data-line]").inner_text()


def photo() -> FilePayload:
    return {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": make_photo().read()}


def items(count: int) -> tuple[Item, ...]:
    return tuple(
        Item(f"i{n}", Bilingual(f"第{n}项是否符合", f"Is item {n} in order?"))
        for n in range(1, count + 1)
    )


@pytest.fixture
def officer() -> User:
    return make_officer(make_unit(make_unit(name="云溪县"), name="双河镇"), Power.REPORT)


def begun(officer: User, count: int, *others: User) -> Inspection:
    posts = [Post.objects.get(tenures__member=each) for each in (officer, *others)]
    site = make_site(posts[0].unit, name="双河镇中心小学", now=PRESENT)
    version = make_checklist(posts[0].unit, items=items(count), title="校园安全", now=PRESENT)
    return make_inspection(site, version, posts=posts, now=PRESENT)


def opened(open_page: OpenPage, made: Inspection, officer: User, language: str = "zh-hans") -> Walk:
    page = open_page(
        f"{made.get_absolute_url()}walk/", width="phone", user=officer, language=language
    )
    expect(page.locator("form.enhanced")).to_be_visible()
    return Walk(page)


def test_forty_items_take_sixty_taps_and_a_lost_line_loses_nothing(
    open_page: OpenPage, officer: User
) -> None:
    made = begun(officer, 40)
    walk = opened(open_page, made, officer)

    for n in range(1, 41):
        key = f"i{n}"
        walk.item(key)
        if n == 12:
            walk.page.context.set_offline(True)
        if n == 30:
            expect(walk.page.locator("[data-line]")).to_contain_text("尚未发送")
            assert Answer.objects.count() < 12
            walk.page.context.set_offline(False)
        walk.answer(key, "no" if n in FAILED else "yes")
        if n in FAILED:
            for _ in range(4 if n == 14 else 2):
                walk.photograph(key)
            walk.next()

    expect(walk.page.locator("[data-line]")).to_have_text("已全部发送。", timeout=60_000)
    assert Answer.objects.count() == 40
    assert set(Answer.objects.values_list("revision", flat=True)) == {1}
    assert Photo.objects.count() == StoredFile.objects.count() == PHOTOS
    screenshot(walk.page, "inspection-summary")
    walk.tap("[data-to-failed]")
    walk.page.wait_for_url("**/failed/")
    walk.tap("form.form .button-primary")
    walk.page.wait_for_url("**/end/")
    assert Case.objects.count() == len(FAILED)
    assert walk.taps <= MOST_TAPS, walk.taps


def test_two_phones_see_each_others_change_and_choose(open_page: OpenPage, officer: User) -> None:
    other = make_officer(officer.tenures.get().post.unit, Power.HANDLE)
    made = begun(officer, 2, other)
    first, second = (opened(open_page, made, each) for each in (officer, other))
    first.answer("i1", "no")
    expect(first.page.locator("[data-line]")).to_have_text("已全部发送。")

    second.answer("i1", "yes")
    second.page.locator("[data-previous]").click()

    conflict = second.page.locator("#item-i1 [data-conflict]")
    expect(conflict).to_be_visible()
    expect(conflict).to_contain_text("否")
    assert Answer.objects.get().value == "no"
    screenshot(second.page, "inspection-conflict")
    assert_accessible(second.page)
    conflict.locator("[data-use-mine]").click()
    expect(second.page.locator("[data-line]")).to_have_text("已全部发送。")
    assert Answer.objects.get().value == "yes"


def test_what_was_not_sent_is_there_after_the_page_is_loaded_again(
    open_page: OpenPage, officer: User
) -> None:
    made = begun(officer, 2)
    walk = opened(open_page, made, officer)
    walk.page.route("**/answer/", lambda route: route.abort())
    walk.page.route("**/photo/", lambda route: route.abort())
    walk.answer("i1", "no")
    walk.photograph("i1")
    expect(walk.page.locator("#item-i1 [data-saved]")).to_contain_text("尚未发送")
    expect(walk.page.locator("[data-line]")).to_contain_text("2")

    walk.page.unroute_all()
    walk.page.reload()

    expect(walk.page.locator("[data-line]")).to_have_text("已全部发送。", timeout=30_000)
    assert Answer.objects.get().value == "no"
    assert Photo.objects.count() == 1


def test_everything_on_the_page_is_large_enough_for_a_thumb(
    open_page: OpenPage, officer: User
) -> None:
    walk = opened(open_page, begun(officer, 3), officer)
    walk.answer("i1", "no")
    walk.item("i1")

    small = walk.page.evaluate(SMALL_TARGETS)

    assert small == []


def test_a_device_whose_clock_is_a_day_wrong_saves_at_the_time_of_the_server(
    open_page: OpenPage, officer: User
) -> None:
    made = begun(officer, 2)
    walk = opened(open_page, made, officer)
    walk.page.clock.set_fixed_time(PRESENT + timedelta(days=1))
    walk.page.context.set_offline(True)
    walk.answer("i1", "yes")
    expect(walk.page.locator("[data-line]")).to_contain_text("尚未发送")
    walk.page.context.set_offline(False)

    expect(walk.page.locator("[data-line]")).to_have_text("已全部发送。", timeout=60_000)
    assert abs(Answer.objects.get().changed_at - PRESENT) < timedelta(hours=1)


def test_signing_out_asks_and_deletes_what_was_not_sent(open_page: OpenPage, officer: User) -> None:
    made = begun(officer, 2)
    walk = opened(open_page, made, officer)
    walk.page.route("**/answer/", lambda route: route.abort())
    walk.answer("i1", "no")
    expect(walk.page.locator("[data-line]")).to_contain_text("尚未发送")
    asked: list[str] = []

    def accept(dialog: object) -> None:
        asked.append(dialog.message)  # type: ignore[attr-defined]
        dialog.accept()  # type: ignore[attr-defined]

    walk.page.on("dialog", accept)
    walk.page.locator("summary:has-text('人员')").first.click()
    walk.page.locator("form[data-ends-session] button").click()
    walk.page.wait_for_url("**/sign-in/**")

    assert "1" in asked[0]
    kept = "indexedDB.databases().then((all) => all.map((each) => each.name))"
    assert "bihuan-kept" not in walk.page.evaluate(kept)


@pytest.mark.parametrize("has_looked", [False, True])
def test_a_page_of_one_officer_sends_nothing_for_another_who_signs_in(
    open_page: OpenPage, officer: User, has_looked: bool
) -> None:
    other = make_officer(officer.tenures.get().post.unit, Power.HANDLE)
    made = begun(officer, 2, other)
    walk = opened(open_page, made, officer)
    context, here = walk.page.context, walk.page.evaluate("location.origin")
    # What a real sign-in does: a session, and another token for forms.
    for name, value in (signed_in(other) | {settings.CSRF_COOKIE_NAME: "x" * 32}).items():
        context.add_cookies([{"name": name, "value": value, "url": here}])
    if has_looked:
        context.new_page().goto(made.get_absolute_url())

    with walk.page.expect_response("**/walk/" if has_looked else "**/state/"):
        walk.answer("i1", "no")

    if has_looked:
        expect(walk.page.locator("body")).to_have_attribute("data-who", str(other.pk))
    else:
        expect(walk.page.locator("[data-line]")).to_contain_text("登录")
    assert not Answer.objects.exists()


@LOOKS
def test_the_pages_of_an_inspection_are_accessible(
    open_page: OpenPage, officer: User, width: str, language: str
) -> None:
    made = begun(officer, 3)
    for path in ("", "walk/", "failed/", "end/", "sheet/"):
        page = open_page(
            f"{made.get_absolute_url()}{path}", width=width, language=language, user=officer
        )
        page.wait_for_load_state()
        screenshot(page, f"inspection-{path.strip('/') or 'page'}-{width}-{language}")
        assert_accessible(page)


def test_both_sides_sign_on_the_screen(open_page: OpenPage, officer: User) -> None:
    made = begun(officer, 1)
    walk = opened(open_page, made, officer)
    walk.answer("i1", "yes")
    expect(walk.page.locator("[data-line]")).to_have_text("已全部发送。")
    walk.page.locator("[data-to-end]").click()
    walk.page.wait_for_url("**/end/")
    page = walk.page

    page.locator("#id_result").fill("未发现问题。")
    page.locator("#id_site_name").fill("周代表")
    for canvas in page.locator("canvas").all():
        canvas.scroll_into_view_if_needed()
        box = canvas.bounding_box()
        assert box is not None
        sign(page, box["x"], box["y"])
    screenshot(page, "inspection-signed")
    page.locator("form.form .button-primary").last.click()
    page.wait_for_url(f"**{made.get_absolute_url()}")

    made.refresh_from_db()
    assert made.stage == "done"
    assert all(row.drawing for row in made.signatures.all())


def sign(page: Page, x: float, y: float) -> None:
    page.mouse.move(x + 20, y + 20)
    page.mouse.down()
    page.mouse.move(x + 120, y + 60, steps=8)
    page.mouse.up()
