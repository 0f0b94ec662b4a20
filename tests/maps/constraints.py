"""How each constraint of maps is violated."""

from __future__ import annotations

from tests.constraints import Check, Entry

ENTRIES: dict[str, Entry] = {
    "boundary_lies_on_the_ground": Check(
        {"west": 100.0, "south": 25.0, "east": 100.1, "north": 25.1},
        (
            {"west": -181.0},
            {"east": 181.0},
            {"south": -91.0},
            {"north": 91.0},
            {"east": 99.0},
            {"north": 24.0},
        ),
    ),
}
