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
    agreement = queries.on_table(case) if case.stage == Stage.DRAFTED else None
    return Look(
        facts(
            [queries.stance(party) for party in queries.parties(case)],
            has_mediator=case.post_id is not None,
            digest=agreement.digest if agreement else "",
            parts_open=case.stage == Stage.AGREED and queries.is_promise_open(case),
        )
    )


LIFE = Life(
    lifecycle=MEDIATION,
    series="TJ",
    look=look,
    answerable={
        "LOC-11": (COORDINATORS, "owner"),
        "LOC-12": (MEDIATORS, "owner"),
        "MED-3": (MEDIATORS, "owner"),
        # The parties owe it to themselves; the unit hears of it so that it can remind them.
        "MED-6": (MEDIATORS, "owner"),
    },
)
