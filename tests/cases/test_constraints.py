"""What the database itself refuses, whoever writes to it."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from bihuan.cases.models import Case
from tests.hazards.district import make_district, report

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "point", [{"latitude": 24.2}, {"longitude": 102.5}, {"latitude": 91, "longitude": 0}]
)
def test_a_place_has_both_coordinates_or_none(point: dict[str, float]) -> None:
    case = report(make_district())

    with pytest.raises(IntegrityError, match="place_has_both_coordinates_or_none"):
        Case.objects.filter(pk=case.pk).update(**point)
