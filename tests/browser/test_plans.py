"""Plans, draws by lot and looking back, in a real browser."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils.timezone import localdate
from playwright.sync_api import FilePayload, Page, expect

from bihuan.core.hazard import Stage
from bihuan.core.powers import Power
from bihuan.plans.actions import draws
from bihuan.plans.actions.draws import DrawOpening
from bihuan.plans.models import Draw, Plan, Planned, Review
from bihuan.plans.queries.pools import Closed
from tests.browser.conftest import LOOKS, OpenPage, assert_accessible, screenshot
from tests.clock import PRESENT
from tests.factories import make_case, make_officer, make_photo
from tests.plans.district import District, post_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TODAY = localdate(PRESENT)
SEED = "2026123"


@pytest.fixture
def here() -> District:
    return District()


@LOOKS
def test_a_plan_shows_what_it_makes_before_it_is_kept(
    open_page: OpenPage, here: District, width: str, language: str
) -> None:
    site = here.sites(2, name="河东小学")[0]
    page = open_page(
        f"/desk/plans/new/?unit={here.county.pk}", width=width, language=language,
        user=here.planner,
    )  # fmt: skip
    assert_accessible(page)
    page.fill("main [name=title]", "每月检查")
    page.check("main [name=kind][value=ordinary]")
    page.select_option("main [name=checklist]", str(here.version.checklist_id), force=True)
    choose(page, every="month", posts=str(here.post.pk))
    page.fill("main [name=start_date]", TODAY.isoformat())
    page.fill("main [name=days]", "10")
    page.locator("main button[value=preview]").click()

    expect(page.locator("main button[value=keep]")).to_be_visible()
    expect(page.locator("main")).to_contain_text(site.name)
    assert_accessible(page)
    screenshot(page, f"plan-preview-{width}-{language}")
    assert not Plan.objects.exists()
    page.locator("main button[value=keep]").click()
    page.wait_for_url("**/desk/plans/*/")

    assert_accessible(page)
    assert Planned.objects.count() == 2
    for path in ("/desk/plans/", Planned.objects.latest("pk").round.get_absolute_url()):
        page.goto(path)
        assert_accessible(page)
        screenshot(page, f"plan{path.replace('/', '-')}{width}-{language}")


@LOOKS
def test_a_draw_repeated_from_its_seed_gives_the_same(
    open_page: OpenPage, here: District, width: str, language: str
) -> None:
    here.sites(6)
    second = make_officer(here.town, Power.VERIFY, name="田检查")
    posts = [str(here.post.pk), str(post_of(second).pk)]
    page = open_page("/desk/draws/", width=width, language=language, user=here.planner)
    assert_accessible(page)
    made = draw(page, here, posts)

    assert_accessible(page)
    screenshot(page, f"draw-{width}-{language}")
    page.goto(f"/desk/draws/{made.pk}/repeat/")
    expect(page.locator("main .message-success")).to_be_visible()
    assert_accessible(page)
    screenshot(page, f"draw-repeated-{width}-{language}")
    said = page.locator("main").inner_text()
    places = [said.rindex(code) for code, _posts in json.loads(made.result)]
    assert len(places) == 3
    assert places == sorted(places)


@LOOKS
def test_a_closed_hazard_is_looked_back_at_with_a_photo(
    open_page: OpenPage, here: District, width: str, language: str
) -> None:
    looker = make_officer(here.county, Power.VERIFY, name="周回看")
    made = make_case(here.town, stage=Stage.CLOSED, now=PRESENT)
    opening = DrawOpening(here.county, "回头看", Draw.Purpose.LOOK_BACK, Draw.Origin.SYSTEM)
    opened = draws.open_draw(opening=opening, actor=here.planner, now=PRESENT)
    dates = {"start_date": TODAY, "complete_date": TODAY + timedelta(days=10)}
    draws.draw_cases(
        draw=opened, closed=Closed(here.county, TODAY - timedelta(days=9), TODAY),
        extent=here.extent(number=1, posts=(post_of(looker),), **dates),
        actor=here.planner, now=PRESENT,
    )  # fmt: skip
    page = open_page("/desk/", width=width, language=language, user=looker)
    row = Review.objects.get()
    page.locator(f"main a[href='/desk/reviews/{row.pk}/']").first.click()
    expect(page.locator("main [name=holds]").first).to_be_attached()
    assert_accessible(page)
    screenshot(page, f"look-back-{width}-{language}")

    page.check("main [name=holds][value=yes]")
    page.fill("main [name=note]", "整改部位完好。")
    photo: FilePayload = {
        "name": "a.jpg", "mimeType": "image/jpeg", "buffer": make_photo().read(),
    }  # fmt: skip
    page.set_input_files("main input[type=file]", [photo])
    page.locator("main form.form button[type=submit]").last.click()
    expect(page.locator("h1")).to_be_visible()
    page.wait_for_url(lambda url: "/reviews/" not in url)

    made.refresh_from_db()
    row.refresh_from_db()
    assert (row.verdict, made.stage) == ("holds", Stage.RECHECKED)


def draw(page: Page, here: District, posts: list[str]) -> Draw:
    """Fix the seed, set the conditions, and draw."""
    page.goto("/desk/draws/new/")
    page.select_option("main [name=unit]", str(here.county.pk), force=True)
    page.fill("main [name=title]", "秋季抽查")
    page.check("main [name=purpose][value=inspect]")
    page.check("main [name=origin][value=public]")
    page.fill("main [name=seed]", SEED)
    page.fill("main [name=source]", "福彩3D第2026123期")
    page.locator("main form.form button[type=submit]").last.click()
    page.wait_for_url(lambda url: "/new/" not in url)
    made = Draw.objects.latest("pk")

    page.goto(f"/desk/draws/{made.pk}/draw/")
    assert_accessible(page)
    page.check("main [name=kind][value=ordinary]")
    page.select_option("main [name=checklist]", str(here.version.checklist_id), force=True)
    page.check("main [name=amount][value=number]")
    page.fill("main [name=number]", "3")
    page.check("main [name=is_weighted][value=no]")
    for post in posts:
        choose(page, posts=post)
    page.fill("main [name=posts_each]", "1")
    page.fill("main [name=start_date]", TODAY.isoformat())
    page.fill("main [name=complete_date]", (TODAY + timedelta(days=10)).isoformat())
    page.locator("main form.form button[type=submit]").last.click()
    page.wait_for_url(lambda url: not url.endswith("/draw/"))
    made.refresh_from_db()
    return made


def choose(page: Page, **values: str) -> None:
    """Choose a value in a list, or tick or press the one that has it."""
    for name, value in values.items():
        field = page.locator(f"main [name={name}]").first
        if field.evaluate("field => field.localName") == "select":
            page.select_option(f"main [name={name}]", value, force=True)
        else:
            page.check(f"main [name={name}][value='{value}']")
