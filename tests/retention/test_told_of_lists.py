"""Who may confirm a list hears of it, and finds it on Today; nobody else does."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.cases.models import Case, Exclusion
from bihuan.core.powers import Power
from bihuan.notices.models import Notice
from bihuan.orgs.models import Tenure, User
from bihuan.retention import queries
from bihuan.retention.actions import lists
from bihuan.retention.models import Disposal
from tests.cases.public import told
from tests.clock import PRESENT
from tests.factories import NOW, make_officer
from tests.retention.scene import LATER, Scene, end, proposed, rejected_hazard

pytestmark = pytest.mark.django_db
WORDS = "逐件看过后确认"


def heard() -> set[User]:
    return {each.member for each in Notice.objects.filter(subject__startswith="disposal/")}


def test_the_approving_leaders_of_the_unit_hear_of_a_list(scene: Scene) -> None:
    rejected_hazard(scene)
    make_officer(scene.office.county, Power.APPROVE)

    row = proposed(scene)

    assert heard() == {scene.confirmer}
    assert queries.to_confirm(scene.confirmer, LATER) == [row]
    for other in (scene.proposer, scene.auditor, scene.office.handler):
        assert queries.to_confirm(other, LATER) == []


def test_where_nobody_in_the_unit_approves_the_nearest_above_hears(scene: Scene) -> None:
    rejected_hazard(scene)
    Tenure.objects.filter(member=scene.confirmer).delete()
    above = make_officer(scene.office.county, Power.APPROVE)

    proposed(scene)

    assert heard() == {above}


def test_who_proposed_it_is_not_asked_to_confirm_it(scene: Scene) -> None:
    rejected_hazard(scene)
    both = make_officer(scene.unit, Power.COORDINATE, Power.APPROVE)
    scene.proposer = both

    proposed(scene)

    assert heard() == {scene.confirmer}
    assert queries.to_confirm(both, LATER) == []


def test_who_is_shut_out_of_all_its_cases_hears_nothing(scene: Scene) -> None:
    case = rejected_hazard(scene)
    Exclusion.objects.create(
        case=case,
        member=scene.confirmer,
        added_at=NOW,
        cause=Exclusion.Cause.INTEREST,
    )

    proposed(scene)

    assert heard() == set()
    assert queries.to_confirm(scene.confirmer, LATER) == []


def test_what_was_decided_or_taken_back_waits_no_more(scene: Scene) -> None:
    rejected_hazard(scene)
    row = proposed(scene)
    lists.withdraw(row=row, note="仍需查阅", actor=scene.proposer, now=LATER)
    assert queries.to_confirm(scene.confirmer, LATER) == []

    again = proposed(scene)
    lists.confirm(row=again, actor=scene.confirmer, now=LATER)

    assert queries.to_confirm(scene.confirmer, LATER) == []


def test_today_leads_to_the_list_and_says_what_is_to_do(scene: Scene, client: Client) -> None:
    case = end(told(scene.unit, now=PRESENT).case, at=PRESENT, stage="rejected")
    row = Disposal.objects.create(
        unit=scene.unit, retention="hazard", retention_list="x 1", year=2015, reason="期满",
        proposed_by=scene.proposer, proposed_at=PRESENT,
    )  # fmt: skip
    row.items.create(case=case)
    url = reverse("retention:disposal", args=[row.pk])

    for user, is_there in ((scene.confirmer, True), (scene.proposer, False)):
        client.force_login(user)
        shown = client.get(reverse("desk:today")).content.decode()
        assert (url in shown) is is_there
        assert (WORDS in shown) is is_there
    assert Case.objects.filter(pk=case.pk).exists()


def test_the_notice_leads_to_the_list_and_counts_nothing(scene: Scene, client: Client) -> None:
    rejected_hazard(scene)
    row = proposed(scene)
    client.force_login(scene.confirmer)

    shown = client.get(reverse("desk:today")).content.decode()

    assert reverse("retention:disposal", args=[row.pk]) in shown
    assert "等待第二名人员逐件看过后确认" in shown
