"""What a transfer letter about a hazard begins with."""

from __future__ import annotations

from bihuan.cases.models import Case
from bihuan.core.hazard import Stage
from bihuan.transfers.hooks import Beginning, Origin


def _begin(case: Case) -> Beginning:
    """Return the words of the case, and the standard by which it was judged."""
    found = "\n".join(filter(None, (case.title, case.description)))
    return Beginning(case.title, case.place, found, case.hazard.standard)


ORIGIN = Origin(_begin, never_from=frozenset({Stage.REJECTED}))
