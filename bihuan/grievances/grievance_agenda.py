"""What waits for this very officer among the grievances: the next step of each, by what it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Window
from django.db.models.functions import RowNumber
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from bihuan.cases import queries as cases
from bihuan.cases.agenda import AT_MOST, SHOWN, Section, task_of
from bihuan.cases.models import Case, Extension, Hand
from bihuan.core.grievance import GRIEVANCE, Move, Stage
from bihuan.core.powers import Power
from bihuan.grievances.models import Handover, Opinion
from bihuan.orgs import access
from bihuan.orgs.access import Seat
from bihuan.orgs.models import User

# What stands under each title, and the step that is next.
STEPS: Mapping[str, tuple[str | Promise, Move]] = {
    "extension": (_("More time for an answer: to decide"), Move.DECIDE_EXTENSION),
    "objection": (_("Objections to transfers: to answer"), Move.ANSWER_OBJECTION),
    "arriving": (_("Passed to us: to take over"), Move.TAKE_OVER),
    "new": (_("New grievances: to classify"), Move.CLASSIFY),
    "classified": (_("Classified: to accept"), Move.ACCEPT),
    "accepted": (_("Accepted: to assign"), Move.ASSIGN),
    "handling": (_("Answers to draft"), Move.DRAFT),
    "drafted": (_("Answers to issue"), Move.ISSUE),
    "reviewing": (_("Reviews to draft"), Move.DRAFT_REVIEW),
    "review_drafted": (_("Reviews to issue"), Move.ISSUE_REVIEW),
    "rereviewing": (_("Re-reviews to draft"), Move.DRAFT_REREVIEW),
    "rereview_drafted": (_("Re-reviews to issue"), Move.ISSUE_REREVIEW),
}
BY_STAGE = {
    Stage.ACCEPTED: "accepted",
    Stage.HANDLING: "handling",
    Stage.DRAFTED: "drafted",
    Stage.REVIEWING: "reviewing",
    Stage.REVIEW_DRAFTED: "review_drafted",
    Stage.REREVIEWING: "rereviewing",
    Stage.REREVIEW_DRAFTED: "rereview_drafted",
}
DRAFTED = (Stage.DRAFTED, Stage.REVIEW_DRAFTED, Stage.REREVIEW_DRAFTED)
REVIEWING = (Stage.REVIEWING, Stage.REREVIEWING)
HERE = OuterRef("pk")


def waiting(user: User, now: datetime) -> Iterator[Section]:
    """One question for all sections: the first few of each step, the first due first."""
    seats = access.seats(user, localdate(now))
    wanted = _to_coordinate(seats) | _to_draft(user, seats) | _to_issue(user, seats)
    if not wanted:
        return
    asked = Extension.objects.filter(case=HERE, granted=None).exclude(asked_by=user)
    rank = Window(
        RowNumber(),
        partition_by=["stage", "has_objection", "grievance__way", "is_asked"],
        order_by=[F("due_at").asc(nulls_last=True), F("pk").asc()],
    )
    found = (
        Case.objects.open()
        .filter(wanted, cases.open_to(user, now), kind=GRIEVANCE.kind)
        .annotate(
            has_objection=Exists(_open_handovers().filter(objected_at__isnull=False)),
            is_asked=Exists(asked),
        )
        .annotate(rank=rank)
    )
    rows = list(
        found.filter(rank__lte=AT_MOST + 1)
        .order_by("due_at", "pk")
        .values(*SHOWN, "grievance__way", "has_objection", "is_asked", "owner__path")
    )
    heads = tuple(seat.unit.path for seat in seats if Power.APPROVE in seat.powers)
    steps = [(_step(row, heads), row) for row in rows]
    for step, (title, move) in STEPS.items():
        tasks = [task_of(row, move) for which, row in steps if which == step]
        yield Section(title, tasks[:AT_MOST], is_cut=len(tasks) > AT_MOST)


def _step(row: Mapping[str, Any], heads: tuple[str, ...]) -> str:
    if row["is_asked"] and row["owner__path"].startswith(heads):
        return "extension"
    if row["stage"] == Stage.TRANSFERRED:
        return "objection" if row["has_objection"] else "arriving"
    if row["stage"] == Stage.RECEIVED:
        return "classified" if row["grievance__way"] else "new"
    return BY_STAGE[Stage(row["stage"])]


def _open_handovers() -> Any:
    return Handover.objects.filter(case=HERE, ended_at=None)


def _to_coordinate(seats: tuple[Seat, ...]) -> Q:
    wanted = Q()
    for seat in seats:
        if Power.COORDINATE not in seat.powers:
            continue
        path = seat.unit.path
        owned = Q(owner__path__startswith=path)
        objected = _open_handovers().filter(objected_at__isnull=False)
        arriving = _open_handovers().filter(to_unit__path__startswith=path, objected_at=None)
        wanted |= owned & Q(stage__in=(Stage.RECEIVED, Stage.ACCEPTED))
        wanted |= owned & Q(stage=Stage.TRANSFERRED) & Q(Exists(objected))
        # Whoever passed it on does not take it over; see `lifecycle.Over.RECEIVER`.
        wanted |= (
            Q(stage=Stage.TRANSFERRED)
            & Q(Exists(arriving))
            & (~owned | Q(Exists(arriving.filter(to_unit=seat.unit))))
        )
    return wanted


def _to_draft(user: User, seats: tuple[Seat, ...]) -> Q:
    """What my posts work on; and of the reviews what lies with a unit that took no part."""
    wanted = Q()
    for seat in seats:
        if Power.HANDLE not in seat.powers:
            continue
        wanted |= Q(post=seat.post, stage=Stage.HANDLING)
        wanted |= Q(owner=seat.unit, stage__in=REVIEWING) & _took_no_part(user)
    return wanted


def _to_issue(user: User, seats: tuple[Seat, ...]) -> Q:
    """Drafts of others, and requests of others for more time."""
    own = Opinion.objects.filter(case=HERE, issued_at=None, drafted_by=user)
    asked = Extension.objects.filter(case=HERE, granted=None).exclude(asked_by=user)
    wanted = Q()
    for seat in seats:
        if Power.APPROVE not in seat.powers:
            continue
        owned = Q(owner__path__startswith=seat.unit.path)
        wanted |= owned & Q(stage__in=DRAFTED) & ~Q(Exists(own))
        wanted |= owned & Q(Exists(asked))
    return wanted


def _took_no_part(user: User) -> Q:
    return ~Q(Exists(Hand.objects.filter(case=HERE, member=user)))
