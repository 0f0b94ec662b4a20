"""The check of confidential cases for the operator."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import ngettext

from bihuan.cases.actions import unopened as unopened_cases
from bihuan.web.checks import Level


def unopened(now: datetime) -> Iterator[tuple[Level, str]]:
    """Report how many open confidential cases no officer may open."""
    count = unopened_cases.count(now)
    if not count:
        return
    text = ngettext(
        "no officer may open one of the open confidential cases; appoint officers who are not "
        "excluded",
        "no officer may open %(n)d of the open confidential cases; appoint officers who are not "
        "excluded",
        count,
    )
    yield Level.WARN, text % {"n": count}
