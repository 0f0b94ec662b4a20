"""A kind that does not fit the columns of a case, or numbers like another, is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bihuan.cases import checks, kinds
from bihuan.core.lifecycle import Lifecycle


def test_the_kinds_of_the_release_fit() -> None:
    assert checks.kinds_fit() == []


@pytest.mark.parametrize(
    ("name", "stage", "ids"),
    [
        ("x" * 13, "open", ["cases.E001", "cases.E002"]),
        ("other", "x" * 17, ["cases.E001", "cases.E002"]),
        ("other", "published", ["cases.E002"]),
    ],
)
def test_a_kind_that_does_not_fit_is_named(name: str, stage: str, ids: list[str]) -> None:
    table = Lifecycle(name, "make", (stage,), frozenset(), ())
    other = replace(kinds.by_name("hazard"), lifecycle=table)

    found = checks.faults([*kinds.every(), other])

    assert [each.id for each in found] == ids


def test_what_a_kind_is_called_is_said_where_it_is_registered() -> None:
    assert [name for name, _label in kinds.choices()] == [
        "hazard", "grievance", "suggestion", "mediation",
    ]  # fmt: skip
    assert kinds.label("of_a_part_that_left") == "of_a_part_that_left"


def test_a_kind_is_registered_once() -> None:
    known = kinds.by_name("hazard")

    with pytest.raises(ValueError, match=f"hazard is registered twice.* {known.series} and ZZ"):
        kinds.register(replace(known, series="ZZ"))

    assert kinds.by_name("hazard") is known
