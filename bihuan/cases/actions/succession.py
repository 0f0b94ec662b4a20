"""Transfer the open cases of a closed unit to its successor, and of a closed post to another post.

A case from which the successor is excluded goes to the nearest unit above it that is not, and a
confidential one to posts with access. A successor that is not above the closed unit inherits its
exclusions: the same people work there now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import F, Q, QuerySet
from django.utils.timezone import localdate

from bihuan.cases import kinds, queries
from bihuan.cases.actions import clocks, recipients
from bihuan.cases.actions.recipients import Shut
from bihuan.cases.models import (
    AccessGrant,
    Assist,
    Case,
    CaseQuerySet,
    Contest,
    Exclusion,
    Participation,
)
from bihuan.core.powers import Power
from bihuan.journal.actions import Change, record_many
from bihuan.notices.actions import tell
from bihuan.orgs.holdings import Leaving, Moving, PassingOn
from bihuan.orgs.models import Post, Tenure, Unit, User
from bihuan.orgs.refusals import NobodyMayTake

# Transfers because an administrator closed a unit or a post.
PASS_ON, LEAVE = "pass_on", "leave_post"
FOLLOW = "follow_bars"
AT_ONCE = 1_000
TOLD = frozenset({Power.COORDINATE, Power.HANDLE})
UNITS = ("owner", "origin", "sender", "bound")


def _of_kinds() -> tuple[str, ...]:
    """Return the fields of kinds' own rows that name units ("row.field"), by kind."""
    return tuple(name for kind in kinds.every() for name in kind.units)


# ----------------------------------------------------------------------- units
def open_of(unit: Unit) -> CaseQuerySet:
    """Return the open cases in which the unit is owner, origin, supervisor, assistant or party
    to a dispute.
    """
    assists = Assist.objects.filter(unit=unit, ended_at=None, case__ended_at=None)
    contests = Contest.objects.filter(Q(from_unit=unit) | Q(to_unit=unit), upheld=None)
    here = Q(owner=unit) | Q(origin=unit) | Q(post__unit=unit) | Q(bound=unit)
    for name in _of_kinds():
        here |= Q(**{name.replace(".", "__"): unit})
    beside = Q(pk__in=assists.values("case")) | Q(pk__in=contests.values("case"))
    return Case.objects.open().filter(here | beside)


def of_unit(unit: Unit, on: date) -> int:
    return open_of(unit).count()


def pass_on(passing: PassingOn) -> int:
    """Transfer every open case of the closed unit to its successor; return their number."""
    shut = _inherit_bars(passing)
    found = sorted({*open_of(passing.unit).values_list("pk", flat=True), *shut})
    heirs, stuck = Heirs(passing), 0
    for start in range(0, len(found), AT_ONCE):
        stuck += _pass_some(found[start : start + AT_ONCE], passing, heirs)
    if stuck:
        raise NobodyMayTake(stuck)
    for heir, cases in heirs.given.items():
        _tell(heir, cases, passing)
    return len(found)


def _tell(heir: Unit, cases: Sequence[int], passing: PassingOn) -> None:
    """Send one message to each officer who takes up cases there, with the number of new ones."""
    held = Tenure.objects.in_force(localdate(passing.now)).filter(
        post__unit=heir, post__end_date=None, member__is_active=True
    )
    able = [each for each in held.select_related("post", "member") if TOLD & set(each.post.powers)]
    for member in {each.member for each in able}:
        count = _known_to(member, cases, passing)
        if count:
            tell(
                [member],
                subject=heir.subject,
                what=PASS_ON,
                cause=f"{PASS_ON}/{passing.unit.pk}/{heir.pk}",
                now=passing.now,
                detail={"closed": passing.unit.name, "count": count, "title": heir.name},
            )


def _known_to(member: User, cases: Sequence[int], passing: PassingOn) -> int:
    """Return the number that the officer may know of; the number of others is not revealed."""
    known = Case.objects.filter(queries.open_to(member, passing.now))
    parts = (cases[start : start + AT_ONCE] for start in range(0, len(cases), AT_ONCE))
    return sum(known.filter(pk__in=part).count() for part in parts)


