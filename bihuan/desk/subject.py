"""Cases as subjects of the journal: their URLs, and from whom they are hidden."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse

from bihuan.cases.models import Case, Disposed
from bihuan.desk.context import AgendaContext
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


CASE = SubjectType(_url, hidden_from=_hidden_from)
