"""Units that are not for the public: nobody can address them, and no public page names them."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from bihuan.core.powers import Power
from bihuan.orgs.actions.district import load_district
from bihuan.orgs.district_file import read
from bihuan.orgs.models import Unit
from bihuan.portal.forms.report import AccusationForm
from bihuan.portal.models import Outlet
from bihuan.portal.queries import offices, places
from tests.factories import NOW, TODAY, make_officer, make_unit
from tests.portal.conftest import County
from tests.portal.visitor import Visitor

pytestmark = pytest.mark.django_db

DISTRICT = """
[[units]]
code = "a"
name = "演示单位"
kind = "department"
public = false
units = [{ code = "b", name = "演示镇", kind = "town" }]
"""


@pytest.fixture
def sample() -> Unit:
    """A unit of the demo beside the county, and a town below it."""
    top = make_unit(name="演示数据局", kind=Unit.Kind.DEPARTMENT)
    top.is_public = False
    top.save()
    make_unit(top, name="演示镇", kind=Unit.Kind.TOWN)
    return top


def test_nobody_addresses_them_or_those_below(county: County, sample: Unit) -> None:
    below = Unit.objects.get(name="演示镇")

    assert offices.found("演示", TODAY) == []
    assert places.found("演示", TODAY) == []
    assert offices.named([str(sample.pk), str(below.pk)], TODAY) == []
    assert places.named([str(below.pk)], TODAY) == []
    assert county.top in [hit.unit for hit in offices.found("", TODAY)]


@pytest.mark.parametrize(
    "made", [{"is_public": False}, {"kind": Unit.Kind.ENTERPRISE}, {"kind": Unit.Kind.GRID}]
)
def test_every_unit_can_be_complained_of_by_its_name(
    county: County, visitor: Visitor, made: dict[str, object]
) -> None:
    Unit.objects.filter(pk=county.town.pk).update(**made)
    page = visitor.fill("accusation", {})

    assert county.town not in [hit.unit for hit in offices.found(county.town.name, TODAY)]
    page = visitor.send("/report/accusation/", page, go="find", find=county.town.name)

    assert f'value="{county.town.pk}"' in page.text
    form = AccusationForm(now=NOW)
    assert form.fields["about"].clean([str(county.town.pk)]) == [county.town]


def test_no_public_page_names_them(county: County, sample: Unit, visitor: Visitor) -> None:
    Outlet.objects.create(unit=sample, name="演示窗口")

    for path in ("/privacy/", "/where/", "/reception/", "/report/suggestion/", "/open/"):
        assert "演示" not in visitor.get(path).shown, path


def test_a_place_that_nobody_knows_never_goes_to_them(county: County) -> None:
    Unit.objects.filter(pk=county.top.pk).update(is_public=False)
    other = make_unit(name="邻县")
    make_officer(other, Power.COORDINATE)

    assert places.coordinating(TODAY) == other


def test_an_administrator_marks_a_unit(county: County, client: Client) -> None:
    client.force_login(make_officer(county.top, Power.ADMINISTER))
    page = f"/desk/organisation/units/{county.village.code}/change/"
    given = {"name": county.village.name, "kind": "village"}

    assert 'name="is_public"' in client.get(page).content.decode()
    client.post(page, given)
    assert county.village not in offices.for_public(Unit.objects.all())
    client.post(page, {**given, "is_public": "on"})
    assert county.village in offices.for_public(Unit.objects.all())


def test_a_district_file_marks_a_unit_and_leaves_what_it_does_not_name(tmp_path: Path) -> None:
    file = tmp_path / "district.toml"
    file.write_text(DISTRICT, encoding="utf-8")
    load_district(district=read(file), now=NOW)
    assert not Unit.objects.get(code="a").is_public
    assert not offices.for_public(Unit.objects.all()).exists()

    file.write_text(DISTRICT.replace("public = false\n", ""), encoding="utf-8")
    load_district(district=read(file), now=NOW)
    assert not Unit.objects.get(code="a").is_public
