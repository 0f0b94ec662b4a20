"""Contact details (PET-27), and the pages on which staff maintain them."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from operator import attrgetter

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.cases.wording import in_language
from bihuan.core import procedure, rights
from bihuan.core.refusal import Refusal
from bihuan.orgs.http import SignedInRequest
from bihuan.portal import plain, wording
from bihuan.portal.actions import outlets as actions
from bihuan.portal.forms.outlets import NewOutletForm, OutletForm
from bihuan.portal.queries import outlets
from bihuan.portal.views.public import public

TABS: Mapping[str, str | Promise] = {
    "offices": gettext_lazy("Offices"),
    "paths": gettext_lazy("Procedure in practice"),
    "limits": gettext_lazy("Time limits"),
    "yours": gettext_lazy("Your rights"),
}


@public
@require_safe
def where(request: HttpRequest) -> HttpResponse:
    """Show whom to contact where, the procedure, or everyone's rights: one tab at a time."""
    on = localdate(timezone.now())
    words = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    known = procedure.named(settings.PROCEDURE)
    asked = request.GET.get("show", "")
    context = {
        "tabs": TABS.items(),
        "show": asked if asked in TABS else next(iter(TABS)),
        "words": words,
        "outlets": [
            (unit, list(rows))
            for unit, rows in groupby(outlets.shown(words, on), attrgetter("unit"))
        ],
        "procedure": in_language(known.name),
        "final": in_language(known.final),
        "ways": plain.ways(known, on),
        "rights": [plain.spoken(rule) for rule in rights.of(known, on)],
        "beside": [plain.spoken(rule) for rule in rights.beside(known, on)],
        "reporter_rights": plain.REPORTER_RIGHTS,
        "never": plain.NEVER,
    }
    return render(request, "portal/outlets/where.html", context)


# --------------------------------------------------------------------- the desk
@require_safe
def listing(request: SignedInRequest) -> HttpResponse:
    """List every outlet of the officer's units, shown or not."""
    on = localdate(timezone.now())
    kept = outlets.kept_by(request.user, on)
    context = {
        "units": [(unit, list(rows)) for unit, rows in groupby(kept, attrgetter("unit"))],
        "may_add": outlets.coordinated(request.user, on).exists(),
    }
    return render(request, "portal/outlets/listing.html", context)


@require_http_methods(["GET", "POST"])
def add(request: SignedInRequest) -> HttpResponse:
    """Add an outlet of a unit."""
    now = timezone.now()
    units = outlets.coordinated(request.user, localdate(now))
    form = NewOutletForm(request.POST or None, units=units)
    if form.is_valid():
        try:
            actions.add(
                unit=form.cleaned_data["unit"],
                told=form.particulars(),
                actor=request.user,
                now=now,
            )
        except Refusal as refusal:
            form.add_error(None, wording.explain(refusal))
        else:
            messages.success(request, _("Published."))
            return redirect("portal:outlets")
    return _form_page(request, form, _("Publish another channel"))


@require_http_methods(["GET", "POST"])
def change(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change an outlet."""
    now = timezone.now()
    outlet = get_object_or_404(outlets.kept_by(request.user, localdate(now)), pk=pk)
    first = {name: getattr(outlet, name) for name in OutletForm.base_fields}
    form = OutletForm(request.POST or None, initial=first)
    if form.is_valid():
        try:
            actions.change(outlet=outlet, told=form.particulars(), actor=request.user, now=now)
        except Refusal as refusal:
            form.add_error(None, wording.explain(refusal))
        else:
            messages.success(request, _("Changed."))
            return redirect("portal:outlets")
    return _form_page(request, form, _("Change %(name)s") % {"name": outlet.name})


def _form_page(request: SignedInRequest, form: OutletForm, heading: str) -> HttpResponse:
    context = {
        "form": form,
        "heading": heading,
        "submit": _("Save"),
        "cancel_url": reverse("portal:outlets"),
    }
    return render(request, "web/form_page.html", context)
