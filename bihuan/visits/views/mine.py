"""The sites that an officer visits, on a phone: what is due first, one tap to record a visit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bihuan.core import visiting
from bihuan.core.numerals import whole
from bihuan.core.undoing import WITHIN
from bihuan.core.visiting import Load, State
from bihuan.orgs.http import SignedInRequest
from bihuan.visits import norms, queries, wording
from bihuan.visits.models import Binding, Visit
from bihuan.web import paging

MOST_DUE = 100


@dataclass(frozen=True)
class Row:
    """A site to visit, with the key of its one-tap form."""

    binding: Binding
    state: State
    label: str
    tone: str
    every: str
    form_key: UUID

    @property
    def is_later(self) -> bool:
        return self.state is State.LATER


def row_of(binding: Binding, on: date) -> Row:
    state = binding.state(on)
    label, tone = str(wording.STATES[state]), wording.TONES[state]
    return Row(binding, state, label, tone, wording.every(binding.every_days), uuid4())


@require_safe
@never_cache
def mine(request: SignedInRequest) -> HttpResponse:
    """List the officer's sites: those that are due, or all of them."""
    now = timezone.now()
    on, shows_all = localdate(now), request.GET.get("show") == "all"
    found = queries.mine(request.user, now).select_related("site", "post__unit")
    if shows_all:
        page = paging.requested(request, found)
        rows, links = page.rows, page.links("show=all")
    else:
        due = found.filter(due_date__lte=on + visiting.AHEAD).order_by("due_date", "pk")
        rows, links = list(due[: MOST_DUE + 1]), {}
    tabs = [("?", _("Due"), not shows_all), ("?show=all", pgettext("sites", "All"), shows_all)]
    context = {
        "rows": [row_of(each, on) for each in rows[:MOST_DUE]],
        "is_cut": len(rows) > MOST_DUE,
        "most": MOST_DUE,
        "shows_all": shows_all,
        "tabs": tabs,
        "has_posts": bool(queries.own_posts(request.user, now)),
        "loads": _loads(request, now),
        "just_made": just_made(request, now),
        "binds": queries.binds_any(request.user, now),
        **links,
    }
    return render(request, "visits/mine.html", context)


def _loads(request: SignedInRequest, now: datetime) -> list[tuple[str, str]]:
    found = queries.loads(queries.own_posts(request.user, now)).values()
    whole_load = Load(sum(each.sites for each in found), sum(each.visits for each in found))
    if not whole_load.sites:
        return []
    warned = any(each.is_over(norms.norm()) for each in found)
    return [(wording.load(whole_load), wording.over(max(found, key=_size)) if warned else "")]


def _size(load: Load) -> tuple[int, int]:
    return load.sites, load.visits


def just_made(request: SignedInRequest, now: datetime) -> Visit | None:
    """Return the visit that the officer has just recorded, while it can be undone."""
    pk = whole(request.GET.get("made", ""))
    if pk is None:
        return None
    posts = queries.own_posts(request.user, now)
    rows = Visit.objects.filter(post__in=posts, made_at__gte=now - WITHIN, withdrawn_at=None)
    return rows.filter(pk=pk).select_related("site").first()
