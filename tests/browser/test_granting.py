"""A new post waits for a second administrator, and with a seal, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from bihuan.core.powers import Power
from bihuan.orgs.actions import posts
from bihuan.orgs.models import Post, Tenure, User
from bihuan.receipts.models import UnsealRequest
from tests.browser.conftest import LOOKS, OpenPage, assert_accessible, screenshot
from tests.cases.public import Office, told
from tests.clock import PRESENT
from tests.factories import make_member, make_officer, make_post

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WAITING = "/desk/organisation/to-confirm/"


def administrator(office: Office, name: str) -> User:
    return make_officer(office.town, Power.ADMINISTER, name=name)


def appointed(post: Post, by: User) -> User:
    member = make_member(name="新来的")
    posts.appoint(post=post, member=member, start_date=PRESENT.date(), actor=by, now=PRESENT)
    return member


@LOOKS
def test_an_administrator_grants_and_a_second_one_confirms(
    open_page: OpenPage, office: Office, width: str, language: str
) -> None:
    one, two = administrator(office, "甲管理"), administrator(office, "乙管理")
    post = make_post(office.town, Power.HANDLE, title="新经办")
    new = make_member(name="新来的")

    page = open_page(
        f"/desk/organisation/posts/{post.pk}/appoint/", width=width, language=language, user=one
    )
    expect(page.locator(".consequences")).to_contain_text("72")
    assert_accessible(page)
    page.select_option("[name=member]", str(new.pk))
    page.locator("main button[type=submit]").click()
    page.goto(WAITING)
    expect(page.locator(".rows li")).to_have_count(1)
    expect(page.locator(".rows button")).to_have_count(0)

    page = open_page(WAITING, width=width, language=language, user=two)
    assert_accessible(page)
    screenshot(page, f"grant-waits-{width}-{language}")
    page.locator(".rows button").click()

    expect(page.locator(".message-success")).to_be_visible()
    expect(page.locator(".rows li")).to_have_count(0)
    assert Tenure.objects.get(post=post).confirmed_by == two


def test_a_seal_waits_for_a_new_post_unless_there_is_danger(
    open_page: OpenPage, office: Office
) -> None:
    post = make_post(office.town, Power.HANDLE, title="新经办")
    new = appointed(post, administrator(office, "甲管理"))
    case = told(office.town, kind="grievance", title="煤气泄漏").case

    page = open_page(case.get_absolute_url(), width="phone", user=new)
    page.locator("#who a.button").click()
    expect(page.locator("#panel .message-warning")).to_be_visible()
    assert_accessible(page)
    screenshot(page, "seal-waits-phone-zh")
    page.locator("#panel textarea").fill("屋里有人叫不醒")
    page.locator("#panel button[type=submit]").click()
    expect(page.locator("[data-error-summary]")).to_be_visible()
    expect(page.locator("main textarea")).to_have_value("屋里有人叫不醒")
    assert_accessible(page)
    assert not UnsealRequest.objects.exists()
    page.locator("main input[type=checkbox]").check()
    page.locator("main button[type=submit]").click()
    expect(page.locator(".message-success")).to_be_visible()

    other = open_page(case.get_absolute_url(), width="phone", user=office.head)
    assert_accessible(other)
    other.locator("#who form button").first.click()
    expect(other).to_have_url(re.compile(f"{case.number}/$"))
    assert UnsealRequest.objects.get().allowed_by == office.head
