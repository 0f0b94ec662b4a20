"""Cases in the search box: by number, and a link to the ledger's search."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.cases import kinds, queries
from bihuan.core import references
from bihuan.orgs.models import User
from bihuan.web import subjects
from bihuan.web.finding import MOST, FoundPlace

# Fewer digits would match thousands of cases, which all have to be checked for an officer who sees
# few.
FEWEST_DIGITS = 4


def cases(user: User, words: str, now: datetime) -> Iterator[FoundPlace]:
    """Return visible cases whose number begins with the query, then the ledger."""
    number = references.own(words, {kind.series for kind in kinds.every()})
    if len(number.rpartition("-")[2]) >= FEWEST_DIGITS and number.count("-") == 2:
        named = queries.visible_to(user, now).filter(number__startswith=number)
        for found, title in named.order_by("number").values_list("number", "title")[:MOST]:
            yield FoundPlace(title, subjects.url(f"case/{found}"), "list", found)
    yield FoundPlace(
        _("Search the ledger for “%(words)s”") % {"words": words},
        f"{reverse('desk:ledger')}?{urlencode({'q': words})}",
        "search",
        searches=True,
    )
