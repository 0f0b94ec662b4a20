"""What an act did, in words: to whom the case went."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from bihuan.cases.kinds import Words
from bihuan.cases.models import Case
from bihuan.orgs.choices import Holding, holders, name_of


def to_post(done: Words) -> Callable[[Case, datetime], str]:
    """Name the unit, the post and its holder after what was done."""
    return lambda case, now: str(done) + _(": ") + _responsible(case, now)


def to_unit(done: Words) -> Callable[[Case, datetime], str]:
    return lambda case, now: str(done) + _(": ") + name_of(case.owner)


def _responsible(case: Case, now: datetime) -> str:
    unit = name_of(case.owner)
    if case.post is None:
        return unit
    holder = holders([case.post.pk], localdate(now)).get(case.post.pk, "")
    return f"{unit} · {Holding(case.post, holder)}"
