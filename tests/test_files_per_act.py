"""How many files an act of a hazard passes through, as seen in a debugger that follows it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import pytest
from django.test import Client

from bihuan.cases.models import Case
from tests.factories import Cast, make_cast, make_unit
from tests.sources import ROOT
from tests.test_tour import _make, _report, _steps

CODE = f"{ROOT / 'bihuan'}/"
ACTS = f"{CODE}hazards/actions/"
# A file more is a decision: what is gained by it, and could another one go? See docs/bench.md.
# Six of them choose the officers that an act notifies, and store the notices; one more when work
# starts reads the other posts of those who do it. The models of the organisation are in several,
# by units, officers and posts. Two are the chain of major hazards: its facts, and its listing.
AT_MOST = {
    "report": 50,
    "confirm": 39,
    "assign": 39,
    "start": 31,
    "submit": 47,
    "verify": 42,
    "close": 43,
    "recheck": 34,
}


class Files:
    """The files of functions that are called from the outermost action until it returns."""

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self._action: FrameType | None = None

    def __call__(self, frame: FrameType, event: str, _arg: Any) -> None:
        name = frame.f_code.co_filename
        if event == "return" and frame is self._action:
            self._action = None
        if event != "call" or not name.startswith(CODE):
            return
        if self._action is None and name.startswith(ACTS):
            self._action = frame
        if self._action is not None:
            self.seen.add(name)


@contextmanager
def _watched() -> Iterator[Files]:
    files = Files()
    before = sys.getprofile()
    sys.setprofile(files)
    try:
        yield files
    finally:
        sys.setprofile(before)


def _act(client: Client, cast: Cast, act: str) -> Callable[[], object]:
    if act == "report":
        return lambda: _report(client, cast)
    case = Case.objects.latest("pk")
    return lambda: _make(client, case, act, cast)


def _passed(client: Client, cast: Cast) -> dict[str, int]:
    """The number of files of each act, on a case of its own."""
    passed = {}
    for act, role, *_ in _steps():
        client.force_login(getattr(cast, role))
        made = _act(client, cast, act)
        with _watched() as files:
            made()
        passed[act] = len(files.seen)
    return passed


@pytest.mark.django_db
def test_an_act_of_a_hazard_passes_through_no_more_files(client: Client) -> None:
    cast = make_cast(make_unit(make_unit()))

    _passed(client, cast)  # what a process loads once belongs to no act
    passed = _passed(client, cast)

    assert {act: count for act, count in passed.items() if count > AT_MOST[act]} == {}
    assert passed.keys() == AT_MOST.keys()
