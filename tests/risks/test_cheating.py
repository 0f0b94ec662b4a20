"""No officer alone makes a risk, or an overdue check of a control, vanish."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bihuan.core.powers import Power
from bihuan.orgs.actions import posts
from bihuan.risks import queries
from bihuan.risks.actions import controls, registration, regrading
from bihuan.risks.actions.controls import Measure
from bihuan.risks.actions.registration import Levels
from bihuan.risks.models import Control
from bihuan.risks.refusals import CheckOverdue, StillGraded
from tests.factories import NOW, TODAY, make_officer, make_post
from tests.risks.register import Town, a_control, a_risk, checked

LATER = NOW + timedelta(days=31)


def relax(town: Town, control: Control, every_days: int) -> Control:
    measure = Measure("engineering", "安全阀校验", town.post, every_days)
    return controls.change_control(
        control=control, measure=measure, actor=town.coordinator, now=LATER
    )


def test_one_officer_retires_no_risk_above_blue(town: Town) -> None:
    risk = a_risk(town)

    with pytest.raises(StillGraded):
        registration.retire(risk=risk, reason="已拆除。", actor=town.coordinator, now=NOW)

    risk.refresh_from_db()
    assert risk.is_in_force


def test_a_risk_that_a_second_officer_found_to_be_low_is_retired(town: Town) -> None:
    risk = a_risk(town)
    asked = regrading.regrade(
        risk=risk, levels=Levels(1, 1), reason="已拆除。", actor=town.coordinator, now=NOW
    )
    assert asked is not None
    regrading.confirm_lower(regrading=asked, note="属实。", actor=town.second, now=NOW)

    registration.retire(risk=risk, reason="已拆除。", actor=town.coordinator, now=NOW)

    risk.refresh_from_db()
    assert not risk.is_in_force


@pytest.mark.parametrize("every_days", [31, 365])
def test_an_overdue_check_is_made_before_its_interval_grows(town: Town, every_days: int) -> None:
    control = a_control(town, a_risk(town))

    with pytest.raises(CheckOverdue):
        relax(town, control, every_days)

    assert [*queries.overdue(LATER.date())] == [control]
    checked(control, town.checker, now=LATER)
    assert relax(town, control, every_days).every_days == every_days


def test_a_shorter_interval_needs_no_check_first(town: Town) -> None:
    control = relax(town, a_control(town, a_risk(town)), 7)

    assert queries.overdue(LATER.date()).filter(pk=control.pk).exists()


def test_a_control_does_not_end_while_its_check_is_overdue(town: Town) -> None:
    control = a_control(town, a_risk(town))

    with pytest.raises(CheckOverdue):
        controls.end_control(control=control, reason="更换", actor=town.coordinator, now=LATER)

    checked(control, town.checker, now=LATER, is_effective=False, note="已拆除")
    controls.end_control(control=control, reason="更换", actor=town.coordinator, now=LATER)


def test_a_check_by_another_post_does_not_carry_the_name_of_the_post_that_owed_it(
    town: Town,
) -> None:
    control = a_control(town, a_risk(town))

    made = checked(control, town.coordinator)

    assert made.post != town.post
    assert made.post is not None
    assert made.post.unit == town.town
    assert checked(control, town.checker).post == town.post


# ----------------------------------------------------------------- a post ends
def test_the_checks_of_a_post_that_ends_go_to_another_one_still_overdue(town: Town) -> None:
    control, heir = a_control(town, a_risk(town)), make_post(town.town, Power.HANDLE)
    administrator = make_officer(town.county, Power.ADMINISTER)

    posts.end_post(post=town.post, end_date=TODAY, actor=administrator, now=LATER, to=heir)

    control.refresh_from_db()
    assert control.post == heir
    assert [*queries.overdue(LATER.date())] == [control]


def test_without_another_post_the_coordinator_has_them(town: Town) -> None:
    control = a_control(town, a_risk(town))
    administrator = make_officer(town.county, Power.ADMINISTER)

    posts.end_post(
        post=town.post, end_date=TODAY, actor=administrator, now=LATER, to_coordinators=True
    )

    control.refresh_from_db()
    assert control.post is None
    assert [*queries.overdue_of_others(town.coordinator, LATER)] == [control]
