"""Confidential cases that no officer may open: an alarm, and the way back.

The alarm goes to administrators at the top, never of a unit that is excluded. It has the number of
the case, which is random for a confidential one, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.timezone import localdate

from bihuan.cases.actions import recipients
from bihuan.cases.actions.recipients import Shut
from bihuan.cases.models import AccessGrant, Case
from bihuan.core.grants import WAITS
from bihuan.core.powers import Power
from bihuan.journal.actions import record
from bihuan.journal.models import Entry
from bihuan.notices.actions import tell
from bihuan.notices.models import Notice
from bihuan.orgs.models import Tenure, User

NOBODY, SOMEBODY = "nobody_may_open", "somebody_may_open"


def look(case: Case, shut: Shut, now: datetime) -> str:
    """Alarm once if no officer may open this confidential case; record when one may again.

    If officers of its unit may know of it and their posts are not on the need-to-know list, because
    they are newer, the list gets their posts: at once if no post was ever on it, else after as long
    as a new appointment waits. Otherwise an administrator could open the case to them by closing
    the accounts of those on the list for a moment.
    """
    since_at = _nobody_since(case)
    if is_open_to_somebody(case, shut, now):
        return _note(case, SOMEBODY, now) if since_at else ""
    if _may_widen(case, since_at, now) and recipients.takers(case.owner.path, shut, now):
        recipients.confide(case, now)
        return _note(case, SOMEBODY, now)
    if since_at is None:
        since_at = now
        _note(case, NOBODY, now)
    _alarm(case, shut, since_at, now)
    return NOBODY


def is_open_to_somebody(case: Case, shut: Shut, now: datetime) -> bool:
    """Whether the holder of a post on the need-to-know list is not excluded; new holders count,
    although they may open the case only a few days later.
    """
    posts = AccessGrant.objects.filter(case=case).values("post")
    holders = Tenure.objects.in_force(localdate(now)).filter(post__in=posts, member__is_active=True)
    return (holders.exclude(shut.holders(now)) if shut else holders).exists()


def count(now: datetime) -> int:
    """Return how many open confidential cases no officer may open now."""
    cases: Iterable[Case] = Case.objects.open().filter(is_confidential=True)
    return sum(not is_open_to_somebody(case, Shut.out_of(case), now) for case in cases)


def _nobody_since(case: Case) -> datetime | None:
    """Return since when no officer may open the case, as it is recorded; None if one may."""
    entries = Entry.objects.filter(chain__subject=case.subject, act__in=(NOBODY, SOMEBODY))
    last = entries.order_by("-seq").values_list("act", "at").first()
    return last[1] if last and last[0] == NOBODY else None


def _may_widen(case: Case, since_at: datetime | None, now: datetime) -> bool:
    if since_at is not None and now >= since_at + WAITS:
        return True
    return not AccessGrant.objects.filter(case=case).exists()


def _alarm(case: Case, shut: Shut, since_at: datetime, now: datetime) -> None:
    """Notify once, as soon as there is an administrator to notify."""
    subject = f"unopened/{case.number}"
    if Notice.objects.filter(subject=subject, created_at__gte=since_at).exists():
        return
    tell(
        _alarmed(shut, now),
        subject=subject,
        what=NOBODY,
        cause=f"{NOBODY}/{case.number}/{since_at.timestamp()}",
        now=now,
        detail={"number": case.number},
    )


def _alarmed(shut: Shut, now: datetime) -> list[User]:
    """Return the administrators of the topmost unit that is not excluded, who are not either."""
    held = Tenure.objects.in_force(localdate(now)).filter(member__is_active=True)
    if shut:
        held = held.exclude(shut.holders(now))
    rows = held.select_related("post__unit", "member").order_by("post__unit__depth", "pk")
    able = [each for each in rows if Power.ADMINISTER in each.post.powers]
    top = able[0].post.unit.depth if able else 0
    return list(dict.fromkeys(each.member for each in able if each.post.unit.depth == top))


def _note(case: Case, act: str, now: datetime) -> str:
    record(case.subject, act, by=None, at=now)
    return act
