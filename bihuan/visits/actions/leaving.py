"""What happens to bindings when a post ends."""

from __future__ import annotations

from datetime import date

from django.utils.translation import ngettext

from bihuan.orgs.holdings import Holding, Leaving, PassingOn, nothing
from bihuan.orgs.models import Post
from bihuan.visits import queries
from bihuan.visits.actions.binding import pass_on


def _words(count: int) -> str:
    text = ngettext("%(n)d site that it visits", "%(n)d sites that it visits", count)
    return text % {"n": count}


def _of_post(post: Post, on: date) -> int:
    return queries.in_force().filter(post=post).count()


def _leave(leaving: Leaving) -> int:
    return pass_on(
        post=leaving.post,
        to=leaving.to,
        reason=leaving.reason,
        actor=leaving.actor,
        now=leaving.now,
    )


def _pass_on(passing: PassingOn) -> int:
    """Posts of a unit end before the unit does, so nothing is left."""
    return 0


HOLDING = Holding(_words, nothing, _of_post, _pass_on, _leave)