def _inherit_bars(passing: PassingOn) -> list[int]:
    """Copy the exclusions of the unit to the successor, and to the open cases it had."""
    unit, successor = passing.unit, passing.successor
    if unit.path.startswith(successor.path):
        return []
    # Its own, and those of the units above it that the successor is not below.
    over = {unit.path, *unit.paths_above()} - {successor.path, *successor.paths_above()}
    follow_bars(over, successor, passing.actor, passing.now, since_at=passing.now)
    below = Q(owner__path__startswith=successor.path)
    cases = Case.objects.open().filter(below, exclusions__unit__path__in=over).distinct()
    return list(cases.values_list("pk", flat=True))


def follow_bars(
    over: Collection[str],
    unit: Unit,
    actor: User | None,
    now: datetime,
    *,
    since_at: datetime | None = None,
) -> None:
    """Apply the exclusions of these units to the unit, since then or unchanged."""
    bars = Exclusion.objects.filter(unit__path__in=over).exclude(case__exclusions__unit=unit)
    found: dict[int, Exclusion] = {}
    for bar in bars.select_related("case").order_by("since_at", "pk"):
        since = since_at or bar.since_at
        follows = Exclusion(case=bar.case, unit=unit, cause=bar.cause, since_at=since, added_at=now)
        found.setdefault(bar.case_id, follows)
    Exclusion.objects.bulk_create(found.values())
    Case.objects.filter(pk__in=found).update(version=F("version") + 1)
    entries = [Change(bar.case.subject, {}, {"shut_out": unit.pk}) for bar in found.values()]
    record_many(FOLLOW, entries, by=actor, at=now)


def stay_shut(moving: Moving) -> None:
    """Keep a unit that was moved excluded where the units formerly above it are."""
    steps = moving.unit.paths_above()
    follow_bars(set(moving.paths_before) - set(steps), moving.unit, moving.actor, moving.now)


class Heirs:
    """The units that may continue a case, the successor first, and their handling posts."""

    def __init__(self, passing: PassingOn) -> None:
        self.now, self.closed = passing.now, passing.unit
        above = Unit.objects.above(passing.successor).open().exclude(pk=passing.unit.pk)
        self.units: list[Unit] = [passing.successor, *above]
        self.given: dict[Unit, list[int]] = defaultdict(list)
        self._posts: dict[int, Post | None] = {}

    def of(self, case: Case, bars: Collection[tuple[int | None, int | None]]) -> Unit | None:
        """Return the first one that is not excluded and, for a confidential case, has an
        officer with access.
        """
        barred = {unit for unit, _ in bars}
        shut = Shut.out_of(case) if bars else Shut()
        for unit in self.units:
            if barred.isdisjoint(unit.steps) and self._may_take(unit, case, shut):
                return unit
        return None

    def _may_take(self, unit: Unit, case: Case, shut: Shut) -> bool:
        if case.is_confidential:
            return bool(recipients.takers(unit.path, shut, self.now))
        return not (shut and recipients.all_are_shut(unit.path, shut, self.now))

    def post(self, unit: Unit) -> Post | None:
        """Return the only handling post there; if there are several, a coordinator must choose."""
        if unit.pk not in self._posts:
            posts = Post.objects.in_force(localdate(self.now)).filter(unit=unit, end_date=None)
            handling = [post for post in posts if Power.HANDLE in post.powers]
            self._posts[unit.pk] = handling[0] if len(handling) == 1 else None
        return self._posts[unit.pk]


@dataclass
class _Moves:
    """The changes to the cases of one batch, combined into few statements."""

    changes: dict[tuple[tuple[str, int | None], ...], list[int]] = field(
        default_factory=lambda: defaultdict(list)
    )
    by_heir: dict[Unit, list[Case]] = field(default_factory=lambda: defaultdict(list))
    # The new responsibility of each unit, by the names of the chains.
    given: dict[Unit, list[str]] = field(default_factory=lambda: defaultdict(list))
    entries: list[Change] = field(default_factory=list)
    stuck: int = 0


