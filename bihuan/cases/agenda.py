"""Today: what waits for this very officer. Each question costs the open work, never the archive."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from bihuan.cases import lives, queries
from bihuan.cases.listing import SOON_DAYS, day_end
from bihuan.cases.models import (
    Case,
    Clock,
    Contest,
    Extension,
    Hand,
    Message,
    Opening,
    Unsolved,
)
from bihuan.core import seals
from bihuan.core.hazard import HAZARD, Move, Stage
from bihuan.core.powers import Power
from bihuan.orgs import access
from bihuan.orgs.access import Seat
from bihuan.orgs.models import Tenure, User

AT_MOST = 20
RECHECK = "LOC-4"


@dataclass(frozen=True)
class Task:
    """A case that waits for the officer, and the move that is next."""

    number: str
    title: str
    place: str
    kind: str
    due_at: datetime | None
    unit: str
    unit_en: str
    move: str
    # Where there is no move to make at once: what it waits for.
    note: str | Promise = ""


@dataclass(frozen=True)
class Section:
    """Tasks of one sort; `more` is the ledger's query for all of them."""

    title: str | Promise
    tasks: list[Task]
    more: str = ""
    is_cut: bool = False


@dataclass(frozen=True)
class Asked:
    """Who asks, from which seats, and when."""

    user: User
    seats: tuple[Seat, ...]
    now: datetime

    def open_to(self, case: str = "") -> Q:
        """So for cases that the officer may know of."""
        return queries.open_to(self.user, self.now, case)

    def with_powers(self, *powers: Power) -> list[Seat]:
        return [seat for seat in self.seats if seat.powers & set(powers)]


def sections(user: User, now: datetime) -> list[Section]:
    """Everything that waits, the most urgent first; what is empty is left out."""
    asked = Asked(user, access.seats(user, localdate(now)), now)
    urgent, later = _mine(asked)
    stages = _by_stage(asked)
    found = [
        _section(_("Urgent"), _urgent(asked)),
        urgent,
        _section(_("Openings of a seal to allow"), _openings(asked)),
        _section(_("Not solved: to look into"), _unsolved(asked)),
        _section(_("Answers and additions to read"), _answers(asked)),
        _section(_("Extensions to decide"), _extensions(asked)),
        _section(_("Contested transfers to decide"), _contests(asked)),
        stages[Stage.SUBMITTED],
        stages[Stage.REPORTED],
        stages[Stage.CONFIRMED],
        stages[Stage.VERIFIED],
        _section(_("On posts that nobody holds"), _unheld(asked)),
        later,
        _section(_("To look at again after closure"), _rechecks(asked)),
    ]
    return [section for section in found if section.tasks]


def known_to(user: User, found: Iterable[Section], now: datetime) -> list[Section]:
    """What a kind of case adds, without what is shut to the officer, and without what is empty."""
    given = [section for section in found if section.tasks]
    shut = queries.shut_among(user, [t.number for each in given for t in each.tasks], now)
    if not shut:
        return given
    open_ = [
        replace(each, tasks=[task for task in each.tasks if task.number not in shut])
        for each in given
    ]
    return [section for section in open_ if section.tasks]


def _section(title: str | Promise, tasks: Iterable[Task], more: str = "") -> Section:
    found = list(tasks)
    return Section(title, found[:AT_MOST], more, is_cut=len(found) > AT_MOST)


# ---------------------------------------------------------------- on my posts
NEXT = {Stage.ASSIGNED: Move.START, Stage.RECTIFYING: Move.SUBMIT}


def _mine(asked: Asked) -> tuple[Section, Section]:
    posts = [seat.post.pk for seat in asked.seats]
    here = OuterRef("pk")
    waiting = Exists(Contest.objects.filter(case=here, upheld=None)) | Exists(
        Extension.objects.filter(case=here, granted=None)
    )
    cases = Case.objects.open().filter(asked.open_to(), post__in=posts, stage__in=NEXT)
    cases = cases.annotate(waiting=waiting)
    rows = list(
        cases.order_by(F("due_at").asc(nulls_last=True), "pk").values(*SHOWN, "waiting")[
            : 2 * AT_MOST + 1
        ]
    ) if posts else []  # fmt: skip
    # While a decision is awaited the next step is not this officer's.
    tasks = [task_of(row, "" if row["waiting"] else NEXT[Stage(row["stage"])]) for row in rows]
    end = day_end(asked.now)
    urgent = [task for task in tasks if task.due_at and task.due_at < end]
    later = [task for task in tasks if not task.due_at or task.due_at >= end]
    return (
        _section(_("Overdue and due today"), urgent, "mine=1"),
        _section(_("Next on my posts"), later, "mine=1"),
    )


