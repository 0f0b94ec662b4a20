"""The triggers that keep a letter that was issued as it is."""

from __future__ import annotations

NAMES = (
    "issued_letter_stays_changed",
    "issued_letter_stays_removed",
    *(f"photo_of_issued_letter_stays_{event}" for event in ("added", "changed", "removed")),
)
TRIGGERS = {"postgresql": NAMES, "sqlite": NAMES}
