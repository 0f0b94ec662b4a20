"""Where the frame of the pages leads to letters: Today, the search box, links to a subject."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from bihuan.core.deadlines import Due
from bihuan.core.powers import Power
from bihuan.orgs import access
from bihuan.orgs.models import User
from bihuan.orgs.naming import name_of
from bihuan.transfers import queries, wording
from bihuan.transfers.acts import Act, Stage
from bihuan.transfers.models import Letter
from bihuan.web.agenda import AT_MOST, AgendaItem, AgendaSection, SectionIfAny
from bihuan.web.finding import MOST, FoundPlace
from bihuan.web.subjects import SubjectType

SOON = timedelta(days=3)


def _address(key: str) -> str:
    return reverse("transfers:letter", args=[key])


def _name(key: str) -> str:
    return str(Letter.objects.get(pk=key))


TYPE = SubjectType(
    _address, _name, queries.hidden_from, queries.may_see, wording.DONE, queries.may_attach
)


def sections(user: User, now: datetime) -> Iterator[SectionIfAny]:
    """Return the letters to issue, to receive and to answer, and answers that are overdue."""
    found = queries.waiting(user, now, now + SOON)
    if found is None:
        return
    own = access.own_seats(user, localdate(now))
    mine = {seat.unit.pk for seat in own if Power.COORDINATE in seat.powers}
    yield SectionIfAny(partial(_section, mine), (found[: AT_MOST + 1],))


def _section(mine: set[int], rows: list[Letter]) -> AgendaSection:
    items = [_item(row, mine) for row in rows]
    return AgendaSection.of(
        _("Transfer letters"), items, reverse("transfers:letters"), is_checked=True
    )


def _item(letter: Any, mine: set[int]) -> AgendaItem:
    step, act = _step(letter, mine)
    return AgendaItem(
        title=letter.title,
        url=letter.get_absolute_url(),
        number=letter.number,
        place=letter.place,
        unit=name_of(letter.unit),
        note=letter.addressee,
        due=Due(letter.due_at, bool(letter.is_provisional)) if letter.due_at else None,
        step_label=step,
        step_url=reverse("transfers:act", args=[letter.pk, act.value]) if act else "",
        subject=letter.subject,
    )


def _step(letter: Letter, mine: set[int]) -> tuple[str | Promise, Act | None]:
    """Return the next step of the officer; the sender of an overdue letter can only ask."""
    if letter.stage == Stage.DRAFT:
        return wording.DO[Act.ISSUE], Act.ISSUE
    if letter.answering.pk not in mine:
        return _("Ask for the answer"), None
    act = Act.RECEIVE if letter.stage == Stage.ISSUED else Act.ANSWER
    return wording.DO[act], act


def find(user: User, words: str, now: datetime) -> Iterator[FoundPlace]:
    """Return letters by number or subject."""
    named = Q(number__icontains=words) | Q(title__icontains=words)
    for row in queries.visible_to(user, now).filter(named).order_by("-pk")[:MOST]:
        yield FoundPlace(str(row), row.get_absolute_url(), "file", row.title)
