"""Units and posts as subjects of the journal; `orgs` is below and registers nothing here."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from bihuan.core.powers import Power
from bihuan.orgs import access, naming
from bihuan.orgs.acts import OrgAct
from bihuan.orgs.models import Post, Unit, User
from bihuan.web.subjects import SubjectType

ACTS = {act.value: act.label for act in OrgAct}


def _name_of_unit(code: str) -> str:
    unit = Unit.objects.filter(code=code).first()
    return naming.name_of(unit) if unit else code


def _page_of_unit(code: str) -> str:
    return reverse("orgs:unit", args=[code])


def _administers_unit(user: User, code: str, now: datetime) -> bool:
    unit = Unit.objects.filter(code=code).first()
    return unit is not None and access.has(user, Power.ADMINISTER, unit=unit, now=now)


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


def _administers_post(user: User, key: str, now: datetime) -> bool:
    post = _post(key)
    return post is not None and access.has(user, Power.ADMINISTER, unit=post.unit, now=now)


UNIT = SubjectType(_page_of_unit, _name_of_unit, may_see=_administers_unit, acts=ACTS)
POST = SubjectType(_page_of_post, _title_of_post, may_see=_administers_post, acts=ACTS)
