"""The form of a report as a browser sends it, and strings that have broken other programs."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import uuid4

from django.utils import timezone

from tests.clock import PRESENT
from tests.factories import Cast

NAUGHTY: list[str] = json.loads(
    (Path(__file__).parents[1] / "data/hostile_inputs/naughty_strings/blns_part.json").read_text(
        encoding="utf-8"
    )
)
REPORT = "/desk/hazards/report/"
LEDGER = "/desk/cases/"


def filled(cast: Cast, **values: object) -> dict[str, object]:
    form: dict[str, object] = {
        "form_key": str(uuid4()),
        "unit": cast.post.unit.pk,
        "title": "安全出口被堵",
        "place": "食堂后门",
        "description": "说明",
        "category": "消防安全",
        "found_date": timezone.localdate(PRESENT).isoformat(),
    }
    return {**form, **values}


def is_told(response: object) -> bool:
    """A page of the form with its errors."""
    page = getattr(response, "content", b"").decode()
    return getattr(response, "status_code", 0) == 200 and "error-summary" in page
