"""What the pages about duties have in common: who may open them, and the form page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.duties import queries, wording
from bihuan.duties.models import Duty
from bihuan.orgs.http import SignedInRequest
from bihuan.sites import queries as sites
from bihuan.sites.models import Site
from bihuan.web import forms as web_forms

FORM, CONFIRM = "web/form_page.html", "web/confirm.html"


def seen(request: SignedInRequest, pk: int, now: datetime) -> Duty:
    """Return a duty that the officer sees; else 404."""
    rows = queries.visible_to(request.user, now).select_related("site__unit", "post__unit")
    return get_object_or_404(rows, pk=pk)


def changed(request: SignedInRequest, pk: int, now: datetime) -> Duty:
    """Return a duty that the officer may change; else 404."""
    rows = queries.changeable_by(request.user, now).select_related("site__unit", "post__unit")
    return get_object_or_404(rows, pk=pk)


def site_in_charge(request: SignedInRequest, pk: int, now: datetime) -> Site:
    """Return an open site whose duties the officer assigns; else 404."""
    rows = sites.in_charge(request.user, now).open().select_related("unit", "operator_unit")
    return get_object_or_404(rows, pk=pk)


def done(form: forms.Form, act: Callable[[], object]) -> bool:
    """Whether the act succeeded; if not, the form shows why."""
    return web_forms.done(form, act, wording.explain)


def form_page(
    request: SignedInRequest, form: forms.Form, heading: Any, back: Duty | Site, **more: Any
) -> HttpResponse:
    """Show a form about a duty or a site; with `consequences`, what will happen comes first."""
    site = back.site if isinstance(back, Duty) else back
    crumbs = [(_("Sites"), reverse("sites:sites")), (site.name, site.get_absolute_url())]
    if isinstance(back, Duty):
        crumbs.append((str(back.duty_kind), back.get_absolute_url()))
    context = {
        "form": form,
        "heading": heading,
        "submit": heading,
        "crumbs": crumbs,
        "cancel_url": back.get_absolute_url(),
        **more,
    }
    return render(request, CONFIRM if "consequences" in more else FORM, context)
