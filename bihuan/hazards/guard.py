"""The triggers that keep what was stated once."""

from __future__ import annotations

NAMES = tuple(
    f"{table}_stays_as_it_was_{event}"
    for table in ("majors_report",)
    for event in ("changed", "removed")
)
