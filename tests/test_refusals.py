"""Every refusal is explained to the person who is refused."""

import inspect
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils.encoding import force_str

from bihuan.core.refusal import Refusal
from tests.sources import modules

SAMPLES = {
    "str": "x",
    "int": 3,
    "date": date(2026, 11, 4),
    "datetime": datetime(2026, 11, 4, tzinfo=UTC),
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
    arguments = []
    for parameter in inspect.signature(kind).parameters.values():
        if parameter.kind is not parameter.VAR_KEYWORD:
            arguments.append(_sample(parameter.annotation))
    return kind(*arguments)


def _sample(annotation: Any) -> Any:
    name = annotation if isinstance(annotation, str) else getattr(annotation, "__name__", "")
    return SAMPLES.get(name.partition(" ")[0], "x")


def _explanations(refusal: Refusal) -> set[str]:
    """What the apps' wordings make of a refusal."""
    return {
        force_str(module.explain(refusal))
        for module in modules()
        if module.__name__.endswith(".wording") and hasattr(module, "explain")
    }


@pytest.mark.parametrize("kind", _refusals(), ids=lambda kind: kind.__name__)
def test_a_refusal_is_explained(kind: type[Refusal]) -> None:
    told = _explanations(_example(kind)) - _explanations(Unheard()) - {""}

    assert told
