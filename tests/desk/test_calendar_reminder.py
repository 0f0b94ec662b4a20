"""Who is reminded of holidays that are not loaded, and until when it can be put off."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.core.powers import Power
from bihuan.desk.views.today import LATER
from bihuan.orgs.models import User
from tests.clock import StoppedClock
from tests.factories import make_officer, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_november(clock: StoppedClock) -> None:
    """The next year is not loaded in any November of the tests."""
    clock.at = datetime(2035, 11, 20, 2, 0, tzinfo=UTC)


def reminded(client: Client, user: User) -> bool:
    client.force_login(user)
    return "2036年的放假安排尚未载入" in client.get(reverse("desk:today")).content.decode()


def test_only_administrators_of_the_whole_district_are_reminded(client: Client) -> None:
    county = make_unit()
    town = make_unit(county)

    assert reminded(client, make_officer(county, Power.ADMINISTER))
    assert not reminded(Client(), make_officer(town, Power.ADMINISTER, Power.HANDLE))
    assert not reminded(Client(), make_officer(county, Power.COORDINATE))


def test_it_names_no_command(client: Client) -> None:
    client.force_login(make_officer(make_unit(), Power.ADMINISTER))

    assert "load-calendar" not in client.get(reverse("desk:today")).content.decode()


def test_it_can_be_put_off_for_three_days(client: Client, clock: StoppedClock) -> None:
    administrator = make_officer(make_unit(), Power.ADMINISTER)
    client.force_login(administrator)

    answer = client.get(reverse("desk:today"), {"later": "calendar"})

    assert answer.status_code == 302
    assert client.cookies[LATER]["max-age"] == timedelta(days=3).total_seconds()
    assert not reminded(client, administrator)
