"""Each entry of a case holds what stood there before, as a digest of exactly the changed fields."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bihuan.cases.models import Case
from bihuan.core import chain
from bihuan.core.hazard import Grade
from bihuan.hazards.actions import rectification, reporting, verification
from bihuan.journal.models import Entry
from tests.factories import NOW
from tests.hazards.district import District, make_district, photo, plan, report

pytestmark = pytest.mark.django_db

Step = Callable[[Case], Case]
Values = dict[str, object]


def last(case: Case) -> Entry:
    return Entry.objects.filter(chain__subject=case.subject).latest("seq")


def started(case: Case, d: District) -> Case:
    case = reporting.assign(case=case, plan=plan(d), actor=d.coordinator, now=NOW)
    return rectification.start(case=case, actor=d.handler, now=NOW)


def handed_in(case: Case, d: District) -> Case:
    return rectification.submit(
        case=case, actor=d.handler, now=NOW, note="已清理", photos=[photo()]
    )


def steps(d: District) -> list[tuple[Step, Values, Values]]:
    """The acts of a loop; with each what it changed, before and after."""
    fixed: Values = {"stage": "submitted", "resolved_by": d.handler.pk, "resolved_unit": d.town.pk}
    open_: Values = {"stage": "rectifying", "resolved_by": None, "resolved_unit": None}
    return [
        (
            lambda case: reporting.confirm(
                case=case, actor=d.coordinator, now=NOW, grade=Grade.GENERAL
            ),
            {"stage": "reported", "hazard.grade": "", "hazard.standard": ""},
            {"stage": "confirmed", "hazard.grade": "general", "hazard.standard": ""},
        ),
        (lambda case: started(case, d), {"stage": "assigned"}, {"stage": "rectifying"}),
        (
            lambda case: handed_in(case, d),
            {**open_, "hazard.progress": "", "hazard.submitted_at": None},
            {**fixed, "hazard.progress": "已清理", "hazard.submitted_at": str(NOW)},
        ),
        (
            lambda case: verification.return_(case=case, actor=d.verifier, now=NOW, note="缺标识"),
            {**fixed, "returned_at": None, "hazard.submitted_at": str(NOW)},
            {**open_, "returned_at": str(NOW), "hazard.submitted_at": None},
        ),
    ]


def test_an_entry_holds_what_stood_there_before_and_what_stands_there_now() -> None:
    d = make_district()
    case = report(d)

    for step, before, after in steps(d):
        case = step(case)
        entry = last(case)
        assert bytes(entry.before_digest) == chain.digest(before), entry.act
        assert bytes(entry.after_digest) == chain.digest(after), entry.act
