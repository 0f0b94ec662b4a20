"""What the public sees of a case."""

from __future__ import annotations

from bihuan.cases.models import Case
from bihuan.receipts.models import Publication


def shown(case: Case) -> Publication | None:
    """Return the current publication; queried only if there is one (`with_facts()`)."""
    return Publication.objects.get(case=case) if vars(case)["is_published"] else None
