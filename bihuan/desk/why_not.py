"""Why an officer may not verify, if a former post prevents it."""

from __future__ import annotations

from bihuan.cases.kinds import Kind
from bihuan.core import lifecycle
from bihuan.core.acting import Person
from bihuan.core.eyes import HeldPost
from bihuan.core.lifecycle import Situation
from bihuan.core.refusal import Refusal


def check(kind: Kind, seen: Situation, person: Person) -> str:
    """Return the sentence that names the former post and the day; empty if no post prevents it."""
    for row in kind.lifecycle.moves_from(seen.stage):
        try:
            lifecycle.require(kind.lifecycle, row.move, seen, person)
        except HeldPost as refusal:
            return kind.wording.explain(refusal)
        except Refusal:
            continue
    return ""
