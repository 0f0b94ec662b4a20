"""Why a check is somebody else's, for the officer whom a post keeps from it."""

from __future__ import annotations

from bihuan.cases.kinds import Kind
from bihuan.core import lifecycle
from bihuan.core.eyes import HeldPost
from bihuan.core.lifecycle import Person, Situation
from bihuan.core.refusal import Refusal


def check(kind: Kind, seen: Situation, person: Person) -> str:
    """The post and the day, for the officer whom they keep from the check."""
    for row in kind.lifecycle.moves_from(seen.stage):
        try:
            lifecycle.require(kind.lifecycle, row.move, seen, person)
        except HeldPost as refusal:
            return kind.wording.explain(refusal)
        except Refusal:
            continue
    return ""
