"""Load a published calendar year."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from bihuan.calendars import queries
from bihuan.calendars.models import CalendarYear
from bihuan.core.holidays import PublishedYear
from bihuan.journal.actions import record
from bihuan.orgs.models import User


@transaction.atomic
def load_year(
    *, jurisdiction: str, published: PublishedYear, actor: User | None, now: datetime
) -> CalendarYear | None:
    """Put a year in force as its next version; return None if the same days are already in
    force.
    """
    before = queries.year_in_force(jurisdiction, published.year)
    if before is not None and before.digest() == published.digest():
        return None

    newest = queries.newest_version(jurisdiction, published.year)
    row = CalendarYear.objects.create(
        jurisdiction=jurisdiction,
        year=published.year,
        version=newest.version + 1 if newest else 1,
        source=published.source,
        days=published.as_json(),
        digest=published.digest(),
        loaded_at=now,
    )
    record(
        f"calendar/{jurisdiction}/{published.year}",
        "load",
        by=actor,
        at=now,
        before=None if before is None else {"digest": before.digest()},
        after={"version": row.version, "digest": row.digest},
    )
    return row
