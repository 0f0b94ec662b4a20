"""Duties whose post ends go to another post; without one they are listed as duties of no one."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.translation import ngettext

from bihuan.duties.acts import Act
from bihuan.duties.models import Duty
from bihuan.journal.actions import record
from bihuan.orgs.holdings import Holding, Leaving, PassingOn, nothing
from bihuan.orgs.models import Post
from bihuan.sites.choices import posts_at


def _words(count: int) -> str:
    return ngettext("%(n)d duty at a site", "%(n)d duties at sites", count) % {"n": count}


def _duties(post: Post, on: date) -> QuerySet[Duty, Duty]:
    return Duty.objects.in_force(on).filter(post=post)


def _of_post(post: Post, on: date) -> int:
    return _duties(post, on).count()


def _leave(leaving: Leaving) -> int:
    """Hand them on: the holder of the other post has to sign."""
    to, on = leaving.to, localdate(leaving.now)
    if to is None:
        return 0
    found = _duties(leaving.post, on).select_related("site__unit")
    done = 0
    for duty in found.select_for_update(of=("self",)).order_by("pk"):
        taken = Duty.objects.filter(site=duty.site_id, kind=duty.kind, post=to, ended_at=None)
        if taken.exists() or not posts_at(duty.site, on).filter(pk=to.pk).exists():
            continue
        duty.post = to
        duty.save(update_fields=["post"])
        record(
            duty.subject, Act.HAND_OVER, by=leaving.actor, at=leaving.now, note=leaving.reason,
            before={"post": leaving.post.pk}, after={"post": to.pk},
        )  # fmt: skip
        done += 1
    return done


def _pass_on(passing: PassingOn) -> int:
    """Posts of a unit end before the unit does, so nothing is left."""
    return 0


HOLDING = Holding(_words, nothing, _of_post, _pass_on, _leave)
