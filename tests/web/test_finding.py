"""The box at the top of every page goes to pages, cases and units, and to nothing hidden."""

from __future__ import annotations

import pytest
from django.test import Client

from bihuan.cases.models import Case
from bihuan.core.hazard import Stage
from bihuan.core.powers import Power
from tests.conftest import CountQueries
from tests.factories import make_case, make_member, make_officer, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> Case:
    return make_case(make_unit(), stage=Stage.CONFIRMED, title="消火栓被遮挡")


@pytest.fixture
def officer(client: Client, case: Case) -> Client:
    """A browser in which an officer of the case's unit is signed in."""
    client.force_login(make_officer(case.owner, Power.HANDLE))
    return client


def listed(officer: Client, typed: str) -> str:
    """What is shown while one types."""
    answer = officer.get("/desk/find/", {"q": typed}, headers={"HX-Request": "true"})
    return answer.content.decode()


def test_a_number_leads_straight_to_its_case(officer: Client, case: Case) -> None:
    answer = officer.get("/desk/find/", {"q": case.number.lower().replace("-", "")})

    assert answer.status_code == 302
    assert answer.headers["Location"] == case.get_absolute_url()


def test_the_beginning_of_a_number_lists_the_cases(officer: Client, case: Case) -> None:
    shown = listed(officer, case.number[:-2])

    assert case.title in shown
    assert f'href="{case.get_absolute_url()}"' in shown


@pytest.mark.parametrize("typed", ["YH", "YH-2026", "YH-2026-000"])
def test_a_beginning_that_thousands_of_cases_share_asks_for_none(
    officer: Client, case: Case, typed: str, count_queries: CountQueries
) -> None:
    with count_queries() as queries:
        shown = listed(officer, typed)

    assert case.title not in shown
    assert not [query for query in queries if '"cases_case"."number"' in query["sql"]]


def test_a_case_that_the_officer_may_not_see_is_not_found(case: Case, client: Client) -> None:
    client.force_login(make_officer(make_unit(), Power.HANDLE))

    answer = client.get("/desk/find/", {"q": case.number})

    assert answer.status_code == 200
    assert case.title not in answer.content.decode()


def test_a_unit_is_found_by_a_part_of_its_name(officer: Client, case: Case) -> None:
    answer = officer.get("/desk/find/", {"q": case.owner.name[1:]})

    assert answer.headers["Location"] == f"/desk/organisation/units/{case.owner.code}/"


def test_units_are_shown_only_to_those_who_hold_a_post(case: Case, client: Client) -> None:
    client.force_login(make_member())

    assert "/desk/organisation/units/" not in listed(client, case.owner.name)


def test_a_page_is_found_by_its_name(officer: Client) -> None:
    assert officer.get("/desk/find/", {"q": "今日"}).headers["Location"] == "/desk/"


def test_words_lead_on_to_the_ledger(officer: Client) -> None:
    shown = officer.get("/desk/find/", {"q": "消火栓 & <b>"}).content.decode()

    assert 'href="/desk/cases/?q=%E6%B6%88%E7%81%AB%E6%A0%93+%26+%3Cb%3E"' in shown
    assert "<b>" not in shown.split("<main", 1)[1].replace("<b lang", "")


@pytest.mark.parametrize("typed", ["", "   ", "\x00", "x" * 5_000, "%", "_", "’; --", "12"])
def test_whatever_is_typed_gets_an_answer(officer: Client, typed: str) -> None:
    assert officer.get("/desk/find/", {"q": typed}, follow=True).status_code == 200
    assert listed(officer, typed) is not None


def test_a_stranger_is_led_to_the_sign_in(client: Client) -> None:
    assert client.get("/desk/find/?q=a").status_code == 302


def test_officers_are_found_within_the_reach_of_ones_own_posts(client: Client) -> None:
    county = make_unit(name="云溪县")
    town, beside = make_unit(county, name="双河镇"), make_unit(county, name="邻镇")
    for unit, name in ((town, "林晓梅"), (beside, "林小美")):
        seated = make_officer(unit, Power.HANDLE)
        type(seated).objects.filter(pk=seated.pk).update(name=name)

    client.force_login(make_officer(town, Power.COORDINATE))
    near = listed(client, "林")
    client.force_login(make_member())
    outside = listed(client, "林")

    assert "林晓梅" in near
    assert "双河镇" in near
    assert "林小美" not in near
    assert "林晓梅" not in outside
