"""A complaint about an office goes above it, and its author is told so before it is sent."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from bihuan.cases.models import AccessGrant, Case, Exclusion
from bihuan.core.powers import Power
from bihuan.grievances.actions.classification import classify
from tests.clock import PRESENT
from tests.factories import make_officer
from tests.portal.conftest import County
from tests.portal.visitor import Page, Visitor, opened

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


def test_an_office_that_is_not_in_the_list_may_be_described(
    county: County, visitor: Visitor
) -> None:
    said = {"unlisted": "桥头的执法中队", "find": "执法中队"}
    page = visitor.fill("accusation", {}, said, {"title": "乱罚款", "description": "没有票据。"})
    assert "桥头的执法中队" in page.text
    assert re.search(r"云溪县人民政府</b>", page.text)
    visitor.send_off("accusation", page)

    case = Case.objects.get()
    assert (case.owner, case.is_confidential) == (county.top, True)
    assert case.description == "被反映的单位（不在列表中）：桥头的执法中队\n\n没有票据。"
    assert not Exclusion.objects.exists()
    posts = set(AccessGrant.objects.filter(case=case).values_list("post__unit", flat=True))
    assert posts == {county.top.pk}


def test_either_an_office_is_chosen_or_it_is_described(county: County, visitor: Visitor) -> None:
    page = visitor.fill("accusation", {}, {"unlisted": " "})

    assert page.is_told
    assert "请从列表中选择单位，或描述该单位。" in page.text
    assert 'maxlength="200"' in page.text
    assert visitor.send("/report/accusation/", page, go="next", unlisted="长" * 201).is_told


def test_an_office_beside_the_described_one_is_excluded(county: County, visitor: Visitor) -> None:
    page = accuse(county, visitor, unlisted="另一个窗口")
    visitor.send_off("accusation", page)

    assert Exclusion.objects.get().unit == county.town
    assert "另一个窗口" in Case.objects.get().description


def test_the_first_officer_names_the_described_office(county: County, visitor: Visitor) -> None:
    page = visitor.fill("accusation", {}, {"unlisted": "双河的办事窗口"}, {"title": "收费不开票"})
    visitor.send_off("accusation", page)
    case = Case.objects.get()
    client = Client()
    client.force_login(county.coordinator)
    unnamed = "尚未指明单位，因此还没有人被排除在外。"
    assert unnamed in client.get(case.get_absolute_url()).content.decode()

    classify(case=case, actor=county.coordinator, now=PRESENT, way="accusation", about=county.town)

    assert Exclusion.objects.get().unit == county.town
    assert unnamed not in client.get(case.get_absolute_url()).content.decode()
    client.force_login(county.clerk)
    assert client.get(case.get_absolute_url()).status_code == 404


def test_the_described_office_is_part_of_what_was_sent(county: County, visitor: Visitor) -> None:
    said = {"unlisted": "桥头的执法中队"}
    page = visitor.fill("accusation", {}, said, {"title": "乱罚款", "description": "没有票据。"})
    key = opened()
    visitor.send_off("accusation", page, form=key)

    again = visitor.send_off("accusation", page, form=key)

    assert again.code
    assert "没有票据" not in again.text
    changed = visitor.send_off("accusation", page, form=key, unlisted="另一个中队")
    assert "另一个中队" in changed.text
