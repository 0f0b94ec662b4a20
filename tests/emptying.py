"""Emptying tables between tests and in them, even those that may never lose a row."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.apps import apps
from django.db import connection, models, transaction
from django.db.backends.base.operations import BaseDatabaseOperations

# What Django makes once after migrating, and would make again after each emptying: it stays.
MADE_BY_DJANGO = {"django_content_type", "auth_permission"}


def empty_all(_operations: BaseDatabaseOperations, _sql: Sequence[str]) -> None:
    """What Django calls at the end of a transactional test."""
    found = apps.get_models(include_auto_created=True)
    empty({model._meta.db_table for model in found if model._meta.managed} - MADE_BY_DJANGO)


def empty(tables: Collection[str]) -> None:
    """Only what holds rows: few of a hundred tables, and the others take their time as well."""
    holds_rows = (f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in sorted(tables))
    before, after = _lifting_triggers()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(holds_rows))
        emptying = [f"DELETE FROM {name}" for (name,) in cursor.fetchall()]
        for statement in [*before, *emptying, *after] if emptying else ():
            cursor.execute(statement)


def tables_around(*roots: type[models.Model]) -> set[str]:
    """Their tables, and each that refers to one of them, directly or over others."""
    found: set[type[models.Model]] = set()
    ahead = list(roots)
    while ahead:
        model = ahead.pop()
        if model not in found:
            found.add(model)
            fields = model._meta.get_fields(include_hidden=True)
            ahead += filter(None, map(_referring, fields))
    return {model._meta.db_table for model in found}


def _referring(field: object) -> type[models.Model] | None:
    """The model whose key it is, where a field stands for one that leads here."""
    model = field.related_model if isinstance(field, models.ManyToOneRel) else None
    return model if isinstance(model, type) else None


def _lifting_triggers() -> tuple[list[str], list[str]]:
    """What to run before and after, in the same transaction as the emptying."""
    if connection.vendor == "postgresql":
        return ["SET LOCAL session_replication_role = replica"], []
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
    return [f'DROP TRIGGER "{name}"' for name, _ in triggers], [sql for _, sql in triggers]
