"""What was counted of cases stays counted when they are disposed of."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bihuan.figures.actions import recounting
from bihuan.figures.models import Contribution, Count
from tests.factories import NOW
from tests.retention.scene import GRACE, LATER, Scene, carried_out, confirmed, rejected_hazard

pytestmark = pytest.mark.django_db


def test_a_recount_leaves_the_counters_of_disposed_cases_alone() -> None:
    scene = Scene()
    rejected_hazard(scene)
    recounting.refresh(now=NOW + timedelta(days=1))
    before = sorted(Count.objects.values_list("counter", "unit", "value"), key=str)
    assert before

    carried_out(confirmed(scene))

    assert list(recounting.recount(now=LATER + GRACE)) == []
    after = sorted(Count.objects.values_list("counter", "unit", "value"), key=str)
    assert after == before


def test_what_they_were_counted_as_names_none_of_them() -> None:
    scene = Scene()
    rejected_hazard(scene)
    recounting.refresh(now=NOW + timedelta(days=1))

    carried_out(confirmed(scene))

    assert set(Contribution.objects.values_list("subject", "is_final")) == {("", True)}
