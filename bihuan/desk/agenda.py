"""Today: what waits for this officer. The cost depends on the open work, never on the archive."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case as Either
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from bihuan.cases import kinds
from bihuan.cases.models import CASE_SUBJECT, Case, Contest, Extension
from bihuan.core import seals
from bihuan.core.deadlines import Due
from bihuan.core.lifecycle import SharedReach
from bihuan.core.powers import Power
from bihuan.desk import pages
from bihuan.desk.context import NOTHING, AgendaContext, sift, within
from bihuan.desk.pages import Waiting
from bihuan.journal.models import Entry
from bihuan.orgs.models import Post, Tenure, User
from bihuan.orgs.naming import in_language
from bihuan.web.agenda import AT_MOST, COUNTED, AgendaItem, AgendaSection, Duty, Urgency

NEVER = datetime.max.replace(tzinfo=UTC)
# What a row must contain to become a task.
SHOWN = (
    "number", "title", "place", "kind", "stage", "due_at", "is_due_provisional", "owner__name",
    "owner__name_en",
)  # fmt: skip


def sections(user: User, now: datetime) -> list[AgendaSection]:
    """Return what waits on cases of any kind, as sections in a fixed order."""
    context = AgendaContext.by(user, now)
    mine, left = _on_posts(context)
    first = _by_stage(context)
    return [
        first[URGENT],
        mine,
        section_of(_("Extensions to decide"), _extensions(context)),
        section_of(_("Disputed assignments to decide"), _contests(context)),
        *(section for name, section in first.items() if name != URGENT),
        left,
        *(section for each in pages.every() for section in each.last(context)),
        _watched(context),
        _reported(context),
    ]


def section_of(
    title: str | Promise, items: Iterable[AgendaItem], more: str = "", *, order: int = 4
) -> AgendaSection:
    """Return a section; its queries exclude what is hidden from the officer, and `more` is a
    query of the ledger.
    """
    url = f"{reverse('desk:ledger')}?{more}" if more else ""
    return AgendaSection.of(title, items, url, is_checked=True, order=order)


def by_due(cases: QuerySet[Case, Case]) -> QuerySet[Case, Case]:
    """Sort by due time; cases without one come last."""
    return cases.order_by(F("due_at").asc(nulls_last=True), "pk")


Rows = list[dict[str, Any]]
# Why work was sent back, by the subject and the moment.
Reasons = Mapping[tuple[str, datetime], str]
# So much of a reason is shown.
REASON = 60


def _first_of(rows: Iterable[tuple[Any, ...]], *more: str) -> Mapping[str, Rows]:
    """Return what `_few` found, by section and in order."""
    named: dict[str, Rows] = defaultdict(list)
    for name, *row in rows:
        named[name].append(dict(zip(("pk", *SHOWN, *more), row, strict=True)))
    for found in named.values():
        found.sort(key=lambda row: (row["due_at"] or NEVER, row["pk"]))
    return named


def _few(name: str, cases: QuerySet[Case, Case], **beside: Any) -> QuerySet[Case, tuple[Any, ...]]:
    """Return the first of these cases as part of a union: not every database can limit the
    parts of one, but all can limit a subquery in a part.
    """
    few = by_due(cases)[: AT_MOST + 1]
    found = Case.objects.filter(pk__in=few.values("pk")).annotate(**beside)
    return found.values_list(Value(name), "pk", *SHOWN, *beside)


# ------------------------------------------------------------------- by post
ASSIGN = "assign"
FIRST = 2
MINE, LEFT = "mine", "left"


def _on_posts(context: AgendaContext) -> tuple[AgendaSection, AgendaSection]:
    """Return work on the officer's posts, and for coordinators also the work of posts that are
    vacant.
    """
    left = context.rows(_left) if context.with_powers(Power.COORDINATE) else []
    rows = _first_of(context.about(left).rows(_under_way), "waiting", "post", "returned_at")
    mine = sorted(rows[MINE], key=lambda row: row["returned_at"] is None)
    why = _reasons(context, mine)
    return (
        section_of(_("Assigned to my posts"), (_task(row, why) for row in mine), "mine=1"),
        section_of(_("Without an officer"), map(_to_give, rows[LEFT])),
    )


def _task(row: Mapping[str, Any], why: Reasons) -> AgendaItem:
    # While a decision is pending the next step is not this officer's.
    item = item_of(row, "" if row["waiting"] else _next_move(row))
    if row["returned_at"] is None:
        return item
    reason = why.get((item.subject, row["returned_at"]), "")
    return replace(item, mark=_("Sent back"), note=Truncator(reason).chars(REASON))


def _to_give(row: Mapping[str, Any]) -> AgendaItem:
    item = item_of(row, ASSIGN)
    return item if row["post"] else replace(item, mark=_("No responsible post"))


def _next_move(row: Mapping[str, Any]) -> str:
    return pages.by_name(row["kind"]).next_moves[row["stage"]]


def _has_next_move() -> Q:
    """Condition for cases in a stage from which their kind registers the next move."""
    moves = ((each.kind, [*each.next_moves]) for each in pages.every() if each.next_moves)
    return reduce(or_, (Q(kind=kind, stage__in=stages) for kind, stages in moves), NOTHING)


def _left(context: AgendaContext) -> QuerySet[Post, int]:
    held = Tenure.objects.in_force(context.today).filter(post=OuterRef("pk"))
    return Post.objects.filter(~Exists(held)).values_list("pk", flat=True)


def _under_way(context: AgendaContext) -> QuerySet[Case, tuple[Any, ...]]:
    here = OuterRef("pk")
    waiting = Exists(Contest.objects.filter(case=here, upheld=None)) | Exists(
        Extension.objects.filter(case=here, granted=None, rule_id="")
    )
    beside = {"waiting": waiting, "of_post": F("post"), "sent_back_at": _sent_back_at()}
    cases = Case.objects.open().filter(context.open_to(), sift(_has_next_move()))
    mine = cases.filter(post__in=context.posts)
    left = cases.filter(within(context.with_powers(Power.COORDINATE)))
    vacant = left.filter(post__in=context.keys)
    # Rows of an imported ledger may name no officer of a post. These have an index by stage.
    unheld = left.filter(_has_next_move(), post=None)
    parts = (MINE, mine), (LEFT, vacant), (LEFT, unheld)
    first, *others = (_few(name, cases, **beside) for name, cases in parts)
    return first.union(*others, all=True)


def _sent_back_at() -> Either:
    """When the work was sent back in this round; it was not submitted again since."""
    return Either(When(returned_at__gte=F("round_at"), then=F("returned_at")))


def _reasons(context: AgendaContext, rows: Rows) -> Reasons:
    """Return why the work was sent back, by the case and the moment."""
    numbers = [row["number"] for row in rows if row["returned_at"] is not None]
    if not numbers:
        return {}
    subjects = [f"{CASE_SUBJECT}{number}" for number in numbers]
    found = context.about(subjects).rows(_sendings_back)
    return {(subject, at): " ".join(note.split()) for subject, at, note in found}


def _sendings_back(context: AgendaContext) -> QuerySet[Entry, tuple[Any, ...]]:
    moves = {
        row.move for each in kinds.every() for row in each.lifecycle.transitions if row.returns
    }
    entries = Entry.objects.filter(chain__subject__in=context.keys, act__in=sorted(moves))
    return entries.values_list("chain__subject", "at", "note")


# ------------------------------------------------------------- work of others
WATCHERS = (Power.COORDINATE, Power.SUPERVISE)
REPORTS = 5


def _watched(context: AgendaContext) -> AgendaSection:
    """Return what is overdue in the units of those who coordinate or supervise there."""
    rows = context.rows(_overdue) if context.with_powers(*WATCHERS) else []
    first = _dicts(rows[: 2 * AT_MOST + 1])
    items = [replace(item_of(row, "comment"), note=_stage(row)) for row in first]
    section = section_of(_("Overdue in my units"), items, "due=late")
    hint = _("To remind the officers of a post, comment on the case: they get a notice.")
    return replace(section, items=items, duty=Duty.WATCHED, total=len(rows), hint=hint)


def _overdue(context: AgendaContext) -> QuerySet[Case, tuple[Any, ...]]:
    cases = Case.objects.overdue(context.now).filter(context.open_to())
    here = cases.filter(within(context.with_powers(*WATCHERS)))
    return here.order_by("due_at", "pk").values_list(*SHOWN)[:COUNTED]


def _reported(context: AgendaContext) -> AgendaSection:
    """Return what the officer reported last, with the stage that each has reached."""
    found = [
        replace(item_of(row, "", _stage(row)), due=None)
        for row in _dicts(context.rows(_latest_reports))
    ]
    more = f"{reverse('desk:ledger')}?entered=1&state=all"
    return AgendaSection.of(
        _("My reports"), found, more, is_checked=True, duty=Duty.REPORTED, most=REPORTS
    )


def _latest_reports(context: AgendaContext) -> QuerySet[Case, tuple[Any, ...]]:
    mine = Case.objects.filter(context.open_to(), reported_by=context.member)
    return mine.order_by("-reported_at", "-pk").values_list(*SHOWN)[: REPORTS + 1]


def _dicts(rows: Iterable[tuple[Any, ...]]) -> Iterator[dict[str, Any]]:
    return (dict(zip(SHOWN, row, strict=True)) for row in rows)


def _stage(row: Mapping[str, Any]) -> str:
    return str(kinds.stage_words(row["kind"], row["stage"]))


# ------------------------------------------------------------------ by stage
def _by_stage(context: AgendaContext) -> dict[str, AgendaSection]:
    """Return the first few cases of each of these sections in one query, by due time."""
    rows = _first_of(context.rows(_staged))
    return {
        name: _staged_section(each, rows[name], is_urgent=name == URGENT)
        for name, each in _all_waiting().items()
    }


def _staged(context: AgendaContext) -> QuerySet[Case, tuple[Any, ...]]:
    known = Case.objects.filter(context.open_to())
    first, *others = (
        _few(name, (known if each.is_over else known.open()).filter(each.wanted(context)))
        for name, each in _all_waiting().items()
    )
    return first.union(*others, all=True)


def _staged_section(each: Waiting, rows: Rows, *, is_urgent: bool) -> AgendaSection:
    if is_urgent:
        urgent = (item_of(row, each.move, urgency=Urgency.URGENT) for row in rows)
        items = (replace(item, step_label="") for item in urgent)
        return section_of(each.title, items, order=FIRST)
    tasks = [item_of(row, each.move) for row in rows]
    if each.is_over:
        tasks = [replace(task, due=None) for task in tasks]
    return section_of(each.title, tasks, each.more)


def _urgent(context: AgendaContext) -> Q:
    """Cases of alleged retaliation come first."""
    return within(context.with_powers(*seals.OPENERS)) & Q(is_urgent=True)


URGENT = "urgent"


def _all_waiting() -> dict[str, Waiting]:
    """Return what waits, by name: the urgent cases of all kinds, then what each kind registers."""
    found = {URGENT: Waiting(_("Urgent"), "", _urgent)}
    for of_kind in pages.every():
        found |= {f"{of_kind.kind}.{name}": each for name, each in of_kind.waiting.items()}
    return found


# ------------------------------------------------------------------ decisions
def _extensions(context: AgendaContext) -> list[AgendaItem]:
    return on_cases(context.rows(_more_time), "decide_extension")


def _more_time(context: AgendaContext) -> QuerySet[Extension, tuple[Any, ...]]:
    above = NOTHING
    for scope in context.with_powers(Power.APPROVE):
        bound = within([scope], "case__bound") & ~Q(case__bound=scope.unit)
        above |= (
            within([scope], "case__owner")
            & ~Q(case__owner=scope.unit)
            & (Q(case__bound=None) | bound)
        )
    pending = Extension.objects.filter(
        above, context.open_to("case"), granted=None, case__kind__in=_decided_above()
    ).exclude(asked_by__in=context.members)
    return shown(pending.order_by("asked_at"))


def _decided_above() -> list[str]:
    """Return the kinds of case in which a unit above decides on extensions."""
    reach = ((kind.name, kind.lifecycle.reach_of("decide_extension")) for kind in kinds.every())
    return [name for name, over in reach if over is SharedReach.DEADLINE]


def _contests(context: AgendaContext) -> list[AgendaItem]:
    return on_cases(context.rows(_contested), "decide_contest")


def _contested(context: AgendaContext) -> QuerySet[Contest, tuple[Any, ...]]:
    over = NOTHING
    for scope in context.with_powers(Power.COORDINATE, Power.APPROVE):
        over |= within([scope], "from_unit") & within([scope], "to_unit")
    pending = Contest.objects.filter(over, context.open_to("case"), upheld=None)
    return shown(pending.exclude(raised_by__in=context.members).order_by("raised_at"))


def shown(
    rows: QuerySet[Any, Any], case: str = "case", *, clock: str | None = None
) -> QuerySet[Any, tuple[Any, ...]]:
    """Return what is shown of the cases of the first of these rows, with the due time of the
    clock.
    """
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
    """Return the item of a row: the next move, or what the case waits for (`note`)."""
    number = row["number"]
    page = pages.move_page(row["kind"], move)
    return AgendaItem(
        title=row["title"],
        url=reverse("desk:case", args=[number]),
        number=number,
        place=row["place"],
        unit=in_language(row["owner__name"], row["owner__name_en"]),
        due=None if row["due_at"] is None else Due(row["due_at"], row["is_due_provisional"]),
        step_label=page.label if page else note or _("Awaiting decision"),
        step_url=reverse("desk:move", args=[number, move]) if page else "",
        urgency=urgency,
        subject=f"{CASE_SUBJECT}{number}",
        post=row.get("post"),
    )
