"""The pages of the organisation: read by every officer, changed by administrators."""

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.core.hazard import Stage
from bihuan.core.powers import Power
from bihuan.orgs.models import Post, Tenure, Unit, User
from tests.conftest import CountQueries
from tests.factories import (
    PASSWORD,
    TODAY,
    make_case,
    make_cast,
    make_member,
    make_officer,
    make_post,
    make_tenure,
    make_unit,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> Unit:
    return make_unit(name="云榆县", code="530499", division_code="530499")


@pytest.fixture
def town(county: Unit) -> Unit:
    return make_unit(county, name="青杉镇", code="t1", kind=Unit.Kind.TOWN)


def _as(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def administrator(county: Unit) -> Client:
    return _as(make_officer(county, Power.ADMINISTER))


@pytest.fixture
def officer(town: Unit) -> Client:
    return _as(make_officer(town, Power.HANDLE, name="曾志强"))


def _page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


# ---------------------------------------------------------------------- reading
def test_every_officer_reads_the_directory(officer: Client) -> None:
    page = _page(officer, "/desk/organisation/")

    assert "云榆县" in page
    assert "青杉镇" in page
    assert "曾志强" in _page(officer, "/desk/organisation/units/t1/")


def test_a_member_without_a_post_reads_nothing(county: Unit) -> None:
    client = _as(make_member())

    assert client.get("/desk/organisation/").status_code == 403
    assert client.get("/desk/organisation/units/530499/").status_code == 403
    assert client.get("/desk/account/").status_code == 200


def test_the_search_finds_units_and_officers(officer: Client) -> None:
    found = _page(officer, "/desk/organisation/?q=青杉")
    assert "青杉镇" in found
    # The page names who prints it.
    assert found.partition("<main")[2].count("曾志强") == 1

    assert "青杉镇" in _page(officer, "/desk/organisation/?q=志强")
    assert "青杉镇" not in _page(officer, "/desk/organisation/?q=zzz").partition("<main")[2]


def test_a_unit_that_is_not_there_is_not_found(officer: Client) -> None:
    assert officer.get("/desk/organisation/units/none/").status_code == 404


def test_many_units_below_come_in_pages(county: Unit, administrator: Client) -> None:
    for number in range(60):
        make_unit(county, name=f"村{number:02d}")

    first = _page(administrator, "/desk/organisation/units/530499/")
    start = first.partition('href="?after=')[2].partition('"')[0]
    second = _page(administrator, f"/desk/organisation/units/530499/?after={start}")

    assert "村49" in first
    assert "村50" not in first
    assert "村50" in second
    assert "村49" not in second


@pytest.mark.parametrize("path", ["/desk/organisation/", "/desk/organisation/units/530499/"])
def test_a_page_costs_the_same_whatever_the_number_of_units(
    path: str, county: Unit, administrator: Client, count_queries: CountQueries
) -> None:
    def cost() -> int:
        with count_queries() as queries:
            administrator.get(path)
        return len(queries)

    administrator.get(path)
    small = cost()
    for _number in range(10):
        make_officer(county, Power.REPORT)
        make_unit(make_unit(county))

    assert cost() == small <= 12


def test_bad_paging_is_no_error(administrator: Client) -> None:
    _page(administrator, "/desk/organisation/units/530499/?after=x")
    _page(administrator, "/desk/organisation/members/?after=x")


# --------------------------------------------------------------------- changing
def test_only_administrators_reach_the_forms(town: Unit, officer: Client) -> None:
    post = make_post(town)
    tenure = make_tenure(make_member(), post)
    forms = [
        *(
            reverse(name, args=["t1"])
            for name in ("orgs:add-unit", "orgs:change-unit", "orgs:move-unit")
        ),
        *(reverse(name, args=["t1"]) for name in ("orgs:close-unit", "orgs:add-post")),
        *(reverse(name, args=[post.pk]) for name in ("orgs:change-post", "orgs:end-post")),
        *(reverse(name, args=[post.pk]) for name in ("orgs:appoint", "orgs:hand-over")),
        reverse("orgs:end-tenure", args=[tenure.pk]),
        reverse("orgs:add-member"),
    ]

    assert officer.get(reverse("orgs:members")).status_code == 403
    for path in forms:
        assert officer.get(path).status_code == 403
        assert officer.post(path, {}).status_code == 403


def test_the_account_of_a_stranger_is_not_found(officer: Client) -> None:
    stranger = make_member()

    for name in ("orgs:member", "orgs:change-member", "orgs:deactivate-member"):
        assert officer.get(reverse(name, args=[stranger.username])).status_code == 404
    for name in ("orgs:reset-password", "orgs:reactivate-member"):
        assert officer.post(reverse(name, args=[stranger.username])).status_code == 404


def test_an_administrator_builds_a_unit_with_an_officer(
    county: Unit, administrator: Client
) -> None:
    administrator.post(
        "/desk/organisation/units/530499/add/",
        {"code": "sj", "name": "水利局", "kind": "department", "division_code": "530499"},
    )
    administrator.post(
        "/desk/organisation/units/sj/posts/add/",
        {"title": "科员", "powers": ["report", "handle"]},
    )
    shown = administrator.post(
        "/desk/organisation/new-member/", {"username": "yin.lu", "name": "尹璐"}, follow=True
    )
    post = Post.objects.get(unit__code="sj")
    administrator.post(
        f"/desk/organisation/posts/{post.pk}/appoint/",
        {"member": User.objects.get(username="yin.lu").pk, "start_date": "2026-09-01"},
    )

    assert "尹璐" in _page(administrator, "/desk/organisation/units/sj/")
    assert "尹璐" in _page(administrator, "/desk/organisation/members/?q=尹")
    assert "科员" in _page(administrator, "/desk/organisation/members/yin.lu/")
    password = shown.content.decode().partition("<code>")[2].partition("</code>")[0]
    assert User.objects.get(username="yin.lu").check_password(password)


def test_the_hand_over_says_who_leaves_and_what_stays(town: Unit, administrator: Client) -> None:
    post = make_post(town, Power.HANDLE)
    make_tenure(make_member(name="廖春燕"), post)
    successor = make_member(name="秦向东")
    path = reverse("orgs:hand-over", args=[post.pk])

    assert "廖春燕" in _page(administrator, path)
    administrator.post(path, {"to": successor.pk, "start_date": "2026-09-15"})

    assert Tenure.objects.get(post=post, end_date=None).member == successor


def test_officers_are_chosen_from_a_list_that_tells_namesakes_apart(
    town: Unit, administrator: Client
) -> None:
    post, member = make_post(town), make_member(name="秦向东", username="qin")
    make_tenure(member, make_post(town, title="安全员"))
    closed = make_member(name="秦向东", username="qin2")
    User.objects.filter(pk=closed.pk).update(is_active=False)
    path = reverse("orgs:appoint", args=[post.pk])

    assert f"秦向东 (qin) · {town.name} · 安全员" in _page(administrator, path)
    for key in (closed.pk, "秦向东", ""):
        answer = administrator.post(path, {"member": key, "start_date": "2026-09-01"})
        assert answer.context["form"].errors
    administrator.post(path, {"member": member.pk, "start_date": "2026-09-01"})

    assert Tenure.objects.get(post=post).member == member


def test_a_refusal_is_shown_and_keeps_what_was_typed(county: Unit, administrator: Client) -> None:
    answer = administrator.post(
        "/desk/organisation/units/530499/add/",
        {"code": "530499", "name": "重复的单位", "kind": "department"},
    )

    assert answer.status_code == 200
    assert "重复的单位" in answer.content.decode()
    assert Unit.objects.count() == 1


def test_a_unit_is_changed_moved_and_closed(
    county: Unit, town: Unit, administrator: Client
) -> None:
    other = make_unit(county, code="t2")
    unit = make_unit(town, code="x")

    administrator.post("/desk/organisation/units/x/change/", {"name": "新名", "kind": "village"})
    administrator.post("/desk/organisation/units/x/move/", {"parent": other.pk})
    administrator.post(
        "/desk/organisation/units/x/close/", {"end_date": str(TODAY), "reason": "合并"}
    )

    unit.refresh_from_db()
    assert (unit.name, unit.kind, unit.parent, unit.end_date) == ("新名", "village", other, TODAY)


def test_a_post_is_changed_left_and_ended(town: Unit, administrator: Client) -> None:
    post = make_post(town, Power.REPORT)
    tenure = make_tenure(make_member(), post)

    administrator.post(
        reverse("orgs:change-post", args=[post.pk]), {"title": "安全员", "powers": ["handle"]}
    )
    administrator.post(
        reverse("orgs:end-tenure", args=[tenure.pk]), {"end_date": "2026-09-10", "reason": "调离"}
    )
    administrator.post(
        reverse("orgs:end-post", args=[post.pk]), {"end_date": "2026-09-15", "reason": "撤并"}
    )

    post.refresh_from_db()
    tenure.refresh_from_db()
    assert (post.title, post.powers, post.end_date) == ("安全员", ["handle"], TODAY)
    assert str(tenure.end_date) == "2026-09-10"


def test_an_account_is_changed_reset_closed_and_opened(administrator: Client) -> None:
    member = make_member()

    administrator.post(
        reverse("orgs:change-member", args=[member.username]), {"name": "改名", "work_phone": "6"}
    )
    administrator.post(reverse("orgs:reset-password", args=[member.username]))
    member.refresh_from_db()
    assert (member.name, member.work_phone) == ("改名", "6")
    assert not member.check_password(PASSWORD)

    administrator.post(
        reverse("orgs:deactivate-member", args=[member.username]), {"reason": "退休"}
    )
    member.refresh_from_db()
    assert not member.is_active

    administrator.post(reverse("orgs:reactivate-member", args=[member.username]))
    member.refresh_from_db()
    assert member.is_active


@pytest.mark.parametrize("name", ["orgs:reset-password", "orgs:reactivate-member"])
def test_nobody_is_given_a_password_before_the_page_said_what_that_does(
    administrator: Client, name: str
) -> None:
    member = make_member()
    url = reverse(name, args=[member.username])

    page = _page(administrator, url)

    assert "72 小时内不能凭此密码开启封存身份" in page
    member.refresh_from_db()
    assert member.check_password(PASSWORD)


@pytest.mark.parametrize(("power", "text"), [(Power.HANDLE, True), (Power.REPORT, False)])
def test_who_appoints_to_a_post_that_reaches_seals_is_told_that_it_waits(
    administrator: Client, county: Unit, power: Power, text: bool
) -> None:
    page = _page(administrator, reverse("orgs:appoint", args=[make_post(county, power).pk]))

    assert ("经第二名管理员确认或满72小时" in page) is text


def test_a_user_name_may_be_any_word_of_an_address(administrator: Client) -> None:
    for username in ("add", "new", "张三"):
        make_member(username=username)

        assert _page(administrator, reverse("orgs:member", args=[username]))


@pytest.mark.parametrize("username", ["..", "a/b", "-x", "a b", ""])
def test_a_user_name_that_no_address_can_hold_is_refused(
    username: str, administrator: Client
) -> None:
    administrator.post("/desk/organisation/new-member/", {"username": username, "name": "x"})

    assert not User.objects.filter(name="x").exists()


# ---------------------------------------------------------- open work that is left
def test_closing_a_unit_says_what_is_open_and_asks_who_goes_on_with_it(
    county: Unit, town: Unit, administrator: Client
) -> None:
    other, village = make_unit(county, name="双河镇"), make_unit(town, code="v")
    case = make_case(village)
    Tenure.objects.filter(post__unit=village).delete()
    url, given = reverse("orgs:close-unit", args=["v"]), {"end_date": str(TODAY), "reason": "合并"}

    page = _page(administrator, url)
    refused = administrator.post(url, given).content.decode()
    administrator.post(url, {**given, "successor": str(town.pk)})

    case.refresh_from_db()
    assert "未办结事项1件" in page
    assert "青杉镇" in page
    assert other.name not in page
    assert "errorlist" in refused or "必填" in refused
    assert case.owner == town
    assert "青杉镇" in _page(administrator, reverse("orgs:unit", args=["v"]))


def test_ending_the_last_holder_says_what_is_left_and_who_answers(
    county: Unit, town: Unit, administrator: Client
) -> None:
    cast = make_cast(town)
    make_case(town, stage=Stage.ASSIGNED, cast=cast)
    Tenure.objects.filter(post__unit=town).exclude(member=cast.handler).delete()
    tenure = Tenure.objects.get(member=cast.handler)

    page = _page(administrator, reverse("orgs:end-tenure", args=[tenure.pk]))
    left = _page(administrator, reverse("orgs:end-post", args=[tenure.post_id]))
    account = _page(administrator, reverse("orgs:deactivate-member", args=[cast.handler.username]))

    assert page.count("未办结事项1件") == 2
    assert "青杉镇再无其他在岗人员" in page
    assert cast.coordinator.name in page
    assert "未办结事项1件" in left
    assert 'name="to"' in left
    assert "未办结事项1件" in account
