"""The tree stays a tree, no matter who changes it."""

from collections.abc import Callable

import pytest

from bihuan.core.powers import Power
from bihuan.core.refusal import Missing, NotAllowed
from bihuan.journal.models import Entry
from bihuan.orgs.access import Console
from bihuan.orgs.actions import units
from bihuan.orgs.models import Unit, User
from bihuan.orgs.refusals import (
    AlreadyThere,
    DivisionElsewhere,
    UnderItself,
    UnitClosed,
    UnitInUse,
)
from tests.factories import NOW, TODAY, make_officer, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> Unit:
    return make_unit(code="530499", division_code="530499")


def _acts(unit: Unit) -> list[str]:
    return list(
        Entry.objects.filter(chain__subject=unit.subject)
        .order_by("seq")
        .values_list("act", flat=True)
    )


def _add(
    parent: Unit | None, actor: User | Console, code: str = "new", *, division_code: str = ""
) -> Unit:
    return units.add_unit(
        parent=parent,
        code=code,
        name="新单位",
        kind=Unit.Kind.DEPARTMENT,
        actor=actor,
        now=NOW,
        division_code=division_code,
    )


def test_a_unit_is_added_below_its_parent_and_journaled(county: Unit, administrator: User) -> None:
    unit = _add(county, administrator)

    assert unit.path == f"{county.path}{unit.pk:06d}/"
    assert unit.depth == 1
    assert _acts(unit) == ["add-unit"]


def test_only_the_console_adds_at_the_top(administrator: User) -> None:
    with pytest.raises(NotAllowed):
        _add(None, administrator)

    assert _add(None, Console.CONSOLE).depth == 0


@pytest.mark.parametrize("power", [power for power in Power if power != Power.ADMINISTER])
def test_no_other_power_changes_the_tree(county: Unit, power: Power) -> None:
    town = make_unit(county)
    officer = make_officer(county, power)
    acts: list[Callable[[], object]] = [
        lambda: _add(county, officer),
        lambda: units.change_unit(unit=town, name="X", kind=Unit.Kind.TOWN, actor=officer, now=NOW),
        lambda: units.move_unit(unit=town, parent=county, actor=officer, now=NOW),
        lambda: units.close_unit(unit=town, end_date=TODAY, reason="x", actor=officer, now=NOW),
    ]

    for act in acts:
        with pytest.raises(NotAllowed):
            act()


def test_a_code_is_given_once(county: Unit, administrator: User) -> None:
    with pytest.raises(AlreadyThere):
        _add(county, administrator, code=county.code)


def test_a_division_lies_within_the_nearest_one_above(county: Unit, administrator: User) -> None:
    office = _add(county, administrator, code="office")

    assert _add(office, administrator, code="in", division_code="530499101").depth == 2
    with pytest.raises(DivisionElsewhere):
        _add(office, administrator, code="out", division_code="530402001")


def test_moving_a_unit_takes_everything_below_along(county: Unit, administrator: User) -> None:
    here, there = make_unit(county), make_unit(make_unit(county))
    village = make_unit(here)
    grid = make_unit(village)
    bystander = make_unit(county)

    units.move_unit(unit=here, parent=there, actor=administrator, now=NOW)

    for unit in Unit.objects.select_related("parent").exclude(parent=None):
        assert unit.parent
        assert unit.path == f"{unit.parent.path}{unit.pk:06d}/"
        assert unit.depth == unit.parent.depth + 1
    grid.refresh_from_db()
    assert grid.is_within(there)
    assert Unit.objects.get(pk=bystander.pk).path == bystander.path
    assert _acts(here) == ["move-unit"]


def test_a_unit_never_lies_below_itself(county: Unit, administrator: User) -> None:
    town = make_unit(county)
    village = make_unit(town)

    for below in (town, village):
        with pytest.raises(UnderItself):
            units.move_unit(unit=town, parent=below, actor=administrator, now=NOW)


def test_moving_needs_power_over_both_parents(county: Unit) -> None:
    here, there = make_unit(county), make_unit(county)
    moved = make_unit(here)
    officer = make_officer(here, Power.ADMINISTER)

    with pytest.raises(NotAllowed):
        units.move_unit(unit=moved, parent=there, actor=officer, now=NOW)
    with pytest.raises(NotAllowed):
        units.move_unit(unit=here, parent=there, actor=officer, now=NOW)


def test_no_division_code_below_a_moved_unit_comes_to_lie_elsewhere() -> None:
    top = make_unit()
    one, two = make_unit(top, division_code="530402"), make_unit(top, division_code="530403")
    office = make_unit(one)
    make_unit(office, division_code="530402001")
    officer = make_officer(top, Power.ADMINISTER)

    with pytest.raises(DivisionElsewhere):
        units.move_unit(unit=office, parent=two, actor=officer, now=NOW)


def test_a_unit_in_use_stays_open(county: Unit, administrator: User) -> None:
    with_child, with_officer = make_unit(county), make_unit(county)
    make_unit(with_child)
    make_officer(with_officer)

    for unit in (with_child, with_officer):
        with pytest.raises(UnitInUse):
            units.close_unit(unit=unit, end_date=TODAY, reason="合并", actor=administrator, now=NOW)


def test_closing_needs_a_reason(county: Unit, administrator: User) -> None:
    with pytest.raises(Missing):
        units.close_unit(
            unit=make_unit(county), end_date=TODAY, reason="", actor=administrator, now=NOW
        )


def test_nothing_is_added_to_a_closed_unit(county: Unit, administrator: User) -> None:
    unit = make_unit(county)
    units.close_unit(unit=unit, end_date=TODAY, reason="合并", actor=administrator, now=NOW)

    with pytest.raises(UnitClosed):
        _add(unit, administrator)
    assert _acts(unit) == ["close-unit"]


def test_a_change_that_changes_nothing_is_not_journaled(county: Unit, administrator: User) -> None:
    town = make_unit(county, kind=Unit.Kind.TOWN)

    for name in (town.name, "改名镇"):
        units.change_unit(unit=town, name=name, kind=Unit.Kind.TOWN, actor=administrator, now=NOW)

    assert _acts(town) == ["change-unit"]
