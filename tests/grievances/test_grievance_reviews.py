"""After the answer: its receipt, the review one level up, the re-review, and then no more."""

from __future__ import annotations

from datetime import date

import pytest

from bihuan.cases.models import Case
from bihuan.clocks.actions.running import local_date
from bihuan.core.deadlines import Due
from bihuan.core.grievance import GrievanceFact, Stage
from bihuan.core.lifecycle import FactForbids, FactMissing
from bihuan.core.powers import Power
from bihuan.core.refusal import Missing, NotAllowed, SamePerson, WrongStage
from bihuan.grievances.actions import handling, opinions, reviews
from bihuan.grievances.queries import Round, remedies
from bihuan.grievances.refusals import NobodyToReview
from bihuan.journal.models import Entry
from bihuan.orgs import access
from bihuan.orgs.models import Post, Tenure, Unit
from bihuan.receipts.actions.public import rate
from bihuan.receipts.models import Message
from tests.factories import NOW, make_officer, make_post, make_tenure
from tests.grievances.offices import (
    ANSWER,
    DAY,
    REVIEWED,
    Realm,
    bring,
    make_office,
    read,
    review,
    running,
    take,
)

pytestmark = pytest.mark.django_db


def test_the_window_for_a_review_opens_when_the_person_has_the_letter(realm: Realm) -> None:
    case = bring(realm.town, Stage.REPLIED)
    assert running(case) == {}

    read(case, NOW + 7 * DAY)
    read(case, NOW + 9 * DAY)

    (window,) = running(case).values()
    assert (window.rule_id, window.started_at) == ("PET-10", NOW + 7 * DAY)
    # 30 days from 22 September; the office is reminded of nothing, and nothing is overdue.
    assert local_date(window.due_at) == date(2026, 10, 22)
    acts = Entry.objects.filter(chain__subject=case.subject).values_list("act", flat=True)
    assert list(acts).count("letter_seen") == 1


def test_the_letter_of_the_acceptance_opens_no_window(realm: Realm) -> None:
    case = bring(realm.town, Stage.ACCEPTED)

    read(case)

    assert set(running(case)) == {"PET-8"}


@pytest.mark.parametrize("way", ["duty", "accusation"])
def test_what_is_answered_without_an_opinion_of_the_last_route_has_no_review(
    realm: Realm, way: str
) -> None:
    case = bring(realm.town, Stage.REPLIED, way=way)
    read(case)

    with pytest.raises(FactMissing) as refused:
        reviews.ask_review(case=case, note="不服", now=NOW)

    assert refused.value.fact is GrievanceFact.REVIEWABLE
    assert running(case) == {}


def test_each_review_is_by_the_next_unit_up_and_after_the_second_comes_none(
    realm: Realm,
) -> None:
    case = bring(realm.town, Stage.REPLIED)
    read(case, NOW + DAY)

    case = review(case, realm.county, now=NOW + 2 * DAY)
    assert (case.stage, running(case)) == ("reviewed", {})
    assert (case.resolved_by, case.resolved_unit) == (realm.county.handler, realm.county.unit)
    read(case, NOW + 3 * DAY)
    assert set(running(case)) == {"PET-12"}
    case = review(case, realm.city, now=NOW + 4 * DAY, round=Round.REREVIEW)
    assert (case.stage, running(case)) == ("rereviewed", {})
    read(case, NOW + 5 * DAY)
    assert running(case) == {}

    with pytest.raises(FactMissing) as refused:
        reviews.ask_review(case=case, note="仍然不服", now=NOW + 6 * DAY)
    assert refused.value.fact is GrievanceFact.REVIEWABLE
    from_office = case.messages.exclude(kind__in=Message.FROM_PERSON).order_by("pk")
    assert list(from_office.values_list("what", flat=True))[-4:] == [
        "review_taken", "opinion/review", "review_taken", "opinion/rereview",
    ]  # fmt: skip


def test_a_closed_case_is_opened_again_by_a_review(realm: Realm) -> None:
    case = bring(realm.town, Stage.CLOSED)

    case = reviews.ask_review(case=case, note="不服", now=NOW + DAY)

    assert (case.stage, case.ended_at, case.closed_by) == ("reviewing", None, None)
    assert set(running(case)) == {"PET-11"}


