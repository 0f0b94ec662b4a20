"""Every refusal is explained to the person who is refused."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any, get_args, get_type_hints

import pytest
from django.utils.encoding import force_str

from bihuan.core.refusal import Refusal
from tests.sources import modules

SAMPLES: dict[type, Any] = {
    str: "x",
    int: 3,
    bool: True,
    date: date(2026, 11, 4),
    datetime: datetime(2026, 11, 4, tzinfo=UTC),
}


class Unheard(Refusal):
    """A refusal that no wording knows."""


def _refusals() -> list[type[Refusal]]:
    assert modules()
    return sorted(_below(Refusal), key=lambda kind: (kind.__module__, kind.__name__))


def _below(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    for refusal in kind.__subclasses__():
        if refusal.__module__.startswith("bihuan."):
            yield refusal
        yield from _below(refusal)


def _example(kind: type[Refusal]) -> Refusal:
    """A refusal of this kind, with something in each of its fields."""
    hints = get_type_hints(kind.__init__) if "__init__" in vars(kind) else {}
    return kind(*(_sample(hint) for name, hint in hints.items() if name != "return"))


def _sample(hint: Any) -> Any:
    kind = next((part for part in get_args(hint) if part is not type(None)), hint)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return next(iter(kind))
    return SAMPLES.get(kind, "x")


def _explanations(refusal: Refusal) -> set[str]:
    """What the apps' wordings make of a refusal of the kind that they say they explain."""
    explains = [
        module.explain
        for module in modules()
        if module.__name__.endswith(".wording") and hasattr(module, "explain")
    ]
    return {
        force_str(explain(refusal))
        for explain in explains
        if isinstance(refusal, get_type_hints(explain)["refusal"])
    }


@pytest.mark.parametrize("kind", _refusals(), ids=lambda kind: kind.__name__)
def test_a_refusal_is_explained(kind: type[Refusal]) -> None:
    told = _explanations(_example(kind)) - _explanations(Unheard()) - {""}

    assert told
