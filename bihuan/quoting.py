"""Map the names of a model's fields to SQL."""

from typing import Any, TypeAlias

from django.db import connection, models

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
