"""Which letters an officer sees, and who may do what with one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.utils.timezone import localdate

from bihuan.cases import queries as cases
from bihuan.cases.models import Case, Disposed, Evidence
from bihuan.clocks.models import Clock
from bihuan.core.powers import NO_CASES, Power
from bihuan.files.models import StoredFile
from bihuan.orgs import access
from bihuan.orgs.models import Tenure, Unit, User
from bihuan.orgs.queries import answering, units_in_reach
from bihuan.transfers import acts, hooks
from bihuan.transfers.acts import Act, Stage
from bihuan.transfers.models import SUBJECT, Letter
from bihuan.web.subjects import unseen

Letters = QuerySet[Letter, Letter]
DRAFTER, ISSUER = Power.COORDINATE, Power.APPROVE
# Who sees the letters that the officer's units sent and received.
READERS = frozenset(Power) - NO_CASES | {Power.AUDIT}
RECEIVERS = frozenset({Power.COORDINATE, Power.HANDLE, Power.APPROVE, Power.SUPERVISE, Power.AUDIT})
# What a unit outside the sender's sees: a letter once it was issued.
SENT = ~Q(number="")
POWERS: Mapping[Act, frozenset[Power]] = {
    Act.CHANGE: frozenset({DRAFTER}),
    Act.DISCARD: frozenset({DRAFTER, ISSUER}),
    Act.ISSUE: frozenset({ISSUER}),
    Act.WITHDRAW: frozenset({ISSUER}),
    Act.RECEIVE: frozenset({DRAFTER}),
    Act.ANSWER: frozenset({DRAFTER}),
}
BY_RECEIVER = frozenset({Act.RECEIVE, Act.ANSWER})


def visible_to(user: User, now: datetime) -> Letters:
    """Return the letters of the units that the officer reaches: sent ones, and received ones once
    issued; none about a case that is closed to the officer.
    """
    sent = sent_by(user, now)
    received = _reach(user, RECEIVERS, "to_unit", now) & SENT
    rows = Letter.objects.filter(sent | received).filter(_not_shut(user, now))
    return rows.select_related("unit", "to_unit")


def sent_by(user: User, now: datetime) -> Q:
    """Condition for letters of the units that the officer reaches."""
    return _reach(user, READERS, "unit", now)


def _reach(user: User, powers: Iterable[Power], field: str, now: datetime) -> Q:
    reach = Q(pk__in=())
    for unit in access.tops(user, powers, localdate(now)):
        reach |= Q(**{f"{field}__path__startswith": unit.path})
    return reach


def _not_shut(user: User, now: datetime) -> Q:
    """Condition for letters about cases that the officer may know of."""
    here = OuterRef("case_number")
    shut = Case.objects.filter(~cases.open_to(user, now), number=here)
    gone = Disposed.objects.filter(is_restricted=True, number=here)
    return ~Q(Exists(shut)) & ~Q(Exists(gone))


def hidden_from(user: User, keys: Collection[str], now: datetime) -> set[str]:
    return unseen(visible_to(user, now), keys)


def may_see(user: User, key: str, now: datetime) -> bool:
    return not hidden_from(user, [key], now)


def may_attach(user: User, key: str, now: datetime) -> bool:
    """Whether the officer coordinates one of the two units of a letter that was issued."""
    letter = visible_to(user, now).filter(SENT, pk=key).first()
    if letter is None:
        return False
    sends = access.has(user, DRAFTER, unit=letter.unit, now=now)
    return sends or is_answering(user, letter, now)


def is_answering(user: User, letter: Letter, now: datetime) -> bool:
    """Whether the officer records receipt and answer: a coordinator of the receiving unit itself,
    or of the nearest above if it has none; of the sender for a body outside.
    """
    found = answering(letter.answering, localdate(now))
    return user.pk in {tenure.member_id for tenure in found}


def may(user: User, letter: Letter, act: Act, now: datetime) -> bool:
    """Whether the officer's posts allow the act, whatever the stage of the letter."""
    if act in BY_RECEIVER:
        return is_answering(user, letter, now)
    return any(access.has(user, power, unit=letter.unit, now=now) for power in POWERS[act])


