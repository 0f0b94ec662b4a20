"""What the forms of an administrator propose, and what they say beside it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.core.powers import Power
from bihuan.orgs import stand_ins
from bihuan.orgs.models import Post, Tenure, Unit, User
from tests.factories import TODAY, make_member, make_officer, make_unit

pytestmark = pytest.mark.django_db
NEW_MEMBER = "/desk/organisation/new-member/"
FOUND = "/desk/organisation/units/county/found/"
A_UNIT = {
    "code": "sj", "name": "水利局", "kind": "department", "title_en": "Person in charge",
    "start_date": "2026-09-01",
}  # fmt: skip


@pytest.fixture
def county() -> Unit:
    return make_unit(code="county", kind=Unit.Kind.GOVERNMENT)


@pytest.fixture
def client(county: Unit) -> Client:
    client = Client()
    client.force_login(make_officer(county, Power.ADMINISTER))
    return client


@pytest.mark.parametrize(
    ("taken", "name", "proposed"),
    [((), "尹璐", "yl"), (("yl", "yl2"), "尹璐", "yl3"), ((), "Ann Lee", "ann.lee")],
)
def test_a_user_name_is_proposed_from_the_name(
    client: Client, taken: tuple[str, ...], name: str, proposed: str
) -> None:
    for username in taken:
        make_member(username=username)

    page = client.post(NEW_MEMBER, {"name": name}).content.decode()
    founding = client.post(FOUND, {**A_UNIT, "title": "局长", "member_name": name}).content.decode()

    for each in (page, founding):
        assert f'value="{proposed}"' in each
        assert "已代拟用户名" in each
    assert not User.objects.filter(name=name).exists()


@pytest.mark.parametrize(
    ("title", "english"),
    [("负责人", "Person in charge"), ("安全员", "Safety officer"), ("会计", "")],
)
def test_the_english_title_follows_the_title(
    client: Client, county: Unit, title: str, english: str
) -> None:
    Post.objects.create(unit=county, title="安全员", title_en="Safety officer")

    client.post(FOUND, {**A_UNIT, "title": title})

    assert Post.objects.get(unit__code="sj").title_en == english


def test_an_english_title_that_was_typed_stays(client: Client) -> None:
    client.post(FOUND, {**A_UNIT, "title": "会计", "title_en": "Accountant"})

    assert Post.objects.get(unit__code="sj").title_en == "Accountant"


def test_each_power_says_what_it_allows(client: Client) -> None:
    for url in (FOUND, "/desk/organisation/units/county/posts/add/"):
        assert "督办人员：跟踪挂牌督办事项" in client.get(url).content.decode()


def test_the_list_of_officers_shows_their_posts(client: Client, county: Unit) -> None:
    post = Tenure.objects.get(member=make_officer(county, name="廖春燕")).post
    make_member(name="无岗")

    page = client.get("/desk/organisation/members/").content.decode()

    assert f"{county.name} · {post.title}" in page
    assert "无岗位" in page


def test_the_name_of_a_holder_leads_administrators_to_the_account(
    client: Client, county: Unit
) -> None:
    officer = make_officer(county)
    other = Client()
    other.force_login(officer)
    url, unit = reverse("orgs:member", args=[officer.username]), "/desk/organisation/units/county/"

    assert url in client.get(unit).content.decode()
    assert url not in other.get(unit).content.decode()


def test_stand_ins_are_offered_from_the_nearest_on_with_a_reason(
    client: Client, county: Unit
) -> None:
    town, other = (make_unit(county, kind=Unit.Kind.TOWN) for _ in "ab")
    village, bureau = make_unit(town), make_unit(county, kind=Unit.Kind.DEPARTMENT)
    tenure = Tenure.objects.get(member=make_officer(town, Power.HANDLE))
    near = [
        make_officer(unit, Power.HANDLE, name=name)
        for unit, name in ((town, "丁"), (village, "丙"), (other, "乙"), (bureau, "甲"))
    ]

    page = client.get(reverse("orgs:stand-in-for", args=[tenure.pk])).content.decode()

    assert stand_ins.possible(tenure, TODAY) == near
    assert "具备全部相应权限（经办人员）的人员，由近及远" in page
