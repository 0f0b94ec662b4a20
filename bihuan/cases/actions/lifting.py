"""Remove cases from excluded officers, whatever posts were given since.

An appointment is not an act on a case, so the worker checks: what only excluded officers could take
up goes to the unit above, and what is assigned to an excluded officer's post goes to the
coordinators. Cases that no officer may open cause an alarm.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.timezone import localdate

from bihuan.cases import answering, kinds
from bihuan.cases.actions import clocks, recipients, unopened
from bihuan.cases.actions.recipients import Shut
from bihuan.cases.models import Case, Exclusion
from bihuan.core import routing
from bihuan.core.powers import Power
from bihuan.journal.actions import record
from bihuan.notices.actions import tell
from bihuan.orgs.models import Tenure, Unit

LIFT, PUT_BACK = "lift", "put_back"


def lift(*, now: datetime) -> Mapping[str, int]:
    """Reassign cases from excluded officers; return the counts by type."""
    done = {"lifted": 0, "put back": 0, "with nobody": 0, "open again": 0}
    barred = Q(Exists(Exclusion.objects.filter(case=OuterRef("pk"))))
    looked_at = Case.objects.open().filter(barred | Q(is_confidential=True))
    for pk in list(looked_at.order_by("pk").values_list("pk", flat=True)):
        what = _look(pk, now)
        if what:
            done[what] += 1
    return done


@transaction.atomic
def _look(pk: int, now: datetime) -> str:
    cases = Case.objects.select_for_update(of=("self",)).select_related("owner")
    case = cases.get(pk=pk)
    shut = Shut.out_of(case)
    if recipients.all_are_shut(case.owner.path, shut, now):
        unit = _above(case, shut, now)
        if unit is not None:
            _lift(case, unit, now)
            return "lifted"
        return _with_nobody(case, shut, now) or "with nobody"
    holds = Tenure.objects.in_force(localdate(now)).filter(shut.holders(now), post=case.post_id)
    if case.post_id is not None and holds.exists():
        _move(case, case.owner, PUT_BACK, now)
        return "put back"
    return _with_nobody(case, shut, now)


def _with_nobody(case: Case, shut: Shut, now: datetime) -> str:
    if not case.is_confidential:
        return ""
    found = {unopened.NOBODY: "with nobody", unopened.SOMEBODY: "open again"}
    return found.get(unopened.look(case, shut, now), "")


def _above(case: Case, shut: Shut, now: datetime) -> Unit | None:
    """Return the nearest unit above in which an officer with access can take it up."""
    about = [path for path, _ in shut.units]
    for path in routing.above(case.owner.path):
        if not routing.is_shut_out(path, about) and recipients.takers(path, shut, now):
            return Unit.objects.get(path=path)
    return None


def _lift(case: Case, unit: Unit, now: datetime) -> None:
    fixes = case.clocks.filter(rule_id=kinds.of(case).rules.fix, stopped_at=None)
    if case.bound_id is None and fixes.exists():
        # The deadline still binds the same unit (decision 74).
        case.bound = case.owner
    if case.is_confidential:
        recipients.confide(case, now, unit)
    _move(case, unit, LIFT, now)


def _move(case: Case, unit: Unit, act: str, now: datetime) -> None:
    before = {"owner": case.owner_id, "post": case.post_id}
    case.owner, case.post = unit, None
    case.version += 1
    case.save(update_fields=["owner", "post", "bound", "version"])
    clocks.follow([case.subject], unit.pk)
    after = {"owner": unit.pk, "post": None}
    record(case.subject, act, by=None, at=now, before=before, after=after,
           detail={"owner": unit.name})  # fmt: skip
    tell(
        answering.holders(case, [unit.path], {Power.COORDINATE, Power.APPROVE}, now),
        subject=case.subject,
        what=act,
        cause=f"{act}/{case.number}/{case.version}",
        now=now,
        detail={"unit": unit.name, "title": case.title},
    )
