"""Responsibilities in a real browser: what is lacking is found and filled, a duty is signed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.timezone import localdate
from playwright.sync_api import expect

from bihuan.duties.models import Duty, Signature
from tests.browser.conftest import LOOKS, OpenPage, assert_accessible, screenshot
from tests.clock import PRESENT
from tests.duties.register import a_duty, make_town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
EARLIER = PRESENT - timedelta(days=3)


@LOOKS
def test_a_gap_is_found_and_filled(open_page: OpenPage, width: str, language: str) -> None:
    town = make_town()
    page = open_page(
        "/desk/duties/?lacks=grid_officer", width=width, language=language, user=town.coordinator
    )
    assert_accessible(page)
    screenshot(page, f"duties-gaps-{width}-{language}")
    page.locator("[data-row] input[type=checkbox]").check()
    page.locator("main .actions button.button-primary").click()
    expect(page.locator("main [name=text]")).to_be_visible()
    assert_accessible(page)

    page.select_option("main [name=post]", str(town.post.pk), force=True)
    page.fill("main [name=text]", "每月到场检查一次。")
    page.fill("main [name=start_date]", localdate(PRESENT).isoformat())
    page.locator("main form.form button[type=submit]").last.click()
    expect(page.locator("h1")).to_be_visible()

    duty = Duty.objects.get()
    assert (duty.site, duty.post) == (town.site, town.post)
    for path in ("", "text/", "post/", "end/"):
        page.goto(f"{duty.get_absolute_url()}{path}")
        assert_accessible(page)


@LOOKS
def test_a_duty_waits_for_its_post_and_is_signed_once_it_was_read(
    open_page: OpenPage, width: str, language: str
) -> None:
    town = make_town()
    a_duty(town, now=EARLIER)
    page = open_page("/desk/duties/mine/", width=width, language=language, user=town.grid)
    assert_accessible(page)
    screenshot(page, f"duties-mine-{width}-{language}")

    page.locator("[data-row] a[href$='/sign/']").click()
    expect(page.locator("main")).to_contain_text("每月到场检查一次。")
    assert_accessible(page)
    screenshot(page, f"duties-sign-{width}-{language}")
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator("h1")).to_be_visible()

    assert Signature.objects.count() == 1
    page.goto("/desk/duties/mine/")
    expect(page.locator("[data-row]")).to_have_count(1)
    expect(page.locator("[data-row] a[href$='/sign/']")).to_have_count(0)
    page.goto(f"/desk/duties/posts/{town.post.pk}/")
    assert_accessible(page)
