"""The photos of a case are on its printed sheet, for those who may see the case."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.cases.actions import evidence
from bihuan.cases.models import Case
from bihuan.core.mediation import Stage
from bihuan.core.powers import Power
from bihuan.orgs.models import User
from tests.clock import PRESENT
from tests.factories import make_officer, make_photo, make_unit
from tests.grievances import offices
from tests.mediations import table

pytestmark = pytest.mark.django_db


def _sheet(client: Client, user: User, case: Case) -> str:
    client.force_login(user)
    return client.get(reverse("desk:sheet", args=[case.number])).content.decode()


def _with_photo(case: Case, actor: User) -> str:
    """Add a photo; return the address at which officers see it."""
    evidence.attach(
        case=case, actor=actor, now=PRESENT, uploads=[make_photo()], phase="before", note="现场"
    )
    return reverse("desk:evidence", args=[case.number, case.evidence.latest("pk").pk])


def _grievance() -> tuple[Case, User]:
    office = offices.make_realm().town
    return offices.bring(office, now=PRESENT), office.coordinator


def _mediation() -> tuple[Case, User]:
    office = table.make_office(PRESENT)
    return table.at(office, Stage.MEDIATING), office.mediator


@pytest.mark.parametrize("made", [_grievance, _mediation])
def test_the_sheet_has_the_photos_for_those_who_may_see_them(client: Client, made: object) -> None:
    assert callable(made)
    case, officer = made()
    assert "pictures" not in _sheet(client, officer, case)
    photo = _with_photo(case, officer)
    stranger = make_officer(make_unit(), Power.COORDINATE)

    page = _sheet(client, officer, case)

    assert f'<img src="{photo}"' in page
    assert "整改前" not in page
    client.force_login(stranger)
    assert client.get(photo).status_code == 404
    assert client.get(reverse("desk:sheet", args=[case.number])).status_code == 404


def test_sheets_printed_together_look_like_those_printed_alone(client: Client) -> None:
    case, officer = _mediation()
    alone = _sheet(client, officer, case)
    chosen = {"case": case.number}

    together = client.get(reverse("desk:sheets"), chosen).content.decode()

    assert "web/sheet" in alone
    assert "web/sheet" in together
    assert "mediations/paper" not in alone
    assert case.title in together
