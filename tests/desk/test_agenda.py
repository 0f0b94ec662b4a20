"""What Today shows that pages do not show by themselves."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.utils import translation

from bihuan.core.powers import Power
from bihuan.desk import agenda
from bihuan.hazards.actions import rectification, reporting
from bihuan.orgs.models import Post, Tenure
from tests.factories import NOW, TODAY, make_officer
from tests.hazards.district import DAY, District, assigned, make_district, plan

pytestmark = pytest.mark.django_db


def unheld(d: District, now: datetime) -> list[str]:
    """Numbers of the cases that Today lists as left on posts that nobody holds."""
    with translation.override("en"):
        return [
            task.number
            for section in agenda.sections(d.coordinator, now)
            for task in section.items
            if str(section.title) == "On vacant posts"
        ]


def test_work_on_a_post_that_nobody_holds_comes_to_the_coordinator() -> None:
    d = make_district()
    case = rectification.start(case=assigned(d), actor=d.handler, now=NOW)
    Tenure.objects.filter(post=d.handler_post).update(end_date=TODAY)

    assert unheld(d, NOW) == []
    assert unheld(d, NOW + DAY) == [case.number]


def test_work_under_way_is_given_to_another_post() -> None:
    d = make_district()
    case = rectification.start(case=assigned(d), actor=d.handler, now=NOW)
    other = make_officer(d.village, Power.HANDLE)
    post = Post.objects.get(tenures__member=other)

    case = reporting.assign(
        case=case, plan=plan(d, unit=d.village, post=post), actor=d.coordinator, now=NOW
    )

    assert (case.stage, case.owner, case.post) == ("assigned", d.village, post)
