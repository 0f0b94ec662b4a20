"""A picture that was shown to holders of a code by mistake."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bihuan.cases import wording
from bihuan.cases.actions import withholding
from bihuan.cases.models import Evidence
from bihuan.core.refusal import Refusal
from bihuan.desk.forms import KeepBackForm
from bihuan.desk.views.case import case_or_404, crumbs_to
from bihuan.orgs.http import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
def keep_back(request: SignedInRequest, number: str, pk: int) -> HttpResponse:
    """Ask for the reason, and explain what cannot be undone."""
    now = timezone.now()
    case = case_or_404(request, number, now)
    picture = get_object_or_404(Evidence, pk=pk, case=case, shown_to=withholding.SHOWN)
    if not withholding.may_keep_back(case, request.user, now):
        raise Http404
    form = KeepBackForm(request.POST or None)
    if form.is_valid():
        note = form.cleaned_data["note"]
        try:
            withholding.keep_back(picture=picture, actor=request.user, note=note, now=now)
        except Refusal as refusal:
            form.add_error(None, wording.explain(refusal))
        else:
            messages.success(request, _("The photo is no longer shown to tracking code holders."))
            return redirect(case)
    context = {
        "case": case,
        "form": form,
        "heading": _("Stop showing photo"),
        "consequences": [
            _("Tracking code holders can no longer see it, except the person who sent it."),
            _("This does not affect people who have already seen or saved it."),
            _(
                "It stays on the case for the office; the record shows who stopped showing it "
                "and why."
            ),
        ],
        "submit": _("Stop showing"),
        "cancel_url": case.get_absolute_url(),
        **crumbs_to(case),
    }
    return render(request, "web/confirm.html", context)
