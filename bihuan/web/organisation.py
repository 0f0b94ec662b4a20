"""Units and posts as subjects of the journal; `orgs` is below and registers nothing here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.urls import reverse

from bihuan.core.powers import Power
from bihuan.orgs import access, naming
from bihuan.orgs.acts import OrgAct
from bihuan.orgs.models import Post, Unit, User
from bihuan.web.subjects import SeenSubject, SubjectType

ACTS = {act.value: act.label for act in OrgAct}


def _name_of_unit(code: str) -> str:
    unit = Unit.objects.filter(code=code).first()
    return naming.name_of(unit) if unit else code


def _page_of_unit(code: str) -> str:
    return reverse("orgs:unit", args=[code])


def _see_unit(user: User, code: str, now: datetime) -> SeenSubject | None:
    """Units and posts are open to those who administer them."""
    unit = Unit.objects.filter(code=code).first()
    return _see(unit, naming.name_of, user, now) if unit else None


def _see(unit: Unit, name: Callable[[Unit], str], user: User, now: datetime) -> SeenSubject | None:
    if not access.has(user, Power.ADMINISTER, unit=unit, now=now):
        return None
    return SeenSubject(name(unit), _page_of_unit(unit.code))


def _administers_unit(user: User, code: str, now: datetime) -> bool:
    return _see_unit(user, code, now) is not None


def _post(key: str) -> Post | None:
    """The post with this key, if it is one at all, written as the journal writes it."""
    is_key = key.isdecimal() and len(key) < 19 and str(int(key)) == key
    return Post.objects.select_related("unit").filter(pk=key).first() if is_key else None


def _title_of_post(key: str) -> str:
    post = _post(key)
    return naming.seat_of(post) if post else ""


def _page_of_post(key: str) -> str:
    post = _post(key)
    return _page_of_unit(post.unit.code) if post else reverse("orgs:organisation")


def _see_post(user: User, key: str, now: datetime) -> SeenSubject | None:
    post = _post(key)
    return _see(post.unit, lambda unit: naming.seat_of(post), user, now) if post else None


def _administers_post(user: User, key: str, now: datetime) -> bool:
    return _see_post(user, key, now) is not None


UNIT = SubjectType(
    _page_of_unit, _name_of_unit, may_see=_administers_unit, acts=ACTS, see=_see_unit
)
POST = SubjectType(
    _page_of_post, _title_of_post, may_see=_administers_post, acts=ACTS, see=_see_post
)
