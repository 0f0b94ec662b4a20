"""The triggers that keep an ended inspection as it is."""

from __future__ import annotations

OF_ENDED = ("answer", "inspector", "photo", "settlement", "signature")
NAMES = (
    "ended_inspection_stays_changed",
    "ended_inspection_stays_removed",
    *(
        f"{table}_of_ended_inspection_stays_{event}"
        for table in OF_ENDED
        for event in ("added", "changed", "removed")
    ),
)
TRIGGERS = {"postgresql": NAMES, "sqlite": NAMES}
