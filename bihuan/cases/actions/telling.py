"""Notify officers of an act, in its transaction; the table says whom (`Transition.then`, `tells`).

An officer who may not see the case now is not notified, nor is the actor.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bihuan.cases import queries
from bihuan.cases.answering import Answering
from bihuan.cases.models import Case
from bihuan.cases.queries import prepared
from bihuan.core.lifecycle import Transition
from bihuan.core.notified import Notified
from bihuan.core.powers import Power
from bihuan.notices.actions import Telling, tell_many
from bihuan.orgs.models import Post, Unit, User

if TYPE_CHECKING:
    from bihuan.cases.actions.loop import MoveContext

NEXT = "next"
WORKERS = frozenset({Power.HANDLE, Power.COORDINATE})
# What a notice repeats of the act.
SAID = ("granted", "upheld", "agreed", "deadline", "until")


def tell(act: MoveContext) -> None:
    """Notify those that the table names of this act, once it is complete."""
    row = act.row
    if not row.then and not row.tells:
        return
    around = _Around(act.case.pk, act.actor, act.now)
    said = {name: act.detail[name] for name in SAID if name in act.detail}
    unit = act.unit.name if act.unit else ""
    groups = [(NEXT, around.makers(row.then))] if row.then else []
    groups += [(each.value, around.of(each, act)) for each in row.tells]
    around.tell(row.move, groups, {"unit": unit, "then": row.then, **said})


def tell_next(case: Case, move: str, then: str, *, actor: User, unit: str, now: datetime) -> None:
    """Notify those who may make the next move of a new case."""
    around = _Around(case.pk, actor, now)
    around.tell(move, [(NEXT, around.makers(then))], {"unit": unit, "then": then})


def first_notices(case: Case, row: Transition, members: Iterable[User]) -> list[Telling]:
    """Return the notice to these officers of a report that is about to be stored."""
    detail = _detail(case, {"then": row.then, "to": NEXT})
    return [_telling(case, row.move, members, detail)]


def _telling(case: Case, move: str, members: Iterable[User], detail: Mapping[str, Any]) -> Telling:
    cause = f"{move}/{case.number}/{case.version}"
    return Telling(members, case.subject, move, cause, detail)


def _detail(case: Case, detail: Mapping[str, Any]) -> dict[str, Any]:
    return {"title": case.title, "kind": case.kind, **detail}


class _Around:
    """The case after the act, and the officers around it."""

    def __init__(self, case: int, actor: User | None, now: datetime) -> None:
        (self._case,) = prepared.as_it_stands(case)
        self._actor, self._now = actor, now
        self._answering = Answering([self._case], now)

    def tell(
        self, move: str, groups: Iterable[tuple[str, list[User]]], detail: Mapping[str, Any]
    ) -> None:
        """Write to each officer once, as the first of these groups that they are in."""
        case, told, tellings = self._case, set[int](), list[Telling]()
        for group, members in groups:
            new = {member.pk: member for member in members if member.pk not in told}
            told |= new.keys()
            there = [member for member in new.values() if self._is_told(member)]
            if there:
                said = _detail(case, {**detail, "to": group})
                tellings.append(_telling(case, move, there, said))
        if tellings:
            tell_many(tellings, now=self._now)

    def _is_told(self, member: User) -> bool:
        is_other = self._actor is None or member.pk != self._actor.pk
        return is_other and member.is_active and queries.may_see(member, self._case, self._now)

    def makers(self, move: str) -> list[User]:
        return self._answering.makers(self._case, move)

    def of(self, who: Notified, act: MoveContext) -> list[User]:
        match who:
            case Notified.POST:
                return self._on_post()
            case Notified.LEFT:
                return self._on_left(act)
            case Notified.OFFICE:
                return self._office()
            case Notified.NAMED:
                return [member for each in act.named for member in self._named(each)]
        return list(User.objects.filter(pk__in=set(self._keys(who, act))).order_by("pk"))

    def _keys(self, who: Notified, act: MoveContext) -> Iterator[int]:
        if who is Notified.WORKERS:
            yield from self._answering.workers(self._case)
        asked = self._case.reported_by_id if who is Notified.AUTHOR else act.asker
        if who is not Notified.WORKERS and asked is not None:
            yield asked

    def _on_post(self) -> list[User]:
        """Return the holders of its post; if it is vacant or none is responsible, those who
        coordinate in its unit.
        """
        post = self._case.post
        held = [] if post is None else self._answering.on_post(self._case, post)
        return held or self._office()

    def _on_left(self, act: MoveContext) -> list[User]:
        left = act.before.get("post")
        if left is None or left == self._case.post_id:
            return []
        post = Post.objects.select_related("unit").get(pk=left)
        return self._answering.on_post(self._case, post)

    def _office(self) -> list[User]:
        case = self._case
        return self._answering.holders(case, [case.owner.path], [Power.COORDINATE])

    def _named(self, named: Post | Unit) -> list[User]:
        if isinstance(named, Post):
            return self._answering.on_post(self._case, named)
        return self._answering.holders(self._case, [named.path], WORKERS)
