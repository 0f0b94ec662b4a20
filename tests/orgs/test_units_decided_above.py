"""The kind of a unit, and whether the public finds it, is decided above it."""

from __future__ import annotations

import pytest

from bihuan.core.powers import Power
from bihuan.notices.models import Notice
from bihuan.orgs.access import Actor, Console
from bihuan.orgs.actions import units
from bihuan.orgs.models import Unit, User
from bihuan.orgs.refusals import DecidedAbove
from tests.factories import NOW, make_officer, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> Unit:
    return make_unit(name="云溪县")


@pytest.fixture
def town(county: Unit) -> Unit:
    return make_unit(county, name="双河镇", kind=Unit.Kind.TOWN)


def change(unit: Unit, actor: Actor, kind: Unit.Kind, *, is_public: bool = True) -> Unit:
    return units.change_unit(
        unit=unit, name=unit.name, kind=kind, is_public=is_public, actor=actor, now=NOW
    )


def told(user: User) -> list[str]:
    return list(Notice.objects.filter(member=user).order_by("pk").values_list("what", flat=True))


@pytest.mark.parametrize(
    ("kind", "is_public"), [(Unit.Kind.TOWN, False), (Unit.Kind.ENTERPRISE, True)]
)
def test_no_unit_takes_itself_off_the_public_pages(
    town: Unit, kind: Unit.Kind, is_public: bool
) -> None:
    administrator = make_officer(town, Power.ADMINISTER)

    with pytest.raises(DecidedAbove):
        change(town, administrator, kind, is_public=is_public)

    town.refresh_from_db()
    assert (town.kind, town.is_public) == (Unit.Kind.TOWN, True)


def test_its_administrator_still_renames_and_opens_it(town: Unit) -> None:
    Unit.objects.filter(pk=town.pk).update(is_public=False)
    town.refresh_from_db()
    administrator = make_officer(town, Power.ADMINISTER)
    town.name = "双河街道"

    assert change(town, administrator, Unit.Kind.TOWN).is_public


def test_the_administrator_above_does_and_the_leaders_above_are_told(
    county: Unit, town: Unit
) -> None:
    administrator = make_officer(county, Power.ADMINISTER)
    leader, below = make_officer(county, Power.APPROVE), make_officer(town, Power.APPROVE)

    change(town, administrator, Unit.Kind.ENTERPRISE, is_public=False)

    assert told(leader) == ["unit_kind", "unit_hidden"]
    assert not told(below)


def test_the_top_of_the_tree_is_changed_from_the_console(county: Unit) -> None:
    with pytest.raises(DecidedAbove):
        change(county, make_officer(county, Power.ADMINISTER), Unit.Kind.SCHOOL)

    assert change(county, Console.CONSOLE, Unit.Kind.SCHOOL).kind == Unit.Kind.SCHOOL
