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
from bihuan.core.powers import Power
from bihuan.journal.actions import record
from bihuan.journal.models import Entry
from bihuan.notices.actions import tell
from bihuan.orgs.models import Tenure, User

NOBODY, SOMEBODY = "nobody_may_open", "somebody_may_open"


def look(case: Case, shut: Shut, now: datetime) -> str:
    """Alarm once if no officer may open this confidential case; record when one may again.

    If officers of its unit may know of it and their posts are not on the need-to-know list, because
    they are newer, the list gets their posts.
    """
    is_alarmed = _is_alarmed(case)
    if is_open_to_somebody(case, shut, now):
        return _note(case, SOMEBODY, now) if is_alarmed else ""
    if recipients.takers(case.owner.path, shut, now):
        recipients.confide(case, now)
        return _note(case, SOMEBODY, now)
    if not is_alarmed and (told := _alarmed(shut, now)):
        tell(
            told,
            subject=f"unopened/{case.number}",
            what=NOBODY,
            cause=f"{NOBODY}/{case.number}/{now.timestamp()}",
            now=now,
            detail={"number": case.number},
        )
        _note(case, NOBODY, now)
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


def _is_alarmed(case: Case) -> bool:
    entries = Entry.objects.filter(chain__subject=case.subject, act__in=(NOBODY, SOMEBODY))
    return entries.order_by("-seq").values_list("act", flat=True).first() == NOBODY


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
