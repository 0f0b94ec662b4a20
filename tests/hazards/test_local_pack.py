"""A local pack adds limits of a listing and a notice at the place; without it nothing is added."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from bihuan.cases.models import Case
from bihuan.clocks.models import Clock
from bihuan.core import local_pack, rules
from bihuan.core.hazard import Grade, Stage
from bihuan.core.rules import Confidence
from bihuan.hazards import limits
from bihuan.hazards.actions import listing, orders
from bihuan.hazards.limits import TooLong
from bihuan.hazards.models import Listing, Order
from bihuan.orgs.models import Post, User
from tests.clock import PRESENT
from tests.factories import NOW, TODAY, Cast, make_case, make_cast, make_unit
from tests.hazards.majors import listed, terms

pytestmark = pytest.mark.django_db
HERE = "CN-SD-QD"


@pytest.fixture
def cast() -> Cast:
    return make_cast(make_unit(make_unit()))


@pytest.fixture
def here(settings: Settings) -> None:
    settings.LOCAL_PACK = HERE


def a_major(cast: Cast) -> Case:
    unit = cast.post.unit
    return make_case(unit, stage=Stage.RECTIFYING, cast=cast, grade=Grade.MAJOR, now=NOW)


def listed_for(case: Case, cast: Cast, days: int) -> Case:
    unit = Post.objects.get(tenures__member=cast.leader).unit
    return listing.list_(
        case=case, terms=terms(unit, NOW, days=days), actor=cast.leader, now=NOW, note="挂牌督办"
    )


def page(client: Client, user: User, url: str) -> tuple[int, str]:
    client.force_login(user)
    answer = client.get(url)
    return answer.status_code, re.sub(r"\s+", " ", answer.content.decode())


# ------------------------------------------------------------------------ the packs
@pytest.mark.parametrize("place", local_pack.names())
def test_each_pack_says_how_sure_it_is_and_is_never_only_recalled(place: str) -> None:
    pack = local_pack.named(place)

    for part in (pack.place_notice, pack.listing):
        if part is not None:
            assert part.confidence in (Confidence.READ, Confidence.SECOND_HAND)
            assert part.source.zh
            assert part.source.en
    assert pack.place == place


@pytest.mark.parametrize("place", ["CN", "CN-SD", "", "../cn", "XX"])
def test_a_place_without_a_pack_adds_nothing(place: str) -> None:
    pack = local_pack.named(place)

    assert (pack.place, pack.place_notice, pack.listing) == ("CN", None, None)


def test_a_rule_of_a_place_replaces_the_default_of_the_system() -> None:
    home = rules.candidates("MAJ-3", on=TODAY)
    there = rules.candidates("MAJ-3", on=TODAY, jurisdiction=HERE)

    assert [rule.confidence for rule in home] == [Confidence.PROJECT_DEFAULT]
    assert [(rule.jurisdiction, rule.unit) for rule in there] == [(HERE, "working_days")]


# --------------------------------------------------------------------------- limits
def test_a_listing_lasts_as_long_as_the_pack_allows(cast: Cast, here: None) -> None:
    case = a_major(cast)
    with pytest.raises(TooLong):
        listed_for(case, cast, 366)

    case = listed_for(case, cast, 365)

    with pytest.raises(TooLong):
        listing.ask_more_time(
            case=case, actor=cast.handler, now=NOW, note="材料未到",
            until_date=Listing.objects.get().until_date + timedelta(days=1),
        )  # fmt: skip


def test_without_a_pack_a_listing_has_no_longest_time(cast: Cast) -> None:
    listed_for(a_major(cast), cast, 700)

    assert limits.latest(NOW) is None
    assert limits.ask_by(TODAY) is None


@pytest.mark.parametrize(("place", "version"), [("CN", "1"), (HERE, "cn-sd-qd.2012")])
def test_a_later_deadline_is_decided_within_the_time_of_the_place(
    cast: Cast, settings: Settings, place: str, version: str
) -> None:
    settings.LOCAL_PACK = place
    case = listed(a_major(cast), cast.leader, NOW)
    until = Listing.objects.get().until_date + timedelta(days=10)

    listing.ask_more_time(case=case, actor=cast.handler, now=NOW, until_date=until, note="材料未到")

    assert Clock.objects.get(subject=case.subject, rule_id="MAJ-3").rule_version == version


def test_the_day_to_ask_is_twenty_working_days_before(here: None) -> None:
    # From 1 June to Monday 29 June 2026 there are twenty, without the holiday of 19 June.
    assert limits.ask_by(date(2026, 6, 29)) == date(2026, 5, 31)


def test_the_form_says_what_the_pack_allows(client: Client, cast: Cast, here: None) -> None:
    case = listed(a_major(cast), cast.leader, NOW)

    status, shown = page(
        client, cast.handler, reverse("desk:move", args=[case.number, "ask_more_time"])
    )

    assert status == 200
    assert "按本地规定最迟到" in shown
    assert "前申请" in shown


# --------------------------------------------------------------- notice at the place
def notice_of(case: Case, cast: Cast) -> str:
    orders.stop_work(case=case, actor=cast.leader, now=PRESENT, note="危险", stopped="三楼停用")
    return reverse("hazards:paper", args=["place-notice", Order.objects.get().pk])


def test_a_stop_work_order_has_a_notice_to_post_where_the_pack_asks_for_it(
    client: Client, cast: Cast, here: None
) -> None:
    case = a_major(cast)
    notice = notice_of(case, cast)

    status, shown = page(client, cast.handler, notice)

    assert status == 200
    assert "三楼停用" in shown
    assert "第四十五条" in shown
    assert case.title not in shown
    assert notice in page(client, cast.handler, case.get_absolute_url())[1]
    case = orders.check_order(
        case=case, actor=cast.verifier, now=PRESENT, complied=True, note="已停用"
    )
    orders.resume_work(case=case, actor=cast.leader, now=PRESENT, note="可以恢复")
    assert page(client, cast.handler, notice)[0] == 404
    assert notice not in page(client, cast.handler, case.get_absolute_url())[1]


def test_without_a_pack_there_is_no_notice(client: Client, cast: Cast) -> None:
    case = a_major(cast)
    notice = notice_of(case, cast)

    assert page(client, cast.handler, notice)[0] == 404
    assert notice not in page(client, cast.handler, case.get_absolute_url())[1]
