"""An undo that is killed at any moment has changed nothing, or everything."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import count
from signal import SIGKILL
from typing import Any

import pytest

from tests.faults.places import journal
from tests.faults.processes import Forking, Installation, ready

pytestmark = pytest.mark.slow

PROGRAM = "tests.faults.undoings"


@pytest.fixture
def fork(installation: Installation) -> Iterator[Forking]:
    with ready(installation).forking() as fork:
        yield fork


def _said(fork: Forking, *arguments: object) -> Any:
    done = fork.python(PROGRAM, *arguments)
    assert done.status == 0, done.err
    return json.loads(done.out.splitlines()[-1])


@pytest.mark.parametrize("move", ["confirm", "submit"])
def test_a_killed_undo_has_done_nothing_or_everything(fork: Forking, move: str) -> None:
    planted = _said(fork, "plant", move)
    number, made, before = planted["number"], planted["made"], planted["before"]
    assert made["rows"] != before["rows"]

    for moment in count(1):
        done = fork.python(PROGRAM, "undo", moment, number, planted["member"])
        if done.status != -SIGKILL:
            break
        assert _said(fork, "look", number) == made, moment

    # Every statement of the undo and its commit was a moment at which it was killed.
    assert done.status == 0, done.err
    assert int(done.out.splitlines()[-1]) == moment - 1 > 10
    undone = _said(fork, "look", number)
    assert undone["rows"] == before["rows"]
    assert (undone["letters"], undone["mails"]) == (before["letters"], before["mails"])
    assert undone["entries"] == [*made["entries"], "undo"]
    assert undone["undone"] == 1
    assert {audience for _phase, audience in undone["photos"]} <= {"office"}
    assert journal(fork)["ok"]
    again = fork.python(PROGRAM, "undo", 0, number, planted["member"])
    assert "AlreadyUndone" in again.err
    assert _said(fork, "look", number) == undone
