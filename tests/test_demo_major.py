"""The demo has a listed major hazard whose work is stopped."""

import pytest
from django.core.management import call_command

from bihuan.cases.models import Case
from bihuan.hazards.models import Listing, Order
from tests.clock import PRESENT
from tools import demo, demo_major
from tools.demo_district import District

pytestmark = pytest.mark.django_db


def test_the_demo_shows_a_listed_hazard_with_a_stop_work_order_in_force() -> None:
    call_command("load_district", str(demo.DISTRICT))
    demo_major.act_out(District(PRESENT))
    demo_major.act_out(District(PRESENT))

    case = Case.objects.get()
    assert case.hazard.stopped_at is not None
    assert Listing.objects.get(case=case).answered_at is not None
    assert Order.objects.get(case=case).lifted_at is None
