"""The supplied checklists: complete, with sources, in both languages, and loaded once."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from bihuan.checklists import queries
from bihuan.checklists.actions import lists, supplied, versions
from bihuan.checklists.models import Checklist, Version
from bihuan.checklists.sources import SuppliedSet
from bihuan.checklists.sources import supplied as sets
from bihuan.core.rules import Confidence
from bihuan.hazards import standards
from bihuan.orgs.models import Unit, User
from bihuan.sites import catalogue
from tests.factories import NOW, make_content, make_items

ITEMS = {
    "school": 22, "crowded": 22, "forest_fire": 20, "flood": 20, "small_workshop": 20,
    "holiday": 18, "surroundings": 16,
}  # fmt: skip
LATER = NOW + timedelta(days=30)


def test_each_set_has_all_of_its_items() -> None:
    assert {each.key: len(each.content.items) for each in sets()} == ITEMS


@pytest.mark.parametrize("each", sets(), ids=lambda each: each.key)
def test_a_set_may_be_used_as_it_is(each: SuppliedSet) -> None:
    assert versions.faults_of(each.content) == ()
    assert {*each.site_kinds} <= {*catalogue.kinds()}


@pytest.mark.parametrize("each", sets(), ids=lambda each: each.key)
def test_every_text_is_in_both_languages(each: SuppliedSet) -> None:
    texts = [each.title, *(section.title for section in each.content.sections)]
    texts += [text for item in each.content.items for text in (item.text, item.help, item.basis)]

    assert [text for text in texts if bool(text.zh) != bool(text.en)] == []


@pytest.mark.parametrize("each", sets(), ids=lambda each: each.key)
def test_every_item_says_how_sure_its_basis_is(each: SuppliedSet) -> None:
    for item in each.content.items:
        assert item.confidence is not None
        # What was read or is known second-hand has a source; what has none is to be verified.
        sure = item.confidence in (Confidence.READ, Confidence.SECOND_HAND)
        assert not sure or item.basis.zh, item.key


@pytest.mark.parametrize("each", sets(), ids=lambda each: each.key)
def test_every_proposed_hazard_has_a_known_category(each: SuppliedSet) -> None:
    known = dict(standards.categories())

    assert {i.hazard.category for i in each.content.items if i.hazard} <= {*known}


def test_keys_are_different_in_all_sets() -> None:
    keys = Counter(item.key for each in sets() for item in each.content.items)

    assert max(keys.values()) == 1


# ----------------------------------------------------------------------- loading
@pytest.mark.django_db
def test_the_sets_are_loaded_once(town: Unit) -> None:
    first = supplied.load(unit=town, sets=sets(), now=NOW)
    again = supplied.load(unit=town, sets=sets(), now=LATER)

    assert len(first.made) == len(ITEMS)
    assert again == supplied.Loaded([], [], [], [])
    assert Version.objects.filter(state=Version.State.IN_USE).count() == len(ITEMS)


@pytest.mark.django_db
def test_a_newer_edition_becomes_a_draft_and_leaves_the_version_in_use(town: Unit) -> None:
    old = sets()[0]
    supplied.load(unit=town, sets=[old], now=NOW)
    newer = replace(old, edition="2027-06", content=make_content())

    done = supplied.load(unit=town, sets=[newer], now=LATER)

    checklist = Checklist.objects.get()
    in_use, draft = queries.in_use(checklist), queries.draft_of(checklist)
    assert in_use is not None
    assert draft is not None
    assert done.drafted == [checklist.title]
    assert (in_use.read(), in_use.edition) == (old.content, old.edition)
    assert (draft.read(), draft.edition) == (newer.content, "2027-06")
    assert supplied.load(unit=town, sets=[newer], now=LATER).drafted == []


@pytest.mark.django_db
def test_a_newer_edition_waits_for_a_draft_of_the_unit(town: Unit, keeper: User) -> None:
    old = sets()[0]
    supplied.load(unit=town, sets=[old], now=NOW)
    checklist = Checklist.objects.get()
    own = make_content(make_items(5))
    versions.begin_draft(checklist=checklist, content=own, actor=keeper, now=NOW)

    done = supplied.load(unit=town, sets=[replace(old, edition="2027-06")], now=LATER)

    draft = queries.draft_of(checklist)
    assert draft is not None
    assert (done.waiting, draft.read()) == ([checklist.title], own)


@pytest.mark.django_db
def test_a_set_that_was_retired_stays_so(town: Unit, keeper: User) -> None:
    old = sets()[0]
    supplied.load(unit=town, sets=[old], now=NOW)
    lists.retire(checklist=Checklist.objects.get(), reason="不用", actor=keeper, now=NOW)

    supplied.load(unit=town, sets=[replace(old, edition="2027-06")], now=LATER)

    assert Version.objects.count() == 1


@pytest.mark.django_db
def test_a_title_that_the_unit_has_already_is_left_alone(town: Unit, keeper: User) -> None:
    own = lists.make(unit=town, title=sets()[0].title.zh, actor=keeper, now=NOW)

    done = supplied.load(unit=town, sets=sets()[:1], now=NOW)

    assert done.taken == [own.title]
    assert Checklist.objects.count() == 1


@pytest.mark.django_db
def test_the_command_loads_into_the_unit_that_is_named_or_the_topmost(town: Unit) -> None:
    call_command("load_checklists", unit=town.code)
    call_command("load_checklists")

    kept = Counter(Checklist.objects.values_list("unit", flat=True))
    assert kept == {town.pk: len(ITEMS), town.parent_id: len(ITEMS)}
    with pytest.raises(CommandError):
        call_command("load_checklists", unit="nowhere")
