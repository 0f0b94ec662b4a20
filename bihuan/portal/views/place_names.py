"""The pages on which staff maintain the names by which the public finds towns and villages."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.core.refusal import Refusal
from bihuan.orgs import choices
from bihuan.orgs.http import SignedInRequest
from bihuan.portal import wording
from bihuan.portal.actions import place_names as actions
from bihuan.portal.forms.place_names import PlaceNamesForm
from bihuan.portal.queries import places


@require_safe
def listing(request: SignedInRequest) -> HttpResponse:
    """List the places of the officer's units, each with its other names."""
    kept = places.kept_by(request.user, localdate(timezone.now()))
    return render(request, "portal/places/listing.html", {"units": kept})


@require_http_methods(["GET", "POST"])
def change(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change the other names of one place."""
    now = timezone.now()
    unit = get_object_or_404(places.kept_by(request.user, localdate(now)), pk=pk)
    known = "\n".join(row.name for row in unit.place_names.all())
    form = PlaceNamesForm(request.POST or None, initial={"names": known})
    if form.is_valid():
        try:
            actions.name_places(
                unit=unit, names=form.cleaned_data["names"], actor=request.user, now=now
            )
        except Refusal as refusal:
            form.add_error("names", wording.explain(refusal))
        else:
            messages.success(request, _("Changed."))
            return redirect("portal:places")
    context = {
        "form": form,
        "heading": choices.name_of(unit),
        "submit": _("Save"),
        "cancel_url": reverse("portal:places"),
    }
    return render(request, "web/form_page.html", context)
