"""Sites bound to a post, and visited with one tap, in a real browser."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.timezone import localdate
from playwright.sync_api import expect

from bihuan.visits.models import Binding, Visit
from tests.browser.conftest import LOOKS, OpenPage, assert_accessible, screenshot
from tests.clock import PRESENT
from tests.visits.scene import Scene, make_binding, make_scene

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TODAY = localdate(PRESENT)


@pytest.fixture
def scene() -> Scene:
    return make_scene()


@LOOKS
def test_a_site_without_a_post_is_found_and_bound(
    open_page: OpenPage, scene: Scene, width: str, language: str
) -> None:
    sites = [scene.site(name=name) for name in ("河东加油站", "河西加油站")]
    make_binding(scene.site(name="河东水库"), scene.post, due_date=TODAY + timedelta(days=9))
    page = open_page(
        "/desk/visits/unbound/", width=width, language=language, user=scene.coordinator
    )
    expect(page.locator("[data-row]")).to_have_count(2)
    assert_accessible(page)
    screenshot(page, f"visits-unbound-{width}-{language}")

    page.goto(f"/desk/visits/sites/{sites[0].pk}/bind/")
    assert_accessible(page)
    page.select_option("main [name=post]", str(scene.post.pk), force=True)
    page.fill("main [name=every_days]", "20")
    page.locator("main form.form button[type=submit]").last.click()
    expect(page.locator("h1")).to_be_visible()
    page.goto("/desk/visits/unbound/")
    expect(page.locator("[data-row]")).to_have_count(1)

    assert Binding.objects.get(site=sites[0], ended_at=None).every_days == 20
    for path in ("", "bound/", "posts/", "groups/", f"sites/{sites[0].pk}/history/"):
        page.goto(f"/desk/visits/{path}")
        assert_accessible(page)
        if not path:
            screenshot(page, f"visits-coverage-{width}-{language}")


@LOOKS
def test_a_visit_is_one_tap_that_can_be_undone(
    open_page: OpenPage, scene: Scene, width: str, language: str
) -> None:
    make_binding(scene.site(name="河东加油站"), scene.post, every_days=9)
    page = open_page("/desk/visits/mine/", width=width, language=language, user=scene.officer)
    tap = page.locator("form[action*='/in-order/'] button")
    assert_accessible(page)
    screenshot(page, f"visits-mine-{width}-{language}")
    box = tap.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 44

    tap.click()
    expect(page.locator(".message-success")).to_be_visible()
    assert_accessible(page)
    assert Visit.objects.get().outcome == "in_order"
    page.locator(".message-success button").click()
    expect(tap).to_be_visible()
    assert Visit.objects.get().withdrawn_at is not None

    page.locator("a[href$='/record/']").click()
    expect(page.locator("main [name=note]")).to_be_visible()
    assert_accessible(page)
