"""Closing a unit and rejecting a duplicate, as people see them on a desk and on a phone."""

from __future__ import annotations

import pytest

from bihuan.cases.models import Case
from bihuan.core.hazard import Stage
from bihuan.core.powers import Power
from bihuan.orgs.models import Tenure, Unit
from tests.browser.conftest import LOOKS, OpenPage, assert_accessible, screenshot
from tests.clock import PRESENT
from tests.factories import make_case, make_cast, make_officer, make_post, make_unit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@LOOKS
def test_closing_a_unit_passes_its_work_on(open_page: OpenPage, width: str, language: str) -> None:
    county = make_unit(name="云溪县")
    gone = make_unit(county, name="双河镇", code="gone", kind=Unit.Kind.TOWN)
    heir = make_unit(county, name="青杉镇", code="heir", kind=Unit.Kind.TOWN)
    make_post(heir, Power.HANDLE, title="安全员")
    case = make_case(gone, stage=Stage.ASSIGNED, cast=make_cast(gone), now=PRESENT)
    Tenure.objects.filter(post__unit=gone).delete()
    admin = make_officer(county, Power.ADMINISTER)

    page = open_page(
        "/desk/organisation/units/gone/close/", width=width, language=language, user=admin
    )
    screenshot(page, f"close-unit-{language}-{width}")
    assert_accessible(page)
    page.locator("select[name=successor]").select_option(str(heir.pk))
    page.locator("input[name=reason]").fill("乡镇合并")
    page.locator("main form button[type=submit], main form button").last.click()
    page.wait_for_url("**/units/gone/")
    screenshot(page, f"closed-unit-{language}-{width}")

    case.refresh_from_db()
    assert case.owner == heir


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_a_duplicate_names_the_case_that_goes_on(open_page: OpenPage, width: str) -> None:
    unit = make_unit(make_unit(name="云溪县"), name="双河镇")
    cast = make_cast(unit)
    live, dead, case = (
        make_case(unit, stage=stage, cast=cast, now=PRESENT)
        for stage in (Stage.RECTIFYING, Stage.REJECTED, Stage.REPORTED)
    )

    page = open_page(f"/desk/cases/{case.number}/reject/", width=width, user=cast.coordinator)
    page.locator("input[name=reason][value=duplicate]").check()
    page.locator("[name=note]").fill("同一隐患")
    page.locator("[name=duplicate_of]").fill(dead.number)
    page.locator("main form .form-end button").last.click()
    page.wait_for_selector("text=不会再办理")
    screenshot(page, f"duplicate-{width}")
    assert_accessible(page)
    page.locator("[name=duplicate_of]").fill(f"编号：{live.number.replace('-', '')}")
    page.locator("main form .form-end button").last.click()
    page.wait_for_url(f"**/{case.number}/")

    assert Case.objects.get(pk=case.pk).duplicate_of == live
