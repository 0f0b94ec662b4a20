"""Where it is: towns and villages by all their names, no bureaus, and nobody has to guess."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from bihuan.cases.models import Case
from bihuan.core.powers import Power
from bihuan.core.refusal import NotAllowed
from bihuan.journal.models import Entry
from bihuan.orgs.models import Unit
from bihuan.portal.actions import place_names
from bihuan.portal.forms.place_names import PlaceNamesForm
from bihuan.portal.models import PlaceName
from bihuan.portal.queries import places
from bihuan.portal.refusals import NameTaken
from tests.conftest import CountQueries
from tests.factories import NOW, TODAY, make_officer, make_unit
from tests.portal.conftest import County
from tests.portal.tab import START, Tab
from tests.portal.visitor import Page, Visitor, opened

pytestmark = pytest.mark.django_db


def offered(page: Page) -> list[str]:
    """The values from which one chooses, in their order."""
    return re.findall(r'<input type="(?:radio|checkbox)" [^>]*name="unit" value="(\w+)"', page.text)


def named(unit: Unit, *names: str) -> None:
    PlaceName.objects.bulk_create(PlaceName(unit=unit, name=name) for name in names)


# --------------------------------------------------------------------- offered
def test_towns_come_first_then_villages_and_no_bureau_is_offered(county: County, tab: Tab) -> None:
    make_unit(county.top, name="县水利局", kind=Unit.Kind.DEPARTMENT)
    school = make_unit(county.top, name="实验小学", kind=Unit.Kind.SCHOOL)
    make_unit(county.village, name="一组网格", kind=Unit.Kind.GRID)

    page = tab.press(tab.open(START))

    keys = [county.town.pk, county.village.pk, school.pk]
    assert offered(page) == [*map(str, keys), "unknown"]


def test_a_bureau_that_a_form_names_is_not_taken(county: County, tab: Tab) -> None:
    bureau = make_unit(county.top, name="县水利局", kind=Unit.Kind.DEPARTMENT)

    page = tab.press(tab.press(tab.open(START)), unit=bureau.pk, place="桥头")

    assert page.is_told


def test_a_suggestion_may_be_for_a_bureau(county: County, visitor: Visitor) -> None:
    bureau = make_unit(county.top, name="县水利局", kind=Unit.Kind.DEPARTMENT)

    visitor.report("suggestion", {"title": "修一座桥"}, {"unit": bureau.pk}, {})

    assert Case.objects.get().owner == bureau


# ----------------------------------------------------------------- I do not know
@pytest.mark.parametrize("matter", ["hazard", "grievance", "dispute"])
def test_who_does_not_know_where_it_is_sends_it_to_the_coordinator_of_the_county(
    county: County, visitor: Visitor, matter: str
) -> None:
    _, _, words = county.steps()
    page = visitor.fill(matter, {}, {"unit": "unknown", "place": "大桥边"}, words)
    assert "不清楚" in page.shown
    assert "由其按您的描述查明地点" in page.shown

    visitor.send_off(matter, page)

    assert Case.objects.get().owner == county.top


def test_of_two_roots_the_one_with_a_coordinator_is_asked() -> None:
    make_unit(name="旧镇政府")
    county = make_unit(name="云溪县")
    make_officer(county, Power.COORDINATE)

    assert places.coordinating(TODAY) == county


# ----------------------------------------------------------------------- found
@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("阳光小区", "石桥村"),
        ("阳光", "石桥村"),
        ("石桥", "石桥村"),
        ("石桥村民委员会", "石桥村"),
        ("云溪县双河镇政府门口", "双河镇"),
        ("shiqiao", "石桥村"),
        ("Shiqiao Village, house 5", "石桥村"),
    ],
)
def test_a_place_is_found_by_every_name_it_has(county: County, words: str, name: str) -> None:
    named(county.village, "阳光小区")
    Unit.objects.filter(pk=county.village.pk).update(name_en="Shiqiao Village")

    assert [hit.unit.name for hit in places.found(words, TODAY)] == [name]


@pytest.mark.parametrize("words", ["双河", "双河镇政府", "双河镇卫生院旁", "双河镇阳光小区3栋"])
def test_another_name_hides_no_place_whose_own_name_is_said(county: County, words: str) -> None:
    elsewhere = make_unit(county.top, name="柳湾村", kind=Unit.Kind.VILLAGE)
    for unit in (elsewhere, county.village):
        named(unit, "双河", "双河镇政府", "双河镇卫生院", "阳光小区")

    hits = places.found(words, TODAY)

    assert county.town in [hit.unit for hit in hits]
    assert len(hits) > 1


def test_of_two_places_of_one_name_the_town_decides(county: County) -> None:
    other = make_unit(county.top, name="南川镇", kind=Unit.Kind.TOWN)
    make_unit(other, name="石桥村", kind=Unit.Kind.VILLAGE)

    assert len(places.found("石桥", TODAY)) == 2
    assert [hit.unit for hit in places.found("双河石桥3组", TODAY)] == [county.village]


def test_the_only_hit_is_chosen_and_another_search_chooses_anew(county: County, tab: Tab) -> None:
    named(county.village, "阳光小区")
    page = tab.press(tab.press(tab.open(START)), go="find", find="阳光小区")
    assert "unit" not in page.values
    assert "阳光小区 · 石桥村" in page.shown

    page = tab.press(page, go="find", find="石桥")
    assert page.values["unit"] == [str(county.village.pk)]

    page = tab.press(page, go="find", find="双河镇")
    assert page.values["unit"] == [str(county.town.pk)]


def test_enter_in_the_search_field_searches_and_stays(county: County, tab: Tab) -> None:
    page = tab.press(tab.press(tab.open(START)), go="next", find="石桥")

    assert (page.values["step"], page.values["unit"]) == (["place"], [str(county.village.pk)])
    assert not page.is_told


def test_several_hits_choose_nothing(county: County, tab: Tab) -> None:
    make_unit(county.town, name="石桥小学", kind=Unit.Kind.SCHOOL)

    page = tab.press(tab.press(tab.open(START)), go="find", find="石桥")

    assert "unit" not in page.values
    assert len(offered(page)) == 3


def test_no_hit_says_what_to_do(county: County, tab: Tab) -> None:
    page = tab.press(tab.press(tab.open(START)), go="find", find="月亮湾")

    assert "或者选“不清楚”" in page.shown
    assert offered(page) == ["unknown"]


def test_a_search_costs_the_same_however_many_places_there_are(
    county: County, count_queries: CountQueries
) -> None:
    for n in range(30):
        named(make_unit(county.town, name=f"第{n}村", kind=Unit.Kind.VILLAGE), f"小区{n}")

    with count_queries() as counted:
        assert len(places.found("小区", TODAY)) == places.AT_ONCE

    assert len(counted) == 3


# -------------------------------------------------------------------- position
def test_the_position_is_shown_and_can_be_removed(county: County, tab: Tab) -> None:
    _, place, words = county.steps()
    page = tab.press(tab.open(START))
    page = tab.press(page, **place, latitude="24.12345", longitude="102.54321")
    page = tab.press(page, **words)
    assert "24.12345, 102.54321" in page.shown

    page = tab.press(page, go="place")
    assert "24.12345, 102.54321" in page.shown
    page = tab.press(page, go="unplace")
    assert page.values["step"] == ["place"]
    assert page.values["place"] == ["双河桥头"]
    page = tab.press(tab.press(page), go="send", form=opened())

    assert page.code
    assert Case.objects.get().latitude is None


# ------------------------------------------------------------ names of the office
def test_the_coordinator_names_the_places_and_it_is_journaled(county: County) -> None:
    client = Client()
    client.force_login(county.coordinator)
    page = f"/desk/places/{county.village.pk}/"

    client.post(page, {"names": " 阳光小区 \n老供销社\n\n阳光小区"})
    client.post(page, {"names": "阳光小区\n新村"})

    assert set(PlaceName.objects.values_list("name", flat=True)) == {"阳光小区", "新村"}
    entries = Entry.objects.filter(act="name-places").order_by("pk")
    assert [entry.details["names"][1] for entry in entries] == [
        ["老供销社", "阳光小区"],
        ["新村", "阳光小区"],
    ]
    assert "阳光小区" in client.get("/desk/places/").content.decode()


def test_what_is_too_long_is_told_and_kept(county: County) -> None:
    client = Client()
    client.force_login(county.coordinator)

    page = client.post(f"/desk/places/{county.village.pk}/", {"names": "长" * 61})

    assert "error-summary" in page.content.decode()
    assert "长" * 61 in page.content.decode()
    assert not PlaceName.objects.exists()


def test_only_who_coordinates_there_names_places(county: County) -> None:
    for other in (make_officer(county.top, Power.HANDLE), make_officer(make_unit())):
        with pytest.raises(NotAllowed):
            place_names.name_places(unit=county.village, names=["x"], actor=other, now=NOW)
        client = Client()
        client.force_login(other)
        assert client.get(f"/desk/places/{county.village.pk}/").status_code == 404


def test_a_name_that_many_addresses_contain_is_refused(county: County) -> None:
    form = PlaceNamesForm({"names": "阳光小区\n路"})

    assert "“路”" in form.errors["names"][0]
    PlaceName.objects.create(unit=county.village, name="路")
    assert not places.found("解放路12号", TODAY)


@pytest.mark.parametrize("name", ["双河镇", "双河", "柳湾", "柳湾村", "Shuanghe Town", "老粮站"])
def test_a_name_of_another_place_is_refused_by_name(county: County, name: str) -> None:
    Unit.objects.filter(pk=county.town.pk).update(name_en="Shuanghe Town")
    named(make_unit(county.town, name="柳湾村", kind=Unit.Kind.VILLAGE), "老粮站")
    client = Client()
    client.force_login(county.coordinator)

    page = client.post(f"/desk/places/{county.village.pk}/", {"names": f"阳光小区\n{name}"})

    assert f"“{name}”是" in page.content.decode()
    assert not PlaceName.objects.filter(unit=county.village).exists()


@pytest.mark.parametrize(
    "name", ["南川镇政府", "南川中心街", "南川派出所", "Nanchuan Clinic", "密山学校旁", "密山"]
)
def test_a_name_that_contains_one_of_a_place_elsewhere_is_refused(
    county: County, name: str
) -> None:
    make_unit(county.top, name="南川镇人民政府", kind=Unit.Kind.TOWN)
    make_unit(county.top, name="密山乡", kind=Unit.Kind.TOWN)
    Unit.objects.filter(name="南川镇人民政府").update(name_en="Nanchuan Town")
    Unit.objects.filter(name="密山乡").update(is_public=False)

    with pytest.raises(NameTaken):
        place_names.name_places(
            unit=county.village, names=[name], actor=county.coordinator, now=NOW
        )


def test_what_is_in_the_names_of_its_own_line_is_no_name_of_another(county: County) -> None:
    make_unit(county.top, name="双河村", kind=Unit.Kind.VILLAGE)
    names = ["双河镇卫生院旁", "阳光小区", "老供销社", "解放路"]

    given = place_names.name_places(
        unit=county.village, names=names, actor=county.coordinator, now=NOW
    )

    assert given == sorted(names)


def test_a_place_keeps_its_own_names_and_longer_ones(county: County) -> None:
    names = ["石桥", "双河镇小学旁", "石桥村委会"]

    given = place_names.name_places(
        unit=county.village, names=names, actor=county.coordinator, now=NOW
    )

    assert given == sorted(names)


def test_another_name_of_two_characters_is_offered_and_not_chosen(county: County, tab: Tab) -> None:
    named(county.village, "新村")

    page = tab.press(tab.press(tab.open(START)), go="find", find="新村")

    assert "unit" not in page.values
    assert str(county.village.pk) in offered(page)
