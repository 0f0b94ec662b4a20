"""The simple expressions of XLSForm that a checklist can express: conditions and ranges."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from bihuan.core.checklist import Condition

_NAME = r"\$\{\s*([A-Za-z_][\w.-]*)\s*\}"
_TEXT = r"""(?:'([^']*)'|"([^"]*)")"""
_EQUAL = re.compile(rf"{_NAME}\s*=\s*{_TEXT}")
_SELECTED = re.compile(rf"selected\s*\(\s*{_NAME}\s*,\s*{_TEXT}\s*\)")
_BOUND = re.compile(r"\.\s*(>=|<=)\s*(-?\d+(?:\.\d+)?)")
LONGEST = 2000


class TooElaborate(ValueError):
    """The expression says more than a checklist can."""


def condition(expression: str) -> Condition:
    """Read "${a} = 'x' or ${a} = 'y'": answers of one other question."""
    if len(expression) > LONGEST:
        raise TooElaborate
    parts = re.split(r"\s+or\s+", _bare(expression))
    read = [_EQUAL.fullmatch(_bare(part)) or _SELECTED.fullmatch(_bare(part)) for part in parts]
    found = [match for match in read if match is not None]
    names = {match[1] for match in found}
    if len(found) < len(parts) or len(names) != 1:
        raise TooElaborate
    values = dict.fromkeys(match[2] if match[2] is not None else match[3] for match in found)
    return Condition(names.pop(), tuple(values))


def bounds(expression: str) -> tuple[Decimal | None, Decimal | None]:
    """Read ". >= 1 and . <= 9": one lower and one upper end at most."""
    if len(expression) > LONGEST:
        raise TooElaborate
    ends: dict[str, Decimal] = {}
    for part in re.split(r"\s+and\s+", _bare(expression)):
        match = _BOUND.fullmatch(_bare(part))
        if match is None or match[1] in ends:
            raise TooElaborate
        try:
            ends[match[1]] = Decimal(match[2])
        except InvalidOperation as wrong:
            raise TooElaborate from wrong
    return ends.get(">="), ends.get("<=")


def _bare(expression: str) -> str:
    """Take away brackets around the whole."""
    text = expression.strip()
    while text.startswith("(") and text.endswith(")") and _is_around(text):
        text = text[1:-1].strip()
    return text


def _is_around(text: str) -> bool:
    depth = 0
    for place, each in enumerate(text):
        depth += {"(": 1, ")": -1}.get(each, 0)
        if depth == 0 and place < len(text) - 1:
            return False
    return depth == 0


def written(condition: Condition) -> str:
    """Write a condition as XLSForm does."""
    return " or ".join(f"${{{condition.item}}} = '{value}'" for value in condition.values)
