"""Who registers a site, who sees it, and what is stated about it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import pytest

from bihuan.core.places import Point
from bihuan.core.powers import Power
from bihuan.core.refusal import Missing, NotAllowed, Stale
from bihuan.journal.queries import page
from bihuan.orgs.models import Unit, User
from bihuan.sites import hooks, queries
from bihuan.sites.actions import registering
from bihuan.sites.actions.registering import SiteFacts
from bihuan.sites.acts import SiteAct
from bihuan.sites.models import Site
from bihuan.sites.refusals import NotClosed, SiteClosed, UnknownKind, WrongAttribute
from tests.factories import NOW, make_officer, make_site, make_unit

pytestmark = pytest.mark.django_db
KEY = UUID(int=3)


@pytest.fixture
def county() -> Unit:
    return make_unit()


@pytest.fixture
def town(county: Unit) -> Unit:
    return make_unit(county, name="青溪镇")


@pytest.fixture
def keeper(town: Unit) -> User:
    return make_officer(town, Power.COORDINATE)


def _registered(unit: Unit, keeper: User, **facts: object) -> Site:
    stated = SiteFacts(name="青溪小学", **facts)  # type: ignore[arg-type]
    return registering.register(unit=unit, kind="school", facts=stated, actor=keeper, now=NOW)


def _acts(site: Site) -> list[str]:
    return [entry.act for entry in page(site.subject)]


# ------------------------------------------------------------------- registering
def test_a_coordinator_registers_a_site_of_the_unit(town: Unit, keeper: User) -> None:
    site = _registered(town, keeper, point=Point(24.2, 102.5), attributes={"pupils": 420})

    assert site.point == Point(24.2, 102.5)
    assert site.attributes == {"pupils": 420}
    assert len(site.code) == 10
    assert _acts(site) == [SiteAct.REGISTER]


def test_only_a_coordinator_of_the_unit_registers_a_site(town: Unit, keeper: User) -> None:
    handler = make_officer(town, Power.HANDLE)

    for actor, unit in ((handler, town), (keeper, make_unit())):
        with pytest.raises(NotAllowed):
            _registered(unit, actor)


def test_a_form_sent_twice_registers_one_site(town: Unit, keeper: User) -> None:
    facts = SiteFacts(name="青溪小学")
    first, again = (
        registering.register(
            unit=town, kind="school", facts=facts, actor=keeper, now=NOW, form_key=KEY
        )
        for _ in range(2)
    )

    assert first == again
    assert Site.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"pupils": -1}, {"pupils": "many"}, {"pupils": True}, {"pupils": float("nan")},
        {"level": "university"}, {"canteen": "yes"}, {"unknown": 1},
    ],
)  # fmt: skip
def test_an_attribute_must_fit_the_kind(town: Unit, keeper: User, wrong: dict[str, object]) -> None:
    with pytest.raises(WrongAttribute):
        _registered(town, keeper, attributes=wrong)

    assert not Site.objects.exists()


def test_a_site_has_a_kind_of_the_list_and_a_name(town: Unit, keeper: User) -> None:
    with pytest.raises(UnknownKind):
        registering.register(
            unit=town, kind="castle", facts=SiteFacts(name="城堡"), actor=keeper, now=NOW
        )
    with pytest.raises(Missing):
        registering.register(
            unit=town, kind="school", facts=SiteFacts(name=" \u200b "), actor=keeper, now=NOW
        )


# --------------------------------------------------------------------- changing
def test_a_change_is_refused_if_another_was_made_since_the_form_was_opened(
    town: Unit, keeper: User
) -> None:
    site = _registered(town, keeper)
    registering.change(
        site=site, version=1, facts=SiteFacts(name="青溪中心小学"), actor=keeper, now=NOW
    )

    with pytest.raises(Stale):
        registering.change(
            site=site, version=1, facts=SiteFacts(name="另一个名字"), actor=keeper, now=NOW
        )

    site.refresh_from_db()
    assert site.name == "青溪中心小学"
    assert _acts(site) == [SiteAct.CHANGE, SiteAct.REGISTER]


def test_a_closed_site_is_changed_only_after_it_was_reopened(town: Unit, keeper: User) -> None:
    site = _registered(town, keeper)
    with pytest.raises(NotClosed):
        registering.reopen(site=site, reason="误操作", actor=keeper, now=NOW)
    registering.close(site=site, reason="已停办", actor=keeper, now=NOW)

    with pytest.raises(SiteClosed):
        registering.change(
            site=site, version=2, facts=SiteFacts(name="青溪小学"), actor=keeper, now=NOW
        )

    assert registering.reopen(site=site, reason="复办", actor=keeper, now=NOW).closed_at is None


def test_closing_and_moving_need_a_reason(county: Unit, town: Unit, keeper: User) -> None:
    site = _registered(town, keeper)
    coordinator = make_officer(county, Power.COORDINATE)

    with pytest.raises(Missing):
        registering.close(site=site, reason="  ", actor=keeper, now=NOW)
    with pytest.raises(Missing):
        registering.move(site=site, unit=county, reason="—", actor=coordinator, now=NOW)


def test_a_site_moves_to_a_unit_that_the_officer_coordinates_too(
    county: Unit, town: Unit, keeper: User
) -> None:
    site, other = _registered(town, keeper), make_unit(county, name="石门镇")
    coordinator = make_officer(county, Power.COORDINATE)
    with pytest.raises(NotAllowed):
        registering.move(site=site, unit=other, reason="区划调整", actor=keeper, now=NOW)

    registering.move(site=site, unit=other, reason="区划调整", actor=coordinator, now=NOW)

    assert not queries.visible_to(keeper, NOW).filter(pk=site.pk).exists()


# -------------------------------------------------------------------- who sees
def test_units_of_the_area_the_trade_and_the_operator_see_a_site(town: Unit, keeper: User) -> None:
    fire, company = make_unit(), make_unit(kind=Unit.Kind.ENTERPRISE)
    site = make_site(town, regulators={"fire": fire}, operator_unit=company)
    fire_officer = make_officer(fire, Power.HANDLE)

    for officer in (keeper, fire_officer, make_officer(company, Power.REPORT)):
        assert [*queries.visible_to(officer, NOW)] == [site]
    assert not queries.visible_to(make_officer(make_unit(), Power.COORDINATE), NOW).exists()
    assert [*queries.in_charge(keeper, NOW)] == [site]
    assert not queries.in_charge(fire_officer, NOW).exists()
    assert [*queries.added_to(fire_officer, NOW)] == [site]
    assert queries.may_add(fire_officer, site, NOW)


def test_other_parts_widen_who_sees_a_site(town: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    site, guest = make_site(town), make_officer(make_unit(make_unit()), Power.HANDLE)

    def reach(user: User, now: datetime) -> object:
        return Site.objects.filter(pk=site.pk).values("pk") if user == guest else None

    monkeypatch.setitem(hooks._reaches, "test", reach)

    assert [*queries.visible_to(guest, NOW)] == [site]


@pytest.mark.parametrize("words", ["青溪小学", "小学", "学府路", "青溪 学府路"])
def test_a_site_is_found_by_its_name_and_address(town: Unit, keeper: User, words: str) -> None:
    site = _registered(town, keeper, address="学府路 12 号")
    make_site(town, name="石门中学")

    assert [*queries.matching(keeper, words, NOW)] == [site]


def test_a_site_is_found_by_its_code(town: Unit, keeper: User) -> None:
    site = _registered(town, keeper)

    assert [*queries.matching(keeper, site.code.lower(), NOW)] == [site]
