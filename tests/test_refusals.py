"""Every refusal is explained to the person who is refused."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from enum import Enum
from inspect import signature
from itertools import product
from typing import Any, get_args, get_type_hints

import pytest
from django.utils.encoding import force_str

from bihuan.core.refusal import Refusal
from bihuan.ledgers.mapping import MappingFault, Unanswered
from bihuan.ledgers.wording import MAPPINGS
from bihuan.sheets.ledger import types
from bihuan.sheets.ledger.rows import Answer, Doubt, FieldChange, Question, Resembles
from bihuan.sheets.refusals import SheetFault, SheetRefused
from tests.sources import modules

SAMPLES: dict[type, Any] = {
    str: "x",
    int: 3,
    bool: True,
    date: date(2026, 11, 4),
    datetime: datetime(2026, 11, 4, tzinfo=UTC),
}

DETAILS = [
    "byte",
    "columns",
    "encoding",
    "limit",
    "mebibytes",
    "part",
    "parts",
    "row",
    "rows",
    "seconds",
    "sheet",
    "titles",
]
# Refusals whose types do not say what their fields may hold.
LOOSE: dict[type[Refusal], list[Refusal]] = {
    Resembles: [
        Resembles(Question(2, kind, doubt, "1", "1", "x", "y", ended, secret, changes, [], answer))
        for kind in [each.kind for each in types.every()]
        for doubt in Doubt
        for ended in (True, False)
        for secret in (True, False)
        for answer in (None, Answer.LEAVE)
        for changes in ([], [FieldChange("place", "x", "z")])
    ],
    MappingFault: [MappingFault(code, "x", "y") for code in MAPPINGS],
    Unanswered: [Unanswered([("单位", ("unit", "place")), ("整改时间", ("deadline",))], "hazard")],
    SheetRefused: [SheetRefused(fault, **dict.fromkeys(DETAILS, 3)) for fault in SheetFault],
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


def _examples(kind: type[Refusal]) -> Iterator[Refusal]:
    """Refusals of this kind with something in each field, and every fault that it can name."""
    hints = get_type_hints(kind.__init__)
    fields = [
        field for field in signature(kind.__init__).parameters.values() if field.name in hints
    ]
    for values in product(*(_samples(hints[field.name]) for field in fields)):
        given = list(zip(fields, values, strict=True))
        yield kind(
            *(value for field, value in given if field.kind is not field.KEYWORD_ONLY),
            **{field.name: value for field, value in given if field.kind is field.KEYWORD_ONLY},
        )


def _samples(hint: Any) -> list[Any]:
    kind = next((part for part in get_args(hint) if part is not type(None)), hint)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return list(kind)
    return [SAMPLES.get(kind, "x")]


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
    unheard = _explanations(Unheard())

    examples = LOOSE.get(kind) or _examples(kind)
    unexplained = [one for one in examples if not _explanations(one) - unheard - {""}]

    assert unexplained == []
