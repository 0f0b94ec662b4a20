"""The button that undoes an act: on the case, and in the message after the act."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.cases.models import Case, UndoableAct
from bihuan.core.hazard import Stage
from bihuan.hazards.actions import verification
from tests.clock import PRESENT
from tests.factories import Cast, make_case, make_cast, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Cast:
    return make_cast(make_unit(make_unit(name="云溪县"), name="双河镇"))


@pytest.fixture
def verified(here: Cast) -> Case:
    now = PRESENT
    case = make_case(here.post.unit, stage=Stage.SUBMITTED, cast=here, now=now)
    return verification.verify(case=case, actor=here.verifier, now=now, note="合格")


def undo_url(case: Case) -> str:
    seq = UndoableAct.objects.filter(case=case).latest("seq").seq
    return reverse("desk:undo", args=[case.number, seq])


def test_the_case_offers_the_undo_to_who_made_the_act(
    client: Client, here: Cast, verified: Case
) -> None:
    for officer, is_offered in ((here.verifier, True), (here.coordinator, False)):
        client.force_login(officer)
        page = client.get(verified.get_absolute_url())
        assert (undo_url(verified) in page.content.decode()) is is_offered


def test_the_button_undoes_it_and_says_so(client: Client, here: Cast, verified: Case) -> None:
    client.force_login(here.verifier)

    page = client.post(undo_url(verified), follow=True)

    verified.refresh_from_db()
    assert verified.stage == Stage.SUBMITTED
    said = page.content.decode()
    assert "已撤回" in said
    assert said.count('class="undone"') == 1
    assert undo_url(verified) not in said


def test_a_refused_undo_is_explained_on_the_case(
    client: Client, here: Cast, verified: Case
) -> None:
    UndoableAct.objects.update(until_at=PRESENT - timedelta(seconds=1))
    client.force_login(here.verifier)

    page = client.post(undo_url(verified), follow=True)

    assert "已超过十分钟" in page.content.decode()
    verified.refresh_from_db()
    assert verified.stage == Stage.VERIFIED


def test_the_message_after_the_act_offers_the_undo(client: Client, here: Cast) -> None:
    case = make_case(here.post.unit, stage=Stage.ASSIGNED, cast=here, now=PRESENT)
    client.force_login(here.handler)
    start = reverse("desk:move", args=[case.number, "start"])

    page = client.post(f"{start}?back=today", {"version": case.version}, follow=True)

    assert page.redirect_chain[-1][0].startswith(reverse("desk:today"))
    assert undo_url(case) in page.content.decode()


def test_another_units_case_cannot_be_undone(client: Client, verified: Case) -> None:
    client.force_login(make_cast(make_unit(make_unit())).coordinator)

    assert client.post(undo_url(verified)).status_code == 404


def test_what_was_done_from_today_is_undone_there(
    client: Client, here: Cast, verified: Case
) -> None:
    client.force_login(here.verifier)

    page = client.post(undo_url(verified), {"back": "today"})

    assert page["Location"] == reverse("desk:today")
    verified.refresh_from_db()
    assert verified.stage == Stage.SUBMITTED
