"""An officer who types what a citizen has reported above the own posts is told the number, and
nothing else; and nothing at all of what the officer may not know of.
"""

from __future__ import annotations

import pytest
from django.test import Client

from bihuan.cases.models import Case, Exclusion
from bihuan.core.powers import Power
from bihuan.hazards.actions import reporting
from bihuan.orgs.models import Unit, User
from tests.clock import PRESENT
from tests.conftest import CountQueries
from tests.factories import make_officer, make_unit
from tests.portal.conftest import County
from tests.portal.visitor import Visitor

pytestmark = pytest.mark.django_db
TYPED = {"title": "桥头路灯坏了", "place": "双河桥头"}


@pytest.fixture
def grid(county: County) -> User:
    unit = make_unit(county.village, name="一组网格", kind=Unit.Kind.GRID)
    return make_officer(unit, Power.REPORT, name="网格员")


def typed_by(user: User, **words: str) -> str:
    client = Client()
    client.force_login(user)
    return client.get("/desk/cases/similar/", {**TYPED, **words}).content.decode()


def bring(county: County, visitor: Visitor, matter: str = "hazard", **place: object) -> Case:
    _, where, words = county.steps()
    visitor.report(matter, {}, {**where, **place}, words)
    return Case.objects.latest("pk")


def test_a_grid_officer_is_told_the_number_and_nothing_of_the_content(
    county: County, grid: User, visitor: Visitor
) -> None:
    case = bring(county, visitor)

    said = typed_by(grid, title="路灯坏了，桥头很暗")

    assert f"这里已有人反映（{case.number}，不显示内容）" in said
    assert not any(word in said for word in (case.title, case.place, case.description, "<a "))


@pytest.mark.parametrize("words", [{"title": "井盖丢失"}, {"place": "东关小学门口"}])
def test_another_problem_or_another_place_is_told_nothing(
    county: County, grid: User, visitor: Visitor, words: dict[str, str]
) -> None:
    bring(county, visitor)

    assert typed_by(grid, **words).strip() == ""


def test_whoever_sees_the_case_is_offered_the_case(county: County, visitor: Visitor) -> None:
    case = bring(county, visitor)

    said = typed_by(county.clerk)

    assert f'href="/desk/cases/{case.number}/"' in said
    assert "不显示内容" not in said


def test_a_village_elsewhere_is_told_nothing(county: County, visitor: Visitor) -> None:
    other = make_unit(make_unit(county.top, name="南川镇", kind=Unit.Kind.TOWN), name="南村")
    bring(county, visitor, unit=county.town.pk)

    assert typed_by(make_officer(other, Power.REPORT)).strip() == ""


# ------------------------------------------------- what nobody there may know of
def test_of_what_is_not_to_be_known_the_answer_is_that_for_nothing(
    county: County, grid: User, visitor: Visitor, count_queries: CountQueries
) -> None:
    """Not one query more and not one letter: neither the words nor the time give it away."""
    with count_queries() as nothing:
        blank = typed_by(grid)
    case = bring(county, visitor)
    assert typed_by(grid) != blank

    changes: tuple[dict[str, object], ...] = (
        {"is_confidential": True},
        {"kind": "grievance"},
        {"channel": "desk"},
        {"ended_at": PRESENT, "stage": "rejected"},
    )
    for change in changes:
        before = {name: getattr(case, name) for name in change}
        Case.objects.filter(pk=case.pk).update(**change)
        with count_queries() as counted:
            assert typed_by(grid) == blank, change
        assert len(counted) == len(nothing)
        Case.objects.filter(pk=case.pk).update(**before)

    Exclusion.objects.create(
        case=case, unit=make_unit(), cause=Exclusion.Cause.COMPLAINED_OF, since_at=PRESENT,
        added_at=PRESENT,
    )  # fmt: skip
    with count_queries() as counted:
        assert typed_by(grid) == blank
    assert len(counted) == len(nothing)


@pytest.mark.parametrize("matter", ["grievance", "suggestion", "dispute"])
def test_what_people_bring_for_themselves_is_never_told(
    county: County, grid: User, visitor: Visitor, matter: str
) -> None:
    _, where, words = county.steps()
    steps = [{}, where, words] if matter != "suggestion" else [words, where, {}]
    visitor.report(matter, *steps)
    assert Case.objects.exists()

    assert typed_by(grid).strip() == ""


def test_what_a_colleague_reported_above_is_not_told(county: County, grid: User) -> None:
    reporting.report(
        finding=reporting.Finding(
            title=TYPED["title"], place=TYPED["place"], unit=county.town, found_date=PRESENT.date()
        ),
        actor=make_officer(county.town, Power.REPORT),
        now=PRESENT,
    )

    assert typed_by(grid).strip() == ""
