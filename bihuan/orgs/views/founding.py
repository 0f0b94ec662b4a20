"""A new unit with its first post, its officer and the appointment, in one form."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.core.refusal import Refusal
from bihuan.orgs import defaults, naming, officers, queries
from bihuan.orgs.access import Actor
from bihuan.orgs.actions import moving
from bihuan.orgs.actions.moving import Founded, NewOfficer
from bihuan.orgs.http import SignedInRequest
from bihuan.orgs.models import Unit
from bihuan.orgs.structure_forms import NewUnitWithPostForm, ParentForm
from bihuan.orgs.views.pages import administered_unit, crumbs_to_unit
from bihuan.orgs.wording import explain


@never_cache
@require_http_methods(["GET", "POST"])
def found(request: SignedInRequest, code: str) -> HttpResponse:
    """Add a unit below this one with its first post and officer."""
    now = timezone.now()
    parent = administered_unit(request, code, now)
    on = localdate(now)
    form = NewUnitWithPostForm(
        request.POST or None,
        initial=defaults.of_new_unit(parent, on),
        officers=officers.every(on),
    )
    if form.is_valid():
        try:
            made = _made(form.cleaned_data, parent, request.user, now)
        except Refusal as refusal:
            form.add_error(None, explain(refusal))
        else:
            return _shown(request, made)
    context = {
        "heading": _("Add a unit with post and officer below %(unit)s")
        % {"unit": naming.name_of(parent)},
        "submit": _("Add unit with post"),
        "cancel_url": reverse("orgs:unit", args=[parent.code]),
        "crumbs": crumbs_to_unit(parent),
        "intro": _("The unit, the post and the appointment are created together or not at all."),
        "form": form,
    }
    return render(request, "web/form_page.html", context)


def _made(given: dict[str, Any], parent: Unit, actor: Actor, now: datetime) -> Founded:
    name, username = given.pop("member_name"), given.pop("username")
    phone, chosen = given.pop("work_phone"), given.pop("member")
    new = NewOfficer(name, username, phone) if username else None
    return moving.add_unit_with_post(
        parent=parent, officer=chosen or new, actor=actor, now=now, **given
    )


def _shown(request: SignedInRequest, made: Founded) -> HttpResponse:
    """Show the first password once, or else the new unit; both name what was added."""
    words = _words(made)
    if not made.password:
        messages.success(request, words)
        return redirect("orgs:unit", made.unit.code)
    context = {
        "heading": _("%(unit)s added") % {"unit": naming.name_of(made.unit)},
        "crumbs": crumbs_to_unit(made.unit),
        "words": words,
        "unit": made.unit,
        "post": made.post,
        "member": made.member,
        "password": made.password,
    }
    return render(request, "orgs/founded.html", context)


def _words(made: Founded) -> str:
    details = {"unit": naming.name_of(made.unit), "post": naming.title_of(made.post)}
    if made.member is None:
        return _("%(unit)s added, with the vacant post %(post)s.") % details
    details["member"] = made.member.name
    return _("%(unit)s added, with the post %(post)s held by %(member)s.") % details


@require_safe
def choose_parent(request: SignedInRequest) -> HttpResponse:
    """Choose where a unit is added, and go to the form that has the defaults of that place."""
    units = queries.administered(request.user, localdate(timezone.now())).open()
    if not units.exists():
        raise PermissionDenied
    form = ParentForm(request.GET if "parent" in request.GET else None, units=units)
    if form.is_valid():
        is_staffed = form.cleaned_data["what"] == "staffed"
        page = "orgs:add-unit-with-post" if is_staffed else "orgs:add-unit"
        return redirect(page, form.cleaned_data["parent"].code)
    crumbs = [(_("Organisation"), reverse("orgs:organisation"))]
    context = {"heading": _("Add a unit"), "crumbs": crumbs, "form": form}
    return render(request, "orgs/new_unit.html", context)
