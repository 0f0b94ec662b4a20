"""Assign a duty at a site, copy duties to other sites, and change or end one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bihuan.duties import catalogue, queries
from bihuan.duties.actions import assigning
from bihuan.duties.forms import AssignForm, CopyForm, PostForm, ReasonForm, TextForm
from bihuan.duties.views.frame import changed, done, form_page, site_in_charge
from bihuan.orgs.http import SignedInRequest
from bihuan.sites.choices import posts_at
from bihuan.sites.models import Site

MOST_SITES = 200


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def add(request: SignedInRequest, pk: int) -> HttpResponse:
    """Assign a duty at a site: first its kind, which proposes the text, then the post."""
    now = timezone.now()
    site = site_in_charge(request, pk, now)
    kind = catalogue.kinds().get(request.GET.get("kind", ""))
    if kind is None:
        return _kinds(request, site)
    posts = posts_at(site, localdate(now))
    form = AssignForm(request.POST or None, kind=kind, posts=posts, now=now)
    if form.is_valid() and done(
        form,
        lambda: assigning.assign(
            site=site,
            given=form.given(),
            actor=request.user,
            now=now,
            form_key=form.mark(str(pk), kind.key, str(request.user.pk)),
        ),
    ):
        messages.success(request, _("Assigned. The holder of the post signs it."))
        return redirect(site)
    heading = _("Assign duty: %(kind)s") % {"kind": kind}
    return form_page(request, form, heading, site, submit=_("Assign"))


def _kinds(request: SignedInRequest, site: Site) -> HttpResponse:
    lacking = {kind.key for kind in queries.lacking(site, localdate(timezone.now()))}
    context = {
        "heading": _("Assign duty"),
        "site": site,
        "kinds": [(kind, kind.key in lacking) for kind in catalogue.kinds().values()],
        "crumbs": [(_("Sites"), reverse("sites:sites")), (site.name, site.get_absolute_url())],
    }
    return render(request, "duties/kinds.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def copy(request: SignedInRequest, pk: int) -> HttpResponse:
    """Copy duties of a site to other sites of the same kind that lack them."""
    now = timezone.now()
    site = site_in_charge(request, pk, now)
    duties = queries.of_site(site, localdate(now)).select_related("post__unit").order_by("pk")
    others = queries.like(site, request.user, now).order_by("name", "pk")[:MOST_SITES]
    form = CopyForm(request.POST or None, duties=duties, sites=others)
    made: list[int] = []
    if form.is_valid() and done(
        form,
        lambda: made.append(
            assigning.copy(
                duties=form.chosen_duties(), to=form.chosen_sites(), actor=request.user, now=now
            )
        ),
    ):
        said = ngettext("%(n)d duty assigned.", "%(n)d duties assigned.", made[0])
        messages.success(request, said % {"n": made[0]})
        return redirect(site)
    consequences = [
        _("Each chosen site gets the duties with the same posts and texts; the holders sign them."),
        _("A site that has a duty of the same kind keeps its own."),
    ]
    heading = _("Copy duties to other sites")
    return form_page(request, form, heading, site, consequences=consequences)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def reword(request: SignedInRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    found = changed(request, pk, now)
    first = {"text": found.text, "source": found.source}
    form = TextForm(request.POST or None, initial=first)
    if form.is_valid() and done(
        form,
        lambda: assigning.reword(duty=found, words=form.words(), actor=request.user, now=now),
    ):
        messages.success(request, _("Saved."))
        return redirect(found)
    consequences = [_("The new text is a new version: it has to be signed again.")]
    heading = _("Change text")
    return form_page(request, form, heading, found, submit=_("Save"), consequences=consequences)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def hand_over(request: SignedInRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    found = changed(request, pk, now)
    posts = posts_at(found.site, localdate(now))
    form = PostForm(request.POST or None, posts=posts, now=now, initial={"post": found.post_id})
    if form.is_valid() and done(
        form,
        lambda: assigning.hand_over(
            duty=found, post=form.cleaned_data["post"], actor=request.user, now=now
        ),
    ):
        messages.success(request, _("Saved."))
        return redirect(found)
    consequences = [_("The holder of the new post has to sign it.")]
    heading = _("Give to another post")
    return form_page(request, form, heading, found, consequences=consequences)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def end(request: SignedInRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    found = changed(request, pk, now)
    if found.ended_at is not None:
        return redirect(found)
    form = ReasonForm(request.POST or None)
    if form.is_valid() and done(
        form,
        lambda: assigning.end(
            duty=found, reason=form.cleaned_data["reason"], actor=request.user, now=now
        ),
    ):
        messages.success(request, _("The duty has ended."))
        return redirect(found)
    consequences = [
        _("The post no longer answers for this at the site. A duty that the site needs is a gap."),
        _("The duty and its signatures stay on record."),
    ]
    return form_page(request, form, _("End duty"), found, consequences=consequences)
