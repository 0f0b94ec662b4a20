"""What the page of a hazard shows of the inspection that found it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bihuan.cases.models import Case
from bihuan.desk.panels import Panel, Spot
from bihuan.hazards.kind import KIND
from bihuan.hazards.models import Hazard
from bihuan.hazards.sources import Proposed
from bihuan.inspections import queries
from bihuan.inspections.models import Settlement
from bihuan.orgs.models import User


def _context(case: Case, user: User, now: datetime) -> Mapping[str, Any]:
    if case.kind != KIND.name:
        return {"found_by": None}
    row = Settlement.objects.filter(case_number=case.number).first()
    if row is None:
        return {"found_by": None}
    seen = queries.visible_to(user, now).filter(pk=row.inspection_id).first()
    grade = dict(Hazard.Grade.choices).get(row.proposed_grade, "")
    return {"found_by": {"row": row, "inspection": seen, "grade": grade}}


def proposed(number: str) -> Proposed | None:
    """Return what the inspection that found the hazard with this number proposes for it."""
    rows = Settlement.objects.filter(case_number=number).select_related("inspection__site")
    row = rows.first()
    if row is None:
        return None
    unit = row.inspection.site.operator_unit_id
    return Proposed(row.proposed_grade, row.criterion, row.proposed_date, unit)


PANEL = Panel({Spot.ASIDE: "inspections/of_case.html"}, _context)
