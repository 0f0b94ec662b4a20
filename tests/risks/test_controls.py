"""Controls are checked by a post every so many days; who misses a check is reminded."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.urls import reverse

from bihuan.clocks.actions import running, ticking
from bihuan.core.refusal import Missing, NotAllowed
from bihuan.files.actions import check as examine
from bihuan.notices.models import Notice
from bihuan.orgs.models import User
from bihuan.risks import agenda, queries
from bihuan.risks.actions import controls, registration
from bihuan.risks.actions.controls import Measure
from bihuan.risks.models import Control, ControlCheck
from bihuan.risks.refusals import (
    CheckInFuture,
    CheckOutOfOrder,
    ControlEnded,
    NotInForce,
    NotThisPost,
)
from tests.factories import NOW, TODAY, make_photo, make_post, make_unit
from tests.risks.register import Town, a_control, a_risk, checked

LATER = NOW + timedelta(days=31)


def _dues(control: Control) -> list[object]:
    return [clock.due_at.date() for clock in running.of_subject(control.subject)]


def test_the_first_check_is_due_after_the_first_period(town: Town) -> None:
    control = a_control(town, a_risk(town))

    assert control.next_due_date == TODAY + timedelta(days=30)
    assert len(_dues(control)) == 1


def test_a_check_starts_the_next_period(town: Town) -> None:
    control = a_control(town, a_risk(town))

    made = checked(control, town.checker, day=TODAY)

    control.refresh_from_db()
    assert (made.is_effective, made.post) == (True, town.post)
    assert control.last_checked_date == TODAY
    assert control.next_due_date == TODAY + timedelta(days=30)
    assert len(_dues(control)) == 1


def test_a_check_may_be_recorded_by_the_post_and_by_who_is_in_charge(town: Town) -> None:
    control = a_control(town, a_risk(town))

    checked(control, town.checker)
    checked(control, town.coordinator)
    for other in (town.leader, town.stranger):
        with pytest.raises(NotAllowed):
            checked(control, other)


def test_the_same_form_records_one_check_with_its_photos(town: Town) -> None:
    control, key = a_control(town, a_risk(town)), UUID(int=4)
    photos = [examine(make_photo())]

    first = checked(control, town.checker, photos=photos, form_key=key)
    again = checked(control, town.checker, photos=photos, form_key=key)

    assert first == again
    assert ControlCheck.objects.get().photos.count() == 1


def test_a_failed_check_says_why(town: Town) -> None:
    with pytest.raises(Missing):
        checked(a_control(town, a_risk(town)), town.checker, is_effective=False)


def test_checks_are_recorded_in_the_order_of_their_days(town: Town) -> None:
    control = a_control(town, a_risk(town))
    checked(control, town.checker, day=TODAY)

    with pytest.raises(CheckOutOfOrder):
        checked(control, town.checker, day=TODAY - timedelta(days=1))
    with pytest.raises(CheckInFuture):
        checked(control, town.checker, day=TODAY + timedelta(days=1))


def test_a_check_of_long_ago_leaves_the_next_one_overdue(town: Town) -> None:
    control = a_control(town, a_risk(town), every_days=7)

    checked(control, town.checker, day=TODAY - timedelta(days=20))

    control.refresh_from_db()
    assert [*queries.overdue(TODAY)] == [control]


def test_only_a_post_around_the_site_is_named(town: Town) -> None:
    elsewhere = make_post(make_unit(town.county))

    with pytest.raises(NotThisPost):
        a_control(town, a_risk(town), post=elsewhere)


def test_a_new_period_counts_from_the_last_check(town: Town) -> None:
    control = a_control(town, a_risk(town))
    checked(control, town.checker, day=TODAY)
    measure = Measure("management", "每周巡查", town.post, 7)

    controls.change_control(control=control, measure=measure, actor=town.coordinator, now=NOW)

    control.refresh_from_db()
    assert control.next_due_date == TODAY + timedelta(days=7)
    assert len(_dues(control)) == 1


def test_an_ended_control_is_not_due_and_stays_on_record(town: Town) -> None:
    control = a_control(town, a_risk(town))

    controls.end_control(control=control, reason="已拆除。", actor=town.coordinator, now=NOW)

    assert _dues(control) == []
    assert not queries.overdue(LATER.date()).exists()
    with pytest.raises(ControlEnded):
        checked(control, town.checker)


def test_no_check_of_a_retired_risk_is_due_until_it_is_put_back(town: Town) -> None:
    risk = a_risk(town, levels=(1, 1))
    control = a_control(town, risk)
    registration.retire(risk=risk, reason="停用。", actor=town.coordinator, now=NOW)

    assert _dues(control) == []
    with pytest.raises(NotInForce):
        checked(control, town.checker)
    registration.reopen(risk=risk, reason="启用。", actor=town.coordinator, now=LATER)

    control.refresh_from_db()
    assert control.next_due_date == LATER.date()
    assert len(_dues(control)) == 1


def test_an_overdue_check_is_told_to_the_post_and_the_coordinator(town: Town) -> None:
    a_control(town, a_risk(town))

    ticking.tick(now=LATER + timedelta(hours=1))

    told = set(Notice.objects.filter(what="overdue").values_list("member", flat=True))
    assert told == {town.checker.pk, town.coordinator.pk}


def test_nothing_is_told_of_a_site_that_was_closed(town: Town) -> None:
    a_control(town, a_risk(town))
    town.site.closed_at = NOW
    town.site.save(update_fields=["closed_at"])

    ticking.tick(now=LATER + timedelta(hours=1))

    assert not Notice.objects.exists()


def test_overdue_controls_are_on_today_of_the_post_and_of_the_coordinator(town: Town) -> None:
    control = a_control(town, a_risk(town))

    def titles(user: User) -> list[tuple[str, str]]:
        asked = [(each, [*each.questions[0]]) for each in agenda.sections(user, LATER)]
        found = [each.section(rows) for each, rows in asked if rows]
        return [(str(each.title), each.items[0].step_url) for each in found]

    check = reverse("risks:check", args=[control.pk])
    assert titles(town.checker) == [("待检查的管控措施", check)]
    assert titles(town.coordinator) == [("逾期未检查的管控措施", "")]
    assert titles(town.stranger) == titles(town.leader) == []


def test_who_checks_a_control_sees_the_site(town: Town) -> None:
    risk = a_risk(town)
    assert not queries.visible_to(town.checker, NOW).exists()

    a_control(town, risk)

    assert [*queries.visible_to(town.checker, NOW)] == [risk]
