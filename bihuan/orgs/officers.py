"""Officers to choose from in a form, named by their posts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from bihuan.orgs import naming
from bihuan.orgs.models import Tenure, User


def every(on: date) -> list[tuple[User, str]]:
    """Return all officers with an open account, with their posts, by name."""
    return labelled(User.objects.filter(is_active=True).order_by("name", "pk"), on)


def labelled(users: Iterable[User], on: date) -> list[tuple[User, str]]:
    """Return each officer with a label that is unique: the name, the posts and the user name."""
    found = list(users)
    posts: dict[int, list[str]] = {}
    held = Tenure.objects.in_force(on).filter(member__in=found).select_related("post__unit")
    for tenure in held.order_by("pk"):
        posts.setdefault(tenure.member_id, []).append(naming.seat_of(tenure.post))
    return [(user, _label(user, posts.get(user.pk, []))) for user in found]


def _label(user: User, posts: list[str]) -> str:
    more = f" +{len(posts) - 1}" if len(posts) > 1 else ""
    where = f" · {posts[0]}{more}" if posts else ""
    return f"{user.name} ({user.username}){where}"
