"""The mediations that wait for this officer, with a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from bihuan.cases import queries as cases
from bihuan.cases.models import Case
from bihuan.core import lifecycle
from bihuan.core import mediation as rules
from bihuan.core.acting import Person
from bihuan.core.lifecycle import Situation
from bihuan.core.mediation import COORDINATORS, MEDIATION, Move, Stage, Stance
from bihuan.desk.agenda import SHOWN, by_due, item_of
from bihuan.desk.context import AgendaContext, sift, within
from bihuan.mediations import queries
from bihuan.mediations.models import Agreement, Party, Performance, Session
from bihuan.orgs.models import User
from bihuan.web.agenda import AT_MOST, AgendaItem, AgendaSection
from bihuan.web.templatetags.bihuan import moment

# What the next step depends on.
BESIDE = (
    "pk", "post", "owner__path", "origin__path", "digest", "has_promises", "has_promises_soon",
    "meets_at", "has_met",
)  # fmt: skip


def agenda(user: User, now: datetime) -> Iterator[AgendaSection]:
    """Return mediations with a step that this officer may take now, and those that wait for a
    party.
    """
    context = AgendaContext.by(user, now)
    rows = context.rows(_open)
    stances = _stances(context.about([row["pk"] for row in rows]))
    person = cases.person(user, now)
    tasks = [_task(row, _next(row, stances[row["pk"]], person)) for row in rows]
    yield AgendaSection.of(
        _("Mediations with a next step"), (t for t in tasks if t.step_url), order=8
    )
    yield AgendaSection.of(
        _("Mediations waiting for the parties"), (t for t in tasks if not t.step_url), order=8
    )


def _task(row: Mapping[str, Any], move: str) -> AgendaItem:
    """Return the item; one that waits for a meeting says when it is."""
    at = row["meets_at"]
    return item_of(row, move, "" if at is None else _("Meeting on %(at)s") % {"at": moment(at)})


def _open(context: AgendaContext) -> QuerySet[Case, dict[str, Any]]:
    """Return those on the officer's own posts, and those in reach of officers who name
    mediators and close.
    """
    here = within(context.with_powers(*COORDINATORS))
    to_coordinate = sift(
        Q(stage=Stage.BROUGHT, post=None) | Q(stage__in=[Stage.NOTICED, Stage.AGREED])
    )
    found = Case.objects.open().filter(
        Q(post__in=context.posts) | (here & to_coordinate), kind=MEDIATION.kind
    )
    first = by_due(_with_texts(found, context))
    shown: QuerySet[Case, dict[str, Any]] = first.values(*SHOWN, *BESIDE)
    return shown[: 2 * AT_MOST + 1]


def _with_texts(found: QuerySet[Case, Case], context: AgendaContext) -> QuerySet[Case, Case]:
    text = Agreement.objects.filter(mediation=OuterRef("pk"), withdrawn_at=None)
    waiting = Performance.objects.filter(
        agreement__mediation=OuterRef("pk"), agreement__withdrawn_at=None, done_at=None
    )
    announced = Session.objects.filter(mediation=OuterRef("pk"), held_at=None)
    coming = announced.filter(meets_at__gt=context.now).order_by("meets_at")
    return found.annotate(
        meets_at=Subquery(coming.values("meets_at")[:1]),
        has_met=Exists(announced.filter(meets_at__lte=context.now)),
        digest=Subquery(text.values("digest")[:1]),
        has_promises=Exists(waiting),
        has_promises_soon=Exists(waiting.filter(due_date__lte=context.soon)),
    )


def _stances(context: AgendaContext) -> dict[int, list[Stance]]:
    found: dict[int, list[Stance]] = defaultdict(list)
    for party in context.rows(_parties):
        found[party.mediation_id].append(queries.stance(party))
    return found


def _parties(context: AgendaContext) -> QuerySet[Party, Party]:
    return queries.with_confirmed(Party.objects.filter(mediation__in=context.keys))


def _next(row: Mapping[str, Any], stances: list[Stance], person: Person) -> str:
    """Return the next step of the office that this officer may take, if any."""
    facts = rules.facts(
        stances,
        has_mediator=row["post"] is not None,
        digest=row["digest"] or "",
        parts_open=row["has_promises"],
    )
    seen = Situation(row["stage"], row["owner__path"], row["origin__path"], facts=facts)
    return next((move for move in _wanted(row) if lifecycle.may(MEDIATION, move, seen, person)), "")


def _wanted(row: Mapping[str, Any]) -> Iterator[Move]:
    if row["post"] is None:
        yield Move.NAME_MEDIATOR
    yield from (Move.ASK, Move.BEGIN, Move.CONCLUDE, Move.FINISH)
    if row["stage"] == Stage.MEDIATING:
        if row["has_met"]:
            yield Move.HOLD
        elif row["meets_at"] is None:
            yield Move.MEET
    if row["has_promises_soon"]:
        yield Move.NOTE_PERFORMANCE
