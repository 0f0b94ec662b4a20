"""The faults that `make mutants` plants: each changes what a module does, and is there again."""

from __future__ import annotations

import ast

import pytest

from tools import mutants, mutations
from tools.known import ROOT

FAULTS = {
    "a == b": ["a != b"],
    "a < b": ["a <= b"],
    "a and b": ["a or b"],
    "not a": ["a"],
    "a + 1": ["a - 1", "2"],
    "f(a, b=c)": ["pass", "f(a)"],
    "return a": ["return None"],
    "return None": [],
    "raise A": ["pass"],
    "raise ValueError('words')": ["pass"],
    "x = 'word'": ["'wordX'"],
    "x = True": ["False"],
    "x = b if a else c": ["b if not a else c"],
    "x = {A, B}": ["{A}"],
    "while a: break": ["not a", "continue"],
    "if TYPE_CHECKING: x = 1": [],
    "x: int": [],
    "logger.info('x')": [],
    "a.add(b, help=c)": ["pass"],
    "zip(a, b, strict=False)": ["pass", "True"],
    "x = _('words')": [],
    "'a docstring'": [],
}


@pytest.mark.parametrize("code", FAULTS)
def test_each_kind_of_fault_is_known(code: str) -> None:
    assert [fault.after for fault in mutations.every(code)] == FAULTS[code]


def test_a_decorator_that_makes_an_act_whole_is_taken_away() -> None:
    code = "@transaction.atomic\ndef act(): pass"

    assert ast.unparse(mutations.planted(code, 0)) == "def act():\n    pass"


def test_every_fault_is_another_program() -> None:
    source = (ROOT / "bihuan" / "core" / "clocks.py").read_text(encoding="utf-8")
    sound = ast.unparse(ast.parse(source))

    made = [
        ast.unparse(mutations.planted(source, fault.number)) for fault in mutations.every(source)
    ]

    assert sound not in made
    assert len(made) > 50


def test_the_same_seed_draws_the_same_faults_from_all_that_must_never_go_wrong() -> None:
    drawn = mutants.sample(400, seed=1)

    assert [str(each) for each in drawn] == [str(each) for each in mutants.sample(400, seed=1)]
    found = {each.path.relative_to(ROOT).as_posix() for each in drawn}
    assert "bihuan/clocks/actions/ticking.py" in found
    assert {name.split("/")[1] for name in found} == {"core", "journal", "orgs", "clocks"}
    assert all(mutants.around(each.path) for each in drawn)
