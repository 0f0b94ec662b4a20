"""Regulators, equipment and cases of a site, and what follows when its unit is closed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bihuan.core.hazard import Stage
from bihuan.core.powers import Power
from bihuan.core.refusal import Missing, NotAllowed, Stale
from bihuan.journal import queries as journal
from bihuan.orgs.holdings import PassingOn
from bihuan.orgs.models import Unit, User
from bihuan.sites import problems, queries
from bihuan.sites.actions import equipment, links, regulators, succession
from bihuan.sites.actions.equipment import EquipmentFacts
from bihuan.sites.acts import SiteAct
from bihuan.sites.models import Site, SiteCase, SiteEquipment
from bihuan.sites.refusals import (
    EquipmentAlready,
    EquipmentRemoved,
    LinkedElsewhere,
    NotLinked,
    UnknownKind,
)
from tests.factories import NOW, TODAY, make_case, make_cast, make_officer, make_site, make_unit

pytestmark = pytest.mark.django_db
HOSES = EquipmentFacts("消防水带", 4, norm=6, next_check_date=TODAY + timedelta(days=3))


@pytest.fixture
def town() -> Unit:
    return make_unit(make_unit())


@pytest.fixture
def keeper(town: Unit) -> User:
    return make_officer(town, Power.COORDINATE)


@pytest.fixture
def site(town: Unit) -> Site:
    return make_site(town)


# ------------------------------------------------------------------- regulators
def test_each_trade_has_one_regulator_and_the_form_is_read_once(site: Site, keeper: User) -> None:
    fire, market = make_unit(), make_unit()

    def put(version: int, **units: Unit) -> None:
        regulators.set_regulators(
            site=site, version=version, regulators=units, actor=keeper, now=NOW
        )

    put(1, fire=fire, market=market)
    put(2, fire=market)

    assert [(row.trade, row.unit) for row in site.regulators.all()] == [("fire", market)]
    with pytest.raises(Stale):
        put(2, fire=fire)
    with pytest.raises(UnknownKind):
        put(3, weather=fire)


# -------------------------------------------------------------------- equipment
def test_equipment_below_the_norm_is_found(town: Unit, site: Site, keeper: User) -> None:
    row = equipment.add(site=site, facts=HOSES, actor=keeper, now=NOW)

    assert row.is_short
    assert [*queries.equipment_of(site)] == [row]
    assert [*queries.equipment_to_check(Unit.objects.within(town), TODAY + timedelta(days=7))] == [
        row
    ]


def test_a_site_has_equipment_of_one_name_once(site: Site, keeper: User) -> None:
    row = equipment.add(site=site, facts=HOSES, actor=keeper, now=NOW)

    with pytest.raises(EquipmentAlready):
        equipment.add(site=site, facts=HOSES, actor=keeper, now=NOW)
    equipment.remove(equipment=row, reason="报废", actor=keeper, now=NOW)

    assert equipment.add(site=site, facts=HOSES, actor=keeper, now=NOW).pk != row.pk


def test_equipment_is_changed_by_one_of_two_tabs(site: Site, keeper: User) -> None:
    row = equipment.add(site=site, facts=HOSES, actor=keeper, now=NOW)
    more = EquipmentFacts("消防水带", 6, norm=6)
    equipment.change(equipment=row, version=1, facts=more, actor=keeper, now=NOW)

    with pytest.raises(Stale):
        equipment.change(equipment=row, version=1, facts=HOSES, actor=keeper, now=NOW)

    assert SiteEquipment.objects.get().count == 6


def test_removed_equipment_is_not_changed(site: Site, keeper: User) -> None:
    row = equipment.add(site=site, facts=HOSES, actor=keeper, now=NOW)
    with pytest.raises(Missing):
        equipment.remove(equipment=row, reason="", actor=keeper, now=NOW)
    equipment.remove(equipment=row, reason="报废", actor=keeper, now=NOW)

    with pytest.raises(EquipmentRemoved):
        equipment.change(equipment=row, version=1, facts=HOSES, actor=keeper, now=NOW)
    with pytest.raises(UnknownKind):
        equipment.add(
            site=site, facts=EquipmentFacts("水泵", 1, state="lost"), actor=keeper, now=NOW
        )


# ------------------------------------------------------------------------ cases
def test_a_case_is_at_one_site_until_it_is_taken_off_with_a_reason(
    town: Unit, site: Site, keeper: User
) -> None:
    case, other = make_case(town), make_site(town)
    links.link(site=site, case=case, actor=keeper, now=NOW)
    links.link(site=site, case=case, actor=keeper, now=NOW)
    with pytest.raises(LinkedElsewhere):
        links.link(site=other, case=case, actor=keeper, now=NOW)
    with pytest.raises(Missing):
        links.unlink(site=site, case=case, reason="", actor=keeper, now=NOW)

    links.unlink(site=site, case=case, reason="登记有误", actor=keeper, now=NOW)

    links.link(site=other, case=case, actor=keeper, now=NOW)
    assert [row.site for row in SiteCase.objects.filter(ended_at=None)] == [other]
    assert [entry.act for entry in journal.page(site.subject)][:2] == [
        SiteAct.UNLINK_CASE, SiteAct.LINK_CASE,
    ]  # fmt: skip
    with pytest.raises(NotLinked):
        links.unlink(site=site, case=case, reason="登记有误", actor=keeper, now=NOW)


def test_only_what_an_officer_sees_is_linked(town: Unit, site: Site, keeper: User) -> None:
    elsewhere = make_case(make_unit(make_unit()))
    stranger = make_officer(make_unit(), Power.COORDINATE)

    with pytest.raises(NotAllowed):
        links.link(site=site, case=elsewhere, actor=keeper, now=NOW)
    with pytest.raises(NotAllowed):
        links.link(site=site, case=make_case(town), actor=stranger, now=NOW)


def test_a_problem_that_was_closed_at_the_site_before_is_marked_as_a_rebound(
    town: Unit, site: Site, keeper: User
) -> None:
    cast = make_cast(town)
    before = make_case(town, title="东侧安全出口被杂物堵塞", stage=Stage.CLOSED, cast=cast)
    later = NOW + timedelta(days=30)
    again = make_case(town, title="东侧安全出口再次被杂物堵塞", cast=cast, now=later)
    apart = make_case(town, title="食堂燃气报警器失灵", cast=cast, now=later)
    for case in (before, again, apart):
        links.link(site=site, case=case, actor=keeper, now=later)

    found = problems.at(site, keeper, later)

    assert {each.case.pk: each.repeats for each in found.open} == {
        again.pk: before.number, apart.pk: "",
    }  # fmt: skip
    assert [each.repeated_by for each in found.ended] == [again.number]


def test_a_case_that_an_officer_may_not_see_is_not_shown_at_the_site(
    town: Unit, site: Site, keeper: User
) -> None:
    fire = make_unit()
    site.regulators.create(trade="fire", unit=fire)
    links.link(site=site, case=make_case(town), actor=keeper, now=NOW)

    found = problems.at(site, make_officer(fire, Power.COORDINATE), NOW)

    assert found.open == []


# --------------------------------------------------------------- a closed unit
def test_the_sites_of_a_closed_unit_go_to_its_successor(town: Unit, keeper: User) -> None:
    successor = make_unit(town.parent)
    own = make_site(town)
    regulated = make_site(make_unit(), regulators={"fire": town})
    assert succession.HOLDING.of_unit(town, TODAY) == 2

    passed = succession.HOLDING.pass_on(
        PassingOn(unit=town, successor=successor, actor=keeper, now=NOW, reason="撤并")
    )

    assert passed == 2
    own.refresh_from_db()
    assert own.unit == successor
    assert [row.unit for row in regulated.regulators.all()] == [successor]
    assert succession.HOLDING.of_unit(town, TODAY) == 0
