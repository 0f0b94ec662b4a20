"""Which times of a machine can be believed."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bihuan.core.timekeeping import APART, BACKWARDS, LONGEST_PAUSE, Jump, agree, jumped
from tests.clock import NOW

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("last", "jump"),
    [
        (None, None),
        (NOW, None),
        (NOW - LONGEST_PAUSE, None),
        (NOW - LONGEST_PAUSE - SECOND, Jump.AHEAD),
        (NOW + BACKWARDS, None),
        (NOW + BACKWARDS + SECOND, Jump.BACK),
    ],
)
def test_a_time_far_from_the_last_one_is_a_jump(last: datetime | None, jump: Jump | None) -> None:
    assert jumped(NOW, last=last) is jump


@pytest.mark.parametrize("sign", [1, -1])
def test_a_time_far_from_that_of_the_database_is_a_jump(sign: int) -> None:
    assert jumped(NOW, database=NOW + sign * APART) is None
    assert jumped(NOW, last=NOW, database=NOW + sign * (APART + SECOND)) is Jump.APART


def test_a_person_and_the_machine_agree_within_minutes() -> None:
    assert agree(NOW, NOW - APART)
    assert not agree(NOW, NOW + APART + SECOND)
