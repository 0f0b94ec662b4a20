"""Versions of a checklist: only a draft changes, and one version is in use."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from bihuan.checklists import queries
from bihuan.checklists.actions import lists, versions
from bihuan.checklists.models import Checklist, Version
from bihuan.checklists.refusals import (
    AlreadyInUse,
    ChangedMeanwhile,
    DraftExists,
    HasFaults,
    NoDraft,
    NothingChanged,
    NotRetired,
    Retired,
    TitleTaken,
)
from bihuan.core.checklist import Content, Fault
from bihuan.core.powers import Power
from bihuan.core.refusal import Missing, NotAllowed
from bihuan.journal.models import Entry
from bihuan.journal.queries import verify
from bihuan.orgs.models import Unit, User
from tests.factories import NOW, make_checklist, make_content, make_items, make_officer, make_unit

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=1)


def _begun(keeper: User, town: Unit) -> tuple[Checklist, Version]:
    """A list in use with a draft that has one more item."""
    checklist = make_checklist(town).checklist
    content = make_content(make_items(4))
    draft = versions.begin_draft(checklist=checklist, content=content, actor=keeper, now=NOW)
    return checklist, draft


def test_a_new_version_replaces_the_one_in_use_and_leaves_it_as_it_was(
    keeper: User, town: Unit
) -> None:
    checklist, draft = _begun(keeper, town)
    old = Version.objects.get(checklist=checklist, number=1)

    new = versions.put_to_use(version=draft, revision=1, actor=keeper, now=LATER)

    old_now = Version.objects.get(pk=old.pk)
    assert (old_now.state, old_now.put_to_use_at) == (Version.State.REPLACED, NOW)
    assert old_now.read() == make_content()
    assert (new.number, new.put_to_use_at) == (2, LATER)
    assert len(new.read().items) == 4
    assert queries.in_use(checklist) == new


@pytest.mark.parametrize(
    "change",
    [
        {"content": "{}"},
        {"number": 9},
        {"edition": "x"},
        {"put_to_use_at": LATER},
        {"state": "draft", "put_to_use_at": None},
    ],
    ids=str,
)
@pytest.mark.parametrize("state", [Version.State.IN_USE, Version.State.REPLACED])
def test_the_database_refuses_to_change_what_was_in_use(
    town: Unit, state: str, change: dict[str, object]
) -> None:
    version = make_checklist(town)
    Version.objects.filter(pk=version.pk).update(state=state)

    with (
        pytest.raises(IntegrityError, match="version_in_use_never_changes"),
        transaction.atomic(),
    ):
        Version.objects.filter(pk=version.pk).update(**change)


def test_a_draft_changed_in_two_tabs_is_changed_once(keeper: User, town: Unit) -> None:
    _, draft = _begun(keeper, town)
    first, second = make_content(make_items(5)), make_content(make_items(6))
    versions.change_draft(
        version=draft, content=first, revision=1, what="i5", actor=keeper, now=NOW
    )

    with pytest.raises(ChangedMeanwhile) as refused:
        versions.change_draft(
            version=draft, content=second, revision=1, what="i6", actor=keeper, now=NOW
        )

    assert refused.value.revision == 2
    assert Version.objects.get(pk=draft.pk).read() == first


def test_a_draft_that_does_not_change_stays_at_its_revision(keeper: User, town: Unit) -> None:
    _, draft = _begun(keeper, town)
    count = Entry.objects.count()

    versions.change_draft(
        version=draft, content=draft.read(), revision=1, what="i1", actor=keeper, now=NOW
    )

    draft.refresh_from_db()
    assert (draft.revision, Entry.objects.count()) == (1, count)


def test_what_the_confirmation_did_not_show_is_not_put_to_use(keeper: User, town: Unit) -> None:
    _, draft = _begun(keeper, town)
    content = make_content(make_items(5))
    versions.change_draft(
        version=draft, content=content, revision=1, what="", actor=keeper, now=NOW
    )

    with pytest.raises(ChangedMeanwhile):
        versions.put_to_use(version=draft, revision=1, actor=keeper, now=NOW)


def test_a_version_is_put_to_use_once(keeper: User, town: Unit) -> None:
    _, draft = _begun(keeper, town)
    versions.put_to_use(version=draft, revision=1, actor=keeper, now=NOW)

    with pytest.raises(AlreadyInUse):
        versions.put_to_use(version=draft, revision=1, actor=keeper, now=LATER)
    with pytest.raises(NoDraft):
        versions.change_draft(
            version=draft, content=Content(), revision=1, what="", actor=keeper, now=NOW
        )


def test_of_two_versions_published_at_once_the_database_takes_one(
    keeper: User, town: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    checklist, draft = _begun(keeper, town)
    # The other transaction is not seen by this one until both have written.
    monkeypatch.setattr(versions, "_current", lambda _: Version.objects.none())

    with pytest.raises(AlreadyInUse):
        versions.put_to_use(version=draft, revision=1, actor=keeper, now=NOW)

    in_use = queries.in_use(checklist)
    assert in_use is not None
    assert in_use.number == 1


def test_a_draft_with_faults_is_kept_but_not_put_to_use(keeper: User, town: Unit) -> None:
    _, draft = _begun(keeper, town)
    content = make_content((replace(make_items(1)[0], score=-1),))
    versions.change_draft(
        version=draft, content=content, revision=1, what="", actor=keeper, now=NOW
    )

    with pytest.raises(HasFaults) as refused:
        versions.put_to_use(version=draft, revision=2, actor=keeper, now=NOW)

    assert [found.fault for found in refused.value.found] == [Fault.BAD_SCORE]


def test_a_draft_that_says_the_same_is_not_put_to_use(keeper: User, town: Unit) -> None:
    checklist = make_checklist(town).checklist
    draft = versions.begin_draft(checklist=checklist, actor=keeper, now=NOW)

    with pytest.raises(NothingChanged):
        versions.put_to_use(version=draft, revision=1, actor=keeper, now=NOW)


def test_a_list_has_one_draft_that_can_be_discarded(keeper: User, town: Unit) -> None:
    checklist, draft = _begun(keeper, town)
    with pytest.raises(DraftExists):
        versions.begin_draft(checklist=checklist, actor=keeper, now=NOW)

    versions.discard_draft(version=draft, revision=1, actor=keeper, now=NOW)
    again = versions.begin_draft(checklist=checklist, actor=keeper, now=NOW)

    assert again.number == 2


def test_the_first_draft_of_a_list_is_not_discarded(keeper: User, town: Unit) -> None:
    checklist = lists.make(unit=town, title="学校", actor=keeper, now=NOW)
    draft = Version.objects.get(checklist=checklist)

    with pytest.raises(NoDraft):
        versions.discard_draft(version=draft, revision=1, actor=keeper, now=NOW)


def test_a_title_is_taken_once_until_the_list_is_retired(keeper: User, town: Unit) -> None:
    first = lists.make(unit=town, title=" 学校 ", actor=keeper, now=NOW)
    with pytest.raises(TitleTaken):
        lists.make(unit=town, title="学校", actor=keeper, now=NOW)
    with pytest.raises(Missing):
        lists.make(unit=town, title="  ", actor=keeper, now=NOW)

    lists.retire(checklist=first, reason="合并", actor=keeper, now=NOW)
    lists.make(unit=town, title="学校", actor=keeper, now=NOW)

    with pytest.raises(TitleTaken):
        lists.bring_back(checklist=first, actor=keeper, now=LATER)


def test_a_retired_list_does_not_change_until_it_is_brought_back(keeper: User, town: Unit) -> None:
    checklist, draft = _begun(keeper, town)
    with pytest.raises(NotRetired):
        lists.bring_back(checklist=checklist, actor=keeper, now=NOW)
    lists.retire(checklist=checklist, reason="不再使用", actor=keeper, now=NOW)

    with pytest.raises(Retired):
        versions.put_to_use(version=draft, revision=1, actor=keeper, now=NOW)
    assert not queries.offered_to(keeper, NOW).exists()

    lists.bring_back(checklist=checklist, actor=keeper, now=LATER)
    assert queries.offered_to(keeper, NOW).get().checklist == checklist


def test_only_coordinators_of_the_unit_keep_its_lists(town: Unit) -> None:
    checklist = make_checklist(town).checklist
    handler = make_officer(town, Power.HANDLE)
    below = make_officer(make_unit(town), Power.COORDINATE)

    for officer in (handler, below):
        with pytest.raises(NotAllowed):
            lists.make(unit=town, title="学校", actor=officer, now=NOW)
        with pytest.raises(NotAllowed):
            versions.begin_draft(checklist=checklist, actor=officer, now=NOW)
        with pytest.raises(NotAllowed):
            lists.retire(checklist=checklist, reason="x", actor=officer, now=NOW)


def test_lists_of_a_unit_are_offered_to_it_and_to_all_below(town: Unit) -> None:
    version = make_checklist(town)
    inside = make_officer(make_unit(town), Power.HANDLE)
    beside = make_officer(make_unit(town.parent), Power.HANDLE)
    own = make_officer(town, Power.HANDLE)

    assert [*queries.offered_to(inside, NOW)] == [version]
    assert [*queries.offered_to(own, NOW)] == [version]
    assert [*queries.offered_to(beside, NOW)] == []
    assert [*queries.visible_to(inside, NOW)] == [version.checklist]
    assert [*queries.visible_to(beside, NOW)] == []


def test_a_list_that_was_never_in_use_is_seen_by_those_who_keep_it(
    keeper: User, town: Unit
) -> None:
    checklist = lists.make(unit=town, title="学校", actor=keeper, now=NOW)
    reader = make_officer(town, Power.HANDLE)

    assert [*queries.visible_to(keeper, NOW)] == [checklist]
    assert queries.hidden_from(reader, [str(checklist.pk), "x"], NOW) == {str(checklist.pk), "x"}
    assert not queries.versions_seen(reader, checklist, NOW).exists()


def test_a_change_outside_the_journal_is_found(keeper: User, town: Unit) -> None:
    _, draft = _begun(keeper, town)
    assert verify().findings == []

    Version.objects.filter(pk=draft.pk).update(content="{}")

    assert [finding.subject for finding in verify().findings] == [draft.checklist.subject]
