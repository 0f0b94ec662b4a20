"""An office whose cases ended years ago, and the two officers who dispose of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bihuan.cases.models import Case
from bihuan.core.hazard import RejectReason
from bihuan.core.powers import Power
from bihuan.core.retention import Entry
from bihuan.hazards.actions import reporting
from bihuan.journal.actions import record
from bihuan.orgs.models import Unit
from bihuan.retention import queries
from bihuan.retention.actions import disposals, lists
from bihuan.retention.models import Disposal
from tests.cases.public import Office, make_office, told
from tests.factories import NOW, make_officer

# Ten whole years after the year of the tests are over, and so are thirty.
LATER = datetime(2037, 3, 1, 2, 0, tzinfo=UTC)
MUCH_LATER = datetime(2057, 3, 1, 2, 0, tzinfo=UTC)
YEAR = 2026
GRACE = disposals.GRACE


@dataclass
class Scene:
    """The town proposes, its mayor confirms, the auditor of the county looks on."""

    office: Office = field(default_factory=make_office)

    def __post_init__(self) -> None:
        self.proposer = self.office.clerk
        self.confirmer = self.office.head
        self.auditor = make_officer(self.office.county, Power.AUDIT, name="郑审计")

    @property
    def unit(self) -> Unit:
        return self.office.town


def entry(name: str) -> Entry:
    found = queries.schedule().entry(name)
    assert found is not None
    return found


def end(case: Case, *, at: datetime = NOW, stage: str = "closed") -> Case:
    """As if it had come to its end at that time; the journal is told how it stands."""
    Case.objects.filter(pk=case.pk).update(stage=stage, ended_at=at, due_at=None)
    case.refresh_from_db()
    record(case.subject, "close", by=None, at=at)
    return case


def proposed(
    scene: Scene, name: str = "hazard", *, year: int = YEAR, now: datetime = LATER
) -> Disposal:
    return lists.propose(
        unit=scene.unit,
        entry=entry(name),
        year=year,
        reason="保管期限已满，经鉴定无继续保存价值。",
        actor=scene.proposer,
        now=now,
    )


def confirmed(scene: Scene, name: str = "hazard", *, now: datetime = LATER) -> Disposal:
    row = proposed(scene, name, now=now)
    return lists.confirm(row=row, actor=scene.confirmer, now=now)


def carried_out(row: Disposal, *, after: timedelta = GRACE) -> Disposal:
    assert row.confirmed_at is not None
    disposals.carry_out(now=row.confirmed_at + after)
    row.refresh_from_db()
    return row


def rejected_hazard(scene: Scene) -> Case:
    """A hazard that the office ended at once: the shortest life of all."""
    case = told(scene.unit, now=NOW).case
    return reporting.reject(
        case=case,
        actor=scene.office.clerk,
        now=NOW,
        reason=RejectReason.NOT_A_HAZARD,
        note="现场已核实，不是隐患。",
    )
