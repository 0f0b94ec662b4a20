"""Cases whose time is over: one officer proposes, another confirms, somebody holds one back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction

from bihuan.cases.models import Case, Disposed
from bihuan.core.hazard import RejectReason
from bihuan.hazards.actions import reporting
from bihuan.journal.actions import record
from bihuan.retention import queries
from bihuan.retention.actions import disposals, lists
from bihuan.retention.models import Disposal, Hold
from tests.walk.pages import act, journaled, own
from tests.walk.world import World

BASE = "/desk/retention"
LONG_AGO = datetime(2012, 5, 6, 2, 0, tzinfo=UTC)
YEARS = timedelta(days=366 * 11)


def retention(w: World) -> None:
    """Two cases are proposed: one list is withdrawn, one is carried out but for what is held."""
    held, gone = (_ended(w) for _ in range(2))
    year = gone.ended_at.year if gone.ended_at else 0
    w.site.clock.wait(YEARS)
    what = f"{w.officers['coordinator'].tenures.get().post.unit.pk}/hazard/{year}"
    _proposed(w, what)
    first = Disposal.objects.latest("pk")
    some(w, f"{BASE}/lists/{first.pk}/withdraw/", "coordinator", reason="再看看")
    _proposed(w, what)
    row = Disposal.objects.latest("pk")
    some(w, f"{BASE}/lists/{row.pk}/confirm/", "head")
    some(w, f"{BASE}/holds/add/", "coordinator", number=held.number, reason="涉诉")
    disposals.carry_out(now=w.site.now + disposals.GRACE)
    assert [*Disposed.objects.values_list("number", flat=True)] == [gone.number]
    page = w.at("coordinator").get(f"{BASE}/lists/{row.pk}/")
    assert gone.number in page.page
    hold = Hold.objects.latest("pk")
    some(w, f"{BASE}/holds/{hold.pk}/lift/", "auditor", reason="判决生效")


def some(w: World, path: str, by: str, **given: Any) -> None:
    """What several kinds of officer may do, and a handler may not."""
    before = journaled()
    tried = w.at("handler").post(path, [(name, str(value)) for name, value in given.items()])
    assert tried.status in (403, 404), tried.told
    assert journaled() == before
    own(w.at(by), path, seen=journaled, **given)


def _proposed(w: World, what: str) -> None:
    act(w, f"{BASE}/propose/", by="coordinator", what=what, reason="经鉴定无继续保存价值")


def _ended(w: World) -> Case:
    case, _ = w.report("hazard")
    return reporting.reject(
        case=case,
        actor=w.officers["coordinator"],
        now=w.site.now,
        reason=RejectReason.NOT_A_HAZARD,
        note="现场已核实，不是隐患。",
    )


def long_ended(w: World, matter: str, stage: str) -> Case:
    """A case of the town that ended in another decade, and the journal knows it."""
    case, _ = w.report(matter)
    with transaction.atomic():
        Case.objects.filter(pk=case.pk).update(
            stage=stage, reported_at=LONG_AGO, round_at=LONG_AGO, ended_at=LONG_AGO, due_at=None
        )
        record(case.subject, "close", by=None, at=w.site.now)
    return case


def confirmed(w: World) -> Disposal:
    """A list that two officers agreed on."""
    long_ended(w, "hazard", "rejected")
    entry = queries.schedule().entry("hazard")
    assert entry is not None
    row = lists.propose(
        unit=w.town,
        entry=entry,
        year=LONG_AGO.year,
        reason="经鉴定无继续保存价值",
        actor=w.officers["coordinator"],
        now=w.site.now,
    )
    return lists.confirm(row=row, actor=w.officers["head"], now=w.site.now)


EVERYTHING = {
    retention: {
        "retention:propose-disposal", "retention:confirm-disposal", "retention:withdraw-disposal",
        "retention:hold-back", "retention:lift-hold",
    },
}  # fmt: skip
