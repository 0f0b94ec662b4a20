"""`cases` and `desk` name no kind of case, nor do the apps that serve every kind: a kind registers
what it has of its own.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps

from bihuan.cases import kinds
from tests.sources import ROOT

BIHUAN = ROOT / "bihuan"
FILES = sorted(
    path
    for app in ("cases", "desk")
    for path in (BIHUAN / app).rglob("*")
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


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(BIHUAN)))
def test_no_file_of_these_apps_names_a_kind_or_a_rule_of_one(path: Path) -> None:
    assert _named(path.read_text(encoding="utf-8")) == set()


def test_every_registered_kind_is_known_by_a_name_that_is_looked_for() -> None:
    for kind in kinds.every():
        assert _named(f"if case.kind == {kind.name!r}") == {kind.name}


@pytest.mark.parametrize("text", ["HAZ-5", "LOC-7", "PET-20", "case.hazard", "隐患台账", "MED-3"])
def test_what_is_planted_is_found(text: str) -> None:
    assert _named(text)


# ------------------------------------------------- columns of one kind's models
# Names of such columns that mean something else here.
ELSEWHERE = {
    "due_date": "the last day of a clock that an act starts",
    "letter": "a channel",
    "party": "who holds a code",
    "way": "in SQL, the table between a part and its case",
}
ALLOWED_COLUMNS = {"cases/wording.py": {"measures", "contingency"}}  # what a form must say


def _columns(*, of_kinds: bool) -> set[str]:
    fields = (
        field
        for model in apps.get_models(include_auto_created=True)
        if (model._meta.app_label in OWN) is of_kinds
        for field in model._meta.concrete_fields
    )
    return {name for field in fields for name in (field.name, field.attname)}


@cache
def columns_of_kinds() -> frozenset[str]:
    """Return the names of columns that no model of another app has."""
    return frozenset(_columns(of_kinds=True) - _columns(of_kinds=False) - ELSEWHERE.keys())


def columns_in_code(source: str) -> Iterator[str]:
    """Return such columns: as a text or part of a path, and as a name if it is of several words."""
    tree = ast.parse(source)
    said = _strings_said(tree)
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(text)) if id(node) not in said:
                yield from columns_of_kinds().intersection(re.split(r"__|\.", text))
            case (
                ast.Attribute(attr=name)
                | ast.Name(id=name)
                | ast.arg(arg=name)
                | ast.keyword(arg=str(name))
            ) if "_" in name and name in columns_of_kinds():
                yield name


def columns_in_template(text: str) -> Iterator[str]:
    for tag in re.findall(r"{[{%].*?[%}]}", text, re.DOTALL):
        names = re.findall(r"\w+", re.sub(r"\"[^\"]*\"|'[^']*'", "", tag))
        yield from (name for name in names if "_" in name and name in columns_of_kinds())


def columns_named(path: Path) -> set[str]:
    text = path.read_text(encoding="utf-8")
    return set(columns_in_code(text) if path.suffix == ".py" else columns_in_template(text))


@pytest.mark.parametrize(
    "path",
    [path for path in FILES if path.suffix in {".py", ".html"}],
    ids=lambda path: str(path.relative_to(BIHUAN)),
)
def test_no_file_of_these_apps_names_a_column_of_one_kind(path: Path) -> None:
    allowed = ALLOWED_COLUMNS.get(str(path.relative_to(BIHUAN)), set())

    assert columns_named(path) == allowed


@pytest.mark.parametrize(
    "planted",
    [
        'if field == "adopted": ...',
        "day = hazard.verified_date",
        "Look(listed_by=path)",
        'cases.filter(row__rebounds=0).values("row__rebounds")',
        "def told(found_date): ...",
    ],
)
def test_a_column_of_one_kind_that_is_planted_in_code_is_found(planted: str) -> None:
    assert list(columns_in_code(planted))


def test_a_column_of_one_kind_that_is_planted_in_a_template_is_found() -> None:
    assert list(columns_in_template("{% if verified_date %}{{ verified_date|day }}{% endif %}"))


# --------------------------------------------------------- apps for every kind
APPS = (
    "api", "backups", "breaches", "calendars", "clocks", "factors", "figures", "files", "imports",
    "journal", "ledgers", "notices", "orgs", "portal", "receipts", "retention", "sheets", "tallies",
    "web",
)  # fmt: skip
# The apps of kinds, and their tables of rules.
OF_KINDS = re.compile(
    r"bihuan\.(hazards|grievances|mediations|core\.(hazard|grievance|suggestion|mediation))\b"
)
# A kind, its row, a table or a path: "hazard", "grievance__category", "hazards.Hazard".
NAMED = re.compile(r"(hazard|grievance|suggestion|mediation)s?(([.:/]|__).*)?")
IN_TEMPLATES = re.compile(
    r"\.(hazard|grievance|suggestion|mediation)\b"
    r"|\bcase\.kind\s*(==|!=|in\b)"
    r"|[\"'](hazard|grievance|suggestion|mediation)s?[/:\"']"
)
_SUBJECTS = "the tree of subjects is kept by grievances, and serves every kind"
_OFFER = "the subjects that the public can choose are one list of the portal, with a form for each"
ALLOWED: dict[str, str] = {
    "api/catalogue.py": _SUBJECTS,
    "api/queries.py": _SUBJECTS,
    "portal/actions/reporting.py": _OFFER,
    "portal/forms/report.py": _OFFER,
    "portal/wording.py": _OFFER,
    "portal/models.py": "the published figures are a fixed list, whose counters keep these names",
    "portal/moves.py": "a review and a report of retaliation are rights of the petition law",
    "portal/queries/counting.py": "the rules that promise an answer are those of procedures",
    "portal/story.py": "an opinion is shown with its remedies, which the petition law gives",
}


def _strings_said(tree: ast.AST) -> set[int]:
    """Return the docstrings, and the texts that are shown."""
    said = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            said.add(id(node.value))
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func).rpartition(".")[2]
            if name == "_" or "gettext" in name:
                said |= {id(each) for each in node.args}
    return said


def named_in_code(source: str) -> Iterator[str]:
    tree = ast.parse(source)
    said = _strings_said(tree)
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (each.name for each in names if OF_KINDS.match(each.name))
            case ast.ImportFrom(module=str(module), names=names):
                full = [module, *(f"{module}.{each.name}" for each in names)]
                yield from (each for each in full if OF_KINDS.match(each))
            case ast.Attribute(attr=name) | ast.keyword(arg=str(name)) if NAMED.fullmatch(name):
                yield name
            case ast.Constant(value=str(text)) if id(node) not in said and NAMED.fullmatch(text):
                yield text


def named(path: Path) -> set[str]:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return set(named_in_code(text))
    return {found[0] for found in IN_TEMPLATES.finditer(text)}


FILES_OF_APPS = sorted(
    path
    for app in APPS
    for path in (ROOT / "bihuan" / app).rglob("*")
    if path.suffix in {".py", ".html", ".txt"} and "migrations" not in path.parts
)


@pytest.mark.parametrize(
    "path", FILES_OF_APPS, ids=lambda path: str(path.relative_to(ROOT / "bihuan"))
)
def test_apps_for_every_kind_name_none_except_those_listed(path: Path) -> None:
    is_listed = str(path.relative_to(ROOT / "bihuan")) in ALLOWED

    assert bool(named(path)) is is_listed


OWN = {
    "hazards": ("hazard",),
    "grievances": ("grievance", "suggestion"),
    "mediations": ("mediation",),
}
# A dispute that a person brings to the desk is recorded on a page of its own, one link away.
LINKED = {("intake.html", "'mediations:")}


@pytest.mark.parametrize("app", OWN)
def test_the_app_of_a_kind_names_no_other_kind(app: str) -> None:
    files = (ROOT / "bihuan" / app).rglob("*")
    code = [each for each in files if each.suffix in {".py", ".html"}]
    found = {
        (path.name, name)
        for path in code
        if "migrations" not in path.parts
        for name in named(path)
        if NAMES.search(name) and not any(own in name for own in OWN[app])
    }

    assert found - LINKED == set()


@pytest.mark.parametrize("app", APPS)
def test_every_app_that_is_read_is_there(app: str) -> None:
    assert (ROOT / "bihuan" / app / "__init__.py").is_file()


@pytest.mark.parametrize(
    "planted",
    [
        "from bihuan.hazards.models import Hazard",
        "from bihuan.core import mediation",
        'led = case.kind == "grievance"',
        "grade = case.hazard.grade",
        "cases.filter(grievance__lead=None)",
        'named = ("suggestion__category", "owner")',
        'TAKEN = {"mediations.Party"}',
    ],
)
def test_a_kind_that_is_planted_in_code_is_found(planted: str) -> None:
    assert list(named_in_code(planted))


@pytest.mark.parametrize(
    "planted",
    [
        '{% if case.kind == "x" %}',
        "{{ case.hazard.grade }}",
        '{% include "mediations/party.html" %}',
    ],
)
def test_a_kind_that_is_planted_in_a_template_is_found(planted: str) -> None:
    assert IN_TEMPLATES.search(planted)
