"""Groups of posts that visit sites together."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.core.refusal import Refusal
from bihuan.orgs.http import SignedInRequest
from bihuan.orgs.models import Unit
from bihuan.orgs.queries import units_in_reach
from bihuan.visits import queries, wording
from bihuan.visits.actions import grouping
from bihuan.visits.forms import GroupForm, UnitChoiceForm
from bihuan.visits.models import Group
from bihuan.visits.views.lists import tabs
from bihuan.web import paging


@require_safe
@never_cache
def groups(request: SignedInRequest) -> HttpResponse:
    """List the groups, and choose the unit of a new one."""
    now = timezone.now()
    if not queries.binds_any(request.user, now):
        raise Http404
    form = UnitChoiceForm(
        request.GET if "unit" in request.GET else None, user=request.user, now=now
    )
    if form.is_valid():
        return redirect("visits:add-group", form.cleaned_data["unit"].pk)
    page = paging.requested(request, queries.groups(request.user, now))
    context = {"rows": page.rows, "form": form, "tabs": tabs("groups"), **page.links()}
    return render(request, "visits/groups.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def add(request: SignedInRequest, unit: int) -> HttpResponse:
    """Form a group in a unit."""
    now = timezone.now()
    units = units_in_reach(request.user, [queries.BINDER], now)
    found = next((each for each in units if each.pk == unit), None)
    if found is None:
        raise Http404
    form = GroupForm(request.POST or None, unit=found, user=request.user, now=now)
    if form.is_valid():
        try:
            grouping.form(
                unit=found,
                name=form.cleaned_data["name"],
                posts=form.chosen,
                actor=request.user,
                now=now,
            )
        except Refusal as refusal:
            form.add_error(None, wording.explain(refusal))
        else:
            messages.success(request, _("Group formed."))
            return redirect("visits:groups")
    return _page(request, form, found, _("Form a group"))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def change(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change the name of a group, or its posts."""
    now = timezone.now()
    group = _kept(request, pk, now)
    form = GroupForm(request.POST or None, unit=group.unit, user=request.user, now=now)
    form.start_from(group)
    if form.is_valid():
        try:
            grouping.change(
                group=group,
                name=form.cleaned_data["name"],
                posts=form.chosen,
                actor=request.user,
                now=now,
            )
        except Refusal as refusal:
            form.add_error(None, wording.explain(refusal))
        else:
            messages.success(request, _("Group changed."))
            return redirect("visits:groups")
    return _page(request, form, group.unit, _("Change the group"))


@require_POST
def dissolve(request: SignedInRequest, pk: int) -> HttpResponse:
    """Dissolve a group to which no site is bound; another can be formed at any time."""
    now = timezone.now()
    try:
        grouping.dissolve(group=_kept(request, pk, now), actor=request.user, now=now)
    except Refusal as refusal:
        messages.error(request, wording.explain(refusal))
    else:
        messages.success(request, _("Group dissolved."))
    return redirect("visits:groups")


def _kept(request: SignedInRequest, pk: int, now: datetime) -> Group:
    return get_object_or_404(queries.groups(request.user, now), pk=pk)


def _page(request: SignedInRequest, form: GroupForm, unit: Unit, heading: str) -> HttpResponse:
    context = {
        "form": form,
        "unit": unit,
        "heading": heading,
        "submit": _("Save"),
        "cancel_url": reverse("visits:groups"),
        "crumbs": [(_("Groups"), reverse("visits:groups"))],
    }
    return render(request, "web/form_page.html", context)
