"""Begin an inspection, and abandon one."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bihuan.checklists import queries as checklists
from bihuan.checklists.models import Version
from bihuan.core.refusal import Refusal
from bihuan.inspections import queries, wording
from bihuan.inspections.actions import course
from bihuan.inspections.forms import AbandonForm, BeginForm, SureForm
from bihuan.inspections.models import Inspection
from bihuan.inspections.views.found import crumbs, inspected, seen
from bihuan.orgs.http import SignedInRequest
from bihuan.sites.models import Site
from bihuan.visits import operating


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: SignedInRequest, site: int) -> HttpResponse:
    """Begin an inspection of a site: the officer's own post and a fitting list are proposed."""
    now = timezone.now()
    rows = queries.sites_for(request.user, now).filter(closed_at=None).select_related("unit")
    found = get_object_or_404(rows, pk=site)
    if not queries.units_for(request.user, now):
        raise Http404
    page = operating.page_of(found, request.user, now)
    versions = _versions(request, found, now)
    form = BeginForm(
        request.POST or None, site=found, user=request.user, now=now, versions=versions
    )
    if form.is_valid():
        try:
            made = course.begin(
                site=found,
                version=form.cleaned_data["version"],
                unit=form.cleaned_data["unit"],
                posts=form.cleaned_data["posts"],
                kind=form.cleaned_data["kind"],
                actor=request.user,
                now=now,
                key=form.mark(str(found.pk), str(request.user.pk)) or uuid4(),
            )
        except Refusal as refusal:
            form.add_error(None, wording.explain(refusal))
        else:
            return redirect(_next(made, request, now))
    context = {
        "form": form,
        "heading": _("Begin an inspection"),
        "submit": _("Begin the inspection"),
        "cancel_url": page,
        "crumbs": [(found.name, page)],
        "site": found,
        "has_lists": bool(form.fields["version"].choices),  # type: ignore[attr-defined]
    }
    return render(request, "inspections/begin.html", context)


def _versions(request: SignedInRequest, site: Site, now: datetime) -> list[Version]:
    """Return the lists in use for this kind of site; those for every kind come last."""
    offered = checklists.offered_to(request.user, now)
    fitting = [each for each in offered if checklists.is_for(each.checklist, site.kind)]
    return sorted(fitting, key=lambda each: not each.checklist.site_kinds)


def _next(inspection: Inspection, request: SignedInRequest, now: datetime) -> str:
    """Return the next page: for an inspector, the items."""
    if queries.own_post(request.user, inspection, now) is None:
        return inspection.get_absolute_url()
    return reverse("inspections:walk", args=[inspection.pk])


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: SignedInRequest, pk: int) -> HttpResponse:
    """Begin a planned inspection by the version of its list that is in use now."""
    now = timezone.now()
    found = inspected(request, pk, now, Inspection.Stage.PLANNED, Inspection.Stage.BEGUN)
    version = checklists.in_use(found.checklist) if found.checklist else None
    form = SureForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and version is not None:
        try:
            course.start(inspection=found, version=version, actor=request.user, now=now)
        except Refusal as refusal:
            form.add_error(None, wording.explain(refusal))
        else:
            return redirect("inspections:walk", pk)
    if version is None:
        form = SureForm({})
        form.add_error(None, _("No version of its checklist is in use."))
    context = {
        "form": form,
        "heading": _("Begin the inspection"),
        "submit": _("Begin the inspection"),
        "consequences": _begins(found),
        "cancel_url": found.get_absolute_url(),
        "crumbs": crumbs(found),
    }
    return render(request, "web/confirm.html", context)


def _begins(inspection: Inspection) -> list[str]:
    words = [_("The version of the checklist that is in use now stays that of this inspection.")]
    if inspection.kind == Inspection.Kind.UNANNOUNCED:
        words.append(_("From now on the operator of the site can see the inspection."))
    return words


@require_http_methods(["GET", "HEAD", "POST"])
def abandon(request: SignedInRequest, pk: int) -> HttpResponse:
    """End an inspection without a result."""
    now = timezone.now()
    found = seen(request, pk, now)
    if not queries.may_abandon(request.user, found, now):
        raise Http404
    form = AbandonForm(request.POST or None)
    if form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            course.abandon(inspection=found, actor=request.user, reason=reason, now=now)
        except Refusal as refusal:
            form.add_error(None, wording.explain(refusal))
        else:
            messages.success(request, _("The inspection is abandoned."))
            return redirect(found)
    context = {
        "form": form,
        "heading": _("Abandon the inspection"),
        "submit": _("Abandon the inspection"),
        "danger": True,
        "consequences": [
            _("It ends without a result, and cannot be taken up again."),
            _("Answers and photos stay on record. Reported hazards are not affected."),
        ],
        "cancel_url": found.get_absolute_url(),
        "crumbs": crumbs(found),
    }
    return render(request, "web/confirm.html", context)
