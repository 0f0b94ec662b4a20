"""A picture that was marked as shown by mistake is kept back."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from bihuan.cases.actions import evidence, withholding
from bihuan.cases.models import Case, Evidence
from bihuan.core.powers import Power
from bihuan.core.refusal import Missing, NotAllowed
from bihuan.journal.models import Entry
from bihuan.journal.queries import verify
from tests.cases.public import Office, told
from tests.clock import PRESENT
from tests.factories import make_officer, make_photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown(office: Office) -> Evidence:
    case = told(office.town, kind="grievance").case
    evidence.attach(
        case=case, actor=office.handler, now=PRESENT, uploads=[make_photo()], phase="before",
        note="现场", is_shown=True,
    )  # fmt: skip
    return Evidence.objects.get(case=case)


def is_seen(row: Evidence) -> bool:
    return Evidence.objects.shown_to(row.case_id, "reporter").filter(pk=row.pk).exists()


def test_it_is_not_shown_any_more_and_the_record_says_why(office: Office, shown: Evidence) -> None:
    assert is_seen(shown)

    withholding.keep_back(picture=shown, actor=office.handler, note="拍到了邻居", now=PRESENT)

    assert not is_seen(shown)
    entry = Entry.objects.get(act="keep_back")
    assert (entry.actor, entry.note) == (office.handler, "拍到了邻居")
    assert verify().ok


def test_it_takes_a_reason_and_somebody_who_answers_for_the_case(
    office: Office, shown: Evidence
) -> None:
    with pytest.raises(Missing):
        withholding.keep_back(picture=shown, actor=office.handler, note=" ", now=PRESENT)
    for other in (
        make_officer(office.village, Power.HANDLE),
        make_officer(office.county, Power.AUDIT, Power.ADMINISTER),
    ):
        with pytest.raises(NotAllowed):
            withholding.keep_back(picture=shown, actor=other, note="看错了", now=PRESENT)
    assert is_seen(shown)


def test_what_a_person_gave_stays_theirs(office: Office) -> None:
    case = told(office.town, kind="grievance").case
    with transaction.atomic():
        (row,) = evidence.keep(
            case, [make_photo()], "before", actor=None, now=PRESENT, slot="reporter", is_shown=True
        )

    withholding.keep_back(picture=row, actor=office.handler, note="对方也看到了", now=PRESENT)

    row.refresh_from_db()
    assert row.shown_to == Evidence.Audience.GIVER
    assert is_seen(row)


def test_the_page_of_the_case_leads_there(client: Client, office: Office, shown: Evidence) -> None:
    client.force_login(office.handler)
    case = Case.objects.get()
    url = reverse("desk:keep-back", args=[case.number, shown.pk])
    assert url in client.get(case.get_absolute_url()).content.decode()

    client.post(url, {"note": "拍到了邻居"})

    assert not is_seen(shown)
    assert url not in client.get(case.get_absolute_url()).content.decode()
    assert client.get(url).status_code == 404
