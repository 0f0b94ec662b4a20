"""Answers are saved once, never over a change made elsewhere, and only by who inspects."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from bihuan.core.checklist_answers import InvalidAnswer
from bihuan.core.inspection import AlreadySettled, ChangedElsewhere, NotInTheList, Outcome
from bihuan.core.refusal import NotAllowed
from bihuan.files.models import StoredFile
from bihuan.inspections import queries
from bihuan.inspections.actions import answering
from bihuan.inspections.models import Answer, Photo
from bihuan.journal.models import Entry
from tests.factories import NOW
from tests.inspections.acts import decide, photograph, save
from tests.inspections.conftest import Place

pytestmark = pytest.mark.django_db


def test_an_answer_says_what_it_means(place: Place) -> None:
    made = place.begun()

    assert save(made, "exits", "no", place.inspector).state == "failed"
    assert save(made, "canteen", "not_applicable", place.inspector).state == "not_applicable"
    assert save(made, "alarm", "broken", place.inspector).state == "failed"


def test_the_same_save_sent_again_changes_nothing(place: Place) -> None:
    made, key = place.begun(), uuid4()

    first = save(made, "exits", "no", place.inspector, key=key)
    entries = Entry.objects.count()
    again = save(made, "exits", "no", place.inspector, key=key)

    assert (again.pk, again.revision) == (first.pk, 1)
    assert Entry.objects.count() == entries


def test_a_change_made_elsewhere_is_never_overwritten(place: Place) -> None:
    made = place.begun(posts=(place.post, place.other_post))
    save(made, "exits", "no", place.other)

    with pytest.raises(ChangedElsewhere):
        save(made, "exits", "yes", place.inspector, based_on=0)

    assert Answer.objects.get(item="exits").value == "no"
    save(made, "exits", "yes", place.inspector, based_on=1)
    assert Answer.objects.get(item="exits").post == place.post


def test_an_answer_can_be_taken_back(place: Place) -> None:
    made = place.begun()
    save(made, "exits", "no", place.inspector)

    save(made, "exits", "", place.inspector, based_on=1, note="再看一次")

    assert next(item.key for item in queries.record_of(made).unanswered) == "exits"


def test_only_who_inspects_answers(place: Place) -> None:
    with pytest.raises(NotAllowed):
        save(place.begun(), "exits", "yes", place.other)


@pytest.mark.parametrize("item", ["unknown", "", "exits\x00"])
def test_an_item_that_is_not_in_the_list_takes_no_answer(place: Place, item: str) -> None:
    with pytest.raises(NotInTheList):
        save(place.begun(), item, "yes", place.inspector)


@pytest.mark.parametrize("value", ["maybe", "YES", "=cmd", "<b>yes</b>"])
def test_a_value_that_the_item_does_not_take_is_refused(place: Place, value: str) -> None:
    with pytest.raises(InvalidAnswer):
        save(place.begun(), "exits", value, place.inspector)


def test_personal_data_in_a_note_is_masked(place: Place) -> None:
    row = save(place.begun(), "exits", "no", place.inspector, note="联系 13912345678")

    assert "13912345678" not in row.note


def test_items_appear_by_the_answers_that_they_depend_on(place: Place) -> None:
    made = place.begun()
    assert "licence" not in [item.key for item in queries.record_of(made).shown]

    save(made, "canteen", "yes", place.inspector)

    assert "licence" in [item.key for item in queries.record_of(made).shown]


def test_the_time_of_an_answer_is_that_of_the_server(place: Place) -> None:
    row = save(place.begun(), "exits", "yes", place.inspector, now=NOW + timedelta(hours=1))

    assert row.changed_at == NOW + timedelta(hours=1)


def test_a_photo_sent_again_is_kept_once(place: Place) -> None:
    made, key = place.begun(), uuid4()

    first, again = (photograph(made, "exits", place.inspector, key=key) for _ in range(2))

    assert first == again
    assert Photo.objects.count() == StoredFile.objects.count() == 1


def test_a_photo_is_kept_under_a_neutral_name_without_its_metadata(place: Place) -> None:
    photo = photograph(place.begun(), "exits", place.inspector)

    assert photo.file.own_name == ""


def test_a_photo_taken_by_mistake_is_removed_with_its_file(place: Place) -> None:
    made = place.begun()
    photo = photograph(made, "exits", place.inspector)

    answering.remove_photo(photo=photo, actor=place.inspector, now=NOW)

    assert not Photo.objects.exists()
    assert not StoredFile.objects.exists()


def test_what_was_decided_as_failed_stays_failed(place: Place) -> None:
    made = place.begun()
    save(made, "alarm", "broken", place.inspector)
    decide(made, place.inspector, "alarm", Outcome.REASON, reason="当日更换")

    with pytest.raises(AlreadySettled):
        save(made, "alarm", "works", place.inspector, based_on=1)
