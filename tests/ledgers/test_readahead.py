"""Reading ahead changes when items are made, and nothing else."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from bihuan.ledgers.readahead import read_ahead


class Broken(Exception):
    """What goes wrong in these tests."""


def running() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "read-ahead"]


def failing(after: int) -> Iterator[int]:
    yield from range(after)
    raise Broken


@pytest.mark.parametrize("count", [0, 1, 2, 3, 500])
def test_all_items_come_in_their_order(count: int) -> None:
    assert list(read_ahead(range(count))) == list(range(count))
    assert not running()


def test_items_are_made_in_another_thread() -> None:
    here = threading.get_ident()

    assert list(read_ahead(threading.get_ident() != here for _ in range(3))) == [True] * 3


def test_no_more_wait_than_asked_for() -> None:
    made: list[int] = []

    def making() -> Iterator[int]:
        for number in range(100):
            made.append(number)
            yield number

    items = read_ahead(making(), depth=2)
    first = next(items)

    # One is in use, two wait, and one more is held by the thread that cannot put it down.
    assert first == 0
    assert len(made) <= 4
    items.close()


@pytest.mark.parametrize("after", [0, 1, 7])
def test_an_error_is_raised_where_it_fell(after: int) -> None:
    seen: list[int] = []

    with pytest.raises(Broken):
        seen.extend(read_ahead(failing(after)))

    assert seen == list(range(after))
    assert not running()


def test_closing_ends_the_thread() -> None:
    items = read_ahead(iter(int, 1))
    next(items)
    assert running()

    items.close()

    assert not running()


def test_a_consumer_that_fails_ends_the_thread() -> None:
    with pytest.raises(Broken):
        _stumble()

    assert not running()


def _stumble() -> None:
    for _ in read_ahead(iter(int, 1)):
        raise Broken
