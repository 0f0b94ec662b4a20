"""What the database itself refuses to everybody: every constraint is violated once."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction

from bihuan.cases.models import Case
from bihuan.journal.models import Anchor
from bihuan.journal.models import Entry as JournalEntry
from bihuan.orgs.models import Unit
from tests import constraints
from tests.anyrow import any_row, any_value, own_models
from tests.constraints import Check, Entry, One, Twice, Values
from tests.constraints_of_kinds import OF_KINDS
from tests.factories import NOW, TODAY
from tests.sources import ROOT

pytestmark = pytest.mark.django_db

Named = models.CheckConstraint | models.UniqueConstraint
CONSTRAINTS: dict[str, tuple[type[models.Model], Named]] = {
    constraint.name: (model, constraint)
    for model in own_models()
    for constraint in model._meta.constraints
    if isinstance(constraint, Named)
}
UNIQUE = {
    f"{model._meta.label}.{field.name}": (model, field)
    for model in own_models()
    for field in model._meta.local_fields
    if field.unique and not field.primary_key
}


def _entries() -> dict[str, Entry]:
    """The shared entries, and those of `constraints.py` in the tests of an app."""
    found = dict(constraints.ENTRIES)
    for module in _modules():
        found |= module.ENTRIES
    return found


def _modules() -> Iterator[ModuleType]:
    for path in sorted((ROOT / "tests").glob("*/constraints.py")):
        yield importlib.import_module(f"tests.{path.parent.name}.constraints")


ENTRIES = _entries()
CHECKED = [name for name, entry in ENTRIES.items() if not isinstance(entry, Twice)]
# What else stands in a row in which the column is filled.
STANDS: dict[str, Values] = {
    "hazards.Order.number": {"kind": "stop_work", "until_date": None},
    "breaches.Step.struck": {"act": "strike"},
    "risks.ControlCheck.form_key": {"is_effective": True},
    "visits.PaperSubmission.paper": {"state": "accepted", "decided_at": NOW},
    "plans.Round.draw": {"plan": None},
    "sites.SitePaper.renewed_by": {"ended_at": NOW},
    "receipts.TrackingCode.code_hash": {"quick_hash": None, "sealed_code": ""},
}
# On SQLite a trigger that holds against a replaced row is asked first.
ASKED_FIRST = {
    "entry_seq_once_in_a_chain": "journal_entry is append-only",
    "until_at": "journal_anchor is append-only",
}


@contextmanager
def refused(says: str) -> Iterator[None]:
    with pytest.raises(IntegrityError, match=says), transaction.atomic():
        yield


def column(model: type[models.Model], name: str) -> str:
    return str(model._meta.get_field(name).get_attname_column()[1])  # type: ignore[union-attr]


def says(name: str, model: type[models.Model], *columns: str) -> str:
    """How the engine words it: SQLite names the columns of what is unique."""
    if connection.vendor == "postgresql" or not columns:
        return re.escape(name)
    words = ", ".join(f"{model._meta.db_table}.{column}" for column in columns)
    return f"UNIQUE constraint failed: {words}$|{ASKED_FIRST.get(name, '^$')}"


class Made:
    """The records that one entry names, made when they are first needed."""

    def __init__(self) -> None:
        self._made: dict[tuple[type[models.Model], str], models.Model] = {}

    def values(self, model: type[models.Model], values: Values) -> Mapping[str, Any]:
        return {name: self._value(model, name, found) for name, found in values.items()}

    def _value(self, model: type[models.Model], name: str, answer: object) -> object:
        if not isinstance(answer, One):
            return answer
        other = model._meta.get_field(name).related_model
        assert isinstance(other, type)
        key = (other, answer.name)
        if key not in self._made:
            self._made[key] = any_row(other)
        return self._made[key]


def checks(name: str) -> tuple[Check, ...]:
    entry = ENTRIES[name]
    assert not isinstance(entry, Twice)
    return (entry,) if isinstance(entry, Check) else entry


def test_every_constraint_has_an_entry_and_every_entry_a_constraint() -> None:
    assert set(ENTRIES) == set(CONSTRAINTS)
    for name, (_, constraint) in CONSTRAINTS.items():
        unique = isinstance(constraint, models.UniqueConstraint)
        assert isinstance(ENTRIES[name], Twice) == unique, name
    for name in CHECKED:
        assert any(check.refused for check in checks(name)), f"{name}: nothing is refused"


@pytest.mark.parametrize("name", CHECKED)
def test_what_a_check_says_holds_for_every_row(name: str) -> None:
    model, _ = CONSTRAINTS[name]
    made = Made()

    for check in checks(name):
        row = any_row(model, **made.values(model, check.stands))
        for wrong in check.refused:
            values = made.values(model, wrong)
            with refused(says(name, model)):
                model._base_manager.filter(pk=row.pk).update(**values)


@pytest.mark.parametrize("name", [name for name in ENTRIES if name not in CHECKED])
def test_what_is_to_be_there_once_is_never_there_twice(name: str) -> None:
    model, constraint = CONSTRAINTS[name]
    entry = ENTRIES[name]
    assert isinstance(entry, Twice)
    assert isinstance(constraint, models.UniqueConstraint)
    made = Made()
    stands = made.values(model, entry.stands)
    first = any_row(model, **stands)
    same = {**stands, **{column: getattr(first, column) for column in constraint.fields}}
    columns = [column(model, each) for each in constraint.fields]

    with refused(says(name, model, *columns)):
        any_row(model, **{**same, **made.values(model, entry.again)})
    if entry.apart:
        any_row(model, **{**same, **made.values(model, entry.apart)})


def test_a_condition_under_which_something_is_there_once_is_tried_from_both_sides() -> None:
    """Where it says who else it leaves alone; `bar` means two columns of which one is filled."""
    partial = {
        name
        for name, (_, constraint) in CONSTRAINTS.items()
        if isinstance(constraint, models.UniqueConstraint) and constraint.condition
    }

    both = {name for name, entry in ENTRIES.items() if isinstance(entry, Twice) and entry.apart}
    assert both == partial - {"unit_barred_once", "officer_barred_once"}


@pytest.mark.parametrize("name", UNIQUE)
def test_a_unique_column_never_holds_a_value_twice(name: str) -> None:
    model, field = UNIQUE[name]
    given = {**STANDS.get(name, {}), field.name: any_value(field)}
    any_row(model, **given)

    with refused(says(field.name, model, column(model, field.name))):
        any_row(model, **given)


# -------------------------------------------------------------------- of kinds
@pytest.mark.parametrize("name", OF_KINDS)
def test_what_a_kind_says_of_its_cases_holds_for_each(name: str) -> None:
    made = Made()

    for check in OF_KINDS[name]:
        stands = made.values(Case, check.stands)
        row = any_row(Case, **stands)
        for wrong in check.refused:
            values = made.values(Case, wrong)
            with refused(name):
                Case.objects.filter(pk=row.pk).update(**values)
            with refused(name):
                any_row(Case, **{**stands, **values})


def test_each_constraint_of_a_kind_is_there_and_has_an_entry() -> None:
    if connection.vendor == "postgresql":
        request = "SELECT conname FROM pg_constraint WHERE conrelid = 'cases_case'::regclass"
        with connection.cursor() as cursor:
            cursor.execute(f"{request} AND contype = 'c'")
            found = {name for (name,) in cursor.fetchall()}
        of_models = set(CONSTRAINTS)
        own = {name for name in found if name not in of_models and "cases_case" not in name}
        assert own == set(OF_KINDS)
    else:
        triggers = {f"{name}_{what}" for name in OF_KINDS for what in OF_A_KIND}
        assert triggers <= there()


# -------------------------------------------------------------------- triggers
def sql(statement: str, *values: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def rejected(**given: object) -> Any:
    return any_row(Case, stage="rejected", ended_at=NOW, **given)


def _follow_a_rejected() -> None:
    Case.objects.filter(pk=rejected().pk).update(duplicate_of=rejected())


def _reject_what_is_followed() -> None:
    original = any_row(Case)
    rejected(duplicate_of=original)
    Case.objects.filter(pk=original.pk).update(stage="rejected", ended_at=NOW)


def _again(model: type[models.Model], **same: object) -> None:
    row = any_row(model, **same)
    columns = [column(model, field.name) for field in model._meta.concrete_fields]
    names, table = ", ".join(columns), model._meta.db_table
    sql(
        f"INSERT OR REPLACE INTO {table} ({names}) SELECT {names} FROM {table} WHERE id = %s",
        row.pk,
    )


def closed() -> Any:
    return any_row(Unit, end_date=TODAY)


def _give_to_a_closed_unit() -> None:
    Case.objects.filter(pk=any_row(Case).pk).update(owner=closed())


def _open_in_a_closed_unit() -> None:
    ended = rejected(owner=closed())
    Case.objects.filter(pk=ended.pk).update(stage="reported", ended_at=None)


def _close_a_unit_with_an_open_case() -> None:
    Unit.objects.filter(pk=any_row(Case).owner_id).update(end_date=TODAY)


OF_A_KIND = ("added", "changed")
Acts = tuple[Callable[[], object], ...]
UPDATES: dict[str, Acts] = {
    "journal_entry": (
        lambda: sql("UPDATE journal_entry SET note = 'x' WHERE id = %s", any_row(JournalEntry).pk),
    ),
    "journal_anchor": (
        lambda: sql("UPDATE journal_anchor SET leaves = 2 WHERE id = %s", any_row(Anchor).pk),
    ),
}
DELETES: dict[str, Acts] = {
    "journal_entry": (
        lambda: sql("DELETE FROM journal_entry WHERE id = %s", any_row(JournalEntry).pk),
    ),
    "journal_anchor": (
        lambda: sql("DELETE FROM journal_anchor WHERE id = %s", any_row(Anchor).pk),
    ),
}
OF_CASES: dict[str, Acts] = {
    "original_is_never_rejected_added": (lambda: rejected(duplicate_of=rejected()),),
    "original_is_never_rejected_followed": (_follow_a_rejected,),
    "original_is_never_rejected_ended": (_reject_what_is_followed,),
}
# Of `TRIGGERS` in `constraints.py` in the tests of an app, on both engines.
OF_PARTS: dict[str, Acts] = {
    name: acts for module in _modules() for name, acts in getattr(module, "TRIGGERS", {}).items()
}
TRIGGERS: dict[str, dict[str, Acts]] = {
    "sqlite": {
        **OF_CASES,
        **OF_PARTS,
        **{f"{table}_never_updated": acts for table, acts in UPDATES.items()},
        **{f"{table}_never_deleted": acts for table, acts in DELETES.items()},
        "journal_entry_never_replaced": (lambda: _again(JournalEntry),),
        "journal_anchor_never_replaced": (lambda: _again(Anchor, until_at=NOW),),
    },
    "postgresql": {
        **OF_CASES,
        **OF_PARTS,
        "no_open_case_in_a_closed_unit_added": (lambda: any_row(Case, owner=closed()),),
        "no_open_case_in_a_closed_unit_given": (_give_to_a_closed_unit, _open_in_a_closed_unit),
        "no_open_case_in_a_closed_unit_closed": (_close_a_unit_with_an_open_case,),
        **{
            f"{table}_never_changes": (
                *acts,
                *DELETES[table],
                lambda table=table: sql(f"TRUNCATE {table}"),  # type: ignore[misc]
            )
            for table, acts in UPDATES.items()
        },
    },
}
# They refuse nothing: they keep the index of the words on SQLite (tests/cases/test_words.py).
KEEP_AN_INDEX = {
    f"{app}_words_{event}"
    for app in ("cases", "sites")
    for event in ("added", "removed", "changed")
}
# Nor do these: they count what is ever written (tests/journal/test_counting.py).
COUNT = {"journal_entry_is_counted", "journal_anchor_is_counted"}


def there() -> set[str]:
    """The triggers of the database."""
    request = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    with connection.cursor() as cursor:
        cursor.execute(request[connection.vendor])
        return {name for (name,) in cursor.fetchall()}


def test_every_trigger_is_there_and_has_an_entry() -> None:
    of_kinds = {f"{name}_{what}" for name in OF_KINDS for what in OF_A_KIND}
    request = there() - KEEP_AN_INDEX - COUNT - of_kinds
    assert request == set(TRIGGERS[connection.vendor])


@pytest.mark.parametrize("name", sorted({name for each in TRIGGERS.values() for name in each}))
def test_a_trigger_refuses_what_it_is_there_for(name: str) -> None:
    acts = TRIGGERS[connection.vendor].get(name, ())

    for act in acts:
        with refused("append-only" if name.startswith("journal") else name.rpartition("_")[0]):
            act()
