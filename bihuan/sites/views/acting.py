"""One act by one form: the same course on every page that changes something."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from bihuan.core.refusal import Refusal
from bihuan.orgs.http import SignedInRequest
from bihuan.sites import queries, wording
from bihuan.sites.models import Site

Words = str | Promise


def seen(request: SignedInRequest, pk: int, now: datetime) -> Site:
    """Return a site that this officer may see; else 404."""
    site = get_object_or_404(Site.objects.select_related("unit", "operator_unit"), pk=pk)
    if not queries.sees(request.user, site, now):
        raise Http404
    return site


def kept(request: SignedInRequest, pk: int, now: datetime) -> Site:
    """Return a site that this officer may change; else 404."""
    site = seen(request, pk, now)
    if not queries.may_change(request.user, site, now):
        raise Http404
    return site


def added_to(request: SignedInRequest, pk: int, now: datetime) -> Site:
    """Return a site to which this officer may add; else 404."""
    site = seen(request, pk, now)
    if not queries.may_add(request.user, site, now):
        raise Http404
    return site


def act(
    request: SignedInRequest,
    form: forms.Form,
    run: Callable[[], Any],
    *,
    done: Words,
    to: str,
    site: Site | None = None,
    template: str = "web/form_page.html",
    **context: Any,
) -> HttpResponse:
    """Carry out the act once the form is valid; explain a refusal in the form."""
    if form.is_valid():
        try:
            made = run()
        except Refusal as refusal:
            form.add_error(None, wording.explain(refusal))
        else:
            messages.success(request, str(done))
            return redirect(made if to == "made" else to)
    crumbs = [(_("Sites"), reverse("sites:sites"))]
    crumbs += [(site.name, site.get_absolute_url())] if site else []
    cancel = site.get_absolute_url() if site else reverse("sites:sites")
    shown = {"form": form, "crumbs": crumbs, "cancel_url": cancel, **context}
    return render(request, template, shown)
