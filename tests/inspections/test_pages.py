"""The pages of inspections: who sees them, what they show, and what bad input does to them."""

from __future__ import annotations

import json
from io import BytesIO
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from bihuan.core.inspection import Kind, Outcome
from bihuan.inspections.models import Answer, Inspection, Photo
from bihuan.orgs.models import User
from tests.clock import PRESENT
from tests.conftest import CountQueries
from tests.factories import make_inspection, make_photo
from tests.inspections.acts import decide, save
from tests.inspections.conftest import Place
from tests.inspections.test_course import planned

pytestmark = pytest.mark.django_db
# Of which five are the session, the officer, the posts, and the transaction.
AT_MOST = 18


def page(client: Client, user: User, name: str, *args: object, status: int = 200) -> str:
    client.force_login(user)
    response = client.get(reverse(f"inspections:{name}", args=args))
    assert response.status_code == status
    return response.content.decode()


def send(client: Client, user: User, name: str, *args: object, **data: object) -> HttpResponse:
    client.force_login(user)
    return client.post(reverse(f"inspections:{name}", args=args), data)  # type: ignore[return-value]


def begun(place: Place, **given: object) -> Inspection:
    return place.begun(now=PRESENT, **given)


# ------------------------------------------------------------------------ who sees
def test_a_hazard_is_a_link_only_for_who_may_open_it(client: Client, place: Place) -> None:
    made = begun(place)
    save(made, "exits", "no", place.inspector)
    decide(made, place.inspector, "exits", Outcome.HAZARD)
    number = made.settlements.get().case_number
    link = f'href="{reverse("desk:case", args=[number])}"'

    assert link in page(client, place.inspector, "inspection", made.pk)
    shown = page(client, place.head, "inspection", made.pk)
    assert number in shown
    assert link not in shown


@pytest.mark.parametrize("name", ["inspection", "sheet", "walk", "failed", "end", "abandon"])
def test_who_does_not_see_an_inspection_does_not_find_it(
    client: Client, place: Place, name: str
) -> None:
    elsewhere = make_inspection(now=PRESENT)

    page(client, place.inspector, name, elsewhere.pk, status=404)


def test_an_unannounced_one_is_not_found_by_the_operator(client: Client, place: Place) -> None:
    made = planned(place, Kind.UNANNOUNCED)

    page(client, place.head, "inspection", made.pk, status=404)
    assert place.site.name not in page(client, place.head, "inspections")


def test_who_only_sees_it_has_no_step(client: Client, place: Place) -> None:
    made = begun(place)

    assert reverse("inspections:walk", args=[made.pk]) not in page(
        client, place.other, "inspection", made.pk
    )
    page(client, place.other, "walk", made.pk, status=404)


@pytest.mark.parametrize("pk", [0, 10**20])
def test_an_inspection_that_is_not_there_is_not_found(
    client: Client, place: Place, pk: int
) -> None:
    page(client, place.inspector, "inspection", pk, status=404)


# ------------------------------------------------------------------------- begin
def begin_data(place: Place, **given: object) -> dict[str, object]:
    values = {
        "version": place.version.pk,
        "kind": "ordinary",
        "unit": place.town.pk,
        "posts": [place.post.pk],
        "form_key": str(uuid4()),
    }
    return {**values, **given}


def test_an_officer_begins_one_at_the_site_and_goes_on_to_the_items(
    client: Client, place: Place
) -> None:
    data = begin_data(place)

    for _ in range(2):
        response = send(client, place.inspector, "begin", place.site.pk, **data)

    made = Inspection.objects.get()
    assert response["Location"] == reverse("inspections:walk", args=[made.pk])


@pytest.mark.parametrize(
    "wrong",
    [
        {"posts": ["999999"]},
        {"unit": "999999"},
        {"version": "x\x00"},
        {"kind": "look_back"},
        {"posts": []},
    ],
)
def test_what_was_not_offered_begins_nothing(
    client: Client, place: Place, wrong: dict[str, object]
) -> None:
    response = send(client, place.inspector, "begin", place.site.pk, **begin_data(place, **wrong))

    assert response.status_code == 200
    assert not Inspection.objects.exists()


def test_the_site_shows_its_inspections_and_how_to_begin_one(client: Client, place: Place) -> None:
    made = begun(place)
    client.force_login(place.inspector)

    shown = client.get(place.site.get_absolute_url()).content.decode()

    assert made.number in shown
    assert reverse("inspections:begin", args=[place.site.pk]) in shown


