"""Every move of every kind, by its page, on a server whose acts stand on their own."""

from __future__ import annotations

import pytest

from bihuan.cases import kinds
from bihuan.journal.queries import verify
from tests.walk import grievances, hazards, mediations
from tests.walk.world import World

pytestmark = [pytest.mark.slow, pytest.mark.walk]

# The pages to which these stories send something.
SENT_TO = {
    "move", "report-hazard", "mediation-invitation", "notice-dispute", "report-form", "report-step",
    "track", "track-act", "track-answer", "track-party", "me-too",
}  # fmt: skip


def every_move(kind: str) -> set[str]:
    return {str(row.move) for row in kinds.by_name(kind).lifecycle.transitions}


def made(w: World, kind: str) -> set[str]:
    return {str(move) for of, move in w.made if of == kind}


def walked(w: World, *kinds_: str) -> None:
    """Every move of these kinds was made, others tried in vain, and nothing broke."""
    for kind in kinds_:
        assert made(w, kind) == every_move(kind)
    assert w.tried
    assert w.site.broken() == []
    assert verify().ok


def test_every_move_of_a_hazard(world: World) -> None:
    case = hazards.found_major(world)
    case = hazards.fixed(world, case)
    hazards.checked(world, case)
    hazards.rejected(world)

    walked(world, "hazard")


def test_every_move_of_a_grievance(world: World) -> None:
    case = grievances.received(world)
    case = grievances.answered(world, case)
    grievances.reviewed(world, case)
    grievances.aside(world)

    walked(world, "grievance")


def test_every_move_of_a_suggestion(world: World) -> None:
    grievances.suggested(world)

    walked(world, "suggestion")


def test_every_move_of_a_mediation(world: World) -> None:
    case, codes = mediations.brought(world)
    case = mediations.talked(world, case, codes)
    mediations.agreed(world, case, codes)
    mediations.ended(world)

    walked(world, "mediation")
