"""What the public sees of a case."""

from __future__ import annotations

from bihuan.cases.models import Case
from bihuan.receipts.models import Publication


def shown(case: Case) -> Publication | None:
    """The publication in force; asked for only where there is one (`with_facts()`)."""
    return Publication.objects.get(case=case) if vars(case)["is_published"] else None
