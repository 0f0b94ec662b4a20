"""Words of a ledger about the end of a hazard, taken together."""

import pytest

from bihuan.core.closing import Closing, may_stand, together

CLOSED, OPEN, UNFIXED = Closing


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({CLOSED}, CLOSED),
        ({OPEN}, OPEN),
        ({UNFIXED}, UNFIXED),
        ({OPEN, UNFIXED}, UNFIXED),
        ({CLOSED, OPEN}, None),
        ({CLOSED, UNFIXED}, None),
        ({CLOSED, OPEN, UNFIXED}, None),
        (set(), None),
    ],
)
def test_words_that_contradict_each_other_mean_nothing(
    answer: set[Closing], expected: Closing | None
) -> None:
    assert together(frozenset(answer)) is expected


@pytest.mark.parametrize("closing", Closing)
@pytest.mark.parametrize("verified", [True, False])
def test_only_what_is_not_fixed_cannot_be_verified(closing: Closing, verified: bool) -> None:
    assert may_stand(closing, verified=verified) is not (closing is UNFIXED and verified)
    assert closing.is_closed is (closing is CLOSED)
