"""Checks of controls whose post ends go to another post; without one they have no checker."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.translation import ngettext

from bihuan.journal.actions import record
from bihuan.orgs.holdings import Holding, Leaving, PassingOn, nothing
from bihuan.orgs.models import Post
from bihuan.risks import queries
from bihuan.risks.acts import Act
from bihuan.risks.models import Control
from bihuan.sites.choices import posts_at


def _words(count: int) -> str:
    return ngettext("%(n)d control that it checks", "%(n)d controls that it checks", count) % {
        "n": count
    }


def _controls(post: Post) -> QuerySet[Control, Control]:
    return Control.objects.filter(post=post, ended_at=None)


def _of_post(post: Post, on: date) -> int:
    return queries.open_controls().filter(post=post).count()


def _leave(leaving: Leaving) -> int:
    """Hand them on, each with its day: what is overdue stays overdue."""
    found = _controls(leaving.post).select_related("risk__site__unit")
    rows = list(found.select_for_update(of=("self",)).order_by("pk"))
    on = localdate(leaving.now)
    for control in rows:
        to = leaving.to
        if to is not None and not posts_at(control.risk.site, on).filter(pk=to.pk).exists():
            to = None
        control.post = to
        control.save(update_fields=["post"])
        record(
            control.subject, Act.CHANGE_CONTROL, by=leaving.actor, at=leaving.now,
            note=leaving.reason, before={"post": leaving.post.pk},
            after={"post": to.pk if to else None},
        )  # fmt: skip
    return len(rows)


def _pass_on(passing: PassingOn) -> int:
    """Posts of a unit end before the unit does, so nothing is left."""
    return 0


HOLDING = Holding(_words, nothing, _of_post, _pass_on, _leave)
