"""Which criteria may be used, and who confirms drafts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.timezone import localdate

from bihuan.core.powers import Power
from bihuan.criteria import lists, matching
from bihuan.criteria.lists import CriteriaList, Criterion, Item
from bihuan.criteria.matching import Proposed
from bihuan.criteria.models import Confirmation
from bihuan.journal import queries as journal
from bihuan.orgs import access
from bihuan.orgs.models import Post, Tenure, User

# Of a topmost unit: lists hold for all that is below it.
CONFIRMERS = frozenset({Power.ADMINISTER, Power.COORDINATE})
Key = tuple[str, str, str]
Confirmed = Mapping[Key, Confirmation]


def confirmed() -> Confirmed:
    """Return the confirmations in force, by list, version and item; also those that wait for a
    second officer.
    """
    beside = ("post__unit", "second_post__unit")
    rows = Confirmation.objects.filter(withdrawn_at=None).select_related(*beside)
    return {(row.list_key, row.version, row.item_key): row for row in rows}


def is_usable(criteria: CriteriaList, item: Item, known: Confirmed) -> bool:
    """Whether hazards may be judged by the item: it was read, or two officers confirmed it."""
    found = known.get(key_of(criteria, item))
    return not item.is_draft or (found is not None and found.is_usable)


def compared(first: Confirmation, user: User, now: datetime) -> bool:
    """Whether the officer made the first comparison, or represented who did, or the reverse."""
    entries = journal.timeline(first.subject).filter(act="confirm")
    return any(entry.actor_id in access.same_person(user, entry.at, now) for entry in entries)


def key_of(criteria: CriteriaList, item: Item) -> Key:
    return (criteria.key, criteria.version, item.key)


def usable(on: date) -> list[Criterion]:
    """Return the criteria by which a hazard that was found on that day may be judged: those of
    the lists in force, without drafts that were not confirmed. One query.
    """
    known = confirmed()
    return [
        Criterion(each, item)
        for each in lists.in_force(on)
        for item in each.items
        if is_usable(each, item, known)
    ]


def proposals(text: str, named: list[str], criteria: list[Criterion]) -> list[Proposed]:
    """Return what failed items of checklists name, then what the words point to, each once."""
    by_id = {each.id: each for each in criteria}
    first = [
        Proposed(by_id[each])
        for each in dict.fromkeys(named)
        if each in by_id and not by_id[each].item.is_catch_all
    ]
    taken = {each.criterion.id for each in first}
    return [
        *first,
        *(each for each in matching.by_words(text, criteria) if each.criterion.id not in taken),
    ]


def posts_to_confirm(user: User, now: datetime) -> QuerySet[Post, Post]:
    """Return the officer's own posts in a topmost unit from which drafts are confirmed."""
    on = localdate(now)
    held = Tenure.objects.in_force(on).filter(member=user).values("post")
    able = [
        seat.post.pk
        for seat in access.own_seats(user, on)
        if seat.powers & CONFIRMERS and seat.unit.parent_id is None
    ]
    return Post.objects.filter(pk__in=able).filter(pk__in=held).select_related("unit")


def may_confirm(user: User, now: datetime) -> bool:
    return any(
        seat.powers & CONFIRMERS and seat.unit.parent_id is None
        for seat in access.own_seats(user, localdate(now))
    )
