"""Whom an accusation is about stands where it is decided, for those who need to know, and nowhere
else.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.cases.models import Case, Exclusion
from bihuan.core.powers import Power
from bihuan.journal import queries as journal
from bihuan.notices.models import Notice
from bihuan.orgs.models import Unit, User
from tests.cases.public import told
from tests.clock import PRESENT
from tests.factories import make_officer, make_unit
from tests.sitemap import text_of

pytestmark = pytest.mark.django_db

ABOUT, OFFICER, WITH_INTEREST = "巡查三中队", "郑巡查", "吴回避"
HEADING = "被反映的单位和人员"


@dataclass
class Scene:
    case: Case
    town: Unit
    knows: User
    shut: dict[str, User]


@pytest.fixture
def scene() -> Scene:
    county = make_unit(make_unit(name="江安市"), name="云溪县")
    town = make_unit(county, name="双河镇")
    squad = make_unit(town, name=ABOUT)
    knows = make_officer(county, Power.COORDINATE, name="孙协调")
    accused = make_officer(town, Power.HANDLE, name=OFFICER, title="巡查员")
    shut = {
        "accused": accused,
        "of the unit complained of": make_officer(squad, Power.COORDINATE),
        "sees everything of the county": make_officer(county, Power.SUPERVISE, Power.AUDIT),
        "sees everything of the town": make_officer(town, *Power),
    }
    case = told(
        town, kind="grievance", identity=None, is_confidential=True,
        about_units=(squad,), about_officers=(accused,),
    ).case  # fmt: skip
    involved = make_officer(county, Power.COORDINATE, name=WITH_INTEREST)
    Exclusion.objects.create(case=case, member=involved, cause="interest", added_at=PRESENT)
    return Scene(case, town, knows, {**shut, "with an interest": involved})


def page_of(client: Client, user: User, case: Case) -> str:
    client.force_login(user)
    return text_of(client.get(case.get_absolute_url()))


def test_whoever_needs_to_know_sees_whom_it_is_about(client: Client, scene: Scene) -> None:
    text = page_of(client, scene.knows, scene.case)

    assert HEADING in text
    assert ABOUT in text
    assert f"{OFFICER} (双河镇 · 巡查员)" in text
    # Whoever withdrew for an interest of their own is not complained of.
    assert WITH_INTEREST not in text


def test_nobody_else_comes_to_its_page(client: Client, scene: Scene) -> None:
    for who, user in scene.shut.items():
        client.force_login(user)
        response = client.get(scene.case.get_absolute_url())
        assert response.status_code == 404, who
        assert OFFICER not in text_of(response).replace(user.name, ""), who


@pytest.mark.parametrize("page", ["sheet", "classify", "transfer", "add_assist"])
def test_it_stands_on_the_sheet_and_on_the_forms_of_decisions(
    client: Client, scene: Scene, page: str
) -> None:
    client.force_login(scene.knows)
    url = (
        reverse("desk:sheet", args=[scene.case.number])
        if page == "sheet"
        else reverse("desk:move", args=[scene.case.number, page])
    )

    text = text_of(client.get(url))

    assert (ABOUT in text) == (OFFICER in text) == (page != "add_assist")
    for who, user in scene.shut.items():
        client.force_login(user)
        assert client.get(url).status_code == 404, who


def test_it_stands_on_no_other_page_of_the_case(client: Client, scene: Scene) -> None:
    """Not in the ledger, on Today, on the timeline or in an export, even for who may know."""
    client.force_login(scene.knows)
    number = scene.case.number
    urls = [
        reverse("desk:ledger") + "?state=all",
        reverse("desk:today"),
        reverse("desk:timeline", args=[number]) + "?before=99",
        reverse("ledgers:export") + "?state=all",
    ]

    for url in urls:
        text = text_of(client.get(url))
        assert OFFICER not in text, url
        assert HEADING not in text, url


def test_neither_notices_nor_the_journal_name_the_officer(scene: Scene) -> None:
    stored = [*Notice.objects.values_list("detail", flat=True)]
    stored += [*journal.timeline(scene.case.subject).values_list("detail", flat=True)]

    assert stored
    assert OFFICER not in str(stored)
    assert ABOUT not in str(stored)


def test_a_case_that_is_open_to_its_unit_names_nobody(client: Client, scene: Scene) -> None:
    """Without a need-to-know list there is nobody whom it could be confined to."""
    case = told(scene.town, kind="grievance", identity=None).case
    Exclusion.objects.create(
        case=case, member=scene.shut["accused"], cause="complained_of", added_at=PRESENT
    )

    assert HEADING not in page_of(client, scene.knows, case)
