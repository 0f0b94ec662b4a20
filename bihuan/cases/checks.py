"""Start-up checks that what kinds register fits the columns of a case."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.checks import CheckMessage, Error

from bihuan.cases import kinds
from bihuan.cases.kinds import Kind
from bihuan.cases.models import Case
from bihuan.quoting import field_of


def kinds_fit(**_options: Any) -> list[CheckMessage]:
    return faults(kinds.every())


def faults(registered: Iterable[Kind]) -> list[CheckMessage]:
    """Return names and stages that do not fit their columns, and kinds with the same number
    prefix.
    """
    room = {name: field_of(Case, name).max_length for name in ("kind", "stage")}
    found: list[CheckMessage] = []
    series: set[str] = set()
    for kind in registered:
        said = [("kind", kind.name), *(("stage", stage) for stage in kind.lifecycle.stages)]
        found += [
            Error(f"{kind.name}: the {name} {text!r} is longer than its column", id="cases.E001")
            for name, text in said
            if len(text) > (room[name] or 0)
        ]
        if kind.series in series:
            found.append(Error(f"{kind.name}: another kind has {kind.series}", id="cases.E002"))
        series.add(kind.series)
    return found