# ------------------------------------------------------------------------ at a tap
def tap(client: Client, place: Place, made: Inspection, **given: object) -> HttpResponse:
    data = {"key": uuid4(), "item": "exits", "value": "no", "note": "", "based_on": 0, **given}
    return send(client, place.inspector, "answer", made.pk, **data)


def test_a_tap_is_saved_and_says_its_revision(client: Client, place: Place) -> None:
    made = begun(place)

    answer = json.loads(tap(client, place, made).content)

    assert answer == {"outcome": "saved", "revision": 1, "state": "failed"}


def test_a_tap_on_a_changed_item_shows_what_was_answered_elsewhere(
    client: Client, place: Place
) -> None:
    made = begun(place, posts=(place.post, place.other_post))
    save(made, "exits", "yes", place.other)

    response = tap(client, place, made)

    assert response.status_code == 409
    theirs = json.loads(response.content)["answer"]
    assert (theirs["value"], theirs["revision"]) == ("yes", 1)
    assert Answer.objects.get().value == "yes"


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": "x"},
        {"item": ""},
        {"item": "nothing"},
        {"item": "x" * 5000},
        {"item": "exits\x00"},
        {"value": "maybe"},
        {"value": "x" * 3000},
        {"value": "no\x00"},
        {"note": "x" * 5000},
        {"note": "\x00"},
        {"based_on": "-1"},
        {"based_on": "9" * 30},
        {"based_on": ""},
    ],
)
def test_a_hostile_tap_is_refused_with_a_reason(
    client: Client, place: Place, wrong: dict[str, object]
) -> None:
    response = tap(client, place, begun(place), **wrong)

    assert response.status_code in (409, 422)
    assert json.loads(response.content)["outcome"] in ("refused", "changed")
    assert not Answer.objects.exists()


def test_saving_an_answer_costs_a_handful_of_queries(
    client: Client, place: Place, count_queries: CountQueries
) -> None:
    made = begun(place)
    tap(client, place, made)

    client.force_login(place.inspector)
    data = {"key": uuid4(), "item": "exits", "value": "yes", "note": "", "based_on": 1}
    with count_queries() as queries:
        client.post(reverse("inspections:answer", args=[made.pk]), data)

    assert len(queries) <= AT_MOST


def test_what_is_no_photo_is_refused_with_a_reason(client: Client, place: Place) -> None:
    made = begun(place)
    data = {"key": uuid4(), "item": "exits", "purpose": "found", "photo": BytesIO(b"not a photo")}

    response = send(client, place.inspector, "add-photo", made.pk, **data)

    assert response.status_code == 422
    assert json.loads(response.content)["message"]
    assert not Photo.objects.exists()


def test_a_photo_is_seen_by_those_who_see_the_inspection(client: Client, place: Place) -> None:
    made = begun(place)
    data = {"key": uuid4(), "item": "exits", "purpose": "found", "photo": make_photo()}
    response = send(client, place.inspector, "add-photo", made.pk, **data)
    url = json.loads(response.content)["photo"]["url"]
    stranger = make_inspection(now=PRESENT).inspectors.get().post.tenures.get().member

    shown = client.get(url)
    assert shown["Content-Type"] == "image/jpeg"
    assert b"".join(shown.streaming_content)  # type: ignore[attr-defined]
    client.force_login(stranger)
    assert client.get(url).status_code == 404


# ------------------------------------------------------------------ the plain form
def test_the_plain_form_saves_what_was_changed(client: Client, place: Place) -> None:
    made = begun(place)
    data = {
        "form_key": str(uuid4()),
        "revision_exits": 0,
        "value_exits": "no",
        "note_exits": "堆放纸箱",
        "photo_exits": make_photo(),
        "revision_canteen": 0,
        "value_canteen": "not_applicable",
        "revision_alarm": 0,
    }

    response = send(client, place.inspector, "walk", made.pk, **data)

    assert response.status_code == 302
    values = {row.item: row.value for row in Answer.objects.all()}
    assert values == {"exits": "no", "canteen": "not_applicable"}
    assert Photo.objects.count() == 1


def test_the_plain_form_shows_what_was_answered_elsewhere_and_keeps_what_was_typed(
    client: Client, place: Place
) -> None:
    made = begun(place, posts=(place.post, place.other_post))
    save(made, "exits", "yes", place.other, now=PRESENT)
    data = {"form_key": str(uuid4()), "revision_exits": 0, "value_exits": "no"}

    response = send(client, place.inspector, "walk", made.pk, **data, note_exits="堆放纸箱")

    assert response.status_code == 200
    assert "堆放纸箱" in response.content.decode()
    assert Answer.objects.get().value == "yes"
