"""What an inspection proposes fills in the forms that confirm and assign the hazard."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils.timezone import localdate

from bihuan.cases.models import Case
from bihuan.core.hazard import Grade
from bihuan.core.inspection import Outcome
from bihuan.core.powers import Power
from bihuan.criteria import queries as criteria
from bihuan.hazards import sources
from bihuan.hazards.actions import reporting
from bihuan.hazards.forms import AssignForm, ConfirmForm
from bihuan.inspections.actions import settling
from bihuan.inspections.actions.settling import Decision, Proposal
from bihuan.orgs.models import Post, User
from tests.clock import PRESENT
from tests.factories import make_case, make_officer
from tests.inspections.acts import answer_all, photograph
from tests.inspections.conftest import Place

pytestmark = pytest.mark.django_db
TODAY = localdate(PRESENT)


@pytest.fixture
def coordinator(place: Place) -> User:
    return make_officer(place.town, Power.COORDINATE, name="苏统筹")


def found(place: Place, **given: object) -> Case:
    """The hazard that an inspection reported."""
    made = place.begun(now=PRESENT)
    answer_all(made, place.inspector, exits="no")
    photograph(made, "exits", place.inspector)
    hazard = Proposal("疏散通道堵塞", "教学楼一层", place.town, grade="major")
    decision = Decision("exits", Outcome.HAZARD, hazard=replace(hazard, **given))  # type: ignore[arg-type]
    rows = settling.settle(
        inspection=made, decisions=[decision], actor=place.inspector, now=PRESENT
    )
    return loaded(Case.objects.get(number=rows[0].case_number))


def loaded(case: Case) -> Case:
    return Case.objects.with_facts().select_related("hazard").get(pk=case.pk)


def test_grade_and_criterion_are_proposed_and_the_officer_decides(
    place: Place, coordinator: User
) -> None:
    usable = criteria.usable(TODAY)[0].id
    case = found(place, criterion=usable)

    form = ConfirmForm(case=case, user=coordinator, now=PRESENT)
    reporting.confirm(
        case=case, grade=Grade.GENERAL, actor=coordinator, now=PRESENT, standard="", note=""
    )

    assert (form.initial["grade"], form.initial["criterion"]) == ("major", usable)
    assert loaded(case).hazard.grade == "general"


def test_a_criterion_that_may_not_be_used_is_not_filled_in(place: Place, coordinator: User) -> None:
    form = ConfirmForm(case=found(place, criterion="CRI-0/0"), user=coordinator, now=PRESENT)

    assert "criterion" not in form.initial


@pytest.mark.parametrize(("days", "is_kept"), [(3, True), (0, True), (-1, False)])
def test_the_proposed_deadline_is_filled_in_until_it_has_passed(
    place: Place, coordinator: User, days: int, is_kept: bool
) -> None:
    wanted = TODAY + timedelta(days=days)
    case = confirmed(found(place, deadline_date=wanted), coordinator)

    form = AssignForm(case=case, user=coordinator, now=PRESENT)

    assert (form.initial["deadline_date"] == wanted) is is_kept


def test_the_post_of_the_operator_is_proposed(place: Place, coordinator: User) -> None:
    case = confirmed(found(place), coordinator)

    form = AssignForm(case=case, user=coordinator, now=PRESENT)

    assert form.initial["post"] == Post.objects.get(tenures__member=place.head).pk


def test_nothing_is_proposed_for_a_hazard_of_another_origin(place: Place) -> None:
    assert sources.of(make_case(place.town).number) == sources.NOTHING


def confirmed(case: Case, by: User) -> Case:
    reporting.confirm(case=case, grade=Grade.GENERAL, actor=by, now=PRESENT, standard="", note="")
    return loaded(case)
