"""Meetings on the pages of a mediation: the next step, the form to record one, the register."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.cases.models import Case
from bihuan.core.mediation import Move
from bihuan.desk import dossier
from bihuan.mediations.actions import proceedings
from bihuan.mediations.models import Session
from tests.clock import PRESENT
from tests.mediations.table import BOTH, Office, announced, begun

pytestmark = pytest.mark.django_db
SOON = PRESENT + timedelta(days=2)


def next_step(office: Office, case: Case) -> str:
    loaded = dossier.case_for(office.mediator, case.number, PRESENT)
    primary = dossier.buttons(loaded, office.mediator, PRESENT).primary
    return primary.move if primary else ""


def test_the_next_step_is_the_meeting_before_it_is_the_draft(office_now: Office) -> None:
    case = begun(office_now)

    assert next_step(office_now, case) == Move.MEET
    meeting = announced(office_now, case, SOON)
    assert next_step(office_now, case) == ""
    Session.objects.update(meets_at=PRESENT)
    assert next_step(office_now, case) == Move.HOLD
    proceedings.hold(
        case=case, actor=office_now.mediator, now=PRESENT, session=meeting, record="各退一步。"
    )
    assert next_step(office_now, case) == Move.DRAFT


def test_a_meeting_that_has_not_begun_has_no_form_to_record_it(
    client: Client, office_now: Office
) -> None:
    case = begun(office_now)
    client.force_login(office_now.mediator)
    url = reverse("desk:move", args=[case.number, Move.HOLD])

    before = client.get(url).content.decode()
    announced(office_now, case, SOON)
    announced_page = client.get(url).content.decode()
    Session.objects.update(meets_at=PRESENT)
    begun_page = client.get(url).content.decode()

    assert "尚未通知调解会" in before
    assert "村委会调解室。开始后方可记录" in announced_page
    assert 'name="record"' not in before + announced_page
    assert 'name="record"' in begun_page


def test_the_register_has_the_meetings_and_a_line_for_each_signature(
    client: Client, office_now: Office
) -> None:
    case = begun(office_now)
    announced(office_now, case, SOON)
    client.force_login(office_now.mediator)

    sheet = client.get(reverse("desk:sheet", args=[case.number])).content.decode()

    assert "村委会调解室" in sheet
    assert sheet.count('class="sign"') == len(BOTH) + 1
