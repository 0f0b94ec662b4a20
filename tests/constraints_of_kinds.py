"""How what the apps of the kinds hold of their cases is violated."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bihuan.cases import kinds
from tests.constraints import ENDED, A, B, Check, Values
from tests.factories import NOW


def _every_end(kind: str) -> tuple[Check, ...]:
    """A case at any stage at which its kind ends has an end, and at no other."""
    table = kinds.by_name(kind).lifecycle
    return tuple(
        Check({"kind": kind, "channel": "import", "stage": stage, "ended_at": here}, (wrong,))
        for stage in table.stages
        for here, wrong in [_end(at_an_end=stage in table.ended)]
    )


def _end(*, at_an_end: bool) -> tuple[datetime | None, Values]:
    return (NOW, {"ended_at": None}) if at_an_end else (None, {"ended_at": NOW})


# What the apps of the kinds hold of their cases: a constraint of the table, or triggers on SQLite.
OF_KINDS: Mapping[str, tuple[Check, ...]] = {
    **{
        f"{kind}_ended_exactly_when_the_stage_says_so": _every_end(kind)
        for kind in ("hazard", "grievance", "suggestion", "mediation")
    },
    "closed_is_always_verified": tuple(
        Check(
            {"stage": stage, "ended_at": NOW, "verified_by": A, "closed_by": B},
            ({"verified_by": None}, {"closed_by": None}),
        )
        for stage in ("closed", "rechecked")
    ),
    "only_what_was_rejected_is_a_duplicate": (
        Check(
            {**ENDED, "duplicate_of": A},
            ({"stage": "closed", "channel": "import"}, {"stage": "rechecked", "channel": "import"}),
        ),
    ),
}
