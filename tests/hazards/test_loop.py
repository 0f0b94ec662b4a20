"""A hazard on its way from the report to the verified closure, act by act."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.utils.timezone import localtime

from bihuan.cases.models import Case
from bihuan.core.hazard import Grade, RejectReason, Stage
from bihuan.core.refusal import (
    Missing,
)
from bihuan.hazards.actions import reporting
from bihuan.hazards.actions.dates import DeadlinePast
from bihuan.hazards.actions.reporting import Finding
from bihuan.journal.models import Entry
from tests.factories import NOW
from tests.hazards.district import (
    District,
    assigned,
    closed,
    plan,
    report,
    running,
)

pytestmark = pytest.mark.django_db


def test_the_deadline_of_the_fix_is_the_last_second_of_its_day(district: District) -> None:
    case = assigned(district)

    assert case.due_at is not None
    assert localtime(case.due_at).isoformat() == "2026-09-30T23:59:59+08:00"


def test_assignment_needs_all_five_in_place(district: District) -> None:
    d = district
    case = reporting.confirm(case=report(d), actor=d.coordinator, now=NOW, grade=Grade.GENERAL)

    with pytest.raises(Missing, match="contingency"):
        reporting.assign(case=case, plan=plan(d, contingency=" "), actor=d.coordinator, now=NOW)
    with pytest.raises(DeadlinePast):
        reporting.assign(
            case=case, plan=plan(d, deadline_date=date(2026, 9, 1)), actor=d.coordinator, now=NOW
        )
    with pytest.raises(reporting.PostElsewhere):
        reporting.assign(case=case, plan=plan(d, unit=d.village), actor=d.coordinator, now=NOW)


def test_a_major_hazard_is_judged_by_a_named_standard(district: District) -> None:
    with pytest.raises(Missing, match="standard"):
        reporting.confirm(
            case=report(district), actor=district.coordinator, now=NOW, grade=Grade.MAJOR
        )


def test_a_rebound_reopens_the_closed_case_and_counts_against_the_closure(
    district: District,
) -> None:
    d = district
    old = closed(d)
    again = report(d)

    rejected = reporting.reject(
        case=again,
        actor=d.coordinator,
        now=NOW,
        reason=RejectReason.DUPLICATE,
        note="同一通道再次堆放",
        duplicate_of=old,
    )

    old.refresh_from_db()
    assert rejected.stage == Stage.REJECTED
    assert (old.stage, old.hazard.rebounds, old.ended_at) == (Stage.CONFIRMED, 1, None)
    assert running(old) == ["LOC-2"]


def test_the_same_form_sent_twice_makes_one_case(district: District) -> None:
    found = Finding(
        title="护栏缺失", place="水库大坝", unit=district.village, found_date=date(2026, 9, 14)
    )
    key = uuid4()

    first = reporting.report(finding=found, actor=district.grid, now=NOW, form_key=key)
    second = reporting.report(finding=found, actor=district.grid, now=NOW, form_key=key)

    assert first == second
    assert Case.objects.count() == 1
    assert Entry.objects.filter(chain__subject=first.subject).count() == 1
