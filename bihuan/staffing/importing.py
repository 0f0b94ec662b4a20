"""Import a workbook once, and tell afterwards what it added."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from django.db import transaction

from bihuan.journal.actions import record
from bihuan.journal.models import Entry
from bihuan.orgs import district, passwords
from bihuan.orgs.actions.district import LoadResult, load_district
from bihuan.orgs.actions.once import SHOWN_FOR, is_done, still_shown, subject_of
from bihuan.orgs.actions.steps import lock_organisation
from bihuan.orgs.acts import OrgAct
from bihuan.orgs.models import Post, Tenure, Unit, User
from bihuan.staffing.carrying import Carried


@transaction.atomic
def carry_out(carried: Carried, user: User, now: datetime) -> LoadResult | None:
    """Import the workbook: all of it, or nothing if the rules now refuse any of it. If it was
    imported already, by a second click or a reload, return None and change nothing.
    """
    lock_organisation()
    if is_done(carried.number):
        return None
    outcome = load_district(
        district=district.parse(dict(carried.book.tables)),
        now=now,
        by=user,
        collects=True,
        temporary=partial(passwords.derived, carried.number),
    )
    if not outcome.refused:
        counts = {"added": dict(outcome.added), "changed": dict(outcome.changed)}
        record(subject_of(carried.number), OrgAct.IMPORT.value, by=user, at=now, detail=counts)
    return outcome


@dataclass(frozen=True)
class NewOfficer:
    """An account that the import created; the password, until it is used or for an hour."""

    member: User
    tenures: list[Tenure]
    password: str


@dataclass
class Imported:
    """What an import added, for the officer who confirmed it."""

    at: datetime
    until_at: datetime
    added: int
    changed: int
    units: list[Unit] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    officers: list[NewOfficer] = field(default_factory=list)
    appointed: list[Post] = field(default_factory=list)

    @property
    def has_passwords(self) -> bool:
        return any(each.password for each in self.officers)


def imported(number: str, user: User, now: datetime) -> Imported | None:
    """Return what the import with this number added; None if this officer made no such import."""
    imports = Entry.objects.filter(act=OrgAct.IMPORT.value, actor=user)
    entry = imports.filter(chain__subject=subject_of(number)).first()
    if entry is None:
        return None
    counts = entry.details
    found = Imported(
        at=entry.at,
        until_at=entry.at + SHOWN_FOR,
        added=sum(counts["added"].values()),
        changed=sum(counts["changed"].values()),
    )
    names = _names_by_act(entry)
    found.units = list(Unit.objects.filter(code__in=names[OrgAct.ADD_UNIT]).order_by("path"))
    posts = Post.objects.select_related("unit").order_by("unit__path", "pk")
    found.posts = list(posts.filter(pk__in=names[OrgAct.ADD_POST]))
    filled = {*names[OrgAct.APPOINT], *names[OrgAct.HAND_OVER]}
    found.appointed = list(posts.filter(pk__in=filled - set(names[OrgAct.ADD_POST])))
    seed = number if now < found.until_at else ""
    found.officers = _officers(names[OrgAct.ADD_MEMBER], seed)
    return found


def _names_by_act(entry: Entry) -> dict[str, list[str]]:
    """Return the subjects of the acts of this import, which all have its time and its officer."""
    names: dict[str, list[str]] = {act: [] for act in OrgAct}
    acts = Entry.objects.filter(at=entry.at).select_related("chain").order_by("pk")
    for each in acts:
        if each.actor_id == entry.actor_id and each.act in names:
            names[each.act].append(each.chain.subject.partition("/")[2])
    return names


def _officers(usernames: list[str], seed: str) -> list[NewOfficer]:
    members = User.objects.filter(username__in=usernames).order_by("username")
    held: dict[int, list[Tenure]] = {}
    tenures = Tenure.objects.filter(member__in=members).select_related("post__unit")
    for tenure in tenures.order_by("start_date", "pk"):
        held.setdefault(tenure.member_id, []).append(tenure)
    shown = {each.pk: still_shown(each, seed) if seed else "" for each in members}
    return [NewOfficer(each, held.get(each.pk, []), shown[each.pk]) for each in members]
