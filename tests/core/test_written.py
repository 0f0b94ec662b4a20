"""The tables of the lifecycles say what is written down of them, to the last word."""

from __future__ import annotations

import pytest

from bihuan.core.grievance import GRIEVANCE
from bihuan.core.hazard import HAZARD
from bihuan.core.lifecycle import Lifecycle
from bihuan.core.mediation import MEDIATION
from bihuan.core.suggestion import SUGGESTION
from tests.core import written

TABLES = {table.kind: table for table in (HAZARD, GRIEVANCE, SUGGESTION, MEDIATION)}
ROWS = [(table, row.move) for table in TABLES.values() for row in table.transitions]


@pytest.mark.parametrize(
    ("table", "move"), ROWS, ids=[f"{table.kind}-{move}" for table, move in ROWS]
)
def test_a_move_is_as_it_is_written_down(table: Lifecycle, move: str) -> None:
    assert written.of(table.transition(move)) == written.of_kind(table)[move]


@pytest.mark.parametrize("kind", TABLES)
def test_every_move_and_every_end_is_written_down(kind: str) -> None:
    table = TABLES[kind]

    assert set(written.of_kind(table)) == {row.move for row in table.transitions}
    assert written.ends(kind) == table.ended
