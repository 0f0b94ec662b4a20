"""Load a district file into the organisation: adds and changes records, never removes any."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.core.powers import Power
from bihuan.core.refusal import Refusal
from bihuan.orgs import passwords
from bihuan.orgs.access import Actor, Console
from bihuan.orgs.actions import members, posts, units
from bihuan.orgs.actions.steps import require_near_member, require_over
from bihuan.orgs.district import (
    BadDistrict,
    District,
    Fault,
    PlannedOfficer,
    PlannedPost,
    PlannedTenure,
    PlannedUnit,
)
from bihuan.orgs.models import Post, Tenure, Unit, User


class Refused(BadDistrict):
    """An entry of the file violates a rule of the organisation."""

    def __init__(self, where: str, reason: Refusal) -> None:
        super().__init__([Fault(where, "", type(reason).__name__)])
        self.where, self.reason = where, reason


@dataclass(frozen=True)
class Difference:
    """An entry of the file that is new, or the values in which it differs: before and after. A new
    one has each of its values, with None before.
    """

    where: str
    name: str
    is_new: bool
    values: Mapping[str, tuple[object, object]] = field(default_factory=dict)


@dataclass
class LoadResult:
    """The result of loading a district file."""

    added: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    unchanged: int = 0
    passwords: list[tuple[str, str]] = field(default_factory=list)
    by: Actor = Console.CONSOLE
    differences: list[Difference] = field(default_factory=list)
    # What the rules refuse, if all refusals are collected.
    refused: list[BadDistrict] = field(default_factory=list)

    def is_new(self, what: str, where: str, name: str, values: Mapping[str, object]) -> None:
        self.added[what] += 1
        given: dict[str, tuple[object, object]] = {k: (None, v) for k, v in values.items() if v}
        self.differences.append(Difference(where, name, is_new=True, values=given))

    def is_known(
        self, what: str, where: str, name: str, values: Mapping[str, tuple[object, object]]
    ) -> None:
        differing = {key: pair for key, pair in values.items() if pair[0] != pair[1]}
        if not differing:
            self.unchanged += 1
            return
        self.changed[what] += 1
        self.differences.append(Difference(where, name, is_new=False, values=differing))


@transaction.atomic
def load_district(
    *,
    district: District,
    now: datetime,
    is_trial: bool = False,
    by: User | None = None,
    collects: bool = False,
    temporary: Callable[[str], str] = lambda username: passwords.temporary(),
) -> LoadResult:
    """Add what is missing and change what differs, in one transaction; with a dry run, nothing is
    saved.

    An officer (`by`) changes only what they administer; without one, the console does. If refusals
    are collected, nothing is saved if there are any. `temporary` returns the password of a new
    officer for whom the file has none.
    """
    is_founding = not Tenure.objects.exists()
    console = Console.FOUNDING if is_founding else Console.CONSOLE
    outcome = LoadResult(by=by or console)
    hashing = _Passwords(temporary, _hasher(district, shares=district.demo or is_trial))
    refused = outcome.refused if collects else None
    for unit in district.units:
        with _named(unit.where, refused):
            _load_unit(unit, now, outcome)
    for post in district.posts:
        with _named(post.where, refused):
            _load_post(post, now, outcome)
    for officer in district.officers:
        with _named(officer.where, refused):
            _load_officer(officer, now, outcome, hashing, demo=district.demo)
    for tenure in sorted(district.tenures, key=lambda tenure: tenure.start_date):
        with _named(tenure.where, refused):
            _load_tenure(tenure, now, outcome)
    transaction.set_rollback(is_trial or bool(outcome.refused))
    return outcome


@dataclass(frozen=True)
class _Passwords:
    """The temporary password of a new officer, and how a given one is hashed."""

    temporary: Callable[[str], str]
    hash: Callable[[str], str]


def _hasher(district: District, *, shares: bool) -> Callable[[str], str]:
    """Hash the passwords in the file before anything is locked: that is slow by design. All
    officers of a demo share one password, and a dry run stores none.
    """
    if shares:
        return cache(make_password)
    given = {each.username: each.password for each in district.officers if each.password}
    known = User.objects.filter(username__in=given).values_list("username", flat=True)
    hashed = {given[name]: make_password(given[name]) for name in given.keys() - set(known)}
    return lambda password: hashed.pop(password, None) or make_password(password)


def _load_unit(plan: PlannedUnit, now: datetime, outcome: LoadResult) -> None:
    parent = _unit(plan.where, "parent", plan.parent) if plan.parent else None
    unit = Unit.objects.select_related("parent").filter(code=plan.code).first()
    if unit is None:
        _add_unit(plan, parent, now, outcome)
        return
    # Before anything is compared: the answer would tell what the unit has.
    require_over(outcome.by, unit, now)
    name_en = _said(plan.name_en, unit.name_en)
    division_code = _said(plan.division_code, unit.division_code)
    wanted = {
        "name": plan.name,
        "kind": plan.kind,
        "name_en": name_en,
        "division_code": division_code,
        "is_public": unit.is_public if plan.is_public is None else plan.is_public,
    }
    values = _compared(unit, wanted)
    if parent is not None and parent != unit.parent:
        values["parent"] = (unit.parent.name if unit.parent else "", parent.name)
        units.move_unit(unit=unit, parent=parent, actor=outcome.by, now=now)
    if _differs(unit, wanted):
        units.change_unit(
            unit=unit,
            name=plan.name,
            kind=plan.kind,
            name_en=name_en,
            division_code=division_code,
            is_public=plan.is_public,
            actor=outcome.by,
            now=now,
        )
    outcome.is_known("units", plan.where, plan.name, values)


def _add_unit(plan: PlannedUnit, parent: Unit | None, now: datetime, outcome: LoadResult) -> None:
    units.add_unit(
        parent=parent,
        code=plan.code,
        name=plan.name,
        kind=plan.kind,
        name_en=plan.name_en or "",
        division_code=plan.division_code or "",
        is_public=plan.is_public is not False,
        actor=outcome.by,
        now=now,
    )
    given = {
        "kind": plan.kind,
        "code": plan.code,
        "parent": parent.name if parent else "",
        "name_en": plan.name_en,
        "division_code": plan.division_code,
    }
    outcome.is_new("units", plan.where, plan.name, given)


def _load_post(plan: PlannedPost, now: datetime, outcome: LoadResult) -> None:
    unit = _unit(plan.where, "unit", plan.unit)
    require_over(outcome.by, unit, now)
    post = Post.objects.filter(unit=unit, title=plan.title).first()
    if post is None:
        posts.add_post(
            unit=unit,
            title=plan.title,
            title_en=plan.title_en or "",
            powers=plan.powers,
            actor=outcome.by,
            now=now,
        )
        given = {"powers": plan.powers, "title_en": plan.title_en}
        outcome.is_new("posts", plan.where, f"{unit.name} {plan.title}", given)
        return
    title_en = _said(plan.title_en, post.title_en)
    held = [power for power in Power if power in post.powers]
    values: dict[str, tuple[object, object]] = {
        "title_en": (post.title_en, title_en),
        "powers": (held, plan.powers),
    }
    if any(before != after for before, after in values.values()):
        posts.change_post(
            post=post,
            title=plan.title,
            title_en=title_en,
            powers=plan.powers,
            actor=outcome.by,
            now=now,
        )
    outcome.is_known("posts", plan.where, f"{unit.name} {plan.title}", values)


def _load_officer(
    plan: PlannedOfficer,
    now: datetime,
    outcome: LoadResult,
    hashing: _Passwords,
    *,
    demo: bool,
) -> None:
    member = User.objects.filter(username=plan.username).first()
    if member is None:
        _add_officer(plan, now, outcome, hashing, demo=demo)
        return
    require_near_member(outcome.by, member, now)
    work_phone = _said(plan.work_phone, member.work_phone)
    values = _compared(member, {"name": plan.name, "work_phone": work_phone})
    if _differs(member, {"name": plan.name, "work_phone": work_phone}):
        members.change_member(
            member=member, name=plan.name, work_phone=work_phone, actor=outcome.by, now=now
        )
    outcome.is_known("officers", plan.where, plan.name, values)


def _add_officer(
    plan: PlannedOfficer, now: datetime, outcome: LoadResult, hashing: _Passwords, *, demo: bool
) -> None:
    try:
        member, password = members.add_member(
            username=plan.username,
            name=plan.name,
            work_phone=plan.work_phone or "",
            password=plan.password or "",
            temporary="" if plan.password else hashing.temporary(plan.username),
            must_change_password=not demo,
            hash_password=hashing.hash,
            actor=outcome.by,
            now=now,
        )
    except ValidationError as error:
        faults = [Fault(plan.where, "password", reason) for reason in error.messages]
        raise BadDistrict(faults) from error
    given = {"username": plan.username, "work_phone": plan.work_phone}
    outcome.is_new("officers", plan.where, plan.name, given)
    if not plan.password:
        outcome.passwords.append((member.username, password))


def _load_tenure(plan: PlannedTenure, now: datetime, outcome: LoadResult) -> None:
    here = Post.objects.select_related("unit").filter(unit__code=plan.unit)
    post = here.filter(title=plan.post).first()
    member = User.objects.filter(username=plan.officer).first()
    if post is not None:
        require_over(outcome.by, post.unit, now)
    if post is None or member is None:
        raise BadDistrict(list(_lacking(plan, post, member)))
    name = f"{member.name} · {post}"
    held = Tenure.objects.filter(post=post, member=member, start_date=plan.start_date).first()
    if held is None:
        given = {
            "start_date": plan.start_date,
            "end_date": plan.end_date,
            "leaves": _leaving(plan, post),
        }
        _appoint(plan, post, member, now, outcome.by)
        outcome.is_new("tenures", plan.where, name, given)
        return
    before, after = held.end_date, plan.end_date or held.end_date
    if after is not None and before != after:
        posts.end_tenure(tenure=held, end_date=after, actor=outcome.by, now=now)
    outcome.is_known("tenures", plan.where, name, {"end_date": (before, after)})


def _lacking(plan: PlannedTenure, post: Post | None, member: User | None) -> Iterator[Fault]:
    if post is None:
        yield Fault(plan.where, "post", _("no such post"), f"{plan.unit} {plan.post}")
    if member is None:
        yield Fault(plan.where, "officer", _("no such user name"), plan.officer)


def _leaving(plan: PlannedTenure, post: Post) -> str:
    """Name the holder whose tenure ends because the next one begins."""
    if plan.end_date is not None:
        return ""
    held = Tenure.objects.filter(post=post, end_date=None).select_related("member").first()
    return held.member.name if held else ""


def _appoint(plan: PlannedTenure, post: Post, member: User, now: datetime, actor: Actor) -> None:
    if plan.end_date is None:
        posts.hand_over(post=post, to=member, start_date=plan.start_date, actor=actor, now=now)
        return
    posts.appoint(
        post=post,
        member=member,
        start_date=plan.start_date,
        end_date=plan.end_date,
        actor=actor,
        now=now,
    )


def _unit(where: str, key: str, code: str) -> Unit:
    unit = Unit.objects.filter(code=code).first()
    if unit is None:
        raise BadDistrict([Fault(where, key, _("no such unit"), code)])
    return unit


def _said(value: str | None, stored: str) -> str:
    return stored if value is None else value


def _differs(row: Unit | Post | User, wanted: Mapping[str, object]) -> bool:
    return any(getattr(row, name) != value for name, value in wanted.items())


def _compared(
    row: Unit | Post | User, wanted: Mapping[str, object]
) -> dict[str, tuple[object, object]]:
    """Return each value before and after."""
    return {name: (getattr(row, name), value) for name, value in wanted.items()}


@contextmanager
def _named(where: str, refused: list[BadDistrict] | None) -> Iterator[None]:
    """Attach the name of the file's entry to a refusal; collect it, if all are."""
    try:
        if refused is None:
            yield
        else:
            with transaction.atomic():
                yield
    except Refusal as refusal:
        found = Refused(where, refusal)
        if refused is None:
            raise found from refusal
        refused.append(found)
    except BadDistrict as bad:
        if refused is None:
            raise
        refused.append(bad)