def test_a_late_request_is_flagged_and_taken_all_the_same(realm: Realm) -> None:
    case = bring(realm.town, Stage.REPLIED)
    read(case)

    case = reviews.ask_review(case=case, note="不服", now=NOW + 90 * DAY)

    case.grievance.refresh_from_db()
    assert (case.stage, case.grievance.asked_late) == ("reviewing", True)


def test_a_review_says_what_is_wrong_with_the_answer(realm: Realm) -> None:
    case = bring(realm.town, Stage.REPLIED)

    with pytest.raises(Missing):
        reviews.ask_review(case=case, note="  ", now=NOW)


def test_a_review_says_whether_the_answer_stands(realm: Realm) -> None:
    case = reviews.ask_review(case=bring(realm.town, Stage.REPLIED), note="不服", now=NOW)
    parts = opinions.Parts(**{**REVIEWED.__dict__, "outcome": ""})

    with pytest.raises(Missing) as refused:
        opinions.draft(
            case=case, parts=parts, actor=realm.county.handler, now=NOW, round=Round.REVIEW
        )

    assert refused.value.what == ("outcome",)


def test_whoever_answered_does_not_review_even_from_a_post_above(realm: Realm) -> None:
    case = reviews.ask_review(case=bring(realm.town, Stage.REPLIED), note="不服", now=NOW)
    make_tenure(realm.town.handler, make_post(realm.county.unit, Power.HANDLE))
    access.forget_seats(realm.town.handler)

    with pytest.raises(SamePerson):
        opinions.draft(
            case=case, parts=REVIEWED, actor=realm.town.handler, now=NOW, round=Round.REVIEW
        )


def test_a_unit_that_issued_the_answer_is_passed_over(realm: Realm) -> None:
    case = bring(realm.town, Stage.DRAFTED)
    case = opinions.issue(case=case, actor=realm.county.head, now=NOW)

    case = reviews.ask_review(case=case, note="不服", now=NOW)

    assert case.owner == realm.city.unit


def test_a_unit_without_anybody_to_write_a_review_is_passed_over(realm: Realm) -> None:
    Tenure.objects.filter(post=realm.county.post).delete()
    case = bring(realm.town, Stage.REPLIED)

    case = reviews.ask_review(case=case, note="不服", now=NOW)

    assert case.owner == realm.city.unit


def test_a_unit_that_is_complained_of_does_not_review(realm: Realm) -> None:
    case = take(realm.town.unit, about_units=(realm.city.unit,)).case
    case = bring(realm.province, Stage.REPLIED, case=case)

    with pytest.raises(NobodyToReview):
        reviews.ask_review(case=case, note="不服", now=NOW)


def test_where_nobody_is_above_the_person_is_told_where_to_turn(realm: Realm) -> None:
    case = bring(realm.province, Stage.REPLIED)

    with pytest.raises(NobodyToReview):
        reviews.ask_review(case=case, note="不服", now=NOW)

    case.refresh_from_db()
    assert case.stage == "replied"


def test_the_unit_that_answered_does_nothing_more_about_it(realm: Realm) -> None:
    case = reviews.ask_review(case=bring(realm.town, Stage.REPLIED), note="不服", now=NOW)

    with pytest.raises(NotAllowed):
        opinions.draft(
            case=case, parts=REVIEWED, actor=make_officer(realm.town.unit, Power.HANDLE),
            now=NOW, round=Round.REVIEW,
        )  # fmt: skip


# --------------------------------------------------------------------- hearing
def rereviewing(realm: Realm) -> Case:
    case = review(bring(realm.town, Stage.REPLIED), realm.county, now=NOW)
    return reviews.ask_review(case=case, note="仍然不服", now=NOW)


def test_the_time_of_a_hearing_is_not_counted_in_the_re_review(realm: Realm) -> None:
    case = rereviewing(realm)
    handler = realm.city.handler
    due = running(case)["PET-13"].due_at

    case = reviews.begin_hearing(case=case, actor=handler, now=NOW + 3 * DAY, note="听证")
    with pytest.raises(FactForbids) as refused:
        opinions.draft(
            case=case, parts=REVIEWED, actor=handler, now=NOW + 4 * DAY, round=Round.REREVIEW
        )
    case = reviews.end_hearing(case=case, actor=handler, now=NOW + 8 * DAY, note="结束")

    assert refused.value.fact is GrievanceFact.IN_HEARING
    assert running(case)["PET-13"].due_at == due + 5 * DAY
    assert case.grievance.hearing_began_at is None


