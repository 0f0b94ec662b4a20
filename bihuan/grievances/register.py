"""A suggestion as a row of an office's register: with the decision on adoption, and the answer."""

from __future__ import annotations

from bihuan.cases.models import Case
from bihuan.imports import register
from bihuan.imports.register import RegisterRow

NAMED = (*register.NAMED, "suggestion")


def row_of(case: Case) -> RegisterRow:
    own = case.suggestion
    return register.row_of(case, adopted=own.adopted, answer=own.answer)
