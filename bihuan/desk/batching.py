"""What can be done with many cases at once, which of the chosen cases allow it, and why others do
not.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import close_old_connections
from django.http import QueryDict
from django.utils import translation
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from bihuan.cases import kinds, queries, wording
from bihuan.cases.actions import undoing
from bihuan.cases.kinds import Words
from bihuan.cases.models import Case, CaseQuerySet, UndoableAct
from bihuan.cases.queries import prepared
from bihuan.core import lifecycle
from bihuan.core.acting import Person
from bihuan.core.refusal import Missing, NotAllowed, Refusal
from bihuan.desk import pages, why_not
from bihuan.desk.actions import batches
from bihuan.desk.actions.batches import Made
from bihuan.desk.models import Batch, BatchItem
from bihuan.desk.move_pages import MoveRequest
from bihuan.desk.pages import BatchMove
from bihuan.orgs import access
from bihuan.orgs.models import User

logger = logging.getLogger(__name__)

AT_ONCE = 20  # cases; the worker does the others
STEP = 50


@dataclass(frozen=True)
class BatchAct:
    """One act on many cases, in the words of its button."""

    name: str
    label: Words
    icon: str
    done: Words


ACTS = (
    BatchAct(
        "confirm", pgettext_lazy("move", "Confirm"), "check", pgettext_lazy("happened", "Confirmed")
    ),
    BatchAct(
        "assign", pgettext_lazy("move", "Assign"), "send", pgettext_lazy("happened", "Assigned")
    ),
    BatchAct(
        "close",
        pgettext_lazy("move", "Close case"),
        "check",
        pgettext_lazy("happened", "Case closed"),
    ),
)
BY_NAME = {act.name: act for act in ACTS}


def offered(user: User, now: datetime) -> list[BatchAct]:
    """Return the acts for which the officer has a post anywhere."""
    return [act for act in ACTS if any(_may(user, each, now) for each in _moves(act.name))]


def _moves(act: str) -> Iterable[tuple[str, BatchMove]]:
    return ((each.kind, each.batch[act]) for each in pages.every() if act in each.batch)


def _may(user: User, of_kind: tuple[str, BatchMove], now: datetime) -> bool:
    kind, each = of_kind
    powers = kinds.by_name(kind).lifecycle.powers_of(each.move)
    return access.has_somewhere(user, powers, localdate(now))


def chosen(user: User, numbers: Iterable[str], now: datetime) -> CaseQuerySet:
    """Return these cases as the rules need them, without those that the officer does not see."""
    cases = queries.visible_to(user, now).with_facts().select_related(*prepared.named())
    return cases.filter(number__in=[each for each in numbers if "\x00" not in each])


@dataclass(frozen=True)
class Sorted:
    """The chosen cases of one kind that allow the act, and all others with the reason."""

    kind: str
    move: BatchMove | None
    able: list[Case]
    left_out: list[tuple[Case, str]]


def sort_out(act: str, cases: Iterable[Case], user: User, now: datetime) -> Sorted:
    """Decide for each case as its own page would; one batch is for cases of one kind."""
    person = queries.person(user, now)
    reasons = [(case, _why_not(act, case, person)) for case in cases]
    able = [case for case, why in reasons if not why]
    kind = able[0].kind if able else ""
    left_out = [
        (case, why or str(_("Another kind of case: choose these separately.")))
        for case, why in reasons
        if why or case.kind != kind
    ]
    able = [case for case in able if case.kind == kind]
    return Sorted(kind, pages.by_name(kind).batch[act] if kind else None, able, left_out)


def _why_not(act: str, case: Case, person: Person) -> str:
    """Return why the case cannot be among many; empty if it can."""
    each = pages.of(case).batch.get(act)
    if each is None:
        return _("Only one at a time for this kind of case: open it.")
    if case.is_confidential:
        return _("Confidential: only on its own page.")
    kind = kinds.of(case)
    try:
        lifecycle.require(kind.lifecycle, each.move, queries.situation(case), person)
    except Refusal as refusal:
        return why_not.explain(case, refusal)
    return str(each.bar(case))


# ------------------------------------------------------------------- carrying out
def carry_out(batch: Batch, now: datetime, *, most: int) -> int:
    """Carry out the plan for the next cases, as its officer and in their language."""
    with translation.override(batch.language):
        return batches.carry_out(batch, _maker(batch, now), _explain, now=now, most=most)


def _maker(batch: Batch, now: datetime) -> batches.Make:
    plan = QueryDict(batch.plan)

    def make(item: BatchItem) -> Made:
        user = User.objects.get(pk=batch.member_id)
        case = chosen(user, [item.number], now).first() if user.is_active else None
        each = pages.of(case).batch.get(batch.act) if case else None
        if case is None or each is None or case.is_confidential:
            raise NotAllowed
        if item.state == BatchItem.State.UNDOING:
            undoing.undo(case=case, seq=item.seq or 0, actor=user, now=now)
            return Made(item.said)
        if each.bar(case):
            raise NotAllowed
        filled = each.fill_in(plan, item.number, item.seen, user=user, now=now)
        if not filled.form.is_valid():
            raise Missing(*filled.form.errors)
        request: MoveRequest = {"case": case, "actor": user, "now": now, "version": item.version}
        return _made(filled.make(request), each, user, now)

    return make


def _made(case: Case, each: BatchMove, user: User, now: datetime) -> Made:
    mine = UndoableAct.objects.filter(case=case, member=user, move=each.move, made_at=now)
    seq = mine.order_by("-seq").values_list("seq", flat=True).first()
    return Made(each.page.result(case, now) if each.page.result else "", seq)


# ------------------------------------------------------------------------- undo
@dataclass(frozen=True)
class Undoable:
    """The cases of a batch for which the act can still be undone, and until when for all."""

    numbers: tuple[str, ...]
    until_at: datetime


def undoable(batch: Batch, items: Iterable[BatchItem], now: datetime) -> Undoable | None:
    """Return what the officer who ordered the batch may still undo of it, if anything."""
    done = {each.number: each.seq for each in items if each.state == BatchItem.State.DONE}
    acts = UndoableAct.objects.filter(
        member=batch.member_id, undone_at=None, until_at__gte=now, case__number__in=done
    ).values_list("case__number", "seq", "until_at")
    mine = [(number, until_at) for number, seq, until_at in acts if done[number] == seq]
    if not mine or batch.ended_at is None:
        return None
    return Undoable(tuple(number for number, _at in mine), min(at for _number, at in mine))


def undo(batch: Batch, now: datetime) -> None:
    """Undo the first of them now; the worker undoes the others."""
    found = undoable(batch, batch.items.all(), now)
    if found and batches.order_undo(batch=batch, numbers=found.numbers):
        carry_out(batch, now, most=AT_ONCE)


def _explain(item: BatchItem, refusal: Refusal) -> str:
    case = Case.objects.filter(number=item.number).first()
    return why_not.explain(case, refusal) if case else wording.explain(refusal)


def run_waiting(now: datetime) -> Mapping[str, int]:
    """Carry out what was ordered, some cases at a time; for the worker."""
    done = 0
    for batch in Batch.objects.filter(ended_at=None).order_by("pk")[:STEP]:
        try:
            done += carry_out(batch, now, most=STEP)
        except Exception:
            # The batches of other officers continue; this one is tried again.
            logger.exception("the batch %s failed", batch.pk)
            close_old_connections()
    return {"cases": done, "removed": batches.sweep(now)}
