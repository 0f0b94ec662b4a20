"""Map the names of a model's fields to SQL."""

from typing import Any, TypeAlias

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

Field: TypeAlias = "models.Field[Any, Any]"


def field_of(model: type[models.Model], name: str) -> Field:
    field = model._meta.get_field(name)
    assert isinstance(field, models.Field)
    return field


def column(field: Field) -> str:
    """Return the field's quoted column name."""
    return connection.ops.quote_name(str(field.column))


def table(model: type[models.Model]) -> str:
    """Return the model's quoted table name."""
    return connection.ops.quote_name(model._meta.db_table)


def this_threads_own() -> BaseDatabaseWrapper:
    """Return the actual connection of this thread: the `connection` proxy resolves it for each
    attribute.
    """
    return connections[DEFAULT_DB_ALIAS]
