"""What is lacking in one list: sites without a duty that they need, vacant posts, and texts that
are not signed; each is filled one by one or together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.core.numerals import whole
from bihuan.core.powers import Power
from bihuan.duties import catalogue, queries
from bihuan.duties.actions import assigning
from bihuan.duties.forms import AssignForm, PostForm
from bihuan.duties.views.frame import CONFIRM, done
from bihuan.orgs import access
from bihuan.orgs.http import SignedInRequest
from bihuan.orgs.models import Post, Unit, User
from bihuan.sites import queries as sites
from bihuan.sites.models import Site
from bihuan.web import paging

VACANT, UNSIGNED = "vacant", "unsigned"


@dataclass(frozen=True)
class Tab:
    """One kind of thing that is lacking."""

    url: str
    label: str
    is_current: bool


@require_safe
@never_cache
def gaps(request: SignedInRequest) -> HttpResponse:
    """List what is lacking at the sites that the officer sees."""
    now = timezone.now()
    on, asked = localdate(now), request.GET.get("lacks", "")
    needed = {kind.key: kind for kind in catalogue.needed()}
    first = next(iter(needed))
    chosen = asked if asked in {*needed, VACANT, UNSIGNED} else first
    may_fill = access.has_somewhere(request.user, {Power.COORDINATE}, on)
    context = {
        "tabs": _tabs(needed.values(), chosen),
        "chosen": chosen,
        "may_fill": may_fill,
        "mine_url": reverse("duties:mine"),
    }
    if chosen in needed:
        seen = sites.visible_to(request.user, now)
        found = queries.gaps(seen, needed[chosen], on).select_related("unit")
        page = paging.requested(request, found)
        context |= {"sites": page.rows, **page.links(f"lacks={chosen}")}
    else:
        choose = queries.vacant if chosen == VACANT else queries.unsigned
        rows = choose(queries.visible_to(request.user, now), on)
        duties = paging.requested(request, rows.select_related("site__unit", "post__unit"))
        context |= {"duties": duties.rows, **duties.links(f"lacks={chosen}")}
    return render(request, "duties/gaps.html", context)


def _tabs(needed: Iterable[catalogue.DutyKind], chosen: str) -> list[Tab]:
    names = [(kind.key, str(kind)) for kind in needed]
    names += [
        (VACANT, pgettext("duties", "Vacant posts")),
        (UNSIGNED, pgettext("duties", "Not signed")),
    ]
    return [Tab(f"?lacks={key}", label, key == chosen) for key, label in names]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def fill(request: SignedInRequest) -> HttpResponse:
    """Assign one kind of duty at all sites that were chosen."""
    now = timezone.now()
    kind = catalogue.kinds().get(request.GET.get("kind", ""))
    keys = _keys(request.GET.getlist("site"))
    if kind is None:
        raise Http404
    back = f"{reverse('duties:duties')}?lacks={kind.key}"
    in_charge = sites.in_charge(request.user, now).open().filter(pk__in=keys)
    chosen = list(in_charge.select_related("unit"))
    if not chosen:
        messages.warning(request, _("Choose at least one site."))
        return redirect(back)
    form = AssignForm(request.POST or None, kind=kind, posts=posts_for(request.user, now), now=now)
    made: list[int] = []
    if form.is_valid() and done(
        form, lambda: made.append(_assign(form, chosen, request.user, now))
    ):
        said = ngettext("%(n)d duty assigned.", "%(n)d duties assigned.", made[0])
        messages.success(request, said % {"n": made[0]})
        return redirect(back)
    names = [site.name for site in chosen]
    context = {"heading": _("Assign duty: %(kind)s") % {"kind": kind}, "submit": _("Assign")}
    return render(request, CONFIRM, {"form": form, **context, **_lead(names, back)})


def _assign(form: AssignForm, chosen: list[Site], actor: User, now: datetime) -> int:
    keys = [str(site.pk) for site in chosen]
    return assigning.assign_many(
        at=chosen,
        given=form.given(),
        actor=actor,
        now=now,
        form_key=form.mark(*keys, form.kind.key, str(actor.pk)),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def hand_over(request: SignedInRequest) -> HttpResponse:
    """Give all duties that were chosen to one post."""
    now = timezone.now()
    keys = _keys(request.GET.getlist("duty"))
    back = f"{reverse('duties:duties')}?lacks={VACANT}"
    rows = queries.changeable_by(request.user, now).in_force(localdate(now)).filter(pk__in=keys)
    chosen = list(rows.select_related("site__unit"))
    if not chosen:
        messages.warning(request, _("Choose at least one duty."))
        return redirect(back)
    form = PostForm(request.POST or None, posts=posts_for(request.user, now), now=now)
    if form.is_valid() and done(
        form,
        lambda: assigning.hand_over_many(
            duties=chosen, post=form.cleaned_data["post"], actor=request.user, now=now
        ),
    ):
        n = len(chosen)
        said = ngettext("%(n)d duty given to the post.", "%(n)d duties given to the post.", n)
        messages.success(request, said % {"n": n})
        return redirect(back)
    names = [f"{duty.site.name} · {duty.duty_kind}" for duty in chosen]
    context = {"heading": _("Give to another post"), "submit": _("Give to another post")}
    return render(request, CONFIRM, {"form": form, **context, **_lead(names, back)})


def _lead(names: list[str], back: str) -> dict[str, object]:
    return {
        "consequences": names,
        "crumbs": [(_("Responsibilities"), reverse("duties:duties"))],
        "cancel_url": back,
    }


def _keys(values: list[str]) -> list[int]:
    """Return the keys in the address; invalid ones are ignored."""
    found = [number for value in values if (number := whole(value)) is not None]
    return found[: assigning.AT_ONCE]


def posts_for(user: User, now: datetime) -> QuerySet[Post]:
    """Return the posts of the units that the officer coordinates, and of those above them."""
    on = localdate(now)
    tops = access.tops(user, [Power.COORDINATE], on)
    above = {path for top in tops for path in top.paths_above()}
    units = Unit.objects.filter(Q(pk__in=Unit.objects.within(*tops)) | Q(path__in=above))
    return Post.objects.in_force(on).filter(unit__in=units.open())
