"""Places of imported cases are matched with sites by a person, in bulk, and that can be undone."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from bihuan.cases.models import Case
from bihuan.core.powers import Power
from bihuan.orgs.models import Unit, User
from bihuan.sites import likeness
from bihuan.sites.models import RefusedPlace, SiteCase
from tests.factories import NOW, make_case, make_officer, make_site, make_unit

pytestmark = pytest.mark.django_db
PLACES = "/desk/sites/places/"


@pytest.fixture
def town() -> Unit:
    return make_unit(name="云榆镇")


@pytest.fixture
def keeper(town: Unit) -> User:
    return make_officer(town, Power.COORDINATE)


@pytest.fixture
def desk(client: Client, keeper: User) -> Client:
    client.force_login(keeper)
    return client


def imported(unit: Unit, place: str) -> Case:
    case = make_case(unit, place=place)
    Case.objects.filter(pk=case.pk).update(channel=Case.Channel.IMPORT)
    return case


def suggested(user: User) -> dict[str, list[str]]:
    found, _ = likeness.typed_places(user, NOW)
    return {each.place: [s.site.name for s in each.suggestions] for each in found}


def test_sites_are_suggested_by_name_and_by_address(town: Unit, keeper: User) -> None:
    make_site(town, name="榆荫小学")
    make_site(town, name="云榆县东关百货商场", address="东关路中段 18 号")
    make_site(town, name="望岭茶叶加工厂")
    for place in ("榆荫小学门口", "东关百货商场", "东关路中段 18 号院内", "无名小路"):
        imported(town, place)

    assert suggested(keeper) == {
        "榆荫小学门口": ["榆荫小学"],
        "东关百货商场": ["云榆县东关百货商场"],
        "东关路中段 18 号院内": ["云榆县东关百货商场"],
        "无名小路": [],
    }


def test_only_unlinked_imported_cases_and_kept_sites_are_offered(town: Unit, keeper: User) -> None:
    make_site(make_unit(), name="榆荫小学")
    linked = imported(town, "榆荫小学后门")
    make_site(town, name="甲厂", cases=[linked])
    make_case(town, place="榆荫小学侧门")
    imported(make_unit(), "榆荫小学正门")
    imported(town, "榆荫小学门口")

    assert suggested(keeper) == {"榆荫小学门口": []}


def test_matching_shows_a_preview_links_all_cases_and_is_undone(
    desk: Client, town: Unit, keeper: User
) -> None:
    site = make_site(town, name="榆荫小学")
    cases = [imported(town, "榆荫小学门口") for _ in range(3)]
    chosen = {"place": "榆荫小学门口", "choice": str(site.pk)}

    preview = desk.post(PLACES, {"step": "preview", **chosen}).content.decode()
    assert "榆荫小学门口" in preview
    assert not SiteCase.objects.exists()

    done = desk.post(PLACES, {"step": "match", **chosen}, follow=True)
    assert {row.case for row in SiteCase.objects.filter(site=site)} == {*cases}
    assert {case.place for case in Case.objects.all()} == {"榆荫小学门口"}

    desk.post(f"{PLACES}undo/", {"undo": done.context["undo"]})
    assert not SiteCase.objects.filter(ended_at=None).exists()
    assert suggested(keeper) == {"榆荫小学门口": ["榆荫小学"]}


def test_a_refused_suggestion_is_not_made_again_unless_undone(
    desk: Client, town: Unit, keeper: User
) -> None:
    make_site(town, name="榆荫小学")
    imported(town, "榆荫小学门口")

    done = desk.post(
        PLACES, {"step": "match", "place": "榆荫小学门口", "choice": "none"}, follow=True
    )
    assert suggested(keeper) == {"榆荫小学门口": []}

    desk.post(f"{PLACES}undo/", {"undo": done.context["undo"]})
    assert suggested(keeper) == {"榆荫小学门口": ["榆荫小学"]}


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"place": "榆荫小学门口"},
        {"place": "榆荫小学门口", "choice": "999999"},
        {"place": "榆荫小学门口", "choice": "-1"},
        {"place": "<b>", "choice": "none"},
        {"place": "a\x00b", "choice": "none"},
        {"place": "x" * 5000, "choice": "9" * 500},
    ],
)
def test_what_was_not_offered_is_not_linked(desk: Client, town: Unit, data: dict[str, Any]) -> None:
    make_site(town, name="榆荫小学")
    other = make_site(make_unit(), name="榆荫小学")
    imported(town, "榆荫小学门口")

    for more in (data, {"place": "榆荫小学门口", "choice": str(other.pk)}):
        assert desk.post(PLACES, {"step": "match", **more}).status_code == 200

    assert not SiteCase.objects.exists()
    assert not RefusedPlace.objects.exists()


def test_another_officer_cannot_undo_and_others_have_no_such_page(
    desk: Client, client: Client, town: Unit
) -> None:
    site = make_site(town, name="榆荫小学")
    imported(town, "榆荫小学门口")
    chosen = {"place": "榆荫小学门口", "choice": str(site.pk)}
    done = desk.post(PLACES, {"step": "match", **chosen}, follow=True)

    client.force_login(make_officer(town, Power.COORDINATE))
    client.post(f"{PLACES}undo/", {"undo": done.context["undo"]})
    client.post(f"{PLACES}undo/", {"undo": "x"})
    assert SiteCase.objects.filter(ended_at=None).count() == 1

    client.force_login(make_officer(town, Power.REPORT))
    assert client.get(PLACES).status_code == 404


def test_places_are_paged_with_the_same_queries_whatever_there_is(
    desk: Client, town: Unit, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    make_site(town, name="榆荫小学")
    for n in range(likeness.PLACES + 2):
        imported(town, f"榆荫小学第{n:02}教室")

    with django_assert_max_num_queries(18):
        first = desk.get(PLACES)
    second = desk.get(f"{PLACES}{first.context['next_url']}")

    assert len(first.context["rows"]) == likeness.PLACES
    assert len(second.context["rows"]) == 2
    assert second.context["next_url"] == ""
