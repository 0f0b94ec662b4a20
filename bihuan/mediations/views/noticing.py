"""The page on which an officer records a dispute noticed in a screening round."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bihuan.cases.wording import masked_words
from bihuan.core.refusal import Refusal
from bihuan.files.fields import sent_key
from bihuan.mediations.actions import dispute_notices
from bihuan.mediations.forms import NoticeForm
from bihuan.mediations.wording import explain
from bihuan.orgs.http import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
def notice(request: SignedInRequest) -> HttpResponse:
    """Record place and subject; the same form sent twice creates one case."""
    now = timezone.now()
    form = NoticeForm(request.POST or None, user=request.user, now=now)
    if form.is_valid():
        try:
            case = dispute_notices.notice(
                dispute=form.dispute(),
                actor=request.user,
                now=now,
                form_key=sent_key(form),
            )
        except Refusal as refusal:
            form.add_error(None, explain(refusal))
        else:
            messages.success(request, _("Recorded as %(number)s.") % {"number": case.number})
            if form.dispute().names_people:
                messages.info(request, masked_words())
            return redirect(case)
    context = {
        "form": form,
        "heading": _("Record a dispute"),
        "intro": _(
            "For disputes that an officer notices on a screening round. Enter no names; the "
            "entry binds no one."
        ),
        "submit": _("Record dispute"),
    }
    return render(request, "web/form_page.html", context)
