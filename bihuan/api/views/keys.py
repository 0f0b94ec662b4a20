"""Pages on which administrators create and revoke API keys."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.api import queries
from bihuan.api.actions import keys
from bihuan.api.forms import EndKeyForm, KeyForm
from bihuan.api.wording import explain
from bihuan.core.powers import Power
from bihuan.core.refusal import Refusal
from bihuan.orgs import access
from bihuan.orgs import queries as organisation
from bihuan.orgs.http import SignedInRequest


@require_safe
def listing(request: SignedInRequest) -> HttpResponse:
    """List the keys of the units that the reader administers."""
    now = _administrators_only(request)
    context = {"keys": queries.administered_keys(request.user, now)}
    return render(request, "api/keys.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def make(request: SignedInRequest) -> HttpResponse:
    """Create a key, shown once."""
    now = _administrators_only(request)
    units = organisation.administered(request.user, localdate(now))
    form = KeyForm(request.POST or None, units=units)
    if form.is_valid():
        try:
            key, key_text = keys.make_key(actor=request.user, now=now, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, explain(refusal))
        else:
            return render(request, "api/key_once.html", {"key": key, "said": key_text})
    context = {
        "heading": _("Create API key"),
        "form": form,
        "submit": _("Create key"),
        "cancel_url": reverse("api:api-keys"),
        "intro": _("With a key, another system can report to a unit through Open311."),
    }
    return render(request, "web/form_page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: SignedInRequest, pk: int) -> HttpResponse:
    """Revoke a key, with the reason."""
    now = _administrators_only(request)
    key = get_object_or_404(queries.administered_keys(request.user, now), pk=pk)
    form = EndKeyForm(request.POST or None)
    if form.is_valid():
        try:
            keys.end_key(key=key, actor=request.user, now=now, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, explain(refusal))
        else:
            return redirect("api:api-keys")
    context = {
        "heading": _("Revoke the key of %(name)s") % {"name": key.name},
        "form": form,
        "submit": _("Revoke key"),
        "cancel_url": reverse("api:api-keys"),
        "consequences": [
            _("Reports sent with this key are refused from now on."),
            _("Reports already received are not affected. A revoked key cannot be restored."),
        ],
        "danger": True,
    }
    return render(request, "web/confirm.html", context)


def _administrators_only(request: SignedInRequest) -> datetime:
    now = timezone.now()
    if not access.units_with(request.user, Power.ADMINISTER, localdate(now)):
        raise PermissionDenied
    return now
