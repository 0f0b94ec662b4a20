"""A complaint about an office goes above it, and its author is told so before it is sent."""

from __future__ import annotations

import re

import pytest

from bihuan.cases.models import AccessGrant, Case, Exclusion
from bihuan.core.powers import Power
from tests.factories import make_officer
from tests.portal.conftest import County
from tests.portal.visitor import Page, Visitor

pytestmark = pytest.mark.django_db


def accuse(county: County, visitor: Visitor, **about: object) -> Page:
    return visitor.fill(
        "accusation", {}, {"about": county.town.pk, **about}, {"title": "窗口收费不开票"}
    )


def test_whom_it_goes_to_and_who_never_sees_it_is_told_before_it_is_sent(
    county: County, visitor: Visitor
) -> None:
    page = accuse(county, visitor)

    assert re.search(r"云溪县人民政府</b>", page.text)
    assert re.search(r"<b>双河镇</b>", page.text)
    visitor.send_off("accusation", page)

    case = Case.objects.get()
    assert (case.owner, case.origin, case.is_confidential) == (county.top, county.top, True)
    assert Exclusion.objects.get().unit == county.town
    assert AccessGrant.objects.filter(case=case).exists()
    assert case.grievance.way == "accusation"


def test_one_officer_may_be_meant_by_the_post(county: County, visitor: Visitor) -> None:
    path = "/report/accusation/"
    page = visitor.fill("accusation", {})
    page = visitor.send(path, page, go="find", about=county.town.pk)
    assert "信访专员" in page.text
    assert "王办事" not in page.text
    post = county.clerk.tenures.get().post

    page = visitor.send(path, page, go="next", seats=post.pk)
    page = visitor.send(path, page, go="next", title="窗口收费不开票")
    visitor.send_off("accusation", page)

    bar = Exclusion.objects.get()
    assert (bar.unit, bar.member) == (None, county.clerk)
    assert Case.objects.get().owner == county.top


def test_where_nobody_stands_above_nothing_is_sent_and_the_way_is_told(
    county: County, visitor: Visitor
) -> None:
    page = visitor.fill(
        "accusation",
        {},
        {"about": county.top.pk},
        {"title": "县政府违规收费", "description": "详情"},
    )

    assert page.is_told
    assert "12388" in page.text
    assert page.values["title"] == ["县政府违规收费"]
    visitor.send_off("accusation", page)
    assert not Case.objects.exists()


def test_several_offices_may_be_meant(county: County, visitor: Visitor) -> None:
    make_officer(county.village, Power.HANDLE)

    page = visitor.fill(
        "accusation", {}, {"about": [county.town.pk, county.village.pk]}, {"title": "互相推诿"}
    )
    visitor.send_off("accusation", page)

    assert set(Exclusion.objects.values_list("unit", flat=True)) == {
        county.town.pk,
        county.village.pk,
    }
