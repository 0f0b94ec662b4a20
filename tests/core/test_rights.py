"""The public is told only of rights that somebody read in the law and that are in force."""

from __future__ import annotations

from datetime import date

import pytest

from bihuan.core import procedure, rights, rules
from bihuan.core.rules import Confidence, Party
from tests.factories import TODAY

ALL = pytest.mark.parametrize("known", procedure.every(), ids=lambda each: each.id)


@ALL
def test_nothing_recalled_and_no_default_is_told_as_a_right(known: procedure.Procedure) -> None:
    found = (*rights.of(known, TODAY), *rights.beside(known, TODAY))

    assert found
    assert {rule.confidence for rule in found} <= {Confidence.READ, Confidence.SECOND_HAND}
    assert {rule.audience for rule in found} == {Party.CITIZEN}


@ALL
def test_no_right_is_told_twice(known: procedure.Procedure) -> None:
    found = [rule.id for rule in (*rights.of(known, TODAY), *rights.beside(known, TODAY))]

    assert len(found) == len(set(found))


def test_the_rights_of_a_grievance_come_in_their_order() -> None:
    found = [rule.id for rule in rights.of(procedure.named("CN"), TODAY)]

    assert found == [
        "PET-5", "PET-6", "PET-8", "PET-4", "PET-10", "PET-11", "PET-12", "PET-13", "REM-1",
        "REM-3",
    ]  # fmt: skip


def test_a_right_is_told_from_the_day_on_which_it_is_in_force() -> None:
    before = [rule.id for rule in rights.of(procedure.named("CN"), date(2021, 1, 1))]

    assert before == ["REM-3"]


@pytest.mark.parametrize("rule_id", ["PET-1", "PET-16a", "PET-3", "nothing"])
def test_a_path_names_no_source_that_is_no_right(rule_id: str) -> None:
    assert rights.source(rule_id, procedure.named("CN"), TODAY) is None


def test_a_path_names_the_very_rule_that_is_its_right() -> None:
    found = rights.source("PET-11", procedure.named("CN"), TODAY)

    assert found is not None
    assert found.id == "PET-11"


@ALL
def test_a_remedy_is_what_a_person_may_do_and_no_duty_of_the_office(
    known: procedure.Procedure,
) -> None:
    on = date(2027, 1, 1)

    named = [rules.rule(each, on=on).name for each in known.remedies]

    assert [name.en for name in named if not name.en.startswith(("Apply", "Ask"))] == []
    assert [name.zh for name in named if not name.zh.startswith(("申请", "请求"))] == []


def test_a_letter_keeps_the_remedies_that_it_named() -> None:
    before = rules.rule("REM-3", on=date(2026, 11, 30))
    since = rules.rule("REM-3", on=date(2026, 12, 1))

    assert (before.version, since.version) == ("2019", "2019-2")
    assert (before.length, before.unit) == (since.length, since.unit)
