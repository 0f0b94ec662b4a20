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

from bihuan.core.refusal import Refusal
from bihuan.orgs.access import Console
from bihuan.orgs.actions import members, posts, units
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


@dataclass
class LoadResult:
    """The result of loading a district file."""

    added: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    unchanged: int = 0
    passwords: list[tuple[str, str]] = field(default_factory=list)
    by: Console = Console.CONSOLE


@transaction.atomic
def load_district(*, district: District, now: datetime, is_trial: bool = False) -> LoadResult:
    """Add what is missing and change what differs, in one transaction; with a dry run, nothing is
    saved.
    """
    is_founding = not Tenure.objects.exists()
    outcome = LoadResult(by=Console.FOUNDING if is_founding else Console.CONSOLE)
    # Hashing is slow by design, and all officers of a demo share one password.
    hash_password = cache(make_password) if district.demo else make_password
    for unit in district.units:
        with _named(unit.where):
            _load_unit(unit, now, outcome)
    for post in district.posts:
        with _named(post.where):
            _load_post(post, now, outcome)
    for officer in district.officers:
        with _named(officer.where):
            _load_officer(officer, now, outcome, hash_password, demo=district.demo)
    for tenure in sorted(district.tenures, key=lambda tenure: tenure.start_date):
        with _named(tenure.where):
            _load_tenure(tenure, now, outcome)
    transaction.set_rollback(is_trial)
    return outcome


def _load_unit(plan: PlannedUnit, now: datetime, outcome: LoadResult) -> None:
    parent = _unit(plan.where, "parent", plan.parent) if plan.parent else None
    unit = Unit.objects.select_related("parent").filter(code=plan.code).first()
    if unit is None:
        units.add_unit(
            parent=parent,
            code=plan.code,
            name=plan.name,
            kind=plan.kind,
            name_en=plan.name_en or "",
            division_code=plan.division_code or "",
            actor=outcome.by,
            now=now,
        )
        outcome.added["units"] += 1
        return
    name_en = _said(plan.name_en, unit.name_en)
    division_code = _said(plan.division_code, unit.division_code)
    wanted = {
        "name": plan.name,
        "kind": plan.kind,
        "name_en": name_en,
        "division_code": division_code,
    }
    moved = parent is not None and parent != unit.parent
    differs = _differs(unit, wanted)
    if moved and parent:
        units.move_unit(unit=unit, parent=parent, actor=outcome.by, now=now)
    if differs:
        units.change_unit(
            unit=unit,
            name=plan.name,
            kind=plan.kind,
            name_en=name_en,
            division_code=division_code,
            actor=outcome.by,
            now=now,
        )
    _count(outcome, "units", changed=moved or differs)


def _load_post(plan: PlannedPost, now: datetime, outcome: LoadResult) -> None:
    unit = _unit(plan.where, "unit", plan.unit)
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
        outcome.added["posts"] += 1
        return
    title_en = _said(plan.title_en, post.title_en)
    differs = _differs(post, {"title_en": title_en, "powers": plan.powers})
    if differs:
        posts.change_post(
            post=post,
            title=plan.title,
            title_en=title_en,
            powers=plan.powers,
            actor=outcome.by,
            now=now,
        )
    _count(outcome, "posts", changed=differs)


def _load_officer(
    plan: PlannedOfficer,
    now: datetime,
    outcome: LoadResult,
    hash_password: Callable[[str], str],
    *,
    demo: bool,
) -> None:
    member = User.objects.filter(username=plan.username).first()
    if member is None:
        try:
            member, password = members.add_member(
                username=plan.username,
                name=plan.name,
                work_phone=plan.work_phone or "",
                password=plan.password or "",
                must_change_password=not demo,
                hash_password=hash_password,
                actor=outcome.by,
                now=now,
            )
        except ValidationError as error:
            faults = [Fault(plan.where, "password", reason) for reason in error.messages]
            raise BadDistrict(faults) from error
        outcome.added["officers"] += 1
        if not plan.password:
            outcome.passwords.append((member.username, password))
        return
    work_phone = _said(plan.work_phone, member.work_phone)
    differs = _differs(member, {"name": plan.name, "work_phone": work_phone})
    if differs:
        members.change_member(
            member=member, name=plan.name, work_phone=work_phone, actor=outcome.by, now=now
        )
    _count(outcome, "officers", changed=differs)


def _load_tenure(plan: PlannedTenure, now: datetime, outcome: LoadResult) -> None:
    post = Post.objects.filter(unit__code=plan.unit, title=plan.post).first()
    member = User.objects.filter(username=plan.officer).first()
    if post is None:
        raise BadDistrict(
            [Fault(plan.where, "post", _("no such post"), f"{plan.unit} {plan.post}")]
        )
    if member is None:
        raise BadDistrict([Fault(plan.where, "officer", _("no such user name"), plan.officer)])
    held = Tenure.objects.filter(post=post, member=member, start_date=plan.start_date).first()
    if held is None:
        _appoint(plan, post, member, now, outcome.by)
        outcome.added["tenures"] += 1
        return
    ends = plan.end_date is not None and plan.end_date != held.end_date
    if ends and plan.end_date:
        posts.end_tenure(tenure=held, end_date=plan.end_date, actor=outcome.by, now=now)
    _count(outcome, "tenures", changed=ends)


def _appoint(plan: PlannedTenure, post: Post, member: User, now: datetime, actor: Console) -> None:
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


def _count(outcome: LoadResult, what: str, *, changed: bool) -> None:
    if changed:
        outcome.changed[what] += 1
    else:
        outcome.unchanged += 1


@contextmanager
def _named(where: str) -> Iterator[None]:
    """Attach the name of the file's entry to a refusal."""
    try:
        yield
    except Refusal as refusal:
        raise Refused(where, refusal) from refusal
