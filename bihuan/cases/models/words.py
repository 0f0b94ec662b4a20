"""The words of a case, in a form that each database can search by an index.

A row holds the pieces that `core.wordlike` makes of a text: a `tsvector` with a GIN index on
PostgreSQL; on SQLite a text beside a full-text table that triggers keep in step (migration 0002).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql.compiler import SQLCompiler


class WordsField(models.TextField[str, str]):
    """Pieces of text, separated by spaces."""

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """A plain text to migrations; migration 0002 makes a tsvector of it on PostgreSQL."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs

    def get_placeholder(
        self, value: Any, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> str:
        return "%s::tsvector" if connection.vendor == "postgresql" else "%s"


@WordsField.register_lookup
class Matches(models.Lookup[Sequence[str]]):
    """All of these pieces are there; one that ends in * stands for any ending."""

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
        key = left.rpartition(".")[0] + '."case_id"'
        wanted = " AND ".join(
            f'"{piece[:-1]}"*' if piece.endswith("*") else f'"{piece}"' for piece in self.rhs
        )
        found = "SELECT rowid FROM cases_words_index WHERE cases_words_index MATCH %s"
        return f"{key} IN ({found})", [*params, wanted]


class CaseWords(models.Model):
    """What a search finds a case by: number, title, place, description, category."""

    case = models.OneToOneField(
        "cases.Case", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    words = WordsField()

    def __str__(self) -> str:
        return f"words of {self.case_id}"


class Unindexed(models.Model):
    """Cases of an import (first and last id) whose words are yet to be indexed."""

    first = models.BigIntegerField()
    last = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.first} to {self.last}"


def one_text(pieces: Iterable[str]) -> str:
    return " ".join(sorted(pieces))
