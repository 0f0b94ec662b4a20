"""Carry a form out once, and show the temporary password that it issued again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from bihuan.journal.actions import record
from bihuan.journal.models import Chain, Entry
from bihuan.orgs import passwords
from bihuan.orgs.actions.steps import lock_organisation
from bihuan.orgs.acts import OrgAct
from bihuan.orgs.models import Post, User

# For how long an administrator can see a temporary password again.
SHOWN_FOR = timedelta(hours=1)


@dataclass(frozen=True)
class Outcome:
    """What a form created: the account that got a temporary password, and the post of a new
    unit.
    """

    member: User | None = None
    post: Post | None = None


@dataclass(frozen=True)
class Issued(Outcome):
    """The same later; with the password, until it is used or for an hour."""

    at: datetime | None = None
    until_at: datetime | None = None
    password: str = ""


def subject_of(number: str) -> str:
    """Return the name in the journal of what was carried out under this number."""
    return f"organisation/{number}"


def is_done(number: str) -> bool:
    return Chain.objects.filter(subject=subject_of(number)).exists()


@transaction.atomic
def once(*, number: str, actor: User, now: datetime, act: Callable[[], Outcome]) -> None:
    """Run the act of a form; if it ran already, by a second click or a reload, change nothing."""
    lock_organisation()
    if is_done(number):
        return
    outcome = act()
    details = {
        "member": outcome.member.username if outcome.member else "",
        "post": outcome.post.pk if outcome.post else None,
    }
    record(subject_of(number), OrgAct.CARRY_OUT.value, by=actor, at=now, detail=details)


def issued(number: str, user: User, now: datetime) -> Issued | None:
    """Return what the form with this number created; None if this officer sent no such form."""
    forms = Entry.objects.filter(act=OrgAct.CARRY_OUT.value, actor=user)
    entry = forms.filter(chain__subject=subject_of(number)).first()
    if entry is None:
        return None
    details, until_at = entry.details, entry.at + SHOWN_FOR
    member = User.objects.filter(username=details["member"]).first()
    post = Post.objects.select_related("unit").filter(pk=details["post"]).first()
    password = still_shown(member, number) if member and now < until_at else ""
    return Issued(member, post, entry.at, until_at, password)


def still_shown(member: User, seed: str) -> str:
    """Return the password derived from this seed; nothing once the officer has another."""
    password = passwords.derived(seed, member.username)
    return password if passwords.is_hash_of(member.password, password) else ""
