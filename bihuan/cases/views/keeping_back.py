"""A picture that was shown to holders of a code by mistake."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bihuan.cases import wording
from bihuan.cases.actions import keeping_back
from bihuan.cases.forms import KeepBackForm
from bihuan.cases.models import Evidence
from bihuan.cases.views.case import asked_for
from bihuan.core.refusal import Refusal
from bihuan.orgs.http import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
def keep_back(request: SignedInRequest, number: str, pk: int) -> HttpResponse:
    """Say why, and what it does not undo."""
    now = timezone.now()
    case = asked_for(request, number, now)
    picture = get_object_or_404(Evidence, pk=pk, case=case, shown_to=keeping_back.SHOWN)
    if not keeping_back.may_keep_back(case, request.user, now):
        raise Http404
    form = KeepBackForm(request.POST or None)
    if form.is_valid():
        note = form.cleaned_data["note"]
        try:
            keeping_back.keep_back(picture=picture, actor=request.user, note=note, now=now)
        except Refusal as refusal:
            form.add_error(None, wording.explain(refusal))
        else:
            messages.success(request, _("The photo is not shown to holders of a code any more."))
            return redirect(case)
    context = {
        "case": case,
        "form": form,
        "heading": _("Keep a photo back"),
        "consequences": [
            _("Holders of a tracking code do not see it any more, but for the person who gave it."),
            _("Who has seen or saved it has it: that cannot be undone."),
            _("It stays on the case for the office, and the record says who kept it back and why."),
        ],
        "submit": _("Keep it back"),
        "cancel_url": case.get_absolute_url(),
        "back_url": case.get_absolute_url(),
        "back_label": case.number,
    }
    return render(request, "web/confirm.html", context)
