"""What the triggers refuse that keep a row as it was stated, for `TRIGGERS` of an app."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db import models

from tests.anyrow import any_row

Acts = tuple[Callable[[], object], ...]


def kept(
    name: str, model: type[models.Model], row: Mapping[str, Any], *changes: Mapping[str, Any]
) -> dict[str, Acts]:
    """Return, for both triggers of the table, raw changes and the raw removal of such a row."""

    def change(to: Mapping[str, Any]) -> None:
        pk = any_row(model, **row).pk
        model._base_manager.filter(pk=pk).update(**to)

    def remove() -> None:
        pk = any_row(model, **row).pk
        model._base_manager.filter(pk=pk)._raw_delete(using="default")

    return {
        f"{name}_stays_as_it_was_changed": tuple(lambda to=to: change(to) for to in changes),  # type: ignore[misc]
        f"{name}_stays_as_it_was_removed": (remove,),
    }
