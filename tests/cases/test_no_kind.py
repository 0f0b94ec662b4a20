"""`cases` names no kind of case: what a kind has of its own it brings when its app is ready."""

import re
from pathlib import Path

import pytest

from bihuan.cases import kinds
from tests.sources import ROOT

CASES = ROOT / "bihuan" / "cases"
FILES = sorted(
    path
    for path in CASES.rglob("*")
    if path.suffix in {".py", ".html", ".txt", ".toml", ".js", ".css", ".sql"}
    and "migrations" not in path.parts
)
# The loop has rules of its own, which cases of every kind may run by: more time is decided, what
# was rated as not solved is followed up, and until when a register says that a case is due.
RULES_OF_THE_LOOP = {"LOC-6", "LOC-10", "LOC-14"}
RULE = re.compile(r"\b[A-Z]{2,4}-[0-9]{1,2}[a-z]?\b")
# Technical standards, and the law on personal data.
OF_NO_KIND = {"ISO", "RFC", "UTF", "SHA", "PRV"}
NAMES = re.compile(
    r"hazard|grievance|suggestion|mediation|petition"
    r"|隐患|诉求|信访|建议|纠纷|调解",
    re.IGNORECASE,
)


def _named(text: str) -> set[str]:
    rules = {rule for rule in RULE.findall(text) if rule.partition("-")[0] not in OF_NO_KIND}
    return set(NAMES.findall(text)) | (rules - RULES_OF_THE_LOOP)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(CASES)))
def test_no_file_of_cases_names_a_kind_or_a_rule_of_one(path: Path) -> None:
    assert _named(path.read_text(encoding="utf-8")) == set()


def test_every_registered_kind_is_known_by_a_name_that_is_looked_for() -> None:
    for kind in kinds.every():
        assert _named(f"if case.kind == {kind.name!r}") == {kind.name}


@pytest.mark.parametrize("text", ["HAZ-5", "LOC-7", "PET-20", "case.hazard", "隐患台账", "MED-3"])
def test_what_is_planted_is_found(text: str) -> None:
    assert _named(text)