def _pass_some(pks: list[int], passing: PassingOn, heirs: Heirs) -> int:
    """Transfer these cases; return the number that no unit can take."""
    list(Case.objects.select_for_update().filter(pk__in=pks).order_by("pk").values_list("pk"))
    moves = _moves(pks, passing, heirs)
    for values, those in moves.changes.items():
        own = dict(value for value in values if "." not in value[0])
        new = {f"{name}_id": value for name, value in own.items()}
        Case.objects.filter(pk__in=those).update(version=F("version") + 1, **new)
        for name, value in values:
            _change_beside(name, value, those)
    for heir, subjects in moves.given.items():
        clocks.follow(subjects, heir.pk)
    for heir, cases in moves.by_heir.items():
        _pass_beside([case.pk for case in cases], heir, passing)
        for case in cases:
            if case.is_confidential:
                recipients.confide(case, passing.now, heir)
    record_many(PASS_ON, moves.entries, by=passing.actor, at=passing.now)
    return moves.stuck


def _change_beside(name: str, value: int | None, cases: Collection[int]) -> None:
    """Change the field of the kind's own row of these cases."""
    row, _, field_name = name.rpartition(".")
    if row:
        model = Case._meta.get_field(row).related_model
        assert isinstance(model, type), "a kind's own row"
        model._default_manager.filter(pk__in=cases).update(**{f"{field_name}_id": value})


def _moves(pks: list[int], passing: PassingOn, heirs: Heirs) -> _Moves:
    bars = _by_case(Exclusion.objects.filter(case__in=pks).values_list("case", "unit", "member"))
    moves = _Moves()
    cases = Case.objects.filter(pk__in=pks).select_related("post", "owner").order_by("pk")
    beside = {name.replace(".", "_"): F(name.replace(".", "__")) for name in _of_kinds()}
    for case in cases.annotate(**beside):
        heir = heirs.of(case, bars.get(case.pk, ()))
        if heir is None:
            moves.stuck += 1
            continue
        changed = _changed(case, passing, heir, heirs, bars.get(case.pk, ()))
        if "owner" in changed:
            moves.given[heir].append(case.subject)
        moves.changes[tuple(changed.items())].append(case.pk)
        moves.by_heir[heir].append(case)
        if changed.get("owner") == heir.pk:
            heirs.given[heir].append(case.pk)
        moves.entries.append(_entry(case, changed, heir, passing))
    return moves


def _changed(
    case: Case,
    passing: PassingOn,
    heir: Unit,
    heirs: Heirs,
    bars: Collection[tuple[int | None, int | None]],
) -> dict[str, int | None]:
    """Return the fields of the case that referred to the closed unit, or to an excluded
    successor.
    """
    away = {passing.unit.pk}
    if any(unit == passing.successor.pk for unit, _ in bars):
        away |= {case.owner_id} if case.owner.is_within(passing.successor) else set()
        away |= {passing.successor.pk}
    changed: dict[str, int | None] = {
        name: heir.pk for name in (*UNITS, *_of_kinds()) if _named(case, name) in away
    }
    if case.post is not None and case.post.unit_id in away:
        post = heirs.post(heir)
        is_free = post is not None and not (bars and _is_shut(case, post, heirs))
        changed["post"] = post.pk if post and is_free else None
    if case.resolved_unit_id == passing.unit.pk and case.verified_unit_id is None:
        changed["resolved_unit"] = heir.pk
    return changed


def _named(case: Case, name: str) -> int | None:
    """Return the unit that a field of the case, or of the kind's own row, names."""
    found: int | None = getattr(case, name.replace(".", "_") if "." in name else f"{name}_id")
    return found


