"""A desk form that Back shows again and that is sent with other words makes another case.

Sent unchanged, by a second press or a reload, it makes nothing new.
"""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client

from bihuan.cases.models import Case
from bihuan.core.powers import Power
from bihuan.orgs.models import Unit
from tests.factories import TODAY, make_officer, make_photo, make_unit

pytestmark = pytest.mark.django_db
HAZARD = {"place": "北街路口", "title": "井盖松动", "found_date": TODAY.isoformat()}
DISPUTE = {"place": "石桥村东头", "title": "田界争议"}
TOLD = {"channel": "phone", "kind": "suggestion", "title": "增设晚班公交", "step": "make"}
FORMS = {
    "/desk/hazards/report/": HAZARD,
    "/desk/mediations/notice/": DISPUTE,
    "/desk/intake/": TOLD,
}


@pytest.fixture
def town(client: Client) -> Unit:
    town = make_unit(make_unit(), name="双河镇")
    client.force_login(make_officer(town, Power.REPORT, Power.COORDINATE))
    return town


@pytest.mark.parametrize("address", FORMS)
def test_other_words_make_another_case_and_the_same_words_none(
    client: Client, town: Unit, address: str
) -> None:
    form = {"form_key": str(uuid4()), "unit": str(town.pk), **FORMS[address]}

    for title in ("第一件", "第二件", "第二件"):
        client.post(address, {**form, "title": title})

    assert list(Case.objects.order_by("pk").values_list("title", flat=True)) == ["第一件", "第二件"]


@pytest.mark.parametrize("address", ["/desk/hazards/report/", "/desk/intake/"])
def test_another_photo_is_not_lost(client: Client, town: Unit, address: str) -> None:
    form = {"form_key": str(uuid4()), "unit": str(town.pk), **FORMS[address]}
    one, other = make_photo(), make_photo()

    for photo in (one, other, other):
        photo.seek(0)
        client.post(address, {**form, "photos": [photo]})

    assert [case.evidence.count() for case in Case.objects.all()] == [1, 1]
