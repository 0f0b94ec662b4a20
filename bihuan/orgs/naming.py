"""What units and posts are called in the reader's language."""

from __future__ import annotations

from django.utils.translation import get_language

from bihuan.orgs.models import Post, Unit


def name_of(unit: Unit) -> str:
    """The unit's name in the reader's language."""
    return in_language(unit.name, unit.name_en)


def title_of(post: Post) -> str:
    return in_language(post.title, post.title_en)


def seat_of(post: Post) -> str:
    """The post with its unit, as it is named where no unit stands beside it."""
    return f"{name_of(post.unit)} · {title_of(post)}"


def in_language(name: str, english: str) -> str:
    """The English name where there is one and the reader reads English."""
    return english if english and get_language() == "en" else name
