"""Cases in the box that goes straight to a place: by number, and the ledger's search for words."""

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

# Fewer would be those of thousands of cases, which are all looked at for an officer who sees few.
FEWEST_DIGITS = 4


def cases(user: User, words: str, now: datetime) -> Iterator[FoundPlace]:
    """Those whose number begins so and that the officer may see, then the ledger."""
    number = references.own(words, {kind.series for kind in kinds.every()})
    if len(number.rpartition("-")[2]) >= FEWEST_DIGITS and number.count("-") == 2:
        named = queries.visible_to(user, now).filter(number__startswith=number)
        for found, title in named.order_by("number").values_list("number", "title")[:MOST]:
            yield FoundPlace(title, subjects.url(f"case/{found}"), "list", found)
    yield FoundPlace(
        _("Search the ledger for “%(words)s”") % {"words": words},
        f"{reverse('cases:ledger')}?{urlencode({'q': words})}",
        "search",
        searches=True,
    )
