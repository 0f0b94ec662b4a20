"""A unit on its way out, for the tests of what becomes of its work."""

from __future__ import annotations

from datetime import timedelta

from bihuan.cases.models import Case
from bihuan.hazards.actions import reporting
from bihuan.journal import queries as journal
from bihuan.orgs.access import Console
from bihuan.orgs.actions import units
from bihuan.orgs.models import Tenure, Unit, User
from tests.factories import NOW, TODAY
from tests.hazards.district import District

DAY = timedelta(days=1)


def leave_all(unit: Unit) -> None:
    """Nobody holds a post there any more."""
    Tenure.objects.filter(post__unit=unit).update(end_date=TODAY - DAY)


def close(unit: Unit, admin: User | Console, successor: Unit | None = None) -> Unit:
    for below in Unit.objects.filter(parent=unit, end_date=None):
        close(below, admin, unit)
    leave_all(unit)
    return units.close_unit(
        unit=Unit.objects.get(pk=unit.pk), end_date=TODAY, reason="乡镇合并", actor=admin, now=NOW,
        successor=successor,
    )  # fmt: skip


def at_county(d: District) -> Case:
    found = reporting.Finding("护栏缺失", "水库大坝", d.county, TODAY)
    return reporting.report(finding=found, actor=d.reporter(), now=NOW)


def acts(case: Case) -> list[str]:
    return [entry.act for entry in journal.timeline(case.subject)]
