"""A row of a case comes from one function, whatever its kind and channel."""

from __future__ import annotations

import ast

import pytest

from bihuan.cases.actions import loop
from bihuan.cases.actions.loop import NewCase
from bihuan.cases.models import Case
from bihuan.core.places import Point
from tests.factories import NOW, make_unit
from tests.sources import python_files, relative

BUILDER = "bihuan/cases/actions/loop.py"


def _makes_a_case(source: str) -> bool:
    calls = [node.func for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    made = {ast.unparse(call) for call in calls}
    return bool(made & {"Case", "Case.objects.create", "Case.objects.get_or_create"})


def test_one_function_builds_a_case() -> None:
    found = [
        relative(path)
        for path in python_files("bihuan")
        if _makes_a_case(path.read_text(encoding="utf-8"))
    ]

    assert found == [BUILDER]


@pytest.mark.parametrize("planted", ["Case(number=n)", "x = Case.objects.create(number=n)"])
def test_another_one_that_is_planted_is_found(planted: str) -> None:
    assert _makes_a_case(planted)


@pytest.mark.django_db
def test_a_new_case_has_its_first_round_and_its_point_on_the_map() -> None:
    unit, point = make_unit(), Point(25.03, 102.71)
    new = NewCase(
        kind="hazard", number="YH-1", stage="reported", title="灯坏", owner=unit, origin=unit,
        channel=Case.Channel.DESK, reported_at=NOW, point=point,
    )  # fmt: skip

    case = loop.unsaved_case(new)

    assert (case.round_at, case.point, case.cell) == (NOW, point, point.cell)
    assert case.pk is None
    case.point = None
    assert (case.latitude, case.longitude, case.cell) == (None, None, None)
