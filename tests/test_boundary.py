"""The boundary holds: no column, address, filter or export that would follow a person.

The names of the database are read from the database itself, so that nothing made by hand is missed.
An exception needs a reason, and goes when what it excuses goes.
"""

import ast
from collections.abc import Iterable, Iterator

import pytest
from django import forms
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connection

from bihuan.sheets.ledger import types
from bihuan.sheets.ledger.vocabulary import Field
from tests.boundary import PROMISES, Breach, Promise, breaches, unexcused
from tests.sitemap import Route, routes
from tests.sources import modules, python_files, relative

EXCUSED_COLUMNS = {
    "orgs_user.work_phone": "the number of the office that an officer answers, in duty lists",
}
EXCUSED_EXPORTS: dict[str, str] = {}
EXCUSED_ROUTES: dict[str, str] = {}
EXCUSED_INPUTS: dict[str, str] = {
    "bihuan.orgs.forms.AccountForm.work_phone": "one's own number at the office",
    "bihuan.orgs.forms.MemberForm.work_phone": "an officer's number at the office",
    "bihuan.orgs.forms.NewMemberForm.work_phone": "an officer's number at the office",
    "bihuan.orgs.structure_forms.NewUnitWithPostForm.work_phone": "an officer's office number",
}


def _tables() -> Iterator[tuple[str, str]]:
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            for column in connection.introspection.get_table_description(cursor, table):
                yield table, column.name


def _tables_of_people() -> set[str]:
    """Where officers are kept, and what hangs on an officer in the organisation."""
    user = get_user_model()
    return {user._meta.db_table} | {
        model._meta.db_table
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.related_model is user
        and (field.one_to_one or model._meta.app_label == user._meta.app_label)
    }


def _in_columns(columns: Iterator[tuple[str, str]], of_people: set[str]) -> Iterator[Breach]:
    for table, column in columns:
        name, personal = f"{table}.{column}", table in of_people
        yield from breaches(name, column, of_people=personal)
        yield from breaches(name, table)


def _in_routes(found: list[Route]) -> Iterator[Breach]:
    for route in found:
        yield from breaches(route.path, route.path)
        yield from breaches(route.path, route.name)


def _inputs() -> Iterator[tuple[str, str]]:
    """What forms and filters take: their fields, and every name read from an address."""
    assert modules()
    for form in _below(forms.BaseForm):
        for field in getattr(form, "base_fields", {}):
            yield f"{form.__module__}.{form.__qualname__}.{field}", field
    for path in python_files("bihuan"):
        for name in _read_from_address(path.read_text()):
            yield f"{relative(path)} GET {name}", name


def _below(kind: type[forms.BaseForm]) -> Iterator[type[forms.BaseForm]]:
    for subclass in kind.__subclasses__():
        if subclass.__module__.startswith("bihuan."):
            yield subclass
        yield from _below(subclass)


def _read_from_address(code: str) -> Iterator[str]:
    """The names in `request.GET["name"]`, `.GET.get("name")` and `.GET.getlist("name")`."""
    for node in ast.walk(ast.parse(code)):
        named: list[ast.expr] = []
        if isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith(".GET"):
            named = [node.slice]
        elif isinstance(node, ast.Call) and ".GET.get" in ast.unparse(node.func):
            named = node.args[:1]
        for name in named:
            if isinstance(name, ast.Constant):
                yield str(name.value)


def _in_exports(columns: Iterable[Field]) -> Iterator[Breach]:
    """The columns of a ledger, by their names and by their titles in both languages."""
    for column in columns:
        for part in (column.name, column.zh, column.en):
            yield from breaches(f"ledger.{column.name}", part)


def _in_inputs(inputs: Iterator[tuple[str, str]]) -> Iterator[Breach]:
    for name, field in inputs:
        yield from breaches(name, field)


@pytest.mark.django_db
def test_no_column_would_follow_a_person() -> None:
    found = _in_columns(_tables(), _tables_of_people())

    assert unexcused(found, EXCUSED_COLUMNS) == []


def test_no_address_would_follow_a_person() -> None:
    assert unexcused(_in_routes(routes()), EXCUSED_ROUTES) == []


def test_no_form_and_no_filter_asks_for_a_person() -> None:
    assert unexcused(_in_inputs(_inputs()), EXCUSED_INPUTS) == []


def test_no_export_would_name_a_person() -> None:
    columns = [column for each in types.every() for column in each.vocabulary.fields]

    assert unexcused(_in_exports(columns), EXCUSED_EXPORTS) == []


# ------------------------------------------------------------- the test is tested
@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.text)
def test_every_word_of_a_promise_is_found(promise: Promise) -> None:
    for word in f"{promise.words} {promise.chinese}".split():
        assert word in promise.found_in(f"x_{word}")


@pytest.mark.parametrize(
    ("column", "of_people"),
    [
        ("reporter_name", False),
        ("reporterName", False),
        ("Complainants", False),
        ("home_phone", False),
        ("id_card", False),
        ("身份证号", False),
        ("face_id", False),
        ("last_gps_fix", True),
        ("risk_score", True),
    ],
)
@pytest.mark.django_db
def test_a_planted_column_is_caught(column: str, of_people: bool) -> None:
    table = "orgs_user" if of_people else "orgs_unit"
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER TABLE {table} ADD COLUMN "{column}" text')

    found = unexcused(_in_columns(_tables(), _tables_of_people()), EXCUSED_COLUMNS)

    assert any(line.startswith(f"{table}.{column}: ") for line in found)


@pytest.mark.django_db
def test_a_planted_table_is_caught() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE orgs_watchlist (id integer)")

    assert unexcused(_in_columns(_tables(), set()), EXCUSED_COLUMNS)


@pytest.mark.parametrize("path", ["/desk/reporters/<int:pk>/", "/api/v1/cases/by-phone/<phone>/"])
def test_a_planted_address_is_caught(path: str) -> None:
    assert list(_in_routes([Route(path, "planted", (), print)]))


def test_a_planted_filter_is_caught() -> None:
    code = 'request.GET.get("q"); request.GET["complainant"]; self.request.GET.getlist("plate")'

    names = list(_read_from_address(code))

    assert names == ["q", "complainant", "plate"]
    assert len(list(_in_inputs((name, name) for name in names))) == 2


@pytest.mark.parametrize(
    "column",
    [
        Field(name="reporter", zh="来源", en="Source", width=9),
        Field(name="source", zh="举报人姓名", en="Source", width=9),
        Field(name="source", zh="来源", en="Complainant's name", width=9),
    ],
    ids=["by its name", "by its Chinese title", "by its English title"],
)
def test_a_planted_export_column_is_caught(column: Field) -> None:
    assert list(_in_exports([column]))


@pytest.mark.parametrize("name", ["surface", "reported_by", "template", "places", "work_place"])
def test_a_word_within_a_word_is_no_breach(name: str) -> None:
    assert breaches(name, name, of_people=True) == []


def test_an_exception_for_what_is_not_there_is_reported() -> None:
    assert unexcused([], {"orgs_user.gone": "why"}) == [
        "orgs_user.gone: the exception is no longer needed"
    ]
