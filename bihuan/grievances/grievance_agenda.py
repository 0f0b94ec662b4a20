"""The grievances that wait for this officer: the next step of each, by type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bihuan.cases.models import Case, Extension, Participation
from bihuan.core.grievance import GRIEVANCE, WORKERS, Move, Stage
from bihuan.core.powers import Power
from bihuan.desk.agenda import SHOWN, by_due, item_of
from bihuan.desk.context import NOTHING, AgendaContext, within
from bihuan.grievances.models import Handover, Opinion
from bihuan.orgs.models import User
from bihuan.web.agenda import AT_MOST, AgendaSection

# The content of each section, and the next step.
STEPS: Mapping[str, tuple[str | Promise, Move]] = {
    "extension": (_("Extensions to decide: answers"), Move.DECIDE_EXTENSION),
    "objection": (_("Objections to transfers to answer"), Move.ANSWER_OBJECTION),
    "arriving": (_("Incoming transfers to take over"), Move.TAKE_OVER),
    "new": (_("New grievances to classify"), Move.CLASSIFY),
    "classified": (_("Classified, to accept"), Move.ACCEPT),
    "accepted": (_("Accepted, to assign"), Move.ASSIGN),
    "handling": (_("Answers to draft"), Move.DRAFT),
    "drafted": (_("Answers to issue"), Move.ISSUE),
    "reviewing": (_("Reviews to draft"), Move.DRAFT_REVIEW),
    "review_drafted": (_("Reviews to issue"), Move.ISSUE_REVIEW),
    "rereviewing": (_("Re-reviews to draft"), Move.DRAFT_REREVIEW),
    "rereview_drafted": (_("Re-reviews to issue"), Move.ISSUE_REREVIEW),
    "unserved": (_("Answers on paper: service to record"), Move.SERVE),
}
BY_STAGE = {
    Stage.ACCEPTED: "accepted",
    Stage.HANDLING: "handling",
    Stage.DRAFTED: "drafted",
    Stage.REVIEWING: "reviewing",
    Stage.REVIEW_DRAFTED: "review_drafted",
    Stage.REREVIEWING: "rereviewing",
    Stage.REREVIEW_DRAFTED: "rereview_drafted",
    Stage.REPLIED: "unserved",
    Stage.REVIEWED: "unserved",
    Stage.REREVIEWED: "unserved",
}
# The round of the last written answer, while a grievance waits for the reporter.
LAST = {
    Stage.REPLIED: Opinion.Round.ANSWER,
    Stage.REVIEWED: Opinion.Round.REVIEW,
    Stage.REREVIEWED: Opinion.Round.REREVIEW,
}
DRAFTED = (Stage.DRAFTED, Stage.REVIEW_DRAFTED, Stage.REREVIEW_DRAFTED)
REVIEWING = (Stage.REVIEWING, Stage.REREVIEWING)
HERE = OuterRef("pk")


def waiting(user: User, now: datetime) -> Iterator[AgendaSection]:
    """Return the first few of each step in one query, the first due first."""
    context = AgendaContext.by(user, now)
    heads = tuple(scope.path for scope in context.with_powers(Power.APPROVE))
    steps = [(_step(row, heads), row) for row in context.rows(_waiting)]
    for step, (title, move) in STEPS.items():
        tasks = [item_of(row, move) for which, row in steps if which == step]
        yield AgendaSection.of(title, tasks, order=8)


def _waiting(context: AgendaContext) -> QuerySet[Case, dict[str, Any]]:
    wanted = _to_coordinate(context) | _to_draft(context) | _to_issue(context) | _to_serve(context)
    rank = Window(
        RowNumber(),
        partition_by=["stage", "has_objection", "grievance__way", "is_asked"],
        order_by=[F("due_at").asc(nulls_last=True), F("pk").asc()],
    )
    found = (
        Case.objects.open()
        .filter(wanted, context.open_to(), kind=GRIEVANCE.kind)
        .annotate(
            has_objection=Exists(_open_handovers().filter(objected_at__isnull=False)),
            is_asked=Exists(_asked_by_others(context)),
        )
        .annotate(rank=rank)
    )
    first = by_due(found.filter(rank__lte=AT_MOST + 1))
    related = ("grievance__way", "has_objection", "is_asked", "owner__path", "post")
    shown: QuerySet[Case, dict[str, Any]] = first.values(*SHOWN, *related)
    return shown


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


def _asked_by_others(context: AgendaContext) -> QuerySet[Extension, Extension]:
    return Extension.objects.filter(case=HERE, granted=None).exclude(asked_by__in=context.members)


def _to_coordinate(context: AgendaContext) -> Q:
    wanted = NOTHING
    for scope in context.with_powers(Power.COORDINATE):
        owned = within([scope])
        objected = _open_handovers().filter(objected_at__isnull=False)
        arriving = _open_handovers().filter(within([scope], "to_unit"), objected_at=None)
        wanted |= owned & Q(stage__in=(Stage.RECEIVED, Stage.ACCEPTED))
        wanted |= owned & Q(stage=Stage.TRANSFERRED) & Q(Exists(objected))
        # The sender does not take it over; see `GrievanceReach.RECEIVER`.
        wanted |= (
            Q(stage=Stage.TRANSFERRED)
            & Q(Exists(arriving))
            & (~owned | Q(Exists(arriving.filter(to_unit=scope.unit))))
        )
    return wanted


def _to_draft(context: AgendaContext) -> Q:
    """Return what the officer's posts work on; and reviews in a unit that did not take part
    before.
    """
    wanted = NOTHING
    for scope in context.with_powers(Power.HANDLE):
        wanted |= Q(post=scope.post, stage=Stage.HANDLING)
        wanted |= Q(owner=scope.unit, stage__in=REVIEWING) & _took_no_part(context)
    return wanted


def _to_issue(context: AgendaContext) -> Q:
    """Return drafts and requests for extension by other officers."""
    own = Opinion.objects.filter(case=HERE, issued_at=None, drafted_by__in=context.members)
    owned = within(context.with_powers(Power.APPROVE))
    return owned & (Q(stage__in=DRAFTED) & ~Q(Exists(own)) | Q(Exists(_asked_by_others(context))))


def _to_serve(context: AgendaContext) -> Q:
    """Return letters to be served on paper, if it is unknown whether the reporter has them
    (decision 133).
    """
    unknown = Opinion.objects.filter(
        case=HERE, issued_at__isnull=False, served_at=None, letter__seen_at=None
    )
    answered = NOTHING
    for stage, last in LAST.items():
        answered |= Q(stage=stage) & Q(Exists(unknown.filter(round=last)))
    here = NOTHING
    for scope in context.with_powers(*WORKERS):
        here |= Q(owner=scope.unit)
    return here & Q(grievance__wants_paper=True) & answered


def _took_no_part(context: AgendaContext) -> Q:
    return ~Q(Exists(Participation.objects.filter(case=HERE, member__in=context.members)))
