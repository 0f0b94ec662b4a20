"""A photo that was taken sideways."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bihuan.cases.actions import turning
from bihuan.cases.models import Evidence
from bihuan.core.refusal import NotAllowed
from bihuan.desk.forms import TurnForm
from bihuan.desk.views.case import case_or_404, crumbs_to
from bihuan.orgs.http import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
def turn(request: SignedInRequest, number: str, pk: int) -> HttpResponse:
    """Choose how a photo is shown; the viewer sends the same form."""
    now = timezone.now()
    case = case_or_404(request, number, now)
    picture = get_object_or_404(Evidence.objects.on(case.pk), pk=pk)
    is_turned = turning.is_turned_by(picture, request.user)
    if not is_turned or not turning.may_turn(case, request.user, now):
        raise Http404
    form = TurnForm(request.POST or None, initial={"turns": picture.turns})
    if form.is_valid():
        try:
            turning.turn(picture=picture, actor=request.user, now=now, **form.cleaned_data)
        except NotAllowed as refusal:
            raise Http404 from refusal
        messages.success(request, _("The photo is shown as you turned it."))
        return redirect(case)
    context = {
        "case": case,
        "form": form,
        "picture": picture,
        "heading": _("Turn photo"),
        "submit": _("Keep this"),
        "cancel_url": case.get_absolute_url(),
        **crumbs_to(case),
    }
    return render(request, "desk/turn.html", context)
