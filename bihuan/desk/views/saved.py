"""Saved views of the ledger."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bihuan.cases.models import SavedView
from bihuan.desk import pages
from bihuan.desk.actions import saved_views as actions
from bihuan.desk.forms import SavedViewForm
from bihuan.desk.views.ledger import PARAMETERS
from bihuan.orgs.http import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
def views(request: SignedInRequest) -> HttpResponse:
    """List all saved views; a new one comes from the ledger with its filters."""
    form = SavedViewForm(request.POST or None, initial={"query": request.GET.get("save", "")})
    if form.is_valid():
        given = form.cleaned_data
        known = (*PARAMETERS, *pages.ledger_filters())
        query = urlencode([pair for pair in parse_qsl(given["query"]) if pair[0] in known])
        kept = actions.keep_view(member=request.user, name=given["name"], query=query)
        messages.success(request, _("View “%(name)s” saved.") % {"name": kept.name})
        return HttpResponseRedirect(f"{reverse('desk:ledger')}?{query}")
    context = {
        "heading": _("Saved views"),
        "form": form,
        "views": [
            (view, SavedViewForm(instance=view, auto_id=f"id_{view.pk}_%s"))
            for view in SavedView.objects.filter(member=request.user).order_by("name")
        ],
        "back_url": reverse("desk:ledger"),
        "back_label": _("Ledger"),
    }
    return render(request, "desk/views.html", context)


@require_POST
def rename(request: SignedInRequest, pk: int) -> HttpResponseRedirect:
    view = get_object_or_404(SavedView, pk=pk, member=request.user)
    form = SavedViewForm({**request.POST.dict(), "query": view.query}, instance=view)
    if form.is_valid() and actions.rename_view(view=view, name=form.cleaned_data["name"]):
        messages.success(request, _("Renamed."))
    else:
        messages.error(request, _("Use a name that none of your other views has."))
    return redirect("desk:views")


@require_POST
def delete(request: SignedInRequest, pk: int) -> HttpResponseRedirect:
    view = get_object_or_404(SavedView, pk=pk, member=request.user)
    actions.drop_view(view=view)
    messages.success(request, _("View “%(name)s” deleted.") % {"name": view.name})
    return redirect("desk:views")
