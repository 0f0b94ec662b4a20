"""Values that are computed once for each object."""

from dataclasses import dataclass, field

from bihuan.core.once import PerObject


@dataclass
class Owner:
    number: int
    asked: list[int] = field(default_factory=list)


def _compute(owner: Owner) -> int:
    owner.asked.append(owner.number)
    return owner.number * 2


def test_a_value_is_computed_once_for_each_object_even_of_equal_ones() -> None:
    doubled, one, same = PerObject("doubled", _compute), Owner(3), Owner(3)

    assert (doubled(one), doubled(one), doubled(same)) == (6, 6, 6)
    assert (one.asked, same.asked) == ([3], [3])


def test_it_is_computed_again_once_forgotten() -> None:
    doubled, one = PerObject("doubled", _compute), Owner(3)
    doubled(one)
    one.number = 5

    doubled.forget(one)

    assert doubled(one) == 10