# ------------------------------------------------------------ by stage of loop
TITLES: Mapping[Stage, tuple[str | Promise, Move]] = {
    Stage.SUBMITTED: (_("Waiting for my check"), Move.VERIFY),
    Stage.REPORTED: (_("To confirm or reject"), Move.CONFIRM),
    Stage.CONFIRMED: (_("To assign"), Move.ASSIGN),
    Stage.VERIFIED: (_("To close"), Move.CLOSE),
}


def _by_stage(asked: Asked) -> dict[Stage, Section]:
    """One question for all stages: the first few of each, by due time."""
    rank = Window(
        RowNumber(),
        partition_by="stage",
        order_by=[F("due_at").asc(nulls_last=True), F("pk").asc()],
    )
    wanted = _coordinated(asked) | _to_check(asked) | _to_close(asked)
    rows: Iterable[dict[str, Any]] = []
    if wanted:
        cases = Case.objects.open().filter(wanted, asked.open_to()).annotate(rank=rank)
        rows = list(cases.filter(rank__lte=AT_MOST + 1).order_by("rank").values(*SHOWN))
    return {
        stage: _section(
            title, [task_of(row, move) for row in rows if row["stage"] == stage], f"stage={stage}"
        )
        for stage, (title, move) in TITLES.items()
    }


def _coordinated(asked: Asked) -> Q:
    wanted = Q()
    for seat in asked.with_powers(Power.COORDINATE):
        found = Q(origin__path__startswith=seat.unit.path)
        owned = Q(owner__path__startswith=seat.unit.path)
        wanted |= Q(stage=Stage.REPORTED) & found
        wanted |= Q(stage=Stage.CONFIRMED) & (found | owned)
    return wanted


def _to_check(asked: Asked) -> Q:
    wanted = Q()
    for seat in asked.with_powers(Power.VERIFY):
        reach = Q(owner__path__startswith=seat.unit.path)
        wanted |= Q(stage=Stage.SUBMITTED) & reach & _four_eyes(asked, seat)
    return wanted


def _to_close(asked: Asked) -> Q:
    wanted = Q()
    for seat in asked.with_powers(Power.COORDINATE, Power.APPROVE):
        listed = Q(lister__path__startswith=seat.unit.path)
        plain = Q(lister=None, owner__path__startswith=seat.unit.path)
        wanted |= Q(stage=Stage.VERIFIED) & (listed | plain) & _four_eyes(asked, seat)
    if not wanted:
        return wanted
    parts = Case.objects.open().filter(parent=OuterRef("pk"))
    return wanted & Q(~Exists(parts), stopped_at=None)


def _four_eyes(asked: Asked, seat: Seat, case: str = "pk") -> Q:
    """Neither this officer nor the unit of this seat, nor one above it, did the fix."""
    fixes = Hand.objects.filter(case=OuterRef(case), side=Hand.Side.FIX)
    own = [*seat.unit.paths_above(), seat.unit.path]
    return Q(~Exists(fixes.filter(Q(member=asked.user) | Q(unit__path__in=own))))


def _unheld(asked: Asked) -> list[Task]:
    """Work that a post left behind when its holder went and nobody followed."""
    reach = Q()
    for seat in asked.with_powers(Power.COORDINATE):
        reach |= Q(owner__path__startswith=seat.unit.path)
    if not reach:
        return []
    held = Tenure.objects.in_force(localdate(asked.now)).filter(post=OuterRef("post"))
    left = Case.objects.open().filter(
        reach, asked.open_to(), ~Exists(held), post__isnull=False, stage__in=NEXT
    )
    rows = left.order_by(F("due_at").asc(nulls_last=True), "pk").values(*SHOWN)[: AT_MOST + 1]
    return [task_of(row, Move.ASSIGN) for row in rows]


# ------------------------------------------------------------------ the public
def _urgent(asked: Asked) -> list[Task]:
    """Somebody says that they suffer for having spoken: before everything else."""
    reach = _reach(asked.with_powers(*seals.OPENERS), "owner")
    if not reach:
        return []
    cases = Case.objects.open().filter(reach, asked.open_to(), is_urgent=True)
    rows = cases.order_by("due_at", "pk").values(*SHOWN)[: AT_MOST + 1]
    return [task_of(row, "", _("Urgent")) for row in rows]


def _openings(asked: Asked) -> list[Task]:
    """An accusation's seal is opened by two: here the second is asked."""
    units = [seat.unit.pk for seat in asked.with_powers(*seals.OPENERS)]
    if not units:
        return []
    waiting = Opening.objects.filter(
        asked.open_to("seal__case"),
        seal__case__owner__in=units,
        seal__case__is_confidential=True,
        allowed_by=None,
        opened_at=None,
        until_at__gt=asked.now,
    ).exclude(asked_by=asked.user)
    return _on_cases(waiting.order_by("asked_at"), "seal__case__", _("Waits for a second person"))


