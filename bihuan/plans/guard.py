"""The triggers that keep draws, and what was missed."""

from __future__ import annotations

NAMES = tuple(
    f"{table}_stays_as_it_was_{event}"
    for table in ("draw", "conflict", "planned", "review", "round")
    for event in ("changed", "removed")
)
