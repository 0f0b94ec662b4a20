"""Classification (PET-1 to PET-4): classify, accept, or refer elsewhere."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from bihuan.cases.actions import clocks, loop, recipients
from bihuan.cases.models import AccessGrant, Case, Exclusion
from bihuan.clocks.actions import running
from bihuan.core import procedure
from bihuan.core.grievance import ClockPurpose, Move, Stage
from bihuan.core.procedure import NotAnsweredHere, SimpleExclusion
from bihuan.core.suggestion import SUGGESTION
from bihuan.core.suggestion import Move as SuggestionMove
from bihuan.grievances.actions.procedure_clocks import proceed, swap
from bihuan.grievances.models import Suggestion
from bihuan.grievances.queries import procedure_of, record_of, way_of
from bihuan.orgs.models import Tenure, Unit, User
from bihuan.receipts.accounts import Account
from bihuan.receipts.actions import intake
from bihuan.receipts.actions.public import write
from bihuan.receipts.models import Message


@transaction.atomic
def classify(
    *,
    case: Case,
    actor: User,
    now: datetime,
    way: str,
    simple: bool = False,
    exclusions: Collection[SimpleExclusion] = (),
    about: Unit | None = None,
    note: str = "",
    version: int | None = None,
) -> Case:
    """Choose the pathway, and whether the simple procedure applies (PET-16, PET-17).

    A case that turns out to be an accusation becomes confidential, and goes above the unit that it
    is `about`; this is never reversed.
    """
    act = loop.begin(
        case=case, move=Move.CLASSIFY, actor=actor, now=now, note=note, version=version
    )
    record = record_of(act.case)
    before, was_simple = way_of(record), record.is_simple
    chosen = procedure_of(record).way(way)
    if act.case.stage != Stage.RECEIVED and not chosen.answered:
        raise NotAnsweredHere
    if simple:
        procedure.require_simple(chosen, _exclusions(act.case, exclusions))
    act.change(record, way=chosen.id, is_simple=simple)
    record.save(update_fields=["way", "is_simple"])
    act.detail.update(way=chosen.id, simple=simple)
    for slot in (ClockPurpose.REGISTER, ClockPurpose.CONCLUDE):
        swap(act, slot, before=before, was_simple=was_simple)
    if chosen.confidential:
        _shut(act, about)
    return proceed(act)


def _exclusions(case: Case, stated: Collection[SimpleExclusion]) -> frozenset[SimpleExclusion]:
    several = {SimpleExclusion.COMPLEX} if case.children.exists() else set()
    return frozenset(stated) | several


def _shut(act: loop.OfficeAct, about: Unit | None) -> None:
    """Restrict it to those who need to know, never including those complained of (PET-20)."""
    case = act.case
    if about is not None:
        barred = Exclusion.objects.filter(case=case, member=None).select_related("unit")
        units = {about, *(bar.unit for bar in barred if bar.unit)}
        officers = Exclusion.objects.filter(
            case=case, unit=None, cause=Exclusion.Cause.COMPLAINED_OF
        )
        account = Account(
            title=case.title,
            unit=case.owner,
            about_units=tuple(units),
            about_officers=tuple(
                bar.member for bar in officers.select_related("member") if bar.member
            ),
            since_at=case.reported_at,
        )
        taker = intake.route(account, act.now)
        Exclusion.objects.get_or_create(
            case=case, unit=about, member=None,
            defaults={
                "cause": Exclusion.Cause.COMPLAINED_OF, "since_at": case.reported_at,
                "added_at": act.now,
            },
        )  # fmt: skip
        if taker != case.owner:
            act.change(case, owner=taker, origin=taker, post=None)
    act.change(case, is_confidential=True)
    recipients.confide(case, act.now)
    _confide_in_classifier(act)


def _confide_in_classifier(act: loop.OfficeAct) -> None:
    """Grant access to the classifying officer in a unit above, and to the post that has it."""
    held = Tenure.objects.in_force(running.local_date(act.now)).filter(
        member=act.actor, post__unit=act.unit
    )
    posts = set(held.values_list("post", flat=True)) | {act.case.post_id}
    AccessGrant.objects.bulk_create(
        [AccessGrant(case=act.case, post_id=pk, added_at=act.now) for pk in posts if pk],
        ignore_conflicts=True,
    )


@transaction.atomic
def accept(
    *, case: Case, actor: User, now: datetime, note: str = "", version: int | None = None
) -> Case:
    """Accept it, and notify the reporter in writing of the next steps (PET-6)."""
    act = loop.begin(case=case, move=Move.ACCEPT, actor=actor, now=now, note=note, version=version)
    record = record_of(act.case)
    act.change(record, accepted_at=now)
    record.save(update_fields=["accepted_at"])
    _tell_the_way(act, "accepted")
    return proceed(act)


@transaction.atomic
def redirect(
    *, case: Case, actor: User, now: datetime, note: str, version: int | None = None
) -> Case:
    """Refer the reporter to the responsible body, with the route and the remedy (PET-3, PET-6)."""
    act = loop.begin(
        case=case, move=Move.REDIRECT, actor=actor, now=now, note=note, version=version
    )
    _tell_the_way(act, "redirected")
    return proceed(act)


def _tell_the_way(act: loop.OfficeAct, what: str) -> None:
    record = record_of(act.case)
    act.detail["way"] = record.way
    write(
        act,
        Message.Kind.LETTER,
        text=act.note,
        what=f"{what}/{record.procedure}/{record.way}",
    )


@transaction.atomic
def as_suggestion(
    *, case: Case, actor: User, now: datetime, note: str = "", version: int | None = None
) -> Case:
    """Convert it to a suggestion: it requests nothing but proposes something (PET-1)."""
    act = loop.begin(
        case=case, move=Move.AS_SUGGESTION, actor=actor, now=now, note=note, version=version
    )
    record = record_of(act.case)
    named = procedure_of(record).clocks_of(act.row)
    Suggestion.objects.create(case=act.case, category=record.category)
    write(act, Message.Kind.NOTICE, text=act.note, what="as_suggestion")
    act.change(act.case, kind=SUGGESTION.kind, post=None)
    for rule_id in SUGGESTION.transition(SuggestionMove.RECEIVE).starts:
        clocks.start(act.case, rule_id, act.case.reported_at)
    return loop.finish(act, starts=(), stops=named.stops)
