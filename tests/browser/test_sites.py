"""The register of sites and the page of a site in a real browser, on a desk and on a phone."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from bihuan.core.powers import Power
from bihuan.orgs.models import Unit, User
from bihuan.sites.models import Site, SiteCase, SitePaper
from tests.browser.conftest import LOOKS, OpenPage, assert_accessible, screenshot
from tests.clock import PRESENT
from tests.factories import make_case, make_cast, make_officer, make_site, make_unit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TODAY = PRESENT.date()


@pytest.fixture
def keeper(county: Unit) -> User:
    return make_officer(county, Power.COORDINATE, Power.REPORT, name="李调度")


@pytest.fixture
def site(county: Unit) -> Site:
    """A school with everything that its page shows."""
    town = make_unit(county, name="青溪镇")
    cases = [make_case(town, cast=make_cast(town), now=PRESENT - timedelta(days=9))]
    made = make_site(
        town, name="青溪镇中心小学", address="学府路 12 号", regulators={"fire": make_unit(county)},
        cases=cases, attributes={"pupils": 420, "canteen": True},
    )  # fmt: skip
    for kind, days in (("food_permit", -3), ("boiler_test", 20)):
        made.papers.create(kind=kind, expires_date=TODAY + timedelta(days), added_at=PRESENT)
    made.equipment.create(name="4 公斤灭火器", count=18, norm=24, next_check_date=TODAY)
    return made


@LOOKS
def test_a_site_is_found_and_its_pages_are_accessible(
    open_page: OpenPage, keeper: User, site: Site, width: str, language: str
) -> None:
    make_site(site.unit, kind="reservoir", name="青溪水库")
    page = open_page("/desk/sites/", width=width, language=language, user=keeper)
    assert_accessible(page)
    screenshot(page, f"sites-{width}-{language}")

    page.fill("main [name=q]", "中心小学")
    page.keyboard.press("Enter")
    expect(page.locator("[data-row]")).to_have_count(1)
    page.locator("[data-row] a").first.click()

    expect(page.locator("h1")).to_contain_text("青溪镇中心小学")
    assert_accessible(page)
    screenshot(page, f"site-{width}-{language}")
    paper = SitePaper.objects.earliest("pk")
    for path in (
        "change/", "regulators/", "close/", "move/", "papers/add/", f"papers/{paper.pk}/",
        f"papers/{paper.pk}/renew/", "equipment/add/", "cases/add/",
    ):  # fmt: skip
        page.goto(f"/desk/sites/{site.pk}/{path}")
        assert_accessible(page)


@LOOKS
def test_a_hazard_is_reported_from_the_page_of_a_site(
    open_page: OpenPage, keeper: User, site: Site, width: str, language: str
) -> None:
    page = open_page(site.get_absolute_url(), width=width, language=language, user=keeper)
    page.locator(".case-acts .button-primary").click()

    expect(page.locator("[name=place]")).to_have_value("青溪镇中心小学 学府路 12 号")
    assert_accessible(page)
    page.fill("[name=title]", "食堂燃气软管老化")
    page.locator("main button[type=submit]").click()
    expect(page).to_have_url(re.compile("/desk/cases/"))

    page.goto(site.get_absolute_url())
    expect(page.locator("section[aria-labelledby=problems]")).to_contain_text("食堂燃气软管老化")
    assert SiteCase.objects.filter(site=site).count() == 2


@LOOKS
def test_a_site_is_registered_and_gets_a_paper_by_keyboard(
    open_page: OpenPage, county: Unit, keeper: User, width: str, language: str
) -> None:
    page = open_page("/desk/sites/new/", width=width, language=language, user=keeper)
    assert_accessible(page)
    page.goto("/desk/sites/new/kindergarten/")
    page.fill("[name=name]", "阳光幼儿园")
    page.select_option("[name=unit]", str(county.pk), force=True)
    page.fill("[name=attribute_children]", "140")
    assert_accessible(page)
    page.locator("main button[type=submit]").click()
    expect(page.locator("h1")).to_contain_text("阳光幼儿园")

    page.locator("section[aria-labelledby=papers] .section-head a").click()
    page.select_option("[name=kind]", "health_certificates", force=True)
    page.fill("[name=count]", "9")
    page.fill("[name=expires_date]", (TODAY + timedelta(days=12)).isoformat())
    page.locator("main button[type=submit]").click()

    expect(page.locator("main")).to_contain_text("9")
    assert SitePaper.objects.get().count == 9
