"""What the pages about one risk have in common: who may open them, and the form page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.orgs.http import SignedInRequest
from bihuan.risks import queries, wording
from bihuan.risks.models import Control, RiskPoint
from bihuan.sites import queries as sites
from bihuan.web import forms as web_forms

FORM, CONFIRM = "web/form_page.html", "web/confirm.html"


def seen(request: SignedInRequest, pk: int, now: datetime) -> RiskPoint:
    """Return a risk that the officer sees; else 404."""
    rows = queries.visible_to(request.user, now).select_related("site__unit")
    return get_object_or_404(rows, pk=pk)


def changed(request: SignedInRequest, pk: int, now: datetime) -> RiskPoint:
    """Return a risk that the officer may change; else 404."""
    rows = queries.changeable_by(request.user, now).select_related("site__unit")
    return get_object_or_404(rows, pk=pk)


def control(request: SignedInRequest, pk: int, now: datetime) -> Control:
    """Return a control of a risk that the officer may change; else 404."""
    found = _control(request, pk, now)
    if not sites.may_change(request.user, found.risk.site, now):
        raise Http404
    return found


def checked(request: SignedInRequest, pk: int, now: datetime) -> Control:
    """Return a control that the officer may check; else 404."""
    found = _control(request, pk, now)
    if not queries.may_check(request.user, found, now):
        raise Http404
    return found


def _control(request: SignedInRequest, pk: int, now: datetime) -> Control:
    rows = queries.controls_seen_by(request.user, now).select_related("risk__site__unit", "post")
    return get_object_or_404(rows, pk=pk)


def done(form: forms.Form, act: Callable[[], object]) -> bool:
    """Whether the act succeeded; if not, the form shows why."""
    return web_forms.done(form, act, wording.explain)


def form_context(form: forms.Form, risk: RiskPoint, heading: Any) -> dict[str, Any]:
    """Return what every form page about a risk shows."""
    here = risk.get_absolute_url()
    return {
        "form": form,
        "heading": heading,
        "submit": heading,
        "crumbs": [
            (_("Risks"), reverse("risks:risks")),
            (risk.site.name, risk.site.get_absolute_url()),
            (risk.title, here),
        ],
        "cancel_url": here,
    }


def form_page(
    request: SignedInRequest, form: forms.Form, risk: RiskPoint, heading: Any, **more: Any
) -> HttpResponse:
    """Show a form about a risk; with `consequences`, what will happen comes first."""
    template = CONFIRM if "consequences" in more else FORM
    return render(request, template, {**form_context(form, risk, heading), **more})
