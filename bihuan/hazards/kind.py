"""The hazard as a kind of case: table, words, pages, and who is responsible for its clocks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Exists, Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.cases import wording as case_wording
from bihuan.cases.kinds import Kind, Look, Rules, Wording
from bihuan.cases.models import Case, clocks_of
from bihuan.cases.models.facts import Surroundings
from bihuan.core.hazard import (
    ANSWER,
    CONCLUSION,
    CONTROL,
    FIX,
    HAZARD,
    LISTED,
    MORE_TIME,
    ORDER,
    RECHECK,
    SECOND_LOOK,
    UPWARD,
    Grade,
    HazardFact,
    HazardReach,
    Move,
    Stage,
)
from bihuan.core.lifecycle import Fact, SharedFact, Transition
from bihuan.core.powers import Power
from bihuan.desk.move_pages import names_when_done
from bihuan.desk.pages import Choice, Column, Mark, MoveClocks, Pages
from bihuan.hazards import agenda, chain, limits, majors, moves, queries, standards, wording
from bihuan.hazards.actions import notification, reporting
from bihuan.hazards.filing import FILING
from bihuan.hazards.forms import PHRASES
from bihuan.hazards.many import BATCH
from bihuan.hazards.models import SERIES
from bihuan.hazards.plain import PLAIN
from bihuan.receipts import public_moves
from bihuan.receipts.queries import publications
from bihuan.receipts.sides import PublicSide

CHECKED = frozenset({Stage.VERIFIED, Stage.CLOSED, Stage.RECHECKED})


def look(case: Case) -> Look:
    """Return grade, listing, stop-work order and controls; and when the fix was verified, if it
    was.
    """
    hazard = case.hazard
    listed_by = hazard.listed_by.path if hazard.listed_by else ""
    ordered_by = chain.ordered_by(case)
    return Look(
        facts=frozenset(_facts(case)) | chain.facts(case),
        places={HazardReach.LISTED_BY: listed_by, HazardReach.ORDERED_BY: ordered_by},
        checked_date=hazard.verified_date if case.stage in CHECKED else None,
        overseen_by=listed_by,
        round=hazard.rebounds,
    )


def _facts(case: Case) -> Iterable[Fact]:
    hazard = case.hazard
    said = {
        HazardFact.MAJOR: hazard.grade == Grade.MAJOR,
        HazardFact.LISTED: hazard.listed_by_id is not None,
        HazardFact.WORK_STOPPED: hazard.stopped_at is not None,
        HazardFact.PROMISED: case.is_promised,
        HazardFact.CONTROLS_OPEN: case.has_open_controls,
    }
    return (fact for fact, so in said.items() if so)


def _no_facts(case: Case) -> frozenset[Fact]:
    return frozenset()


def _runs(rule: str) -> Exists:
    return Exists(clocks_of().filter(rule_id=rule, stopped_at=None))


# Read by `look`.
SURROUNDINGS = Surroundings(
    facts={
        "has_open_controls": _runs(CONTROL),
        "is_promised": _runs(CONCLUSION),
        **chain.ANNOTATIONS,
    },
    beside={},
    holds=_no_facts,
    askers=chain.askers,
)


def context(case: Case, now: datetime) -> dict[str, Any]:
    """Return the interim controls in force with the holders of their posts, the chain of a major
    hazard, and what is public.
    """
    return {
        "controls": queries.controls_in_force(case.pk, localdate(now)),
        "chain": queries.chain_of(case),
        "local_pack": limits.pack(),
        "owed_next": majors.owed_next(case),
        "publication": publications.shown(case),
    }


_PROMISES: Mapping[str, str] = {
    Move.CONFIRM: notification.CONCLUDE,
    Move.REOPEN: notification.CONCLUDE,
    Move.VERIFY: notification.FEED_BACK,
}


def clocks(case: Case, row: Transition) -> MoveClocks:
    """Return the clocks of the table, and those of what a reporter is owed."""
    started = _PROMISES.get(row.move, "")
    if not started or not notification.is_from_public(case):
        stops = (*row.stops, *_PROMISES.values()) if row.move == Move.CLOSE else row.stops
        if row.move == Move.ASK_MORE_TIME:
            return MoveClocks(row.starts, stops, limits.pack().place)
        return MoveClocks(row.starts, stops)
    return MoveClocks((*row.starts, started), row.stops)


KIND = Kind(
    lifecycle=HAZARD,
    series=SERIES,
    order=1,
    wording=Wording(
        label=_("Hazard"),
        stages=wording.STAGES,
        reported=pgettext_lazy("happened", "Reported"),
        origin=_("Found at"),
        reported_at=_("Reported"),
        explain=wording.explain,
        slots=case_wording.slot_words,
        details={
            "grade": (
                pgettext_lazy("hazard", "Grade"),
                lambda grade: str(wording.GRADES.get(grade, grade)),
            ),
            "reason": (_("Why"), lambda reason: str(wording.REASONS.get(reason, reason))),
        },
        told=wording.TOLD,
        happened={**wording.HAPPENED, **names_when_done(moves.MOVES)},
    ),
    categories=standards.categories(),
    look=look,
    rules=Rules(
        fix=FIX, secondary=frozenset({RECHECK, CONTROL, UPWARD, LISTED, ANSWER, MORE_TIME, ORDER})
    ),
    is_seen_in_reach=True,
    fix_done=CHECKED | {Stage.SUBMITTED},
    related=("hazard__listed_by",),
    units=("hazard.listed_by",),
    filing=FILING,
    shows_fix=frozenset({Stage.ASSIGNED, Stage.RECTIFYING, Stage.SUBMITTED}),
    answerable={
        "LOC-1": (frozenset({Power.COORDINATE}), "origin"),
        "LOC-2": (frozenset({Power.COORDINATE}), "origin"),
        "HAZ-5": (frozenset({Power.HANDLE}), "owner"),
        "LOC-3": (frozenset({Power.VERIFY}), "above"),
        "HAZ-7": (frozenset({Power.VERIFY}), "above"),
        "LOC-4": (frozenset({Power.VERIFY}), "above"),
        "LOC-5": (frozenset({Power.APPROVE, Power.COORDINATE}), "above"),
        "LOC-7": (frozenset({Power.HANDLE}), "owner"),
        "HAZ-11a": (frozenset({Power.COORDINATE}), "origin"),
        "HAZ-11b": (frozenset({Power.COORDINATE, Power.APPROVE}), "above"),
        "LOC-8": (frozenset({Power.COORDINATE, Power.APPROVE}), "above"),
        UPWARD: (frozenset({Power.COORDINATE}), "owner"),
        LISTED: (frozenset({Power.HANDLE, Power.COORDINATE}), "owner"),
        ANSWER: (frozenset({Power.HANDLE, Power.COORDINATE}), "owner"),
        MORE_TIME: (frozenset({Power.APPROVE, Power.SUPERVISE}), "above"),
        ORDER: (frozenset({Power.HANDLE}), "owner"),
    },
)
PAGES = Pages(
    HAZARD.kind,
    moves=moves.MOVES,
    primary_moves=(
        Move.DECIDE_CONTEST,
        Move.DECIDE_EXTENSION,
        Move.CONFIRM,
        Move.ASSIGN,
        Move.START,
        Move.SUBMIT,
        Move.VERIFY,
        Move.ACCEPT,
        Move.ASK_REMOVAL,
        Move.REVIEW_SITE,
        Move.CLOSE,
        Move.RECHECK,
    ),
    secondary_moves=frozenset(
        {
            Move.REJECT,
            Move.CONTEST,
            Move.RECORD_STEP,
            Move.RETURN,
            Move.REOPEN,
            Move.CONFIRM_CLOSURE,
            Move.DOUBT_CLOSURE,
            Move.FOLLOW_UP,
            Move.ASK_REPORTER,
            Move.COMMENT,
        }
    ),
    facts="hazards/facts.html",
    sheet="hazards/sheet.html",
    context=context,
    clocks=clocks,
    checked_date=lambda case: case.hazard.verified_date,
    waiting=agenda.WAITING,
    next_moves=agenda.NEXT,
    last=agenda.rechecks,
    report=("hazards:report-hazard", _("Report a hazard")),
    is_named_in_lists=False,
    batch=BATCH,
    phrases=PHRASES,
    foremost=frozenset(SECOND_LOOK),
    brought=frozenset({SharedFact.AFTER_EVIDENCE}),
    marks="hazards/marks.html",
    columns=(Column("rebounds", _("Recurrences"), "hazard__rebounds", lambda n: str(n or 0)),),
    filters=(
        Choice(
            "grade",
            pgettext_lazy("hazard", "Grade"),
            "hazard__grade",
            tuple(wording.GRADES.items()),
        ),
    ),
    row_marks=(Mark("hazard__grade", Grade.MAJOR.value, wording.GRADES[Grade.MAJOR]),),
    headlines=((_("Major hazards, open"), {"grade": "major"}, Q(hazard__grade=Grade.MAJOR.value)),),
    views=(
        (_("Major hazards"), "grade=major"),
        (_("Awaiting verification"), "stage=submitted"),
    ),
)
SIDE = PublicSide(
    HAZARD.kind,
    letters={**public_moves.LETTERS, **wording.LETTERS},
    receive=reporting.receive,
    plain=PLAIN,
    next_steps=wording.next_steps,
    is_on_map=True,
    needs={"place": _("Enter the place of the hazard.")},
)
