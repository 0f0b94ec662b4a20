"""The ledger shows every kind of case; stages belong to kinds, and only hazards go together."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.cases.models import Case
from bihuan.desk.listing import Filters
from tests.cases.public import Office, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def both(office: Office) -> dict[str, Case]:
    return {kind: told(office.town, kind=kind).case for kind in ("hazard", "grievance")}


def numbers(client: Client, office: Office, query: str = "") -> list[str]:
    client.force_login(office.clerk)
    page = client.get(f"{reverse('desk:ledger')}?{query}").content.decode()
    return re.findall(r'<tr data-row id="([^"]+)"', page)


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("", {"hazard", "grievance"}),
        ("kind=hazard", {"hazard"}),
        ("kind=grievance", {"grievance"}),
        ("kind=suggestion", set()),
        ("kind=nonsense", {"hazard", "grievance"}),
        ("stage=grievance.received", {"grievance"}),
        ("stage=received", {"grievance"}),
        ("kind=grievance&stage=received", {"grievance"}),
        ("kind=hazard&stage=received", {"hazard"}),
        ("kind=hazard&stage=grievance.received", {"hazard"}),
        ("q=XF", {"grievance"}),
        ("q=yh-", {"hazard"}),
    ],
)
def test_it_is_filtered_by_kind_and_by_the_stages_of_the_kind(
    client: Client, office: Office, both: dict[str, Case], query: str, kinds: set[str]
) -> None:
    assert set(numbers(client, office, query)) == {both[kind].number for kind in kinds}


def test_the_stages_offered_are_those_of_the_chosen_kind(client: Client, office: Office) -> None:
    client.force_login(office.clerk)

    page = client.get(f"{reverse('desk:ledger')}?kind=grievance").content.decode()

    listed = page.split('name="stage"')[1].split("</select>")[0]
    offered = [group for group in listed.split("<optgroup ")[1:] if "disabled hidden>" not in group]
    assert len(offered) == 1
    assert 'value="grievance.received"' in offered[0]


def test_a_stage_after_the_end_asks_for_what_has_ended() -> None:
    assert Filters.of({"stage": "grievance.closed"}).state == "ended"
    assert Filters.of({"stage": "grievance.received"}).state == "open"


def test_one_kind_is_assigned_together_and_the_others_say_why(
    client: Client, office: Office, both: dict[str, Case]
) -> None:
    client.force_login(office.clerk)
    numbers = [case.number for case in both.values()]

    page = client.get(reverse("desk:batch", args=["assign"]), {"case": numbers}).content.decode()

    assert f'name="case" value="{both["grievance"].number}' not in page
    assert f"{both['grievance'].number}</span><span>" in page


def test_other_kinds_say_what_they_are_where_all_stand_mixed(
    client: Client, office: Office, both: dict[str, Case]
) -> None:
    client.force_login(office.clerk)
    mixed, alone, column = (
        client.get(f"{reverse('desk:ledger')}?{query}").content.decode()
        for query in ("", "kind=grievance", "cols=kind,unit")
    )

    chip = '<span class="chip">诉求</span>'
    assert chip in mixed
    assert chip not in alone
    assert 'data-label="事项类型">诉求<' in column
