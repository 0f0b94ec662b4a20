"""Phrases for plans: an officer's own, and those of an office."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.cases.models import Case, SavedPhrase
from bihuan.core.hazard import Stage
from bihuan.hazards.actions import reporting
from bihuan.journal.models import Entry
from tests.clock import PRESENT
from tests.factories import Cast, make_case, make_cast, make_plan, make_unit

pytestmark = pytest.mark.django_db
PHRASES = reverse("desk:phrases")


@pytest.fixture
def here() -> Cast:
    return make_cast(make_unit(make_unit(name="云溪县"), name="双河镇"))


def form_page(client: Client, here: Cast, case: Case) -> str:
    client.force_login(here.coordinator)
    page = client.get(reverse("desk:move", args=[case.number, "assign"]))
    return page.content.decode()


def found(here: Cast) -> Case:
    return make_case(here.post.unit, stage=Stage.CONFIRMED, cast=here, now=PRESENT)


def test_a_phrase_is_kept_changed_and_deleted(client: Client, here: Cast) -> None:
    client.force_login(here.coordinator)

    client.post(PHRASES, {"use": "measures", "text": "更换灯具。", "unit": ""})
    phrase = SavedPhrase.objects.get()
    change = reverse("desk:change-phrase", args=[phrase.pk])
    client.post(change, {"use": "contingency", "text": "专人值守。", "unit": ""})
    phrase.refresh_from_db()
    client.post(reverse("desk:delete-phrase", args=[phrase.pk]))

    assert (phrase.use, phrase.text, phrase.member) == (
        "contingency",
        "专人值守。",
        here.coordinator,
    )
    assert not SavedPhrase.objects.exists()


def test_the_assignment_offers_own_phrases_and_those_of_offices_above(
    client: Client, here: Cast
) -> None:
    office = here.post.unit.parent
    SavedPhrase.objects.create(use="measures", text="单位的措施", unit=office)
    SavedPhrase.objects.create(use="measures", text="本人的措施", member=here.coordinator)
    SavedPhrase.objects.create(use="measures", text="别人的措施", member=here.leader)

    page = form_page(client, here, found(here))

    assert "单位的措施" in page
    assert "本人的措施" in page
    assert "别人的措施" not in page


def test_others_phrases_cannot_be_changed(client: Client, here: Cast) -> None:
    phrase = SavedPhrase.objects.create(use="measures", text="别人的", member=here.leader)
    client.force_login(here.coordinator)

    assert client.post(reverse("desk:delete-phrase", args=[phrase.pk])).status_code == 404


def test_only_a_coordinator_keeps_phrases_for_an_office(client: Client, here: Cast) -> None:
    client.force_login(here.handler)

    client.post(PHRASES, {"use": "measures", "text": "措施", "unit": here.post.unit_id})

    assert SavedPhrase.objects.get().unit is None


def test_the_plan_of_the_last_case_here_is_offered(client: Client, here: Cast) -> None:
    earlier = found(here)
    reporting.assign(
        case=earlier, plan=make_plan(here.post, now=PRESENT), actor=here.coordinator, now=PRESENT
    )

    page = form_page(client, here, found(here))

    assert f"同上次（{earlier.number}）" in page
    assert "更换破损的灯具并检查线路。" in page


def test_what_an_office_keeps_for_everyone_is_journaled(client: Client, here: Cast) -> None:
    client.force_login(here.coordinator)
    given = {"use": "measures", "text": "更换灯具", "unit": here.post.unit_id}
    client.post(PHRASES, given)
    phrase = SavedPhrase.objects.get()
    at = reverse("desk:change-phrase", args=[phrase.pk])

    client.post(at, {**given, "text": "更换灯管"})
    client.post(at, {**given, "text": "更换灯管"})
    client.post(reverse("desk:delete-phrase", args=[phrase.pk]))

    rows = Entry.objects.filter(chain__subject=f"phrase/{phrase.pk}").order_by("seq")
    assert [(row.act, row.actor, row.details["text"]) for row in rows] == [
        ("keep-phrase", here.coordinator, "更换灯具"),
        ("keep-phrase", here.coordinator, "更换灯管"),
        ("drop-phrase", here.coordinator, "更换灯管"),
    ]


def test_an_officers_own_phrases_are_not_journaled(client: Client, here: Cast) -> None:
    client.force_login(here.coordinator)

    client.post(PHRASES, {"use": "measures", "text": "更换灯具"})

    assert not Entry.objects.filter(act="keep-phrase").exists()


def test_a_plan_for_many_leads_to_the_phrases_as_well(client: Client, here: Cast) -> None:
    client.force_login(here.coordinator)

    page = client.get(reverse("desk:batch", args=["assign"]), {"case": found(here).number})

    assert f'href="{PHRASES}" target="_blank"' in page.content.decode()
    assert f'data-keep-phrase="{PHRASES}"' in page.content.decode()
