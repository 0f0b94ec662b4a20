"""Today: the mediations that wait for this officer, in a number of queries that does not grow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from bihuan.cases import queries as cases
from bihuan.cases.agenda import AT_MOST, Section, Task
from bihuan.cases.listing import SOON_DAYS
from bihuan.cases.models import Case
from bihuan.core import lifecycle
from bihuan.core import mediation as rules
from bihuan.core.lifecycle import Person, Situation
from bihuan.core.mediation import COORDINATORS, MEDIATION, OPEN, Move, Stage
from bihuan.core.refusal import Refusal
from bihuan.mediations import queries
from bihuan.mediations.models import Agreement, Party, Performance
from bihuan.orgs import access
from bihuan.orgs.models import User

SOON = timedelta(days=SOON_DAYS)


def agenda(user: User, now: datetime) -> Iterator[Section]:
    """Mediations with a step that this officer may take now, and those that wait for a party."""
    rows = _rows(user, now)
    stances = _stances(rows)
    person = cases.person(user, now)
    tasks = [_task(case, _next(case, stances[case.pk], person)) for case in rows]
    yield _section(_("Mediations with a next step"), [task for task in tasks if task.move])
    yield _section(_("Mediations that wait for the parties"), [t for t in tasks if not t.move])


def _section(title: Promise, tasks: list[Task]) -> Section:
    return Section(title, tasks[:AT_MOST], is_cut=len(tasks) > AT_MOST)


def _rows(user: User, now: datetime) -> list[Case]:
    """On the officer's own posts; and in reach of whoever names mediators and closes."""
    seats = access.seats(user, localdate(now))
    wanted = Q(post__in=[seat.post.pk for seat in seats])
    for seat in seats:
        if seat.powers & COORDINATORS:
            here = Q(owner__path__startswith=seat.unit.path)
            wanted |= here & (Q(stage=Stage.BROUGHT, post=None) | Q(stage=Stage.AGREED))
    if not seats:
        return []
    # Of all cases only mediations are in these stages, which are in the index of open cases.
    found = Case.objects.open().filter(wanted, stage__in=sorted(OPEN), kind=MEDIATION.kind)
    shown = _with_texts(found, now)
    first = shown.select_related("owner", "origin").order_by(F("due_at").asc(nulls_last=True), "pk")
    return list(first[: 2 * AT_MOST + 1])


def _with_texts(found: QuerySet[Case, Case], now: datetime) -> QuerySet[Case, Case]:
    text = Agreement.objects.filter(mediation=OuterRef("pk"), withdrawn_at=None)
    waiting = Performance.objects.filter(
        agreement__mediation=OuterRef("pk"), agreement__withdrawn_at=None, done_at=None
    )
    soon = waiting.filter(due_date__lte=localdate(now) + SOON)
    return found.annotate(
        digest=Subquery(text.values("digest")[:1]),
        has_promises=Exists(waiting),
        has_promises_soon=Exists(soon),
    )


def _stances(rows: list[Case]) -> dict[int, list[Party]]:
    found: dict[int, list[Party]] = defaultdict(list)
    if rows:
        for party in queries.with_confirmed(
            Party.objects.filter(mediation__in=[case.pk for case in rows])
        ):
            found[party.mediation_id].append(party)
    return found


def _next(case: Case, parties: list[Party], person: Person) -> str:
    """The step on the way to the end that is open to this officer, if any waits for the office."""
    said = case.__dict__
    facts = rules.facts(
        [queries.stance(party) for party in parties],
        has_mediator=case.post_id is not None,
        digest=said["digest"] or "",
        parts_open=said["has_promises"],
    )
    seen = Situation(case.stage, case.owner.path, case.origin.path, facts=facts)
    return next((move for move in _wanted(case) if _may(move, seen, person)), "")


def _wanted(case: Case) -> Iterator[Move]:
    if case.post_id is None:
        yield Move.NAME_MEDIATOR
    yield from (Move.BEGIN, Move.CONCLUDE, Move.FINISH)
    if case.stage == Stage.MEDIATING:
        yield Move.MEET
    if case.__dict__["has_promises_soon"]:
        yield Move.NOTE_PERFORMANCE


def _may(move: Move, seen: Situation, person: Person) -> bool:
    try:
        lifecycle.require(MEDIATION, move, seen, person)
    except Refusal:
        return False
    return True


def _task(case: Case, move: str) -> Task:
    return Task(
        number=case.number,
        title=case.title,
        place=case.place,
        kind=case.kind,
        due_at=case.due_at,
        unit=case.owner.name,
        unit_en=case.owner.name_en,
        move=move,
    )