def open_acts(user: User, letter: Letter, now: datetime) -> list[Act]:
    """Return what the officer may do with the letter now, in the order of its life."""
    stage = Stage(letter.stage)
    found = [act for act, (sources, _to) in acts.TRANSITIONS.items() if stage in sources]
    own = letter.drafted_by_id == user.pk
    return [act for act in found if may(user, letter, act, now) and not (own and act is Act.ISSUE)]


def may_draft(user: User, case: Case, now: datetime) -> bool:
    """Whether the officer may make a letter from this case, which the officer sees."""
    return hooks.may_begin(case) and access.has(user, DRAFTER, unit=case.owner, now=now)


# ------------------------------------------------------------------------ of a case
def of_case(case: Case, user: User, now: datetime) -> QuerySet[Any, Any]:
    """Return the letters made from the case that the officer sees, newest first."""
    rows = visible_to(user, now).filter(case_number=case.number)
    return with_due(rows).order_by("-pk")


def photos_of(case: Case) -> QuerySet[Evidence, Evidence]:
    """Return the photos that a letter may enclose: those that officers took.

    HAZ-12: what a reporter sent is not passed on.
    """
    rows = Evidence.objects.on(case.pk).filter(
        added_by__isnull=False, file__kind=StoredFile.Kind.PHOTO
    )
    return rows.order_by("pk")


def addressees(sender: Unit, now: datetime) -> list[Unit]:
    """Return the open units with a coordinator, except the sender, in the order of the tree."""
    held = Tenure.objects.in_force(localdate(now)).filter(post__unit__end_date=None)
    rows = held.exclude(post__unit=sender).select_related("post__unit")
    units = {t.post.unit for t in rows if Power.COORDINATE in t.post.powers}
    return sorted(units, key=lambda unit: unit.path)


def with_due(rows: Letters) -> QuerySet[Any, Any]:
    """Add until when the answer is owed, as `due_at` and `is_provisional`; None if it is not."""
    named = Concat(Value(f"{SUBJECT}/"), Cast(OuterRef("pk"), CharField()))
    running = Clock.objects.filter(subject=named, stopped_at=None).order_by("pk")
    return rows.annotate(
        due_at=Subquery(running.values("due_at")[:1]),
        is_provisional=Subquery(running.values("is_provisional")[:1]),
    )


# ------------------------------------------------------------------------ Today
def waiting(user: User, now: datetime, soon: datetime) -> QuerySet[Any, Any] | None:
    """Return the letters with a next step of the officer: drafts to issue, letters to receive or
    to answer, and answers that are overdue. None for an officer who has no such step.
    """
    on = localdate(now)
    own = [seat for seat in access.own_seats(user, on) if Power.COORDINATE in seat.powers]
    coordinated = [seat.unit.pk for seat in own]
    issues = access.tops(user, [ISSUER], on)
    if not coordinated and not issues:
        return None
    to_issue = _reach(user, [ISSUER], "unit", now) & Q(stage=Stage.DRAFT.value)
    owed = Q(stage__in=acts.OWED)
    theirs = owed & Q(to_unit__in=coordinated)
    ours = owed & Q(unit__in=coordinated)
    to_record = ours & Q(to_unit=None) & (Q(stage=Stage.ISSUED.value) | Q(due_at__lt=soon))
    wanted = to_issue & ~Q(drafted_by=user) | theirs | to_record | ours & Q(due_at__lt=now)
    rows = with_due(Letter.objects.all()).filter(wanted).filter(_not_shut(user, now))
    return rows.select_related("unit", "to_unit").order_by("due_at", "pk")


def tops(user: User, now: datetime) -> list[Unit]:
    """Return the topmost units whose letters the officer sees."""
    return access.tops(user, READERS | RECEIVERS, localdate(now))


def unit_filter(user: User, now: datetime) -> list[Unit]:
    """Return the units by which the officer may filter the list."""
    return units_in_reach(user, READERS | RECEIVERS, now)
