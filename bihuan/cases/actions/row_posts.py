"""Which post the officer named in a ledger holds, so that open rows land on somebody's desk."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Protocol

from django.utils.timezone import localdate

from bihuan.core import people
from bihuan.core.powers import Power
from bihuan.orgs.models import Tenure, Unit


class Officered(Protocol):
    """A row that says which unit answers and which officer."""

    @property
    def owner(self) -> int: ...
    @property
    def resolver_name(self) -> str: ...


class Posts:
    """Posts that handle, by unit and by the name of whoever holds them now."""

    def __init__(self, top: Unit, now: datetime) -> None:
        # By unit and name, each officer's post.
        self._posts: dict[tuple[int, str], dict[int, int]] = defaultdict(dict)
        tenures = Tenure.objects.in_force(localdate(now)).filter(
            post__unit__path__startswith=top.path
        )
        for tenure in tenures.select_related("post", "member").order_by("pk"):
            if Power.HANDLE in tenure.post.powers:
                for person in people.people(tenure.member.name):
                    self._posts[tenure.post.unit_id, person][tenure.member_id] = tenure.post_id

    def of(self, told: Officered) -> int | None:
        """The post of the first officer named who holds one that handles.

        Where two officers of the unit bear the name, nothing says which of them is meant.
        """
        for person in people.in_order(told.resolver_name) if told.resolver_name else ():
            posts = self._posts.get((told.owner, person), {})
            if len(posts) == 1:
                return next(iter(posts.values()))
        return None
