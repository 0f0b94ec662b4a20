"""Maintain the subject tree: loaded once, then edited by the office; nothing is ever removed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from bihuan.core import legible
from bihuan.core.powers import Power
from bihuan.core.refusal import Missing, NotAllowed, Refusal
from bihuan.grievances import categories
from bihuan.grievances.models import Category
from bihuan.journal.actions import Change, record, record_many
from bihuan.orgs import access
from bihuan.orgs.access import Actor
from bihuan.orgs.actions.steps import change as changed
from bihuan.orgs.models import User

EDITORS = frozenset({Power.COORDINATE, Power.ADMINISTER})


class TooDeep(Refusal):
    """The tree has three levels."""


class NameTaken(Refusal):
    """Another category at the same place has this name."""


class BelowItself(Refusal):
    """A category cannot be below itself."""


class Retired(Refusal):
    """No new category can be added under a retired one."""


def may_edit(user: User, now: datetime) -> bool:
    """Whether the officer coordinates or administers a unit at the top, which maintains the
    tree for all.
    """
    seats = access.own_seats(user, localdate(now))
    return any(seat.unit.depth == 0 and seat.powers & EDITORS for seat in seats)


@transaction.atomic
def load(*, actor: Actor, now: datetime) -> int:
    """Add what the release contains and the tree lacks, without changing existing entries;
    return their number.
    """
    _require_editor(actor, now)
    known = {category.code: category for category in Category.objects.select_for_update()}
    added = []
    for node in categories.shipped():
        if node.code in known:
            continue
        parent = known[node.parent] if node.parent else None
        known[node.code] = Category.objects.create(
            code=node.code, parent=parent, name=node.zh, name_en=node.en, kind=node.kind
        )
        added.append(Change(known[node.code].subject, after={"name": node.zh, "kind": node.kind}))
    record_many("load-category", added, by=_officer(actor), at=now)
    return len(added)


@transaction.atomic
def add(
    *,
    parent: Category | None,
    name: str,
    actor: Actor,
    now: datetime,
    name_en: str = "",
    kind: str = "grievance",
    is_offered: bool = True,
) -> Category:
    """Add a category below another one, or at the top."""
    _require_editor(actor, now)
    _lock()
    _require_room(parent, height=1)
    _require_free(parent, name)
    category = Category.objects.create(
        code=_next_code(parent),
        parent=parent,
        name=legible.clean(name),
        name_en=legible.clean(name_en),
        kind=kind,
        is_offered=is_offered,
    )
    _note(category, "add-category", actor, now, after={"name": category.name, "kind": kind})
    return category


@transaction.atomic
def change(
    *,
    category: Category,
    name: str,
    actor: Actor,
    now: datetime,
    name_en: str = "",
    kind: str = "grievance",
    is_offered: bool = True,
) -> Category:
    """Change a category's name, its kind of case, or whether it is offered to the public."""
    _require_editor(actor, now)
    _lock()
    category = Category.objects.select_related("parent").get(pk=category.pk)
    _require_free(category.parent, name, excluded=category)
    done = changed(
        category,
        name=legible.clean(name),
        name_en=legible.clean(name_en),
        kind=kind,
        is_offered=is_offered,
    )
    if done:
        _note(category, "change-category", actor, now, before=done.before, after=done.after)
    return category


@transaction.atomic
def move(
    *, category: Category, parent: Category | None, actor: Actor, now: datetime, reason: str = ""
) -> Category:
    """Move a category, with everything below it, under another one."""
    _require_editor(actor, now)
    _lock()
    category = Category.objects.select_related("parent").get(pk=category.pk)
    if parent is not None and category.pk in {over.pk for over in (parent, *_above(parent))}:
        raise BelowItself
    _require_room(parent, height=_height(category))
    _require_free(parent, category.name, excluded=category)
    before = category.parent.code if category.parent else ""
    if changed(category, parent=parent):
        after = {"parent": parent.code if parent else ""}
        _note(category, "move-category", actor, now, {"parent": before}, after, reason)
    return category


@transaction.atomic
def retire(*, category: Category, actor: Actor, now: datetime, reason: str) -> Category:
    """Retire a category and those below it from the selection; existing cases keep it."""
    _require_editor(actor, now)
    _lock()
    if not legible.has_words(reason):
        raise Missing("note")
    for each in _with_all_below(category):
        if each.retired_at is None:
            changed(each, retired_at=now)
            _note(each, "retire-category", actor, now, after={"retired_at": now}, reason=reason)
    category.refresh_from_db()
    return category


@transaction.atomic
def restore(*, category: Category, actor: Actor, now: datetime) -> Category:
    """Restore a retired category, under one that is in use."""
    _require_editor(actor, now)
    _lock()
    category = Category.objects.select_related("parent").get(pk=category.pk)
    _require_room(category.parent, height=1)
    _require_free(category.parent, category.name, excluded=category)
    if changed(category, retired_at=None):
        _note(category, "restore-category", actor, now, after={"retired_at": None})
    return category


# ------------------------------------------------------------------- rules
def _require_editor(actor: Actor, now: datetime) -> None:
    if isinstance(actor, User) and not may_edit(actor, now):
        raise NotAllowed(Power.COORDINATE)


def _lock() -> None:
    """Lock the tree for one action at a time, so that two actions cannot form a cycle together."""
    list(Category.objects.select_for_update().filter(parent=None).order_by("pk"))


def _require_room(parent: Category | None, *, height: int) -> None:
    if parent is None:
        return
    if parent.retired_at is not None:
        raise Retired
    if len(_above(parent)) + 1 + height > categories.LEVELS:
        raise TooDeep


def _require_free(parent: Category | None, name: str, *, excluded: Category | None = None) -> None:
    if not legible.has_words(name):
        raise Missing("title")
    same_name = categories.in_force().filter(parent=parent, name=legible.clean(name))
    if excluded is not None:
        same_name = same_name.exclude(pk=excluded.pk)
    if same_name.exists():
        raise NameTaken


def _above(category: Category) -> list[Category]:
    return categories.above(category)


def _with_all_below(category: Category) -> list[Category]:
    found = [category]
    for each in found:
        found += Category.objects.filter(parent=each).order_by("code")
    return found


def _height(category: Category) -> int:
    """Return how many levels the category and those below it take."""
    below = categories.in_force().filter(parent=category)
    return 1 + max((_height(each) for each in below), default=0)


def _next_code(parent: Category | None) -> str:
    """Return the next code under the parent's; codes are never reused."""
    start = parent.code if parent else ""
    length = len(start) + categories.STEP
    taken = Category.objects.filter(code__startswith=start).values_list("code", flat=True)
    numbers = [int(code[len(start) :]) for code in taken if len(code) == length and code.isdigit()]
    return f"{start}{max(numbers, default=0) + 1:0{categories.STEP}}"


# ----------------------------------------------------------------- journal
def _note(
    category: Category,
    act: str,
    actor: Actor,
    now: datetime,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
    reason: str = "",
) -> None:
    names = (before or {}).keys() | (after or {}).keys()
    detail = {name: [(before or {}).get(name), (after or {}).get(name)] for name in names}
    record(
        category.subject,
        act,
        by=_officer(actor),
        at=now,
        note=reason,
        before=before,
        after=after,
        detail={name: [_plain(value) for value in values] for name, values in detail.items()},
    )


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _officer(actor: Actor) -> User | None:
    return actor if isinstance(actor, User) else None
