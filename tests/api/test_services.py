"""What may be reported is drawn from the tree of subjects that the office edits."""

from __future__ import annotations

import pytest

from bihuan.grievances.models import Category
from tests.api.calls import answer, number_of, post
from tests.clock import PRESENT
from tests.conftest import CountQueries

pytestmark = pytest.mark.django_db


def test_what_is_offered_may_be_reported_and_nothing_else(tree: dict[str, Category]) -> None:
    offered = {row["service_code"] for row in answer("services.json")}

    assert "020101" in offered
    assert offered.isdisjoint({"02", "0201", "020104", "020105"})


def test_a_retired_branch_takes_its_leaves_along(tree: dict[str, Category]) -> None:
    Category.objects.filter(code="0201").update(retired_at=PRESENT)

    assert answer("services.json") == []


def test_a_service_says_where_it_hangs(tree: dict[str, Category]) -> None:
    rows = {row["service_code"]: row for row in answer("services.json", language="en")}

    assert rows["020101"] == {
        "service_code": "020101",
        "service_name": "Potholes",
        "description": "Transport · Road surface · Potholes",
        "metadata": True,
        "type": "realtime",
        "keywords": "Potholes, Road surface, Transport",
        "group": "Transport",
    }


@pytest.mark.django_db
def test_dangers_are_offered_until_a_tree_is_loaded() -> None:
    rows = {row["service_code"]: row for row in answer("services.json", language="en")}

    assert rows["fire-safety"]["service_name"] == "Fire safety"
    assert len(rows) == len(set(rows))
    assert answer("services/fire-safety.json")["attributes"][0]["code"] == "SEVERITY"


def test_services_take_one_question_however_many_there_are(
    tree: dict[str, Category], count_queries: CountQueries
) -> None:
    with count_queries() as queries:
        answer("services.json")

    assert len(queries) == 1


def test_a_report_takes_a_bounded_number_of_questions(
    key: str, count_queries: CountQueries
) -> None:
    post(key)
    with count_queries() as queries:
        number_of(post(key, description="Another"))

    assert len(queries) <= 45
