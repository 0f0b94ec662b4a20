"""Units and posts that an officer may choose in a form."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext

from bihuan.core import initials
from bihuan.core.powers import Power
from bihuan.orgs import access, stand_ins
from bihuan.orgs.models import Post, Unit, User
from bihuan.orgs.naming import in_language as in_language
from bihuan.orgs.naming import name_of as name_of
from bihuan.orgs.naming import title_of as title_of


@dataclass(frozen=True)
class Holding:
    """A post and its current holder."""

    post: Post
    holder: str

    def __str__(self) -> str:
        holder = self.holder or gettext("vacant")
        return f"{title_of(self.post)} · {holder}"

    @property
    def keys(self) -> str:
        """Return the initials by which it is found, in addition to its label."""
        texts = (self.post.unit.name, self.post.title, self.holder)
        return " ".join(key for text in texts for key in initials.keys(text))


def holders(posts: Collection[int] | QuerySet[Any, Any], on: date) -> Mapping[int, str]:
    """Return who holds each of these posts on that day, and who represents them; vacant ones are
    left out.
    """
    return stand_ins.by_post(access.acting(posts, on))


def handling_posts(
    user: User, powers: Iterable[Power], now: datetime, extra: Iterable[Unit] = ()
) -> list[Holding]:
    """Return handling posts in the units that the officer reaches with one of these powers."""
    on = localdate(now)
    tops = [*access.acting_tops(user, powers, on), *extra]
    posts = Post.objects.in_force(on).filter(unit__in=Unit.objects.within(*tops).open())
    holding = holders(posts.values("pk"), on)
    return [
        Holding(post, holding.get(post.pk, ""))
        for post in posts.select_related("unit").order_by("unit__path", "pk")
        if Power.HANDLE in post.powers
    ]


def grouped(holdings: Iterable[Holding]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the posts as choices grouped by unit."""
    groups: dict[int, tuple[str, list[tuple[str, str]]]] = {}
    for holding in holdings:
        unit = holding.post.unit
        _, posts = groups.setdefault(unit.pk, (name_of(unit), []))
        posts.append((str(holding.post.pk), str(holding)))
    return list(groups.values())
