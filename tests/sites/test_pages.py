"""The pages of sites: what they show to whom, what they refuse, and how many queries they make."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.core.powers import Power
from bihuan.orgs.models import Unit, User
from bihuan.sites import sections
from bihuan.sites.models import Site, SiteCase
from bihuan.web import agenda
from tests.clock import PRESENT
from tests.conftest import CountQueries
from tests.factories import make_case, make_cast, make_officer, make_site, make_unit

pytestmark = pytest.mark.django_db
REGISTER = reverse("sites:sites")
TODAY = PRESENT.date()
# Of a page beyond those of its frame.
AT_MOST = 12


@pytest.fixture
def town() -> Unit:
    return make_unit(make_unit(), name="青溪镇")


@pytest.fixture
def keeper(town: Unit) -> User:
    return make_officer(town, Power.COORDINATE, Power.REPORT)


def page(client: Client, user: User, url: str) -> str:
    client.force_login(user)
    answer = client.get(url)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def fill(town: Unit, count: int) -> list[Site]:
    """Sites with everything that their pages show."""
    cast, fire = make_cast(town), make_unit()
    found = []
    for _ in range(count):
        cases = [make_case(town, cast=cast, now=PRESENT)]
        site = make_site(town, regulators={"fire": fire}, cases=cases, operator_name="青溪食品厂")
        for days in (-3, 20):
            site.papers.create(
                kind="boiler_test", expires_date=TODAY + timedelta(days), added_at=PRESENT
            )
        site.equipment.create(name="灭火器", count=2, norm=4)
        found.append(site)
    return found


# ----------------------------------------------------------------- the register
def test_the_register_makes_the_same_queries_whatever_the_rows(
    client: Client, town: Unit, keeper: User, count_queries: CountQueries
) -> None:
    client.force_login(keeper)

    def counted(url: str) -> int:
        with count_queries() as made:
            client.get(url)
        return len(made)

    empty = counted(reverse("sites:new"))
    fill(town, 2)
    few = counted(REGISTER)
    fill(town, 6)

    many = counted(REGISTER)

    assert many == few
    assert many - empty <= AT_MOST


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=青溪", {"青溪小学", "青溪水库"}),
        ("kind=reservoir", {"青溪水库"}),
        ("trade=fire", {"青溪小学"}),
        ("papers=expired", {"青溪小学"}),
        ("papers=soon", {"青溪水库"}),
        ("papers=due", {"青溪小学", "青溪水库"}),
        ("view=enterprises", {"石门木材厂"}),
        ("state=closed", {"旧粮站"}),
        ("kind=castle&papers=x&state=y&trade=%00", {"青溪小学", "青溪水库", "石门木材厂"}),
        ("q=%3Cscript%3E&older=x&newer=-1", set()),
        ("unit=nowhere", set()),
    ],
)
def test_filters_are_in_the_address(
    client: Client, town: Unit, keeper: User, query: str, found: set[str]
) -> None:
    school = make_site(town, name="青溪小学", regulators={"fire": make_unit()})
    dam = make_site(town, kind="reservoir", name="青溪水库")
    make_site(town, kind="workshop", name="石门木材厂", operator_name="石门木业公司")
    old = make_site(town, kind="store", name="旧粮站")
    Site.objects.filter(pk=old.pk).update(closed_at=PRESENT)
    for site, days in ((school, -1), (dam, 10)):
        site.papers.create(kind="other", expires_date=TODAY + timedelta(days), added_at=PRESENT)

    shown = page(client, keeper, f"{REGISTER}?{query}")

    names = {"青溪小学", "青溪水库", "石门木材厂", "旧粮站"}
    assert {name for name in names if f">{name}</a>" in shown} == found


def test_the_unit_filter_has_the_units_below(client: Client, town: Unit, keeper: User) -> None:
    make_site(make_unit(town), name="下村学校")

    assert "下村学校" in page(client, keeper, f"{REGISTER}?unit={town.code}")


def test_the_register_is_paged(client: Client, town: Unit, keeper: User) -> None:
    for n in range(33):
        make_site(town, name=f"学校{n:02}")

    first = page(client, keeper, REGISTER)
    older = re.search(r'href="\?(older=\d+)"', first)
    assert older is not None
    second = page(client, keeper, f"{REGISTER}?{older[1]}")

    assert [name in first for name in ("学校32", "学校00")] == [True, False]
    assert [name in second for name in ("学校32", "学校00")] == [False, True]


# -------------------------------------------------------------------- one site
def test_the_page_of_a_site_makes_the_same_queries_whatever_it_has(
    client: Client,
    town: Unit,
    keeper: User,
    count_queries: CountQueries,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client.force_login(keeper)
    # Those of other parts count theirs in their own tests.
    own = {key: sections._sections[key] for key in ("papers", "equipment")}
    monkeypatch.setattr(sections, "_sections", own)
    monkeypatch.setattr(sections, "_buttons", {})

    def counted(url: str) -> int:
        with count_queries() as made:
            client.get(url)
        return len(made)

    frame = counted(reverse("sites:new"))
    plain, full = make_site(town), fill(town, 1)[0]
    cast = make_cast(town)
    for _ in range(5):
        case = make_case(town, cast=cast, now=PRESENT)
        SiteCase.objects.create(site=full, case=case, linked_at=PRESENT)
        full.papers.create(kind="other", added_at=PRESENT)
    few = counted(plain.get_absolute_url())

    many = counted(full.get_absolute_url())

    assert many <= few + 1
    assert many - frame <= AT_MOST


def test_the_page_shows_what_is_known_of_the_site(client: Client, town: Unit, keeper: User) -> None:
    site = fill(town, 1)[0]
    make_site(town)

    shown = page(client, keeper, site.get_absolute_url())

    for words in (site.name, site.code, "青溪食品厂", "灭火器", "2 / 4", "低于标准", "锅炉检验"):
        assert words in shown
    assert shown.index("未办结的问题") < shown.index("锅炉检验")


def test_a_site_of_others_is_not_found(client: Client, town: Unit) -> None:
    site, stranger = make_site(town), make_officer(make_unit(), Power.COORDINATE)
    client.force_login(stranger)

    for name in ("site", "change", "close", "move", "regulators", "add-paper", "add-case"):
        assert client.get(reverse(f"sites:{name}", args=[site.pk])).status_code == 404


def test_a_regulator_sees_no_button_to_change_the_site(client: Client, town: Unit) -> None:
    fire = make_unit()
    site = make_site(town, regulators={"fire": fire})
    inspector = make_officer(fire, Power.HANDLE)

    shown = page(client, inspector, site.get_absolute_url())

    assert reverse("sites:add-paper", args=[site.pk]) in shown
    assert reverse("sites:change", args=[site.pk]) not in shown
    assert client.get(reverse("sites:change", args=[site.pk])).status_code == 404


def test_what_is_typed_is_never_markup(client: Client, town: Unit, keeper: User) -> None:
    site = make_site(town, name="<b>校</b>", address="=cmd|' /C calc'!A0")

    shown = page(client, keeper, site.get_absolute_url()) + page(client, keeper, REGISTER)

    assert "<b>校</b>" not in shown
    assert "&lt;b&gt;校&lt;/b&gt;" in shown


# ----------------------------------------------------------------------- forms
def register_data(town: Unit, **more: object) -> dict[str, object]:
    key = "00000000-0000-0000-0000-000000000009"
    return {"form_key": key, "unit": town.pk, "name": "青溪小学", **more}


def test_a_site_is_registered_by_its_form(client: Client, town: Unit, keeper: User) -> None:
    client.force_login(keeper)
    url = reverse("sites:register-site", args=["school"])
    data = register_data(
        town, attribute_pupils="420", attribute_canteen="yes", attribute_level="primary",
        point_latitude="24.2", point_longitude="102.5",
    )  # fmt: skip

    for _ in range(2):
        assert client.post(url, data).status_code == 302

    site = Site.objects.get()
    assert site.attributes == {"pupils": 420, "canteen": True, "level": "primary"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "}, {"name": "校" * 121}, {"name": "a\x00b"}, {"unit": "0"},
        {"point_latitude": "24"}, {"point_latitude": "nan", "point_longitude": "102"},
        {"attribute_pupils": "-1"},
        {"attribute_pupils": "1e99"}, {"attribute_level": "castle"}, {"form_key": "x"},
        {"operator_unit": "999999"},
    ],
)  # fmt: skip
def test_a_wrong_value_is_named_and_nothing_is_registered(
    client: Client, town: Unit, keeper: User, wrong: dict[str, object]
) -> None:
    client.force_login(keeper)

    answer = client.post(
        reverse("sites:register-site", args=["school"]), register_data(town, **wrong)
    )

    assert answer.status_code == 200
    assert not Site.objects.exists()


def test_the_form_keeps_what_was_typed_when_another_tab_was_first(
    client: Client, town: Unit, keeper: User
) -> None:
    site = make_site(town)
    client.force_login(keeper)
    url = reverse("sites:change", args=[site.pk])
    data = {**register_data(town), "version": "1"}
    assert client.post(url, {**data, "name": "第一"}).status_code == 302

    answer = client.post(url, {**data, "name": "第二"})

    assert answer.status_code == 200
    assert "第二" in answer.content.decode()
    site.refresh_from_db()
    assert site.name == "第一"


def test_a_paper_that_expires_before_its_clock_could_begin_is_refused_in_words(
    client: Client, town: Unit, keeper: User
) -> None:
    site = make_site(town)
    client.force_login(keeper)

    answer = client.post(
        reverse("sites:add-paper", args=[site.pk]),
        {"kind": "boiler_test", "expires_date": "0001-01-01"},
    )

    assert answer.status_code == 200
    assert 'href="#id_expires_date"' in answer.content.decode()


def test_an_unknown_kind_or_paper_is_not_found(client: Client, town: Unit, keeper: User) -> None:
    site, other = make_site(town), make_site(town)
    paper = other.papers.create(kind="other", added_at=PRESENT)
    client.force_login(keeper)

    assert client.get(reverse("sites:register-site", args=["castle"])).status_code == 404
    assert client.get(reverse("sites:paper", args=[site.pk, paper.pk])).status_code == 404
    assert client.get(f"/desk/sites/{10**30}/").status_code == 404


# ---------------------------------------------------------------------- hazards
def test_a_hazard_reported_at_a_site_is_linked_to_it(
    client: Client, town: Unit, keeper: User
) -> None:
    site = make_site(town, name="青溪小学", address="学府路 12 号")
    client.force_login(keeper)
    url = f"{reverse('hazards:report-hazard')}?at={site.subject}"
    shown = client.get(url).content.decode()
    assert "青溪小学 学府路 12 号" in shown

    answer = client.post(
        url,
        {
            "form_key": "00000000-0000-0000-0000-000000000008", "at": site.subject,
            "unit": town.pk, "place": "青溪小学 学府路 12 号", "title": "出口堵塞",
            "found_date": TODAY.isoformat(),
        },
    )  # fmt: skip

    assert answer.status_code == 302
    assert [row.site for row in SiteCase.objects.all()] == [site]


@pytest.mark.parametrize("at", ["site/0", "site/x", "site/%00", "case/1", "x" * 500, "site/²"])
def test_a_report_about_no_known_site_is_an_ordinary_one(
    client: Client, keeper: User, at: str
) -> None:
    client.force_login(keeper)

    answer = client.get(f"{reverse('hazards:report-hazard')}?at={at}")

    assert answer.status_code in {200, 400}


# ------------------------------------------------------------- Today and search
def test_today_shows_papers_that_run_out_and_checks_that_are_due(town: Unit, keeper: User) -> None:
    site = fill(town, 1)[0]
    site.equipment.update(next_check_date=TODAY)

    items = [item for each in agenda.sections(keeper, PRESENT) for item in each.items]

    found = {item.step_url: item.due for item in items if site.name in item.title}
    assert len(found) == 3
    # What ran out long ago is named, but not before the overdue cases.
    assert [due is None for due in found.values()].count(True) == 2


def test_the_search_box_finds_sites_by_words_and_by_code(
    client: Client, town: Unit, keeper: User
) -> None:
    site = make_site(town, name="青溪水库", kind="reservoir")
    make_site(make_unit(), name="别处水库", kind="reservoir")

    for words in ("水库", site.code):
        client.force_login(keeper)
        answer = client.get(f"{reverse('web:find')}?q={words}", follow=True)
        assert site.name in answer.content.decode()
        assert "别处水库" not in answer.content.decode()
