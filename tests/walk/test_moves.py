"""Every move of every kind, by its page, on a server whose acts stand on their own."""

from __future__ import annotations

import pytest

from bihuan.cases import kinds
from bihuan.core.lifecycle import Lifecycle
from bihuan.journal.queries import verify
from tests.walk import grievances, hazards, mediations
from tests.walk.world import World

pytestmark = [pytest.mark.slow, pytest.mark.walk]

# The pages to which each of these stories sends something.
SENT_TO = {
    "hazard": {
        "desk:move", "hazards:report-hazard", "portal:report-step", "portal:track",
        "portal:track-act", "portal:track-answer", "portal:me-too",
    },
    "grievance": {"desk:move"},
    "suggestion": {"desk:move"},
    "mediation": {
        "desk:move", "mediations:notice-dispute", "mediations:mediation-invitation",
        "portal:track-party",
    },
}  # fmt: skip


def hazard(w: World) -> None:
    case = hazards.found_major(w)
    case = hazards.fixed(w, case)
    hazards.checked(w, case)
    hazards.brought_in(w)
    hazards.rejected(w)


def grievance(w: World) -> None:
    case = grievances.received(w)
    case = grievances.answered(w, case)
    grievances.reviewed(w, case)
    grievances.aside(w)


def suggestion(w: World) -> None:
    grievances.suggested(w)


def mediation(w: World) -> None:
    case, codes = mediations.brought(w)
    case = mediations.talked(w, case, codes)
    mediations.agreed(w, case, codes)
    mediations.ended(w)


STORIES = {story.__name__: story for story in (hazard, grievance, suggestion, mediation)}
LIFECYCLES = [kind.lifecycle for kind in kinds.every()]


@pytest.mark.parametrize("lifecycle", LIFECYCLES, ids=lambda each: each.kind)
def test_every_move(world: World, lifecycle: Lifecycle) -> None:
    STORIES[lifecycle.kind](world)

    made = {move for kind, move in world.made if kind == lifecycle.kind}
    assert made == {str(row.move) for row in lifecycle.transitions}
    assert SENT_TO[lifecycle.kind] - world.site.posted() == set()
    assert world.tried
    assert world.site.broken() == []
    assert world.site.lost() == set()
    assert verify().ok
