"""A new unit with its first post, its officer and the appointment, in one form."""

from __future__ import annotations

from datetime import datetime
from typing import Any

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
from bihuan.orgs import defaults, naming, officers, passwords, queries
from bihuan.orgs.actions import moving
from bihuan.orgs.actions.moving import NewOfficer
from bihuan.orgs.actions.once import Outcome, once
from bihuan.orgs.http import SignedInRequest
from bihuan.orgs.models import Unit, User
from bihuan.orgs.structure_forms import NewUnitWithPostForm, ParentForm
from bihuan.orgs.views.issued import number_of
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
        offer=officers.appointable(queries.appointable(request.user, on), on),
    )
    if form.is_valid():
        number = number_of(request)

        def act() -> Outcome:
            return _made(form.cleaned_data, parent, request.user, number, now)

        try:
            once(number=number, actor=request.user, now=now, act=act)
        except Refusal as refusal:
            form.add_error(None, explain(refusal))
        else:
            return redirect("orgs:issued", number)
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


def _made(
    cleaned: dict[str, Any], parent: Unit, actor: User, number: str, now: datetime
) -> Outcome:
    given = {name: value for name, value in cleaned.items() if name != "form_key"}
    name, username = given.pop("member_name"), given.pop("username").lower()
    phone, chosen = given.pop("work_phone"), given.pop("member")
    temporary = passwords.derived(number, username)
    new = NewOfficer(name, username, phone, temporary) if username else None
    made = moving.add_unit_with_post(
        parent=parent, officer=chosen or new, actor=actor, now=now, **given
    )
    return Outcome(made.member if new else None, made.post)


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
