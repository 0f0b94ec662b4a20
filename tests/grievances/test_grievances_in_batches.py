"""Many grievances at once: assigned within their units, closed by who did not answer them."""

from __future__ import annotations

import pytest
from django.test import Client

from bihuan.cases.models import Case
from bihuan.core.grievance import Stage
from bihuan.core.powers import Power
from bihuan.desk.models import BatchItem
from bihuan.journal.models import Entry
from tests.clock import PRESENT
from tests.desk.test_batches import form_of, page_for, url_of
from tests.factories import make_post, make_unit
from tests.grievances.offices import Realm, bring, take

pytestmark = pytest.mark.django_db


def stages(*cases: Case) -> list[str]:
    return [Case.objects.get(pk=case.pk).stage for case in cases]


def test_each_goes_to_the_proposed_post_of_its_own_unit(client: Client, realm: Realm) -> None:
    cases = [bring(realm.town, Stage.ACCEPTED, now=PRESENT) for _n in range(2)]
    make_post(make_unit(realm.town.unit, name="东村"), Power.HANDLE)
    client.force_login(realm.town.coordinator)
    form = form_of(page_for(client, "assign", *cases))

    report = client.post(url_of("assign"), form, follow=True).content.decode()

    assert stages(*cases) == [Stage.HANDLING] * 2
    assert {Case.objects.get(pk=case.pk).post for case in cases} == {realm.town.post}
    assert report.split('id="done"')[1].count(realm.town.handler.name) == 2


def test_a_post_of_another_unit_is_warned_of_and_left_out(client: Client, realm: Realm) -> None:
    case = bring(realm.town, Stage.ACCEPTED, now=PRESENT)
    below = make_post(make_unit(realm.town.unit, name="东村"), Power.HANDLE)
    client.force_login(realm.town.coordinator)
    form = {**form_of(page_for(client, "assign", case)), "post": below.pk}

    warned = client.post(url_of("assign"), form).content.decode()
    client.post(url_of("assign"), {**form, "sure": "yes"})

    assert "双河镇" in warned.split("message-warning")[1]
    assert stages(case) == [Stage.ACCEPTED]
    assert BatchItem.objects.get(number=case.number).why


def test_what_is_not_accepted_yet_says_so(client: Client, realm: Realm) -> None:
    accepted, received = (
        bring(realm.town, Stage.ACCEPTED, now=PRESENT),
        take(realm.town.unit, now=PRESENT).case,
    )
    client.force_login(realm.town.coordinator)

    page = page_for(client, "assign", accepted, received)

    assert [each.partition("@")[0] for each in form_of(page)["case"]] == [accepted.number]
    assert "当前环节为“" in page.split('id="left-out"')[1]


def test_answered_grievances_are_closed_each_as_its_own_act(client: Client, realm: Realm) -> None:
    cases = [bring(realm.town, Stage.REPLIED, now=PRESENT) for _n in range(2)]
    client.force_login(realm.town.coordinator)

    client.post(url_of("close"), form_of(page_for(client, "close", *cases)))

    assert stages(*cases) == [Stage.CLOSED] * 2
    for case in cases:
        assert Entry.objects.filter(chain__subject=case.subject, act="close").count() == 1


def test_an_accusation_is_in_no_batch(client: Client, realm: Realm) -> None:
    case = take(realm.town.unit, way="accusation", now=PRESENT).case
    Case.objects.filter(pk=case.pk).update(is_confidential=True)
    client.force_login(realm.town.coordinator)

    page = page_for(client, "assign", case)

    assert 'name="case"' not in page
