"""Register a site, change it, close and reopen it, move it, and set its regulators."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.orgs.http import SignedInRequest
from bihuan.sites import catalogue, queries, wording
from bihuan.sites.actions import registering, regulators
from bihuan.sites.acts import SiteAct
from bihuan.sites.forms import (
    MoveForm,
    ReasonForm,
    RegulatorsForm,
    SiteForm,
    regulators_offered,
)
from bihuan.sites.views.acting import act, kept

FORM = ["GET", "HEAD", "POST"]


@require_safe
@never_cache
def kinds(request: SignedInRequest) -> HttpResponse:
    """Choose the kind of a new site."""
    if not queries.units_for(request.user, timezone.now()):
        raise Http404
    found = [
        (str(each), reverse("sites:register-site", args=[key]))
        for key, each in catalogue.kinds().items()
    ]
    context = {
        "heading": _("Register a site"),
        "kinds": found,
        "crumbs": [(_("Sites"), reverse("sites:sites"))],
    }
    return render(request, "sites/kinds.html", context)


@require_http_methods(FORM)
@never_cache
def register(request: SignedInRequest, kind: str) -> HttpResponse:
    now = timezone.now()
    found = catalogue.kinds().get(kind)
    if found is None or not queries.units_for(request.user, now):
        raise Http404
    form = SiteForm(request.POST or None, kind=found, user=request.user, now=now)
    return act(
        request,
        form,
        lambda: registering.register(
            unit=form.cleaned_data["unit"],
            kind=kind,
            facts=form.facts(),
            actor=request.user,
            now=now,
            form_key=form.key,
        ),
        done=_("Registered."),
        to="made",
        heading=_("Register a site: %(kind)s") % {"kind": found},
        submit=_("Register"),
        cancel_url=reverse("sites:new"),
    )


@require_http_methods(FORM)
@never_cache
def change(request: SignedInRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    site = kept(request, pk, now)
    form = SiteForm(
        request.POST or None, kind=site.site_kind, user=request.user, now=now, site=site
    )
    return act(
        request,
        form,
        lambda: registering.change(
            site=site,
            version=form.cleaned_data["version"] or 0,
            facts=form.facts(),
            actor=request.user,
            now=now,
        ),
        done=wording.DONE[SiteAct.CHANGE],
        to="made",
        site=site,
        heading=_("Change the site"),
        submit=_("Save"),
    )


@require_http_methods(FORM)
@never_cache
def close(request: SignedInRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    site = kept(request, pk, now)
    form = ReasonForm(request.POST or None)
    return act(
        request,
        form,
        lambda: registering.close(
            site=site, reason=form.cleaned_data["reason"], actor=request.user, now=now
        ),
        done=wording.DONE[SiteAct.CLOSE],
        to="made",
        site=site,
        template="web/confirm.html",
        heading=_("Close the site"),
        submit=_("Close the site"),
        consequences=[
            _("The site leaves the list of open sites; its history stays."),
            _("Its papers cause no reminders until it is reopened."),
            _("It can be reopened."),
        ],
    )


@require_http_methods(FORM)
@never_cache
def reopen(request: SignedInRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    site = kept(request, pk, now)
    form = ReasonForm(request.POST or None)
    return act(
        request,
        form,
        lambda: registering.reopen(
            site=site, reason=form.cleaned_data["reason"], actor=request.user, now=now
        ),
        done=wording.DONE[SiteAct.REOPEN],
        to="made",
        site=site,
        heading=_("Reopen the site"),
        submit=_("Reopen the site"),
    )


@require_http_methods(FORM)
@never_cache
def move(request: SignedInRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    site = kept(request, pk, now)
    form = MoveForm(request.POST or None, user=request.user, now=now, site=site)
    return act(
        request,
        form,
        lambda: registering.move(site=site, actor=request.user, now=now, **form.cleaned_data),
        done=wording.DONE[SiteAct.MOVE],
        to="made",
        site=site,
        template="web/confirm.html",
        heading=_("Move to another unit"),
        submit=_("Move"),
        consequences=[
            _("The new unit is in charge of the site and is reminded of its papers."),
            _("Cases at the site stay with the units that work on them."),
        ],
    )


@require_http_methods(FORM)
@never_cache
def set_regulators(request: SignedInRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    site = kept(request, pk, now)
    present = {row.trade: row.unit for row in queries.regulators_of(site)}
    form = RegulatorsForm(
        request.POST or None, site=site, present=present, offered=regulators_offered(site)
    )
    return act(
        request,
        form,
        lambda: regulators.set_regulators(
            site=site,
            version=form.cleaned_data["version"],
            regulators=form.regulators(),
            actor=request.user,
            now=now,
        ),
        done=wording.DONE[SiteAct.SET_REGULATORS],
        to="made",
        site=site,
        heading=_("Regulators by trade"),
        intro=_("The unit of a trade sees the site and adds papers; it may not change the site."),
        submit=_("Save"),
    )
