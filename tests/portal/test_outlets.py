"""Where to turn: kept by the office, journaled, and beside it only what the law really gives."""

from __future__ import annotations

import re

import pytest
from django.test import Client, override_settings

from bihuan.core import rules
from bihuan.core.powers import Power
from bihuan.core.refusal import Missing, NotAllowed
from bihuan.core.rules import Confidence
from bihuan.journal.models import Entry
from bihuan.orgs.models import Unit
from bihuan.portal.actions import outlets
from bihuan.portal.actions.outlets import Particulars
from bihuan.portal.models import Outlet
from bihuan.portal.views.outlets import TABS
from tests.conftest import CountQueries
from tests.factories import NOW, TODAY, make_officer, make_unit

pytestmark = pytest.mark.django_db
HALL = Particulars(
    "县信访接待大厅", "Reception hall", "城关镇人民路18号", "0719-7221234", "工作日 8:30–17:30"
)
AT_MOST = 4  # queries of the public page


@pytest.fixture
def county() -> Unit:
    return make_unit(name="云溪县", code="yx")


def test_the_public_finds_what_the_office_published(client: Client, county: Unit) -> None:
    officer = make_officer(county, Power.COORDINATE)
    outlets.add(unit=county, told=HALL, actor=officer, now=NOW)

    page = client.get("/where/").content.decode()

    for text in (HALL.name, HALL.place, HALL.number, HALL.hours, "tel:07197221234"):
        assert text in page
    assert "Reception hall" in client.get("/where/", {"language": "en"}).content.decode()


def test_what_is_told_is_journaled_with_what_stood_there(county: Unit) -> None:
    officer = make_officer(county, Power.COORDINATE)
    outlet = outlets.add(unit=county, told=HALL, actor=officer, now=NOW)

    result = Particulars(**{**vars(HALL), "number": "0719-7225678"})
    outlets.change(outlet=outlet, told=result, actor=officer, now=NOW)
    outlets.change(outlet=outlet, told=result, actor=officer, now=NOW)

    entry = Entry.objects.get(act="change-outlet")
    assert entry.details == {"number": ["0719-7221234", "0719-7225678"]}
    assert entry.actor == officer


def test_only_who_coordinates_there_changes_it(county: Unit) -> None:
    officer = make_officer(county, Power.COORDINATE)
    outlet = outlets.add(unit=county, told=HALL, actor=officer, now=NOW)

    for other in (make_officer(county, Power.HANDLE), make_officer(make_unit(), Power.COORDINATE)):
        with pytest.raises(NotAllowed):
            outlets.change(outlet=outlet, told=HALL, actor=other, now=NOW)
        with pytest.raises(NotAllowed):
            outlets.add(unit=county, told=HALL, actor=other, now=NOW)


def test_an_outlet_has_a_name(county: Unit) -> None:
    with pytest.raises(Missing):
        outlets.add(
            unit=county,
            told=Particulars(" "),
            actor=make_officer(county, Power.COORDINATE),
            now=NOW,
        )


def test_what_is_not_shown_is_not_found(client: Client, county: Unit) -> None:
    closed = make_unit(county, name="老所")
    closed.end_date = TODAY.replace(year=2020)
    closed.save()
    Outlet.objects.create(unit=county, name="停用窗口", is_shown=False)
    Outlet.objects.create(unit=closed, name="撤销单位窗口")

    page = client.get("/where/").content.decode()

    assert "停用窗口" not in page
    assert "撤销单位窗口" not in page


def test_a_search_finds_by_unit_name_and_street(client: Client, county: Unit) -> None:
    town = make_unit(county, name="双河镇")
    Outlet.objects.create(unit=town, name="便民服务中心", place="双河街2号")
    Outlet.objects.create(unit=county, name="县接待大厅", place="人民路18号")

    for words in ("双河", "双河街 便民"):
        page = client.get("/where/", {"q": words}).content.decode()
        assert "便民服务中心" in page
        assert "县接待大厅" not in page


@pytest.mark.parametrize("name", ["CN", "GB-ENG"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_only_what_somebody_read_in_the_law_is_told_as_a_right(
    client: Client, county: Unit, name: str, language: str
) -> None:
    with override_settings(PROCEDURE=name):
        pages = {
            tab: client.get("/where/", {"language": language, "show": tab}).content.decode()
            for tab in TABS
        }

    page = "".join(pages.values())
    for rule in rules.every_rule():
        source = rule.source.in_language(language)
        if rule.confidence is Confidence.RECALLED:
            assert source not in page
        elif rule.confidence is Confidence.PROJECT_DEFAULT:
            # A pathway may say that it is a default of this system, which is no right.
            assert all(source not in pages[tab] for tab in pages if tab != "paths")
    assert ("三十五条" in page or "Art. 35" in page) == (name == "CN")


def test_the_page_says_what_is_never_done_and_what_everybody_may_rely_on(
    client: Client, county: Unit
) -> None:
    page = client.get("/where/", {"language": "en", "show": "yours"}).content.decode()

    assert "keep a list, a score or a forecast of people who complain" in page
    assert "You can report retaliation" in page


@pytest.mark.parametrize("show", [*TABS, "", "no-such-tab"])
def test_each_tab_shows_its_part_and_leads_to_the_others(
    client: Client, county: Unit, show: str
) -> None:
    page = client.get("/where/", {"show": show}).content.decode()

    parts = re.findall(r'<section class="stack" id="(\w+)"', page)
    assert parts == [show if show in TABS else "offices"]
    assert re.findall(r'<a href="\?show=(\w+)"', page) == [*TABS]
    assert f'href="?show={parts[0]}" aria-current="page"' in page


def test_the_page_costs_the_same_for_many_outlets(
    client: Client, county: Unit, count_queries: CountQueries
) -> None:
    for number in range(50):
        Outlet.objects.create(unit=make_unit(county), name=f"窗口{number}")

    with count_queries() as queries:
        client.get("/where/")

    assert len(queries) <= AT_MOST


def test_staff_add_and_change_an_outlet_on_their_pages(client: Client, county: Unit) -> None:
    client.force_login(make_officer(county, Power.COORDINATE))
    given = {"unit": county.pk, "name": "接待大厅", "order": 0, "is_shown": "on"}

    assert client.post("/desk/outlets/add/", given).status_code == 302
    outlet = Outlet.objects.get()
    path = f"/desk/outlets/{outlet.pk}/"
    assert client.post(path, {**given, "name": "新大厅", "is_shown": ""}).status_code == 302

    outlet.refresh_from_db()
    assert (outlet.name, outlet.is_shown) == ("新大厅", False)
    assert "新大厅" in client.get("/desk/outlets/").content.decode()


def test_staff_of_other_units_do_not_find_it(client: Client, county: Unit) -> None:
    outlet = Outlet.objects.create(unit=county, name="接待大厅")
    client.force_login(make_officer(make_unit(), Power.COORDINATE))

    assert "接待大厅" not in client.get("/desk/outlets/").content.decode()
    assert client.get(f"/desk/outlets/{outlet.pk}/").status_code == 404
