"""Whatever is typed into a field of a form that somebody may send, is no error of ours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from tests.walk.oddities import NothingStays, Oddities
from tests.walk.people import Answer, Person
from tests.walk.test_pages import EVERYTHING, Walk
from tests.walk.world import World

pytestmark = [pytest.mark.walk, pytest.mark.slow]


@pytest.fixture
def nothing_stays(settings: Any) -> None:
    """Before the server begins."""
    marked = f"{NothingStays.__module__}.{NothingStays.__qualname__}"
    settings.MIDDLEWARE = [marked, *settings.MIDDLEWARE]


@pytest.mark.parametrize("walk", EVERYTHING, ids=lambda walk: walk.__name__)
def test_no_field_of_a_form_that_is_sent_is_an_error_of_ours(
    nothing_stays: None, world: World, walk: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd, send = Oddities(), Person.post

    def post(person: Person, path: str, sent: Sequence[tuple[str, str | bytes]] = ()) -> Answer:
        odd.before(person, path, sent)
        return send(person, path, sent)

    monkeypatch.setattr(Person, "post", post)
    walk(world)

    assert odd.faults == []
    assert odd.tried
