"""What the office owes a reporter, and by which day."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from bihuan.cases.models import Case
from bihuan.clocks.actions import running
from bihuan.clocks.models import Clock
from bihuan.core import rules
from bihuan.core.deadlines import Due
from bihuan.core.rules import Party


def promised(case: Case) -> Due | None:
    """Return the first legal deadline by which the office owes the reporter something."""
    return first_promise(case.clocks.filter(rule_id__in=rights()))


def first_promise(rows: Iterable[Clock]) -> Due | None:
    """Return the same from clocks that are already loaded."""
    owed = (row for row in rows if row.rule_id in rights())
    first = min(owed, key=lambda row: row.due_at, default=None)
    return None if first is None else running.last_day(first)


@cache
def rights() -> tuple[str, ...]:
    """Return the rules by which the office owes something that the public may be shown."""
    return tuple(
        rule.id
        for rule in rules.every_rule()
        if rule.is_public_right and rule.owed_by is Party.STAFF
    )
