"""What an officer may do: every post with its powers, and the acts that they allow."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan.orgs.http import SignedInRequest
from bihuan.orgs.models import User
from bihuan.orgs.views.pages import Crumb, administered_member, crumbs_to_member
from bihuan.staffing import allowed


@require_safe
def of_officer(request: SignedInRequest, username: str) -> HttpResponse:
    """Show administrators what one of their officers may do."""
    now = timezone.now()
    member = administered_member(request, username, now)
    return _page(request, member, crumbs_to_member(member), now)


@require_safe
def own(request: SignedInRequest) -> HttpResponse:
    """Show officers what they may do themselves."""
    return _page(
        request, request.user, [(_("My account"), reverse("orgs:account"))], timezone.now()
    )


def _page(
    request: SignedInRequest, member: User, crumbs: list[Crumb], now: datetime
) -> HttpResponse:
    context = {
        "heading": _("What %(name)s may do") % {"name": member.name},
        "member": member,
        "crumbs": crumbs,
        "now": now,
        "seats": allowed.seats(member, now),
        "lines": allowed.lines(member, localdate(now)),
        "kinds": allowed.acts(member, localdate(now)),
    }
    return render(request, "staffing/powers.html", context)
