"""The transfer letters of a case, on its page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse

from bihuan.cases.models import Case
from bihuan.core.deadlines import Due
from bihuan.desk.panels import Panel, Spot
from bihuan.orgs.models import User
from bihuan.transfers import hooks, queries


def _context(case: Case, user: User, now: datetime) -> Mapping[str, Any]:
    """Return the letters with their due days, those whose answer is owed, and where one is made.

    Closing the case does not wait for an answer: the page only says that one is owed.
    """
    if not hooks.has_letters(case.kind):
        return {"transfers": None}
    rows = [
        (row, Due(row.due_at, bool(row.is_provisional)) if row.due_at else None)
        for row in queries.of_case(case, user, now)
    ]
    may_draft = queries.may_draft(user, case, now)
    return {
        "transfers": {
            "rows": rows,
            "owed": [row for row in rows if row[0].is_owed],
            "draft_url": reverse("transfers:draft", args=[case.number]) if may_draft else "",
        }
    }


PANEL = Panel({Spot.WARNINGS: "transfers/owed.html", Spot.END: "transfers/of_case.html"}, _context)
