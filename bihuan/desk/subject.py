"""Cases as subjects of the journal: their URLs, and from whom they are hidden."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from bihuan.cases import kinds
from bihuan.cases.models import Assist, Case, Disposed
from bihuan.core.powers import HOUSEKEEPING
from bihuan.desk.context import AgendaContext, PostScope, within
from bihuan.orgs.models import User
from bihuan.web.subjects import SubjectType


def _url(number: str) -> str:
    return reverse("desk:case", args=[number])


def _hidden_from(user: User, numbers: Collection[str], now: datetime) -> frozenset[str]:
    """Return the same as `queries.shut_among`, by a prepared query."""
    context = AgendaContext.by(user, now).about(sorted(numbers))
    return frozenset(number for (number,) in context.rows(_hidden))


def _hidden(context: AgendaContext) -> QuerySet[Case, tuple[str]]:
    hidden = Case.objects.filter(~context.open_to(), number__in=context.keys).values_list("number")
    # What was hidden from one officer is hidden from all once it is disposed of.
    gone = Disposed.objects.filter(is_restricted=True, number__in=context.keys)
    return hidden.union(gone.values_list("number"))


def _out_of_reach(user: User, numbers: Collection[str], now: datetime) -> frozenset[str]:
    """Return the cases without a page for the officer, as `queries.may_see` decides for one."""
    context = AgendaContext.by(user, now).about(sorted(numbers))
    return frozenset(numbers) - {number for (number,) in context.rows(_seen)}


def _seen(context: AgendaContext) -> QuerySet[Case, tuple[str]]:
    working = [scope for scope in context.scopes if scope.powers - HOUSEKEEPING]
    reached = Q(is_confidential=True) | Q(reported_by=context.member) | _reach(working)
    reached |= Q(kind__in=kinds.seen_in_reach()) & _reach(context.scopes)
    seen = Case.objects.filter(context.open_to(), reached, number__in=context.keys)
    gone = Disposed.objects.filter(is_restricted=False, number__in=context.keys)
    return seen.values_list("number").union(gone.values_list("number"))


def _reach(scopes: Iterable[PostScope]) -> Q:
    posts = list(scopes)
    helped = Assist.objects.filter(within(posts, "unit"), case=OuterRef("pk"), ended_at=None)
    return within(posts) | within(posts, "origin") | Q(Exists(helped))


CASE = SubjectType(_url, hidden_from=_hidden_from, out_of_reach=_out_of_reach)
