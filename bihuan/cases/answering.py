"""Who is responsible for a case and its clocks, for one case or many at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property

from django.utils.timezone import localdate

from bihuan.cases import kinds, queries, stands
from bihuan.cases.models import AccessGrant, Case, Exclusion
from bihuan.core import amending, lifecycle, routing
from bihuan.core.lifecycle import SOLVERS, Situation
from bihuan.core.powers import Power
from bihuan.core.refusal import Refusal
from bihuan.orgs import access
from bihuan.orgs.models import Post, Tenure, User

# The officers who must act before the clocks of any kind of case end.
COMMON: Mapping[str, tuple[frozenset[Power], str]] = {
    "LOC-6": (frozenset({Power.APPROVE}), "over_deadline"),
    "LOC-10": (frozenset({Power.COORDINATE, Power.SUPERVISE}), "above"),
    amending.TERM: (amending.DECIDERS, "others"),
}


def holders(
    case: Case, paths: Collection[str], powers: Iterable[Power], now: datetime
) -> list[User]:
    """Return officers with one of these powers in exactly these units, who may know of the case."""
    return Answering([case], now).holders(case, paths, powers)


def answerable(case: Case, rule_id: str, now: datetime) -> list[User]:
    """Return who must act before this clock ends: the case's own post, or the nearest that can."""
    return Answering([case], now).answerable(case, rule_id)


