"""Mark the reporter's messages as read."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from bihuan.core.refusal import NotAllowed
from bihuan.desk.views.case import case_or_404
from bihuan.orgs.http import SignedInRequest
from bihuan.receipts.actions import public


@require_POST
def read(request: SignedInRequest, number: str) -> HttpResponse:
    """Record that an officer who works on the case has read them; the reporter sees since when."""
    now = timezone.now()
    case = case_or_404(request, number, now)
    try:
        public.note_read(case=case, actor=request.user, now=now)
    except NotAllowed:
        return HttpResponse(status=403)
    return HttpResponseRedirect(f"{case.get_absolute_url()}#dialogue")
