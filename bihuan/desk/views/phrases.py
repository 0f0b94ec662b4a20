"""The phrases that an officer keeps for plans."""

from __future__ import annotations

from collections import defaultdict

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bihuan.cases.queries import phrases as queries
from bihuan.core.powers import Power
from bihuan.desk import pages
from bihuan.desk.actions import phrases as actions
from bihuan.desk.phrase_form import PhraseForm
from bihuan.orgs.http import SignedInRequest
from bihuan.orgs.queries import units_acted_in


@require_http_methods(["GET", "HEAD", "POST"])
def phrases(request: SignedInRequest) -> HttpResponse:
    """List the phrases that the officer may change, and add one."""
    now = timezone.now()
    units = list(units_acted_in(request.user, [Power.COORDINATE], now))
    form = PhraseForm(request.POST or None, units=units)
    if form.is_valid():
        given = {"unit": None, **form.cleaned_data}
        actions.keep_phrase(phrase=None, member=request.user, now=now, **given)
        messages.success(request, _("Phrase saved."))
        return redirect("desk:phrases")
    names = defaultdict(str, pages.phrase_uses())
    context = {
        "heading": _("Phrases for plans"),
        "form": form,
        "phrases": [(kept, names[kept.use]) for kept in queries.kept_by(request.user, now)],
        "back_url": reverse("desk:ledger"),
        "back_label": _("Ledger"),
    }
    return render(request, "desk/phrases.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change a phrase."""
    now = timezone.now()
    phrase = get_object_or_404(queries.kept_by(request.user, now), pk=pk)
    units = list(units_acted_in(request.user, [Power.COORDINATE], now))
    initial = {"use": phrase.use, "text": phrase.text, "unit": phrase.unit_id}
    form = PhraseForm(request.POST or None, units=units, initial=initial)
    if form.is_valid():
        given = {"unit": None, **form.cleaned_data}
        actions.keep_phrase(phrase=phrase, member=request.user, now=now, **given)
        messages.success(request, _("Phrase saved."))
        return redirect("desk:phrases")
    context = {
        "heading": _("Change phrase"),
        "form": form,
        "submit": _("Save"),
        "cancel_url": reverse("desk:phrases"),
        "crumbs": [
            (_("Ledger"), reverse("desk:ledger")),
            (_("Phrases for plans"), reverse("desk:phrases")),
        ],
    }
    return render(request, "web/form_page.html", context)


@require_POST
def delete(request: SignedInRequest, pk: int) -> HttpResponseRedirect:
    now = timezone.now()
    phrase = get_object_or_404(queries.kept_by(request.user, now), pk=pk)
    actions.drop_phrase(phrase=phrase, member=request.user, now=now)
    messages.success(request, _("Phrase deleted."))
    return redirect("desk:phrases")
