"""From the names of a model's fields to what stands for them in SQL."""

from typing import Any, TypeAlias

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

Field: TypeAlias = "models.Field[Any, Any]"


def field_of(model: type[models.Model], name: str) -> Field:
    field = model._meta.get_field(name)
    assert isinstance(field, models.Field)
    return field


def column(field: Field) -> str:
    """The field's column, quoted."""
    return connection.ops.quote_name(str(field.column))


def table(model: type[models.Model]) -> str:
    """The model's table, quoted."""
    return connection.ops.quote_name(model._meta.db_table)


def this_threads_own() -> BaseDatabaseWrapper:
    """The connection behind `connection`, which looks it up again for each of its attributes."""
    return connections[DEFAULT_DB_ALIAS]