def test_only_the_re_review_stands_still_for_a_hearing(realm: Realm) -> None:
    case = reviews.ask_review(case=bring(realm.town, Stage.REPLIED), note="不服", now=NOW)

    with pytest.raises(WrongStage):
        reviews.begin_hearing(case=case, actor=realm.county.handler, now=NOW, note="听证")


# -------------------------------------------------------------------- remedies
def test_each_letter_names_the_next_review_and_the_remedies_beside_it(realm: Realm) -> None:
    case = bring(realm.town, Stage.REPLIED)
    assert [(each.rule.id, each.until) for each in remedies(case)] == [
        ("PET-10", None), ("REM-1", None), ("REM-3", None),
    ]  # fmt: skip

    read(case)

    # 15 October is an ordinary day; 14 November is a Saturday, which is no statutory holiday.
    assert [(each.rule.id, each.until, each.is_review) for each in remedies(case)] == [
        ("PET-10", Due(date(2026, 10, 15)), True),
        ("REM-1", Due(date(2026, 11, 14)), False),
        ("REM-3", None, False),
    ]


def test_after_the_last_review_only_the_remedies_beside_it_are_left(realm: Realm) -> None:
    case = review(bring(realm.town, Stage.REPLIED), realm.county, now=NOW)
    case = review(case, realm.city, now=NOW, round=Round.REREVIEW)

    assert [each.rule.id for each in remedies(case)] == ["REM-1", "REM-3"]


# ---------------------------------------------------------------------- rating
def test_not_solved_is_looked_into_by_somebody_else(realm: Realm) -> None:
    case = bring(realm.town, Stage.REPLIED)

    case = rate(case=case, solved=False, now=NOW, stars=2, text="没有解决")

    item = case.follow_ups.get()
    assert (item.handled_by, set(running(case))) == (realm.town.handler, {"LOC-10"})


def test_a_lead_officer_answers_for_it(realm: Realm) -> None:
    case = bring(realm.town, Stage.HANDLING)
    post = Post.objects.get(tenures__member=realm.county.head)

    case = handling.set_lead(case=case, actor=realm.town.coordinator, now=NOW, post=post)

    case.grievance.refresh_from_db()
    assert case.grievance.lead == post


def test_an_office_that_answered_through_a_unit_below_does_not_review_its_answer(
    realm: Realm,
) -> None:
    """The county founds a unit below, gives its own officer a post there, and answers through it:
    no level of review is used up, and nobody of the county reviews.
    """
    below = make_office(realm.county.unit, "专班", Unit.Kind.DEPARTMENT)
    post = below.post
    Tenure.objects.filter(post=post).delete()
    make_tenure(realm.county.handler, post)
    access.forget_seats(realm.county.handler)
    make_officer(realm.county.unit, Power.HANDLE)
    case = bring(below, Stage.ACCEPTED)
    case = handling.assign(case=case, actor=below.coordinator, now=NOW, post=post)
    case = opinions.draft(case=case, parts=ANSWER, actor=realm.county.handler, now=NOW)
    case = opinions.issue(case=case, actor=below.head, now=NOW)

    case = reviews.ask_review(case=case, note="不服", now=NOW)

    assert case.owner == realm.city.unit


@pytest.mark.parametrize("at", ["city", "province"])
def test_a_post_of_who_answered_further_up_leaves_the_levels_between_to_review(
    realm: Realm, at: str
) -> None:
    """Otherwise a post at the top would take the right to a review away."""
    post = realm.town.post
    make_tenure(realm.town.handler, make_post(getattr(realm, at).unit, Power.AUDIT))
    access.forget_seats(realm.town.handler)
    case = bring(realm.town, Stage.ACCEPTED)
    case = handling.assign(case=case, actor=realm.town.coordinator, now=NOW, post=post)
    case = opinions.draft(case=case, parts=ANSWER, actor=realm.town.handler, now=NOW)
    case = opinions.issue(case=case, actor=realm.town.head, now=NOW)

    case = review(case, realm.county, now=NOW)

    assert case.stage == Stage.REVIEWED
