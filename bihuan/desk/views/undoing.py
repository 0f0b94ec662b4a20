"""Undo the last act on a case."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bihuan.cases import kind_wording, kinds, wording
from bihuan.cases.actions import undoing
from bihuan.cases.models import Case, UndoableAct
from bihuan.core.refusal import Refusal
from bihuan.desk import dossier
from bihuan.desk.views.case import case_or_404
from bihuan.desk.way_back import LONGEST, WayBack
from bihuan.orgs.http import SignedInRequest


@require_POST
def undo(request: SignedInRequest, number: str, seq: int) -> HttpResponse:
    """Undo the officer's own act, from the case or from the message after it, and return to the
    list that led there.
    """
    now = timezone.now()
    case = case_or_404(request, number, now)
    made = UndoableAct.objects.filter(case=case, seq=seq).first()
    try:
        case = undoing.undo(case=case, seq=seq, actor=request.user, now=now)
    except Refusal as refusal:
        messages.error(request, wording.about(case, kinds.of(case).wording.explain(refusal)))
    else:
        act = kind_wording.act_words(kinds.of(case), made.move if made else "")
        done = _("Undone: %(act)s. The case is as it was before.") % {"act": act}
        messages.success(request, wording.about(case, done))
    if back := request.POST.get("back", "")[:LONGEST]:
        return HttpResponseRedirect(WayBack(back).url)
    try:
        dossier.case_for(request.user, number, now)
    except Case.DoesNotExist:
        return HttpResponseRedirect(reverse("desk:today"))
    return HttpResponseRedirect(case.get_absolute_url())
