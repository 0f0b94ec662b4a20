"""The invitation of a party: its code on a slip, shown once and not stored."""

from __future__ import annotations

from uuid import uuid4

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bihuan.cases.models import Case
from bihuan.core import codes
from bihuan.core.refusal import Refusal
from bihuan.desk.views.case import crumbs_to
from bihuan.mediations import wording
from bihuan.mediations.actions import applications
from bihuan.mediations.actions.applications import Invitation
from bihuan.mediations.forms import InviteForm
from bihuan.mediations.models import Party
from bihuan.mediations.views.papers import mediated
from bihuan.orgs.http import SignedInRequest
from bihuan.receipts import printed


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def invitation(request: SignedInRequest, number: str, slot: str) -> HttpResponse:
    """Explain what will happen; then show the slip for printing, once."""
    now = timezone.now()
    case = mediated(request, number, now)
    if not Party.objects.filter(mediation=case.pk, slot=slot).exists():
        raise Http404
    form = InviteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = applications.invite(
                case=case,
                slot=slot,
                actor=request.user,
                now=now,
                form_key=uuid4().hex,
                again=form.cleaned_data["again"],
            )
        except Refusal as refusal:
            form.add_error(None, wording.explain(refusal))
        else:
            return _slip(request, case, made)
    return render(request, "web/confirm.html", _confirm(case, slot, form))


def _confirm(case: Case, slot: str, form: InviteForm) -> dict[str, object]:
    return {
        "form": form,
        "heading": _("Print the invitation for %(party)s") % {"party": wording.party(slot)},
        "consequences": [
            _("The slip with the party's own code is shown only once. Print it immediately."),
            _("Give it to the party in a closed envelope: its holder acts for the party."),
            _("You must give a reason to unseal the party's identity."),
        ],
        "submit": _("Show slip"),
        "cancel_url": case.get_absolute_url(),
        **crumbs_to(case),
    }


def _slip(request: SignedInRequest, case: Case, made: Invitation) -> HttpResponse:
    context = {
        "case": case,
        "party": wording.party(made.slot),
        "code": codes.written(made.code),
        "phrases": [applications.phrase(made, language) for language in ("zh", "en")],
        "slip": made.slip,
        "picture": printed.picture(made.slip),
        "day": made.day,
        "track": printed.address(request),
    }
    return render(request, "mediations/invitation.html", context)
