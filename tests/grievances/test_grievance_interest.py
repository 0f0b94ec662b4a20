"""Who may not work on it, who has to know of it, and what a part of it takes along."""

from __future__ import annotations

import pytest

from bihuan.cases import queries
from bihuan.cases.models import REPORTER, AccessGrant
from bihuan.core.grievance import Stage
from bihuan.core.refusal import NotAllowed
from bihuan.core.routing import ShutOut
from bihuan.grievances.actions import handling, opinions
from bihuan.grievances.refusals import PostElsewhere
from tests.factories import NOW
from tests.grievances.offices import ANSWER, DAY, Realm, bring, take

pytestmark = pytest.mark.django_db


def test_whoever_has_an_interest_withdraws_and_is_never_assigned_again(realm: Realm) -> None:
    town = realm.town
    case = bring(town, Stage.HANDLING)

    case = handling.declare_interest(case=case, actor=town.handler, now=NOW, note="亲属")

    assert (case.stage, case.post) == ("accepted", None)
    with pytest.raises(ShutOut):
        handling.assign(case=case, actor=town.coordinator, now=NOW, post=town.post)
    with pytest.raises(NotAllowed):
        opinions.draft(case=case, parts=ANSWER, actor=town.handler, now=NOW)


def test_a_draft_of_somebody_with_an_interest_is_written_by_another(realm: Realm) -> None:
    case = bring(realm.town, Stage.DRAFTED)

    case = handling.declare_interest(case=case, actor=realm.town.handler, now=NOW, note="亲属")

    assert (case.stage, case.post) == ("accepted", None)


def test_only_a_post_of_the_unit_that_answers_is_assigned(realm: Realm) -> None:
    case = bring(realm.town, Stage.ACCEPTED)

    with pytest.raises(PostElsewhere):
        handling.assign(case=case, actor=realm.town.coordinator, now=NOW, post=realm.bureau.post)


def test_a_post_that_gets_a_confidential_case_needs_to_know_of_it(realm: Realm) -> None:
    case = take(realm.town.unit, way="accusation").case
    case = bring(realm.town, Stage.HANDLING, way="accusation", case=case)

    assert AccessGrant.objects.filter(case=case, post=realm.town.post).exists()
    assert case.messages.filter(slot=REPORTER).exists()


def test_a_part_of_a_confidential_case_is_known_where_it_goes_and_due_when_the_whole_is(
    realm: Realm,
) -> None:
    county, bureau = realm.county, realm.bureau
    whole = take(county.unit, way="accusation", now=NOW - 5 * DAY).case
    whole = bring(county, Stage.HANDLING, way="accusation", case=whole)

    child = handling.add_child(
        case=whole, actor=county.coordinator, now=NOW + DAY, unit=bureau.unit, title="核查许可"
    )

    assert child.is_confidential
    assert queries.visible_to(bureau.coordinator, NOW).filter(pk=child.pk).exists()
    assert not queries.visible_to(realm.city.coordinator, NOW).filter(pk=child.pk).exists()
    assert child.due_at == whole.due_at
