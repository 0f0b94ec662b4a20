"""One hazard reported twice: the second report is rejected here and follows the one that continues.

A case that a duplicate follows cannot be rejected (the database enforces it, see migration 0009 of
`cases`), so that there are no chains or cycles, and every hazard is dealt with.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from bihuan.cases import queries
from bihuan.cases.actions import loop
from bihuan.cases.models import Case
from bihuan.core.hazard import HAZARD, Move, Stage
from bihuan.core.refusal import Missing, Refusal, Stale
from bihuan.hazards.actions import notification
from bihuan.journal.actions import record
from bihuan.orgs.models import Unit, User

FOLLOW, SEEN_TWICE = "follow", "seen_twice"


class NotAlive(Refusal):
    """The case named as the one that continues has ended."""


class FollowsThisOne(Refusal):
    """The case that was named was itself rejected as a duplicate of this one."""


def original(case: Case, named: Case, *, actor: User, now: datetime) -> Case:
    """Return the case that continues if `named` is the same problem; raise a refusal with the
    reason if not.
    """
    found = _end(Case.objects.get(pk=named.pk))
    if found.pk == case.pk:
        raise Missing("duplicate_of") if named.pk == case.pk else FollowsThisOne
    if found.kind != case.kind or found.stage == Stage.REJECTED:
        raise NotAlive
    # One out of the officer's reach looks the same as one that has ended.
    if not queries.visible_to(actor, now).filter(pk=found.pk).exists():
        raise NotAlive
    return found


def _end(case: Case) -> Case:
    """Return the case at the end of the chain; earlier versions allowed chains and cycles."""
    found, seen = case, {case.pk}
    while found.duplicate_of is not None and found.duplicate_of.pk not in seen:
        found = found.duplicate_of
        seen.add(found.pk)
    return found


def lock(case: Case, named: Case | None, *, actor: User, now: datetime) -> Case | None:
    """Return the case that continues; it, this one and those that follow this one are locked.

    All in the order of their ids, so that two concurrent rejections wait for each other.
    """
    live = None if named is None else original(case, named, actor=actor, now=now)
    wanted = {case.pk, *([live.pk] if live else [])}
    together = Q(pk__in=wanted) | Q(duplicate_of=case.pk)
    list(Case.objects.select_for_update().filter(together).order_by("pk").values_list("pk"))
    if live is None:
        return None
    live.refresh_from_db()
    if live.stage == Stage.REJECTED:
        raise Stale
    return live


def settle(act: loop.OfficeAct, live: Case | None) -> None:
    """Decide about the duplicates of the case that is rejected: they follow it, or come back."""
    if live is None:
        send_back(act)
    else:
        take_along(act, live)


def take_along(act: loop.OfficeAct, live: Case) -> None:
    """Let the duplicates of this case follow the one that continues, and journal it on both
    sides.
    """
    act.settle()
    for each in _followers(act.case):
        each.duplicate_of = live
        each.save(update_fields=["duplicate_of"])
        detail = {"duplicate_of": live.number, "unit": act.unit.name}
        record(each.subject, FOLLOW, by=act.actor, at=act.now, detail=detail)
        _note_on(live, each, act)
    act.change(act.case, duplicate_of=live)
    act.detail["duplicate_of"] = live.number
    _note_on(live, act.case, act)


def send_back(act: loop.OfficeAct) -> None:
    """Let the duplicates of this case, which ends here, be assessed individually."""
    for each in _followers(act.case):
        act.settle()
        come_back(case=each, actor=act.actor, unit=act.unit, now=act.now)


def come_back(*, case: Case, actor: User | None, unit: Unit | None, now: datetime) -> Case:
    """A duplicate whose original has ended waits for the assessment of its own office."""
    act = loop.MoveContext(loop.locked(case), HAZARD.transition(Move.COME_BACK), actor, now, unit)
    act.change(act.case, duplicate_of=None, round_at=now)
    notification.tell(act, "come_back")
    return loop.finish(act)


def _followers(case: Case) -> list[Case]:
    return list(Case.objects.filter(duplicate_of=case.pk).order_by("pk"))


def _note_on(live: Case, other: Case, act: loop.OfficeAct) -> None:
    detail = {"seen_again": other.number, "unit": act.unit.name}
    record(live.subject, SEEN_TWICE, by=act.actor, at=act.now, detail=detail)


# ----------------------------------------------------------- of earlier versions
def stranded() -> list[Case]:
    """Return duplicates whose original was itself rejected, as earlier versions allowed."""
    lost = Case.objects.filter(duplicate_of__stage=Stage.REJECTED)
    return list(lost.order_by("pk"))


@transaction.atomic
def free(*, case: Case, now: datetime) -> Case:
    """Let such a duplicate follow the case at the end of its chain, or come back."""
    list(Case.objects.select_for_update().filter(pk=case.pk).values_list("pk"))
    end = _end(Case.objects.get(pk=case.pk))
    if end.stage == Stage.REJECTED:
        return come_back(case=case, actor=None, unit=None, now=now)
    case.duplicate_of = end
    case.save(update_fields=["duplicate_of"])
    record(case.subject, FOLLOW, by=None, at=now, detail={"duplicate_of": end.number})
    return case
