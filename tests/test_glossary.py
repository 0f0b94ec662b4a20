"""The terms of the glossary are those of the code, and each has one meaning."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

import pytest

from tests.sources import ROOT, app_folders, python_files
from tests.test_translations import _catalogue, _forms, _messages

GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
PLANNED, NOT_USED = "Planned parts", "Terms that are not used"
# One word in sentences, in another sense than in the organisation or the loop.
TWO_MEANINGS = {"report": "a power, and the move that it allows"}
CHINESE_TWICE = {"当事人": "the law's word for a party and for the people affected by a breach"}


def _tables() -> Iterator[tuple[str, list[list[str]]]]:
    """Each section with the cells of its rows."""
    for section in GLOSSARY.split("\n## ")[1:]:
        title, _, text = section.partition("\n")
        rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line[:2] == "| "]
        yield title, rows[2:]


def _terms(cell: str) -> list[str]:
    """The terms of a cell, without the remarks in brackets."""
    plain = re.sub(r" ?[(（][^)）]*[)）]", "", cell)
    return [term.strip() for term in re.split(r", |、", plain)]


@cache
def _words_in_use() -> str:
    """The identifiers of the code and the texts of the interface as words, in lower case."""
    names = {
        node.name if isinstance(node, ast.ClassDef | ast.FunctionDef) else node.id
        for path in python_files("bihuan")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.Name)
    }
    split = (re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", name) for name in names)
    texts = (
        form
        for app in app_folders()
        for entry in _messages(_catalogue(app))
        for form in _forms(entry.id)
    )
    return "\n".join([*split, *texts]).lower().replace("-", " ")


IN_USE = [
    term
    for title, rows in _tables()
    if title not in (PLANNED, NOT_USED)
    for english, *_ in rows
    for term in _terms(english)
]


@pytest.mark.parametrize("term", sorted(set(IN_USE)))
def test_every_term_is_used(term: str) -> None:
    assert re.search(rf"\b{term.lower().replace('-', ' ')}", _words_in_use())


def test_every_english_term_has_one_meaning() -> None:
    twice = {term for term, count in Counter(IN_USE).items() if count > 1}

    assert twice == set(TWO_MEANINGS)


def test_every_chinese_term_has_one_english_term() -> None:
    chinese = [
        term
        for title, rows in _tables()
        if title != NOT_USED
        for _, cell, *_ in rows
        for term in _terms(cell)
    ]

    assert {term for term, count in Counter(chinese).items() if count > 1} == set(CHINESE_TWICE)


def test_no_class_has_a_name_that_is_not_used() -> None:
    refused = {row[0] for title, rows in _tables() if title == NOT_USED for row in rows}
    classes = {
        node.name
        for path in python_files("bihuan")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    }

    assert refused
    assert refused & classes == set()
