"""Ask in one statement which of several questions have an answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet


def which_exist(questions: Sequence[QuerySet[Any, Any]]) -> list[bool]:
    """Return for each of these querysets whether it has rows, as `exists` does, in one query."""
    found = [False] * len(questions)
    asked, statements, values = [], [], []
    for n, question in enumerate(questions):
        compiler = question.query.exists().get_compiler(connection=connection)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            continue
        asked.append(n)
        statements.append(f"EXISTS ({sql})")
        values += params
    if asked:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(statements)}", values)
            for n, has_rows in zip(asked, cursor.fetchone(), strict=True):
                found[n] = bool(has_rows)
    return found
