"""The words of a case, in a form that each database can search by an index.

A row contains the terms that `core.wordlike` extracts from a text: a `tsvector` with a GIN index on
PostgreSQL; on SQLite a text with a full-text table that triggers keep in sync (migration 0002).
Another app may have such a table of its own: its full-text table on SQLite is "<app>_words_index".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql.compiler import SQLCompiler


class WordsField(models.TextField[str, str]):
    """Terms of a text, separated by spaces."""

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """A plain text in migrations; migration 0002 converts it to a tsvector on PostgreSQL."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs

    def get_placeholder(
        self, value: Any, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> str:
        return "%s::tsvector" if connection.vendor == "postgresql" else "%s"


@WordsField.register_lookup
class Matches(models.Lookup[Sequence[str]]):
    """All of these terms are present; one that ends in * matches any ending."""

    lookup_name = "matches"
    prepare_rhs = False

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, list[str | int]]:
        left, params = self.process_lhs(compiler, connection)
        wanted = " & ".join(
            f"'{piece[:-1]}':*" if piece.endswith("*") else f"'{piece}'" for piece in self.rhs
        )
        return f"{left} @@ %s::tsquery", [*params, wanted]

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, list[str | int]]:
        left, params = self.process_lhs(compiler, connection)
        model = self.lhs.output_field.model
        key, index = model._meta.pk.column, f"{model._meta.app_label}_words_index"
        key = f'{left.rpartition(".")[0]}."{key}"'
        wanted = " AND ".join(
            f'"{piece[:-1]}"*' if piece.endswith("*") else f'"{piece}"' for piece in self.rhs
        )
        found = f"SELECT rowid FROM {index} WHERE {index} MATCH %s"
        return f"{key} IN ({found})", [*params, wanted]


class CaseWords(models.Model):
    """The search index of a case: number, title, place, description, category."""

    case = models.OneToOneField(
        "cases.Case", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    words = WordsField()

    def __str__(self) -> str:
        return f"words of {self.case_id}"


class Unindexed(models.Model):
    """Cases of an import (first and last id) whose words have not been indexed yet."""

    first = models.BigIntegerField()
    last = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.first} to {self.last}"


def one_text(pieces: Iterable[str]) -> str:
    return " ".join(sorted(pieces))