def _is_shut(case: Case, post: Post, heirs: Heirs) -> bool:
    """Whether the holder of the post is excluded from the case."""
    held = Tenure.objects.in_force(localdate(heirs.now)).filter(post=post)
    return held.filter(Shut.out_of(case).holders(heirs.now)).exists()


def _pass_beside(pks: list[int], heir: Unit, passing: PassingOn) -> None:
    """Transfer the related rows: assistants, disputes, and the unit's participations."""
    unit = passing.unit
    helps = Assist.objects.filter(case__in=pks, unit=unit, ended_at=None)
    has_it = Q(case__owner=heir) | Q(case__in=_helped_by(heir))
    ends = list(helps.filter(has_it).values_list("pk", flat=True))
    Assist.objects.filter(pk__in=ends).update(ended_at=passing.now)
    helps.update(unit=heir)
    waiting = Contest.objects.filter(case__in=pks, upheld=None)
    waiting.filter(from_unit=unit).update(from_unit=heir)
    waiting.filter(to_unit=unit).update(to_unit=heir)
    # The successor may not verify what the closed unit did.
    unchecked = Participation.objects.filter(case__in=pks, case__verified_unit=None, unit=unit)
    unchecked.update(unit=heir)


def _helped_by(unit: Unit) -> QuerySet[Assist, int]:
    return Assist.objects.filter(unit=unit, ended_at=None).values_list("case", flat=True)


def _entry(case: Case, changed: Mapping[str, int | None], heir: Unit, passing: PassingOn) -> Change:
    detail = {"closed": passing.unit.name, "owner": heir.name}
    before = {name: _named(case, name) for name in changed}
    return Change(case.subject, before, dict(changed), passing.reason, detail)


def _by_case(
    rows: Iterable[tuple[int, int | None, int | None]],
) -> dict[int, list[tuple[int | None, int | None]]]:
    found: dict[int, list[tuple[int | None, int | None]]] = defaultdict(list)
    for case, unit, member in rows:
        found[case].append((unit, member))
    return found


# ----------------------------------------------------------------------- posts
def of_post(post: Post, on: date) -> int:
    return Case.objects.open().filter(post=post).count()


def leave(leaving: Leaving) -> int:
    """Transfer the open cases of a closed post to another one, or leave them to the coordinators.

    A confidential case is never transferred to a post without access to it.
    """
    cases = Case.objects.open().filter(post=leaving.post)
    list(cases.select_for_update().order_by("pk").values_list("pk"))
    entries = []
    for case in cases.select_related("owner", "post__unit").order_by("pk"):
        to = leaving.to if _may_take(leaving, case) else None
        case.post = to
        changed: dict[str, int | None] = {"post": to.pk if to else None}
        before = {"post": leaving.post.pk, "owner": case.owner_id}
        if to is not None and to.unit_id != case.owner_id:
            case.owner = to.unit
            changed["owner"] = case.owner_id
        queries.require_may_hold(case, leaving.now)
        case.version += 1
        case.save(update_fields=["post", "owner", "version"])
        if "owner" in changed:
            clocks.follow([case.subject], case.owner_id)
        kept = {name: before[name] for name in changed}
        detail = {"post": to.title} if to else {}
        entries.append(Change(case.subject, kept, changed, leaving.reason, detail))
    return record_many(LEAVE, entries, by=leaving.actor, at=leaving.now)


def _may_take(leaving: Leaving, case: Case) -> bool:
    """Whether the next post may know of the case; if it is that of a moved post, whether its unit
    and its holder are not excluded.
    """
    to = leaving.to
    if to is None or (case.is_confidential and not _knows(to, case)):
        return False
    if not leaving.is_move:
        return True
    shut = Shut.out_of(case)
    held = Tenure.objects.in_force(localdate(leaving.now)).filter(post=to)
    if any(to.unit.path.startswith(path) for path, _ in shut.units):
        return False
    return not (shut and held.filter(shut.holders(leaving.now)).exists())


def _knows(post: Post, case: Case) -> bool:
    return AccessGrant.objects.filter(case=case, post=post).exists()
