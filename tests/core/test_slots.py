"""A reception day is shared out in whole slots."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.core.slots import NoSlots, require_slots, slots


@given(st.integers(0, 1439), st.integers(0, 1439), st.integers(1, 240))
def test_every_slot_is_whole_and_none_overlaps(start: int, end: int, minutes: int) -> None:
    found = slots(time(start // 60, start % 60), time(end // 60, end % 60), minutes)

    begins = [at.hour * 60 + at.minute for at in found]
    assert begins == [start + n * minutes for n in range(len(begins))]
    assert all(at + minutes <= end for at in begins)
    assert len(begins) == max(end - start, 0) // minutes


@pytest.mark.parametrize(
    ("ends_at", "minutes"), [(time(9, 20), 30), (time(8), 30), (time(12), 0), (time(12), 1)]
)
def test_a_day_needs_some_slots_and_not_hundreds(ends_at: time, minutes: int) -> None:
    with pytest.raises(NoSlots):
        require_slots(time(9), ends_at, minutes)
