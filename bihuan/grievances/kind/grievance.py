"""The grievance as a kind of case: table, words, pages, and who is responsible for its clocks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.cases.kinds import Kind, Look, Wording, Words
from bihuan.cases.models import Case
from bihuan.cases.wording import day_of, in_language, slot_words
from bihuan.core import procedure, rules
from bihuan.core.grievance import (
    GRIEVANCE,
    ClockPurpose,
    GrievanceFact,
    GrievanceReach,
    Move,
    Stage,
)
from bihuan.core.lifecycle import Fact, Transition
from bihuan.core.powers import Power
from bihuan.core.procedure import Sort
from bihuan.desk.move_pages import names_when_done
from bihuan.desk.pages import MoveClocks, Pages
from bihuan.grievances import categories, plain, queries, wording, written
from bihuan.grievances.actions import registration
from bihuan.grievances.actions.reviews import letter_seen
from bihuan.grievances.filing import OF_GRIEVANCES
from bihuan.grievances.kind.moves import MOVES
from bihuan.grievances.letters import LETTERS
from bihuan.grievances.many import BATCH
from bihuan.grievances.models import Grievance, Handover
from bihuan.grievances.queries import procedure_of, record_of, way_of
from bihuan.orgs.choices import name_of
from bihuan.receipts.sides import PublicSide

STAGES: dict[str, Words] = {
    Stage.RECEIVED: pgettext_lazy("stage of a grievance", "Received"),
    Stage.TRANSFERRED: pgettext_lazy("stage of a grievance", "In transfer"),
    Stage.ACCEPTED: pgettext_lazy("stage of a grievance", "Accepted"),
    Stage.HANDLING: pgettext_lazy("stage of a grievance", "In progress"),
    Stage.DRAFTED: pgettext_lazy("stage of a grievance", "Answer drafted"),
    Stage.REPLIED: pgettext_lazy("stage of a grievance", "Answered"),
    Stage.REVIEWING: pgettext_lazy("stage of a grievance", "Under review"),
    Stage.REVIEW_DRAFTED: pgettext_lazy("stage of a grievance", "Review drafted"),
    Stage.REVIEWED: pgettext_lazy("stage of a grievance", "Reviewed"),
    Stage.REREVIEWING: pgettext_lazy("stage of a grievance", "Under re-review"),
    Stage.REREVIEW_DRAFTED: pgettext_lazy("stage of a grievance", "Re-review drafted"),
    Stage.REREVIEWED: pgettext_lazy("stage of a grievance", "Re-reviewed"),
    Stage.REDIRECTED: pgettext_lazy("stage of a grievance", "Referred elsewhere"),
    Stage.WITHDRAWN: pgettext_lazy("stage of a grievance", "Withdrawn"),
    Stage.CLOSED: pgettext_lazy("stage of a grievance", "Closed"),
}
# Made by the holder of the code, without a button here.
HAPPENED: dict[str, Words] = {
    Move.WITHDRAW: pgettext_lazy("happened", "Withdrawn by the reporter"),
    Move.ASK_REVIEW: pgettext_lazy("happened", "Review requested"),
    Move.ASK_REREVIEW: pgettext_lazy("happened", "Re-review requested"),
    "letter_seen": pgettext_lazy("happened", "Opinion received by the reporter"),
}


# ------------------------------------------------------------------- the rules
COORDINATORS = frozenset({Power.COORDINATE})
HANDLERS = frozenset({Power.HANDLE})
NOBODY: frozenset[Power] = frozenset()
ISSUES = (Move.ISSUE, Move.ISSUE_REVIEW, Move.ISSUE_REREVIEW)

WHO: Mapping[ClockPurpose, tuple[frozenset[Power], str]] = {
    ClockPurpose.REGISTER: (COORDINATORS, "owner"),
    ClockPurpose.TELL: (COORDINATORS, "owner"),
    ClockPurpose.OBJECT: (COORDINATORS, "receiver"),
    ClockPurpose.RELAY: (COORDINATORS, "receiver"),
    ClockPurpose.CONCLUDE: (HANDLERS, "owner"),
    # The reporter's own windows: officers are not notified of them.
    ClockPurpose.ASK_REVIEW: (NOBODY, "owner"),
    ClockPurpose.REVIEW: (HANDLERS, "owner"),
    ClockPurpose.ASK_REREVIEW: (NOBODY, "owner"),
    ClockPurpose.REREVIEW: (HANDLERS, "owner"),
    ClockPurpose.REGISTERED: (COORDINATORS | HANDLERS, "owner"),
    ClockPurpose.DECIDE_EXTENSION: (frozenset({Power.APPROVE}), "owner"),
}


def look(case: Case) -> Look:
    """Return the class, the transfer and the opinions, as input for the rules."""
    record = queries.record_of(case)
    drafter = record.drafter
    return Look(
        facts=frozenset(_facts(case, record)),
        places={GrievanceReach.RECEIVER: record.receiver or ""},
        # An officer may not issue their own draft, nor close what they answered.
        askers={
            move: person
            for move, person in (
                *((issue, drafter) for issue in ISSUES),
                (Move.CLOSE, case.resolved_by_id),
            )
            if person is not None
        },
    )


def _facts(case: Case, record: Grievance) -> Iterable[Fact]:
    way = queries.way_of(record)
    said = {
        GrievanceFact.CLASSIFIED: way is not None,
        GrievanceFact.ANSWERABLE: way is not None and way.answered,
        GrievanceFact.ADVISED: way is not None and way.sort is Sort.REQUEST and not way.answered,
        GrievanceFact.OBJECTED: record.has_objection,
        GrievanceFact.EXTENDABLE: bool(record.due_rule) and record.due_rule in _extendable(),
        GrievanceFact.REVIEWABLE: queries.is_reviewable(record),
        GrievanceFact.REVIEWED: record.was_reviewed,
        GrievanceFact.UNSERVED: bool(record.is_unserved),
        GrievanceFact.IN_HEARING: record.hearing_began_at is not None,
    }
    return (fact for fact, so in said.items() if so)


def _extendable() -> frozenset[str]:
    return frozenset(rule.id for rule in rules.every_rule() if rule.extension)


# ----------------------------------------------------------------- on the page
def context(case: Case, now: datetime) -> dict[str, Any]:
    """Return class, pathway and procedure, the pending transfer, the opinions and the remedies."""
    record = record_of(case)
    way = way_of(record)
    opinions = written.opinions(case) if record.has_opinions else []
    return {
        "grievance": record,
        "procedure": in_language(procedure_of(record).name),
        "way": in_language(way.name) if way else "",
        "subject": categories.name_of(record.category) if record.category else "",
        "handover": _handover(case) if record.receiver else None,
        "opinions": opinions,
        "hearing_since": record.hearing_began_at,
    }


def clocks(case: Case, row: Transition) -> MoveClocks:
    """Return the clocks that the procedure gives to a move on this pathway."""
    record = record_of(case)
    ruled = procedure_of(record)
    named = ruled.clocks_of(row, way_of(record), simple=record.is_simple)
    return MoveClocks(named.starts, named.stops, ruled.jurisdiction)


def effects(case: Case, row: Transition) -> Iterable[Words]:
    """Say where a case goes whose transfer is decided."""
    if row.move not in (Move.TAKE_OVER, Move.ANSWER_OBJECTION, Move.OBJECT):
        return
    handover = _handover(case)
    units = {"sender": name_of(handover.from_unit), "receiver": name_of(handover.to_unit)}
    if row.move == Move.TAKE_OVER:
        yield _("The case goes from %(sender)s to %(receiver)s.") % units
    elif row.move == Move.OBJECT:
        yield _("%(sender)s decides; until then the case stays with it.") % units
    else:
        yield (
            _(
                "If you uphold the objection, the case stays with %(sender)s; if not, it goes to "
                "%(receiver)s."
            )
            % units
        )


def _handover(case: Case) -> Handover:
    beside = ("from_unit", "to_unit", "objected_by")
    return Handover.objects.select_related(*beside).get(case=case, ended_at=None)


def _way_name(value: Any) -> str:
    """Return the name of a pathway in any procedure."""
    ways = (each.ways.get(str(value)) for each in procedure.every())
    return next((in_language(way.name) for way in ways if way), str(value))


def _yes_no(value: Any) -> str:
    return str(_("yes") if value else _("no"))


KIND = Kind(
    lifecycle=GRIEVANCE,
    series="XF",
    order=2,
    wording=Wording(
        label=_("Grievance"),
        stages=STAGES,
        reported=pgettext_lazy("happened", "Grievance received"),
        origin=_("First received by"),
        reported_at=pgettext_lazy("a grievance", "Received"),
        explain=wording.explain,
        slots=slot_words,
        details={
            "way": (_("Class and route"), _way_name),
            "simple": (_("Simple procedure"), _yes_no),
            "receiver": (_("Transferred to"), str),
            "agreed": (_("Return agreed"), _yes_no),
            "late": (_("After the time limit"), _yes_no),
            "served": (_("Served on"), day_of),
            "service": (_("How it was served"), lambda way: str(wording.SERVICES.get(way, way))),
            "decision": (
                pgettext_lazy("written opinion", "Decision"),
                lambda value: str(wording.DECISIONS.get(value, value)),
            ),
        },
        told=wording.TOLD,
        happened={**HAPPENED, **wording.PASSED_ON, **names_when_done(MOVES)},
    ),
    look=look,
    answerable={
        rule: WHO[slot]
        for each in procedure.every()
        for slot in ClockPurpose
        for rule in each.every_rule(slot)
    },
    receivers=queries.receivers,
    filing=OF_GRIEVANCES,
)
PAGES = Pages(
    GRIEVANCE.kind,
    moves=MOVES,
    primary_moves=(
        Move.TAKE_OVER,
        Move.ANSWER_OBJECTION,
        Move.DECIDE_EXTENSION,
        Move.ACCEPT,
        Move.REDIRECT,
        Move.ASSIGN,
        Move.DRAFT,
        Move.ISSUE,
        Move.DRAFT_REVIEW,
        Move.ISSUE_REVIEW,
        Move.DRAFT_REREVIEW,
        Move.ISSUE_REREVIEW,
        Move.CLOSE,
    ),
    secondary_moves=frozenset(
        {
            Move.CLASSIFY,
            Move.TRANSFER,
            Move.OBJECT,
            Move.SEND_BACK,
            Move.SEND_BACK_REVIEW,
            Move.SEND_BACK_REREVIEW,
            Move.DECIDE_EXTENSION,
            Move.FOLLOW_UP,
            Move.RECORD_STEP,
            Move.ASK_REPORTER,
            Move.SERVE,
        }
    ),
    facts="grievances/facts.html",
    sheet="grievances/sheet.html",
    context=context,
    clocks=clocks,
    effects=effects,
    batch=BATCH,
)
SIDE = PublicSide(
    GRIEVANCE.kind,
    letters=LETTERS,
    receive=registration.receive,
    letter_seen=letter_seen,
    plain=plain.OF_GRIEVANCES,
    next_steps=wording.next_steps,
    withdraw=registration.withdraw,
    category="grievance__category",
    takes_documents=True,
)
