"""Who sees on the pages that a case is on hold, and is not offered to place it on hold again."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.cases import queries as cases
from bihuan.core.powers import Power
from bihuan.orgs.models import User
from bihuan.retention import queries
from bihuan.retention.actions import holds
from tests.clock import PRESENT
from tests.factories import NOW, make_officer
from tests.retention.scene import LATER, Scene, proposed, rejected_hazard

pytestmark = pytest.mark.django_db
HELD = "On disposal hold"


def page_of(user: User, url: str) -> str:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client.get(url).content.decode()


def test_a_held_case_says_so_at_the_top_of_its_page_until_the_hold_is_lifted(scene: Scene) -> None:
    case = rejected_hazard(scene)
    row = holds.hold_case(case=case, reason="涉诉", actor=scene.proposer, now=PRESENT)

    held = page_of(scene.office.handler, case.get_absolute_url())
    holds.lift(row=row, why="判决生效", actor=scene.auditor, now=PRESENT)
    lifted = page_of(scene.office.handler, case.get_absolute_url())

    assert HELD in marks(held)
    assert HELD not in marks(lifted)


def marks(page: str) -> str:
    return page.split('class="marks"')[1].split("</p>")[0]


def test_of_a_hold_on_a_unit_those_know_who_hold_there(scene: Scene) -> None:
    case = cases.case_for(scene.proposer, rejected_hazard(scene).number, NOW)

    holds.hold_unit(unit=scene.office.county, reason="专项审计", actor=scene.auditor, now=LATER)

    assert queries.is_known_held(case, scene.auditor, LATER)
    for other in (scene.proposer, scene.confirmer, scene.office.handler):
        assert not queries.is_known_held(case, other, LATER)


def test_a_hold_on_another_unit_says_nothing_of_this_case(scene: Scene) -> None:
    case = cases.case_for(scene.proposer, rejected_hazard(scene).number, NOW)

    holds.hold_unit(unit=scene.office.village, reason="专项审计", actor=scene.auditor, now=LATER)

    assert not queries.is_known_held(case, scene.auditor, LATER)


def test_a_list_offers_to_hold_back_what_is_not_held(scene: Scene) -> None:
    held, free = rejected_hazard(scene), rejected_hazard(scene)
    row = proposed(scene)
    holds.hold_case(case=held, reason="涉诉", actor=scene.proposer, now=LATER)

    page = page_of(scene.proposer, reverse("retention:disposal", args=[row.pk]))

    assert "On hold<" in page
    assert f"?number={free.number}" in page
    assert f"?number={held.number}" not in page


def test_a_list_offers_to_hold_back_only_to_those_who_may(scene: Scene) -> None:
    case = rejected_hazard(scene)
    row = proposed(scene)
    both = make_officer(scene.unit, Power.APPROVE, name="钱审批")

    page = page_of(both, reverse("retention:disposal", args=[row.pk]))

    assert case.number in page
    assert reverse("retention:hold-back") not in page
