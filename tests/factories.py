"""Plain functions that make valid records; each argument that a test leaves out has a default."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime

from bihuan.core.powers import Power
from bihuan.orgs.models import Post, Tenure, Unit, User

NOW = datetime(2026, 9, 15, 2, 0, tzinfo=UTC)  # a Tuesday, ten in the morning in Shanghai
TODAY = date(2026, 9, 15)
LONG_AGO = date(2020, 1, 1)
PASSWORD = "Quiet-Lantern-47"

_numbers = itertools.count(1)


# ---------------------------------------------------------------- organisation
def make_unit(
    parent: Unit | None = None,
    *,
    name: str = "",
    kind: Unit.Kind = Unit.Kind.GOVERNMENT,
    code: str = "",
    division_code: str = "",
) -> Unit:
    """A unit at the top, or under its parent."""
    number = next(_numbers)
    unit = Unit.objects.create(
        parent=parent,
        code=code or f"u{number}",
        division_code=division_code,
        name=name or f"单位{number}",
        kind=kind,
        path=f"new/{number}/",
        depth=0 if parent is None else parent.depth + 1,
    )
    unit.path = f"{parent.path if parent else ''}{unit.pk:06d}/"
    unit.save(update_fields=["path"])
    return unit


def make_post(unit: Unit, *powers: Power, title: str = "") -> Post:
    """A post in the unit that nobody holds yet."""
    return Post.objects.create(
        unit=unit, title=title or f"岗位{next(_numbers)}", powers=sorted(powers)
    )


def make_member(*, name: str = "", username: str = "", password: str = PASSWORD) -> User:
    """Somebody who can sign in and holds no post."""
    number = next(_numbers)
    return User.objects.create_user(
        username or f"member{number}", name or f"人员{number}", password
    )


def make_tenure(
    member: User, post: Post, *, start_date: date = LONG_AGO, end_date: date | None = None
) -> Tenure:
    """The member holds the post between these days."""
    return Tenure.objects.create(member=member, post=post, start_date=start_date, end_date=end_date)


def make_officer(
    unit: Unit,
    *powers: Power,
    name: str = "",
    username: str = "",
    title: str = "",
    start_date: date = LONG_AGO,
    end_date: date | None = None,
) -> User:
    """A member with one post in the unit, giving these powers."""
    member = make_member(name=name, username=username)
    post = make_post(unit, *powers, title=title)
    make_tenure(member, post, start_date=start_date, end_date=end_date)
    return member
