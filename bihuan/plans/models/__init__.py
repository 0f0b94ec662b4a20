"""Plans of inspections, the rounds that they make, draws by lot, and looking back.

Records name posts and units, never persons.
"""

from bihuan.plans.models.draws import DRAW, Conflict, Draw
from bihuan.plans.models.plans import PLAN, RECURRING, Kind, Plan, PlanArea, PlanPost
from bihuan.plans.models.rounds import PLANNED, REVIEW, ROUND, Planned, PlannedPost, Review, Round

__all__ = [
    "DRAW",
    "PLAN",
    "PLANNED",
    "RECURRING",
    "REVIEW",
    "ROUND",
    "Conflict",
    "Draw",
    "Kind",
    "Plan",
    "PlanArea",
    "PlanPost",
    "Planned",
    "PlannedPost",
    "Review",
    "Round",
]
