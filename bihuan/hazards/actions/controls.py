"""Transfer interim controls whose post or unit is closed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from bihuan.core.powers import Power
from bihuan.hazards.models import Control
from bihuan.journal.actions import Change, record_many
from bihuan.orgs.holdings import Leaving, PassingOn
from bihuan.orgs.models import Post, Unit
from bihuan.orgs.refusals import NoPost

MOVE = "move_control"


def _open() -> QuerySet[Control, Control]:
    return Control.objects.filter(ended_at=None, hazard__case__ended_at=None)


def of_unit(unit: Unit, on: date) -> int:
    return _open().filter(post__unit=unit).count()


def of_post(post: Post, on: date) -> int:
    return _open().filter(post=post).count()


def pass_on(passing: PassingOn) -> int:
    """Transfer them to the post now responsible for the case, else to a handling post in its
    unit.
    """
    found = _open().filter(post__unit=passing.unit)
    rows = found.select_related("post", "hazard__case__owner", "hazard__case__post__unit")
    return _give([(each, _post_for(each)) for each in rows.order_by("pk")], passing)


def leave(leaving: Leaving) -> int:
    """Transfer them to the other post; without one they would have no owner."""
    rows = list(_open().filter(post=leaving.post).select_related("post", "hazard__case"))
    if rows and leaving.to is None:
        raise NoPost(leaving.post.unit.name)
    return _give([(each, leaving.to) for each in rows if leaving.to], leaving)


def _post_for(control: Control) -> Post:
    case = control.hazard.case
    if case.post is not None and case.post.unit.end_date is None and case.post.end_date is None:
        return case.post
    posts = Post.objects.filter(unit=case.owner, end_date=None).order_by("pk")
    handling = [post for post in posts if Power.HANDLE in post.powers]
    if not handling or handling[0].unit_id == control.post.unit_id:
        raise NoPost(case.owner.name)
    return handling[0]


def _give(given: Iterable[tuple[Control, Post]], act: PassingOn | Leaving) -> int:
    entries = []
    for control, post in given:
        detail = {"what": control.what[:200], "post": post.title}
        before, after = {"control": control.post_id}, {"control": post.pk}
        entries.append(Change(control.hazard.case.subject, before, after, act.reason, detail))
        control.post = post
        control.save(update_fields=["post"])
    return record_many(MOVE, entries, by=act.actor, at=act.now)
