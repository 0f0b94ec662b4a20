"""What the tests of the staff's pages share."""

from typing import Any

from bihuan.cases.models import Case
from bihuan.core.hazard import Stage
from tests.clock import PRESENT
from tests.factories import Cast, make_case

AT_MOST = 12  # queries, whatever a page shows


def a_case(cast: Cast, stage: Stage = Stage.REPORTED, **options: Any) -> Case:
    """A case of this cast as of now: pages read the real clock."""
    return make_case(cast.post.unit, stage=stage, cast=cast, now=PRESENT, **options)
