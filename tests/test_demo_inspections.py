"""The demo has inspections: some are done, one is half-done."""

import pytest
from django.core.management import call_command

from bihuan.inspections.models import Inspection, Settlement
from tests.clock import PRESENT
from tools import demo, demo_inspections
from tools.demo_district import District

pytestmark = pytest.mark.django_db


def test_the_demo_shows_inspections_that_are_done_and_one_that_is_not() -> None:
    call_command("load_district", str(demo.DISTRICT))

    for _ in range(2):
        demo_inspections.act_out(District(PRESENT))

    stages = list(Inspection.objects.order_by("pk").values_list("stage", flat=True))
    assert stages == ["done", "done", "begun"]
    assert set(Settlement.objects.values_list("outcome", flat=True)) == {"hazard", "fixed"}
