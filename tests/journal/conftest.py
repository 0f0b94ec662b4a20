"""A journal to be tampered with."""

from datetime import timedelta

import pytest

from bihuan.journal import sealing
from bihuan.journal.actions import record
from tests.factories import NOW, TODAY, make_member
from tests.journal.forging import CASE

ACTS = ("report", "confirm", "assign", "submit", "verify")


@pytest.fixture
def three_chains(db: None) -> None:
    """Two neighbours and the case between them, whose five acts fell on two sealed days."""
    officer = make_member()
    record("case/before", "report", by=officer, at=NOW)
    for number, act in enumerate(ACTS):
        record(
            CASE,
            act,
            by=officer if number else None,
            at=NOW + timedelta(hours=number * 6),
            note=f"第{number}步",
            after={"stage": act},
            detail={"n": number},
        )
    record("case/zafter", "report", by=officer, at=NOW)
    record("case/zafter", "confirm", by=officer, at=NOW)
    sealing.anchor(TODAY + timedelta(days=1), now=NOW + timedelta(days=2))
