"""Who may verify a fix, as a query condition for many cases; see `bihuan.core.eyes`."""

from __future__ import annotations

from datetime import date, datetime
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce, TruncDate

from bihuan.cases.models import Case, Participation, clocks_of
from bihuan.core.hazard import FIX, HAZARD, Move
from bihuan.desk.context import NOTHING, AgendaContext, HeldPostScope, PostScope, within
from bihuan.orgs.models import Tenure, Unit


def four_eyes(context: AgendaContext, scope: PostScope, case: str = "pk") -> Q:
    """Neither this officer nor the unit of this post, nor one above it, did the fix, and no officer
    who did it held a post there meanwhile.
    """
    span = {
        "begun_date": TruncDate("case__round_at"),
        "checked_date": Coalesce("case__hazard__verified_date", Value(date.max)),
    }
    fixes = Participation.objects.filter(case=OuterRef(case), side=Participation.Side.FIX)
    beside = Tenure.with_stand_ins.filter(
        _is_over(scope, "post__unit"),
        Q(end_date=None) | Q(end_date__gte=OuterRef("begun_date")),
        member=OuterRef("member"),
        start_date__lte=OuterRef("checked_date"),
    )
    those = Q(member__in=context.members) | Q(unit__in=scope.steps) | Q(Exists(beside))
    return Q(~Exists(fixes.alias(**span).filter(those)))


def never_there(context: AgendaContext, case: str = "pk") -> Q:
    """The officer held no post meanwhile in the unit that did the fix, or below it."""
    return ~reduce(or_, (_was_there(held, case) for held in context.held), NOTHING)


def _was_there(held: HeldPostScope, case: str) -> Q:
    """Condition for cases whose work was that of the unit of this post, or of one above it,
    meanwhile.
    """
    lead = "" if case == "pk" else f"{case}__"
    fixes = Participation.objects.filter(
        _is_over(held, "unit"), case=OuterRef(case), side=Participation.Side.FIX
    )
    checked = f"{lead}hazard__verified_date"
    meanwhile = Q(**{checked: None}) | Q(**{f"{checked}__gte": held.since})
    if held.until_at is not None:
        meanwhile &= _begun(held.until_at, case, lead)
    return (Q(Exists(fixes)) | _is_over(held, f"{lead}owner")) & meanwhile


def _is_over(held: PostScope | HeldPostScope, unit: str) -> Q:
    """Condition for the unit of this post and those above it, without governments other than
    the unit itself.
    """
    government = Q(**{f"{unit}__kind": Unit.Kind.GOVERNMENT.value})
    itself = Q(**{unit: held.unit})
    return Q(**{f"{unit}__in": held.steps}) & (itself | ~government)


def _begun(by: datetime, case: str, lead: str) -> Q:
    """Condition for cases assigned before then or, if that day is unknown, begun before then."""
    round_at = OuterRef(f"{lead}round_at")
    given = clocks_of(f"{lead}number").filter(rule_id=FIX, started_at__gte=round_at)
    before = Q(Exists(given.filter(started_at__lt=by)))
    return before | (Q(~Exists(given)) & Q(**{f"{lead}round_at__lt": by}))


def closures_to_confirm(context: AgendaContext) -> Q:
    """Return verifications and closures from ledgers that officers above must confirm, except
    those they imported.
    """
    reach = NOTHING
    for scope in context.with_powers(*HAZARD.powers_of(Move.CONFIRM_CLOSURE)):
        reach |= within([scope]) & ~Q(owner=scope.unit) & four_eyes(context, scope)
    reach &= never_there(context)
    mine = Q(import_by__in=context.members, import_by__isnull=False)
    return reach & ~mine & Q(import_check=Case.ImportCheck.WAITING.value)
