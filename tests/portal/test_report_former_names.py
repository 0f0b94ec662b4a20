"""A renamed unit is found by the names that it had before."""

from __future__ import annotations

import pytest

from bihuan.orgs.access import Console
from bihuan.orgs.actions.units import change_unit
from bihuan.orgs.models import Unit
from bihuan.orgs.renaming import former_names
from bihuan.portal.queries import offices, places
from tests.factories import NOW, TODAY, make_unit
from tests.portal.conftest import County
from tests.portal.visitor import Visitor

pytestmark = pytest.mark.django_db


def rename(unit: Unit, name: str, name_en: str = "") -> Unit:
    return change_unit(
        unit=unit, name=name, name_en=name_en, kind=Unit.Kind(unit.kind),
        actor=Console.CONSOLE, now=NOW,
    )  # fmt: skip


def test_the_journal_has_all_former_names_the_last_one_first(county: County) -> None:
    rename(rename(rename(county.town, "丙镇", "C Town"), "丁镇"), "双河镇")

    assert former_names([county.village, Unit.objects.get(pk=county.town.pk)]) == {
        county.town.pk: ["丁镇", "丙镇", "C Town"]
    }


@pytest.mark.parametrize("words", ["红旗公社", "红旗", "红旗公社3组", "Red Flag"])
def test_a_place_is_found_by_a_former_name_and_shown_with_it(
    county: County, visitor: Visitor, words: str
) -> None:
    rename(rename(county.town, "红旗公社", "Red Flag"), "阳光镇")

    hit = next(hit for hit in places.found(words, TODAY) if hit.unit == county.town)

    assert hit.is_former
    assert hit.other_name in ("红旗公社", "Red Flag")
    assert not hit.is_certain
    page = visitor.send("/report/hazard/", visitor.fill("hazard", {}), go="find", find=words)
    assert f"阳光镇（原{hit.other_name}）" in page.shown


def test_another_unit_that_has_the_name_now_comes_by_its_own(county: County) -> None:
    rename(county.town, "阳光镇")
    now_named = make_unit(county.top, name="双河镇", kind=Unit.Kind.TOWN)

    assert [hit.unit for hit in places.found("双河镇", TODAY)] == [now_named]
    assert {hit.unit for hit in offices.found("双河", TODAY)} == {county.town, now_named}


def test_an_office_is_found_by_a_former_name_also_to_be_complained_of(
    county: County, visitor: Visitor
) -> None:
    bureau = make_unit(county.top, name="县城建局", kind=Unit.Kind.DEPARTMENT)
    rename(bureau, "县住建局")
    Unit.objects.filter(pk=bureau.pk).update(is_public=False)

    assert offices.found("城建", TODAY) == []
    page = visitor.fill("accusation", {})
    page = visitor.send("/report/accusation/", page, go="find", find="城建局")

    assert "县住建局（原县城建局）" in page.shown
    assert f'value="{bureau.pk}"' in page.text
