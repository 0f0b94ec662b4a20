"""What was counted of cases stays counted when they are disposed of."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bihuan.portal.actions import figures
from bihuan.portal.models import Figure
from tests.factories import NOW
from tests.retention.scene import GRACE, LATER, Scene, carried_out, confirmed, rejected_hazard

pytestmark = pytest.mark.django_db


def test_a_recount_leaves_the_counters_of_disposed_cases_alone() -> None:
    scene = Scene()
    rejected_hazard(scene)
    figures.refresh(now=NOW + timedelta(days=1))
    before = sorted(Figure.objects.values_list("kind", "unit", "received", "settled"), key=str)
    assert before

    carried_out(confirmed(scene))

    assert list(figures.recount(now=LATER + GRACE)) == []
    after = sorted(Figure.objects.values_list("kind", "unit", "received", "settled"), key=str)
    assert after == before
