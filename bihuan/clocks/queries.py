"""Queries for the clocks of many subjects at once."""

from __future__ import annotations

from collections.abc import Iterable

from bihuan.clocks.models import Clock


def latest_of(subjects: Iterable[str]) -> dict[str, Clock]:
    """Return the most recently started clock of each subject, running or not."""
    rows = Clock.objects.filter(subject__in=set(subjects)).order_by("pk")
    return {row.subject: row for row in rows}
