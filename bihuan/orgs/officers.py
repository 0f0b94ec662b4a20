"""Officers to choose from in a form, named by their posts."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from bihuan.orgs import naming
from bihuan.orgs.models import Tenure, User


@dataclass(frozen=True)
class Offer:
    """Officers to choose from, and why others are not among them."""

    officers: list[tuple[User, str]]
    note: str = ""


def appointable(able: QuerySet[User], on: date, *, but: User | None = None) -> Offer:
    """Offer the officers whom an administrator may appoint (decision 179), by name."""
    is_all = able.count() == User.objects.filter(is_active=True).count()
    found = able.exclude(pk=but.pk) if but else able
    note = _(
        "Officers with a post in a unit that you do not administer are not listed: an "
        "administrator of both units can appoint them."
    )
    return Offer(labelled(found.order_by("name", "pk"), on), "" if is_all else note)


def labelled(users: Iterable[User], on: date) -> list[tuple[User, str]]:
    """Return each officer with a label that is unique: the name, the posts and the user name."""
    found = list(users)
    posts = seats_of(found, on)
    return [(user, _label(user, posts.get(user.pk, []))) for user in found]


def seats_of(users: Collection[User], on: date) -> dict[int, list[str]]:
    """Return the names of the posts that these officers hold on that day."""
    posts: dict[int, list[str]] = {}
    held = Tenure.objects.in_force(on).filter(member__in=users).select_related("post__unit")
    for tenure in held.order_by("pk"):
        posts.setdefault(tenure.member_id, []).append(naming.seat_of(tenure.post))
    return posts


def _label(user: User, posts: list[str]) -> str:
    more = f" +{len(posts) - 1}" if len(posts) > 1 else ""
    where = f" · {posts[0]}{more}" if posts else ""
    return f"{user.name} ({user.username}){where}"