class Answering:
    """The posts around these cases, loaded for all of them at once."""

    def __init__(self, cases: Sequence[Case], now: datetime) -> None:
        self._cases, self._now = cases, now
        self._tenures: dict[str, list[Tenure]] = {}
        self._members: dict[int, User] = {}

    def look_around(self) -> None:
        """Load every unit that the methods below may need."""
        paths = {path for case in self._cases for path in (case.owner.path, case.origin.path)}
        paths |= set(self._receivers.values())
        self._load({each for path in paths for each in (path, *routing.above(path))})
        if self._bars:
            access.ask_for_posts(self._members.values(), localdate(self._now))

    def holders(self, case: Case, paths: Collection[str], powers: Iterable[Power]) -> list[User]:
        """Return officers with one of these powers in exactly these units, who may know of it."""
        wanted = set(powers)
        return [t.member for t in self._told(case, paths) if wanted & set(t.post.powers)]

    def answerable(self, case: Case, rule_id: str) -> list[User]:
        """Return who must act before this clock ends: the case's own post, or the nearest that
        can.
        """
        powers, where = {**COMMON, **kinds.of(case).answerable}[rule_id]
        near = self._told(case, self._seated(case, where), with_stand_ins=where != "others")
        able = [t for t in near if powers & set(t.post.powers)]
        if where == "others":
            able = [t for t in able if t.member_id not in self._solvers.get(case.pk, ())]
        if where == "owner" and (own := [t for t in able if t.post_id == case.post_id]):
            able = own
        nearest = max((len(t.post.unit.path) for t in able), default=0)
        return [t.member for t in able if len(t.post.unit.path) == nearest]

    def on_post(self, case: Case, post: Post) -> list[User]:
        """Return the holders of this post who may know of the case, and their stand-ins."""
        told = self._told(case, [post.unit.path], with_stand_ins=True)
        return [t.member for t in told if t.post_id == post.pk]

    def workers(self, case: Case) -> set[int]:
        """Return who did the work so far, for the unit that is responsible now."""
        stands_ = stands.of(case, None).each
        return {
            stand.person
            for stand in stands_
            if stand.side in SOLVERS and stand.path == case.owner.path
        }

    def makers(self, case: Case, move: str) -> list[User]:
        """Return who may make this move now, in the nearest unit where an officer may.

        The case must be loaded with its facts.
        """
        life, seen = kinds.of(case).lifecycle, queries.situation(case)
        powers, around = life.powers_of(move), self._around(seen)
        told = self._told(case, around, with_stand_ins=True)
        near = [t for t in told if powers & set(t.post.powers)]
        access.ask_for_posts([t.member for t in near], localdate(self._now))
        able: dict[User, int] = {}
        for member in dict.fromkeys(t.member for t in near):
            person = queries.person(member, self._now)
            try:
                able[member] = len(lifecycle.require(life, move, seen, person).path)
            except Refusal:
                continue
        nearest = max(able.values(), default=0)
        return [member for member, depth in able.items() if depth == nearest]

    @staticmethod
    def _around(seen: Situation) -> list[str]:
        """Return the paths of the units from one of which a move may be made."""
        near = {seen.owner, seen.origin, seen.bound, *seen.assisting, *seen.contested}
        near = (near | set(seen.places.values())) - {""}
        return sorted({each for path in near for each in (path, *routing.above(path))})

    def _seated(self, case: Case, where: str) -> list[str]:
        """Return the units in one of which the officers must have their post."""
        path = case.origin.path if where == "origin" else case.owner.path
        if where == "receiver":
            path = self._receivers.get(case.pk) or path
        above = where in ("above", "over_deadline")
        paths = [*routing.above(path), *(() if above else (path,))]
        if where == "over_deadline" and case.bound:
            return [each for each in paths if each in routing.above(case.bound.path)]
        return paths

    def _told(
        self, case: Case, paths: Collection[str], *, with_stand_ins: bool = False
    ) -> list[Tenure]:
        """Return the holders of posts in these units who are not excluded from the case; with those
        who stand in for them, who have no access to confidential cases by that.
        """
        self._load(set(paths))
        found = [t for path in dict.fromkeys(paths) for t in self._tenures[path]]
        if not with_stand_ins or case.is_confidential:
            found = [t for t in found if t.holder_tenure_id is None]
        if case.is_confidential:
            found = [t for t in found if t.post_id in self._confided.get(case.pk, ())]
        if bars := self._bars.get(case.pk):
            access.ask_for_posts([t.member for t in found], localdate(self._now))
            found = [t for t in found if not queries.is_barred(bars, t.member, self._now)]
        return sorted(found, key=lambda t: t.pk)

    def _load(self, paths: set[str]) -> None:
        missing = paths - self._tenures.keys()
        if not missing:
            return
        self._tenures |= {path: [] for path in missing}
        held = Tenure.with_stand_ins.acting(localdate(self._now)).in_units(sorted(missing))
        for tenure in held.select_related("post__unit", "member"):
            tenure.member = self._members.setdefault(tenure.member_id, tenure.member)
            self._tenures[tenure.post.unit.path].append(tenure)

    @cached_property
    def _bars(self) -> Mapping[int, list[queries.Barred]]:
        found: dict[int, list[queries.Barred]] = {}
        barred = [case.pk for case in self._cases if queries.has(case, "bars")]
        rows = Exclusion.objects.filter(case__in=barred) if barred else Exclusion.objects.none()
        for case, unit, member, at in rows.values_list("case", "unit", "member", "since_at"):
            found.setdefault(case, []).append((unit, member, at))
        return found

    @cached_property
    def _confided(self) -> Mapping[int, set[int]]:
        found: dict[int, set[int]] = {}
        cases = [case.pk for case in self._cases if case.is_confidential]
        for case, post in AccessGrant.objects.filter(case__in=cases).values_list("case", "post"):
            found.setdefault(case, set()).add(post)
        return found

    @cached_property
    def _receivers(self) -> Mapping[int, str]:
        """Return the units to which cases were transferred and that have not taken them over
        yet.
        """
        of_kinds: dict[str, list[int]] = {}
        for case in self._cases:
            of_kinds.setdefault(case.kind, []).append(case.pk)
        found: dict[int, str] = {}
        for kind, keys in of_kinds.items():
            found |= kinds.by_name(kind).receivers(keys)
        return found

    @cached_property
    def _solvers(self) -> Mapping[int, set[int]]:
        return stands.solvers_of(self._cases)
