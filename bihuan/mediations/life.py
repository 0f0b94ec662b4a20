"""The life of a mediation, as the loop needs to know it."""

from __future__ import annotations

from bihuan.cases.lives import Life, Look
from bihuan.cases.models import Case
from bihuan.core.mediation import COORDINATORS, MEDIATION, MEDIATORS, Stage, facts
from bihuan.mediations import queries


def look(case: Case) -> Look:
    """What the parties said, each for itself, and what is left of the agreement."""
    if case.ended_at is not None:
        return Look()
    return Look(
        facts(
            [queries.stance(party) for party in queries.parties(case)],
            has_mediator=case.post_id is not None,
            digest=queries.beside(case, "digest") or "",
            parts_open=case.stage == Stage.AGREED and bool(queries.beside(case, "has_promises")),
        )
    )


LIFE = Life(
    lifecycle=MEDIATION,
    series="TJ",
    look=look,
    answerable={
        "LOC-11": (COORDINATORS, "owner"),
        "LOC-12": (MEDIATORS, "owner"),
        "LOC-13": (COORDINATORS, "owner"),
        "LOC-14": (COORDINATORS, "owner"),
        "MED-3": (MEDIATORS, "owner"),
        # The parties owe it to themselves; the unit hears of it so that it can remind them.
        "MED-6": (MEDIATORS, "owner"),
    },
)
