"""The post of the officer named in a ledger, so that open rows are assigned to a desk."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Protocol

from django.utils.timezone import localdate

from bihuan.core import people
from bihuan.core.powers import Power
from bihuan.orgs.models import Tenure, Unit


class Officered(Protocol):
    """A row that names the responsible unit and the officer."""

    @property
    def owner(self) -> int: ...
    @property
    def resolver_name(self) -> str: ...


class Posts:
    """Handling posts, by unit and by the current holder's name."""

    def __init__(self, top: Unit, now: datetime) -> None:
        # The post of each officer, by unit and name.
        self._posts: dict[tuple[int, str], dict[int, int]] = defaultdict(dict)
        tenures = Tenure.objects.in_force(localdate(now)).filter(
            post__unit__path__startswith=top.path
        )
        for tenure in tenures.select_related("post", "member").order_by("pk"):
            if Power.HANDLE in tenure.post.powers:
                for person in people.people(tenure.member.name):
                    self._posts[tenure.post.unit_id, person][tenure.member_id] = tenure.post_id

    def of(self, row: Officered) -> int | None:
        """Return the handling post of the first officer named who holds one.

        If two officers of the unit have the same name, it is unknown which one is meant.
        """
        for person in people.in_order(row.resolver_name) if row.resolver_name else ():
            posts = self._posts.get((row.owner, person), {})
            if len(posts) == 1:
                return next(iter(posts.values()))
        return None
