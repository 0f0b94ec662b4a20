"""Today: what waits for this very officer. Each question costs the open work, never the archive."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bihuan.cases import kinds
from bihuan.cases.apart import closures_to_confirm, four_eyes, never_there
from bihuan.cases.asked import NOTHING, AgendaContext, sift, within
from bihuan.cases.listing import UNVERIFIED, day_end
from bihuan.cases.models import (
    Case,
    Contest,
    Extension,
)
from bihuan.core import seals
from bihuan.core.deadlines import Due
from bihuan.core.hazard import HAZARD, Move, Stage
from bihuan.core.powers import Power
from bihuan.orgs.models import Post, Tenure, User
from bihuan.orgs.naming import in_language
from bihuan.web.agenda import AT_MOST, AgendaItem, AgendaSection, Urgency
from bihuan.web.templatetags.bihuan import instant

NEVER = datetime.max.replace(tzinfo=UTC)
RECHECK = "LOC-4"
# What a row has to bring to become a task.
SHOWN = (
    "number", "title", "place", "kind", "stage", "due_at", "is_due_provisional", "owner__name",
    "owner__name_en",
)  # fmt: skip


def sections(user: User, now: datetime) -> list[AgendaSection]:
    """Everything that waits on cases of any kind, the most urgent first."""
    asked = AgendaContext.by(user, now)
    due_today, later, left = _on_posts(asked)
    first = _by_stage(asked)
    return [
        first[URGENT],
        due_today,
        section_of(_("Extensions to decide"), _extensions(asked)),
        section_of(_("Disputed assignments to decide"), _contests(asked)),
        first[Stage.SUBMITTED],
        first[Stage.REPORTED],
        first[Stage.CONFIRMED],
        first[Stage.VERIFIED],
        first[UNVERIFIED],
        left,
        later,
        section_of(_("Re-checks due"), _rechecks(asked)),
    ]


def section_of(
    title: str | Promise, items: Iterable[AgendaItem], more: str = "", *, order: int = 4
) -> AgendaSection:
    """Its questions leave out what is hidden from the officer; `more` is a query of the ledger."""
    url = f"{reverse('cases:ledger')}?{more}" if more else ""
    return AgendaSection.of(title, items, url, is_checked=True, order=order)


def by_due(cases: QuerySet[Case, Case]) -> QuerySet[Case, Case]:
    """The first due first, and last whatever is never due."""
    return cases.order_by(F("due_at").asc(nulls_last=True), "pk")


Rows = list[dict[str, Any]]


def _first_of(rows: Iterable[tuple[Any, ...]], *more: str) -> Mapping[str, Rows]:
    """What `_few` found, by the name of the section and as it stands there."""
    named: dict[str, Rows] = defaultdict(list)
    for name, *row in rows:
        named[name].append(dict(zip(("pk", *SHOWN, *more), row, strict=True)))
    for found in named.values():
        found.sort(key=lambda row: (row["due_at"] or NEVER, row["pk"]))
    return named


def _few(
    name: str, cases: QuerySet[Case, Case], *, most: int = AT_MOST + 1, **beside: Any
) -> QuerySet[Case, tuple[Any, ...]]:
    """The first of these cases, for a union: not every database cuts the parts of one short,
    but each does so with a question inside of a part."""
    few = by_due(cases)[:most]
    found = Case.objects.filter(pk__in=few.values("pk")).annotate(**beside)
    return found.values_list(Value(name), "pk", *SHOWN, *beside)


def _due_by(item: AgendaItem, end: datetime) -> bool:
    return item.due_at is not None and instant(item.due_at) < end


# ------------------------------------------------------------------- by post
NEXT = {Stage.ASSIGNED: Move.START, Stage.RECTIFYING: Move.SUBMIT}
FIRST = 2
MINE, LEFT = "mine", "left"


def _on_posts(asked: AgendaContext) -> tuple[AgendaSection, AgendaSection, AgendaSection]:
    """Work on the officer's posts, and what a post left behind when its holder went and nobody
    followed, which comes to whoever coordinates."""
    left = asked.rows(_left) if asked.with_powers(Power.COORDINATE) else []
    rows = _first_of(asked.about(left).rows(_under_way), "waiting")
    # While a decision is awaited the next step is not this officer's.
    tasks = [
        item_of(row, "" if row["waiting"] else NEXT[Stage(row["stage"])]) for row in rows[MINE]
    ]
    end = day_end(asked.now)
    urgent = [task for task in tasks if _due_by(task, end)]
    later = [task for task in tasks if not _due_by(task, end)]
    return (
        section_of(_("Overdue and due today"), urgent, "mine=1", order=FIRST),
        section_of(_("Next on my posts"), later, "mine=1"),
        section_of(_("On vacant posts"), [item_of(r, Move.ASSIGN) for r in rows[LEFT]]),
    )


def _left(asked: AgendaContext) -> QuerySet[Post, int]:
    held = Tenure.objects.in_force(asked.today).filter(post=OuterRef("pk"))
    return Post.objects.filter(~Exists(held)).values_list("pk", flat=True)


def _under_way(asked: AgendaContext) -> QuerySet[Case, tuple[Any, ...]]:
    here = OuterRef("pk")
    waiting = Exists(Contest.objects.filter(case=here, upheld=None)) | Exists(
        Extension.objects.filter(case=here, granted=None, rule_id="")
    )
    cases = Case.objects.open().filter(asked.open_to(), sift(Q(stage__in=NEXT)))
    mine = cases.filter(post__in=asked.posts)
    left = cases.filter(within(asked.with_powers(Power.COORDINATE)), post__in=asked.keys)
    return _few(MINE, mine, most=2 * AT_MOST + 1, waiting=waiting).union(
        _few(LEFT, left, waiting=waiting), all=True
    )


# ------------------------------------------------------------------ by stage
def _by_stage(asked: AgendaContext) -> dict[str, AgendaSection]:
    """One question for all of these sections: the first few cases of each, by due time."""
    rows = _first_of(asked.rows(_staged))
    return {name: _staged_section(name, rows[name]) for name in STAGED}


def _staged(asked: AgendaContext) -> QuerySet[Case, tuple[Any, ...]]:
    known = Case.objects.filter(asked.open_to())
    first, *others = (
        _few(str(name), (known if name == UNVERIFIED else known.open()).filter(wanted(asked)))
        for name, (*_words, wanted) in STAGED.items()
    )
    return first.union(*others, all=True)


def _staged_section(name: str, rows: Rows) -> AgendaSection:
    title, move, _wanted = STAGED[name]
    if name == URGENT:
        urgent = (item_of(row, move, urgency=Urgency.URGENT) for row in rows)
        return section_of(title, (replace(each, step_label="") for each in urgent), order=FIRST)
    tasks = [item_of(row, move) for row in rows]
    if name == UNVERIFIED:  # by the ledger they are over: no time for the fix runs any more
        tasks = [replace(task, due_at=None) for task in tasks]
        return section_of(title, tasks, f"state={UNVERIFIED}")
    return section_of(title, tasks, f"stage={name}")


def _urgent(asked: AgendaContext) -> Q:
    """Somebody says that they suffer for having spoken: before everything else."""
    return within(asked.with_powers(*seals.OPENERS)) & Q(is_urgent=True)


def _to_confirm(asked: AgendaContext) -> Q:
    return within(asked.with_powers(Power.COORDINATE), "origin") & Q(stage=Stage.REPORTED)


def _to_assign(asked: AgendaContext) -> Q:
    desks = asked.with_powers(Power.COORDINATE)
    return (within(desks, "origin") | within(desks)) & Q(stage=Stage.CONFIRMED)


def _to_check(asked: AgendaContext) -> Q:
    reach = NOTHING
    for desk in asked.with_powers(Power.VERIFY):
        reach |= within([desk]) & four_eyes(asked, desk)
    return reach & never_there(asked) & Q(stage=Stage.SUBMITTED)


def _to_close(asked: AgendaContext) -> Q:
    reach = NOTHING
    for desk in asked.with_powers(Power.COORDINATE, Power.APPROVE):
        here = within([desk], "hazard__listed_by") | (Q(hazard__listed_by=None) & within([desk]))
        reach |= here & four_eyes(asked, desk)
    parts = Case.objects.open().filter(parent=OuterRef("pk"))
    waits = Q(~Exists(parts), stage=Stage.VERIFIED, hazard__stopped_at=None)
    return reach & never_there(asked) & waits & ~Q(import_check=Case.ImportCheck.WAITING.value)


URGENT = "urgent"
STAGED: Mapping[str, tuple[str | Promise, str, Callable[[AgendaContext], Q]]] = {
    URGENT: (_("Urgent"), "", _urgent),
    Stage.SUBMITTED: (_("Awaiting my verification"), Move.VERIFY, _to_check),
    Stage.REPORTED: (_("To confirm or reject"), Move.CONFIRM, _to_confirm),
    Stage.CONFIRMED: (_("To assign"), Move.ASSIGN, _to_assign),
    Stage.VERIFIED: (_("To close"), Move.CLOSE, _to_close),
    UNVERIFIED: (_("Imported closures to confirm"), Move.CONFIRM_CLOSURE, closures_to_confirm),
}


# ------------------------------------------------------------------ decisions
def _extensions(asked: AgendaContext) -> list[AgendaItem]:
    return on_cases(asked.rows(_more_time), Move.DECIDE_EXTENSION)


def _more_time(asked: AgendaContext) -> QuerySet[Extension, tuple[Any, ...]]:
    above = NOTHING
    for desk in asked.with_powers(Power.APPROVE):
        bound = within([desk], "case__bound") & ~Q(case__bound=desk.unit)
        above |= (
            within([desk], "case__owner")
            & ~Q(case__owner=desk.unit)
            & (Q(case__bound=None) | bound)
        )
    pending = Extension.objects.filter(
        above, asked.open_to("case"), granted=None, case__kind=HAZARD.kind
    ).exclude(asked_by=asked.member)
    return shown(pending.order_by("asked_at"))


def _contests(asked: AgendaContext) -> list[AgendaItem]:
    return on_cases(asked.rows(_contested), Move.DECIDE_CONTEST)


def _contested(asked: AgendaContext) -> QuerySet[Contest, tuple[Any, ...]]:
    over = NOTHING
    for desk in asked.with_powers(Power.COORDINATE, Power.APPROVE):
        over |= within([desk], "from_unit") & within([desk], "to_unit")
    pending = Contest.objects.filter(over, asked.open_to("case"), upheld=None)
    return shown(pending.exclude(raised_by=asked.member).order_by("raised_at"))


def _rechecks(asked: AgendaContext) -> list[AgendaItem]:
    return on_cases(asked.rows(_due_again), Move.RECHECK)


def _due_again(asked: AgendaContext) -> QuerySet[Case, tuple[Any, ...]]:
    reach = NOTHING
    for desk in asked.with_powers(Power.VERIFY):
        reach |= within([desk]) & four_eyes(asked, desk)
    ending = Case.objects.ending(RECHECK, asked.soon_end)
    cases = ending.filter(reach & never_there(asked), asked.open_to())
    own = {"due_at": "ends_at", "is_due_provisional": "is_end_provisional"}
    return cases.values_list(*(own.get(name, name) for name in SHOWN))[: AT_MOST + 1]


def shown(
    rows: QuerySet[Any, Any], case: str = "case", *, clock: str | None = None
) -> QuerySet[Any, tuple[Any, ...]]:
    """What is shown of the cases that the first of these rows hang on, due as the clock says."""
    own = (
        {}
        if clock is None
        else {
            "due_at": f"{clock}due_at",
            "is_due_provisional": f"{clock}is_provisional",
        }
    )
    shown = (own.get(name, f"{case}__{name}") for name in SHOWN)
    return rows.values_list(*shown)[: AT_MOST + 1]


def on_cases(
    rows: Iterable[tuple[Any, ...]], move: str, note: str | Promise = ""
) -> list[AgendaItem]:
    return [item_of(dict(zip(SHOWN, row, strict=True)), move, note) for row in rows]


def item_of(
    row: Mapping[str, Any],
    move: str,
    note: str | Promise = "",
    urgency: Urgency = Urgency.ORDINARY,
) -> AgendaItem:
    """What a row of a case asks for: the move that is next, or what it waits for (`note`)."""
    number = row["number"]
    page = kinds.move_page(row["kind"], move)
    return AgendaItem(
        title=row["title"],
        url=reverse("cases:case", args=[number]),
        number=number,
        place=row["place"],
        unit=in_language(row["owner__name"], row["owner__name_en"]),
        due_at=None if row["due_at"] is None else Due(row["due_at"], row["is_due_provisional"]),
        step_label=page.label if page else note or _("Awaiting decision"),
        step_url=reverse("cases:move", args=[number, move]) if page else "",
        urgency=urgency,
        subject=f"case/{number}",
    )