def _unsolved(asked: Asked) -> list[Task]:
    """What was rated as not solved, for whoever may look into it and did not handle it."""
    reach = Q()
    for life in lives.every():
        if powers := life.lifecycle.powers_of("follow_up"):
            here = _reach(asked.with_powers(*powers), "case__owner")
            reach |= here & Q(case__kind=life.lifecycle.kind) if here else Q()
    if not reach:
        return []
    items = Unsolved.objects.filter(reach, asked.open_to("case"), done_at=None)
    others = items.filter(~Q(handled_by=asked.user) | Q(handled_by=None))
    return _of_requests(others.order_by("clock__due_at"), reach, "follow_up", due="clock__due_at")


def _answers(asked: Asked) -> list[Task]:
    """What whoever reported has said, and nobody here has read."""
    reach = _reach(asked.with_powers(Power.HANDLE, Power.COORDINATE), "case__owner")
    if not reach:
        return []
    unread = Message.objects.filter(
        reach, asked.open_to("case"), kind__in=Message.FROM_PERSON, seen_at=None
    )
    return _on_cases(unread.order_by("said_at"), "case__", _("To read"))


def _reach(seats: Iterable[Seat], unit: str) -> Q:
    reach = Q()
    for seat in seats:
        reach |= Q(**{f"{unit}__path__startswith": seat.unit.path})
    return reach


def _on_cases(rows: QuerySet[Any, Any], case: str, note: str | Promise) -> list[Task]:
    """One task for each case of these rows, which the page of the case says more about."""
    found = rows.values_list(*(case + name for name in SHOWN))[: AT_MOST + 1]
    tasks = (task_of(dict(zip(SHOWN, values, strict=True)), "", note) for values in found)
    return list({task.number: task for task in tasks}.values())


# ------------------------------------------------------------------ decisions
def _extensions(asked: Asked) -> list[Task]:
    above = Q()
    for seat in asked.with_powers(Power.APPROVE):
        above |= Q(case__owner__path__startswith=seat.unit.path) & ~Q(case__owner=seat.unit)
    pending = Extension.objects.filter(
        above, asked.open_to("case"), granted=None, case__kind=HAZARD.kind
    ).exclude(asked_by=asked.user)
    return _of_requests(pending.order_by("asked_at"), above, Move.DECIDE_EXTENSION)


def _contests(asked: Asked) -> list[Task]:
    over = Q()
    for seat in asked.with_powers(Power.COORDINATE, Power.APPROVE):
        path = seat.unit.path
        over |= Q(from_unit__path__startswith=path, to_unit__path__startswith=path)
    pending = Contest.objects.filter(over, asked.open_to("case"), upheld=None)
    pending = pending.exclude(raised_by=asked.user)
    return _of_requests(pending.order_by("raised_at"), over, Move.DECIDE_CONTEST)


def _rechecks(asked: Asked) -> list[Task]:
    reach = Q()
    for seat in asked.with_powers(Power.VERIFY):
        near = Q(case__owner__path__startswith=seat.unit.path)
        reach |= near & _four_eyes(asked, seat, "case")
    running = Clock.objects.filter(
        reach,
        asked.open_to("case"),
        rule_id=RECHECK,
        stopped_at=None,
        due_at__lt=day_end(asked.now, SOON_DAYS),
    )
    return _of_requests(running.order_by("due_at"), reach, Move.RECHECK, due="due_at")


def _of_requests(
    rows: QuerySet[Any, Any], reach: Q, move: str, *, due: str = "case__due_at"
) -> list[Task]:
    """Tasks from rows that hang on a case; where nothing is in reach, nothing is asked."""
    if not reach:
        return []
    shown = [due if name == "due_at" else f"case__{name}" for name in SHOWN]
    found = rows.values_list(*shown)[: AT_MOST + 1]
    return [task_of(dict(zip(SHOWN, values, strict=True)), move) for values in found]


# What a row has to bring to become a task.
SHOWN = ("number", "title", "place", "kind", "stage", "due_at", "owner__name", "owner__name_en")


def task_of(row: Mapping[str, Any], move: str, note: str | Promise = "") -> Task:
    """The task that a row of a case is, with the move that is next."""
    return Task(
        number=row["number"],
        title=row["title"],
        place=row["place"],
        kind=row["kind"],
        due_at=row["due_at"],
        unit=row["owner__name"],
        unit_en=row["owner__name_en"],
        move=move,
        note=note,
    )
