"""Names of units and posts in the reader's language."""

from __future__ import annotations

from collections.abc import Collection

from bihuan import languages
from bihuan.orgs.models import Post, Unit


def name_of(unit: Unit) -> str:
    """Return the unit's name in the reader's language."""
    return in_language(unit.name, unit.name_en)


def title_of(post: Post) -> str:
    return in_language(post.title, post.title_en)


def seat_of(post: Post) -> str:
    """Return the post's title with its unit, for places that show no unit."""
    return f"{name_of(post.unit)} · {title_of(post)}"


def in_language(name: str, english: str) -> str:
    """Return the name for readers of Chinese, and for others the English one if there is one."""
    return languages.name(name, english)


def english_of(names: Collection[str]) -> dict[str, str]:
    """Return the English names of the units and posts that have these names, for a reader who does
    not read the Chinese ones; empty for others.
    """
    if not names or not languages.name("", "English"):
        return {}
    units = Unit.objects.filter(name__in=names).exclude(name_en="").order_by("pk")
    posts = Post.objects.filter(title__in=names).exclude(title_en="").order_by("pk")
    return {
        **dict(posts.values_list("title", "title_en")),
        **dict(units.values_list("name", "name_en")),
    }
