"""A lost second factor, for administrators: one requests its removal, another confirms."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.core.refusal import Refusal
from bihuan.factors import queries
from bihuan.factors.actions import removing
from bihuan.factors.forms import RemovalForm
from bihuan.factors.models import CodeApp
from bihuan.factors.wording import explain
from bihuan.orgs.http import SignedInRequest
from bihuan.orgs.models import User
from bihuan.orgs.views.pages import FormPage, administered_member, crumbs_to_member, perform


@require_safe
def of(request: SignedInRequest, pk: int) -> HttpResponse:
    """Redirect from a notice to one's own factors, or to those of the officer in question."""
    if pk == request.user.pk:
        return redirect("factors:second-factor")
    holder = User.objects.filter(pk=pk).first()
    if holder is None:
        raise Http404
    return redirect("factors:member-second-factor", holder.username)


@require_safe
def of_member(request: SignedInRequest, username: str) -> HttpResponse:
    """Show whether an officer has a second factor, and what waits for a second administrator."""
    now = timezone.now()
    holder = administered_member(request, username, now)
    removal = queries.open_removal(holder, now)
    context = {
        "holder": holder,
        "heading": _("Second factor"),
        "crumbs": crumbs_to_member(holder),
        "has_app": CodeApp.objects.filter(member=holder).exists(),
        "passkeys": len(queries.passkeys_of(holder)),
        "removal": removal,
        "may_ask": removal is None and holder != request.user and queries.has_factor(holder),
        "may_confirm": removal is not None
        and request.user.pk not in (holder.pk, removal.asked_by_id),
    }
    return render(request, "factors/member.html", context)


@require_http_methods(["GET", "POST"])
def ask(request: SignedInRequest, username: str) -> HttpResponse:
    """Request the removal of an officer's lost factor."""
    now = timezone.now()
    holder = administered_member(request, username, now)
    here = reverse("factors:member-second-factor", args=[holder.username])
    page = FormPage(
        heading=_("%(holder)s lost the second factor") % {"holder": holder},
        submit=_("Request removal"),
        cancel_url=here,
        crumbs=[*crumbs_to_member(holder), (_("Second factor"), here)],
        done=_("Another administrator must confirm it within three days."),
        consequences=[
            _("The officer and all other administrators who may confirm it are notified."),
            _("After that the officer signs in with the password and sets up another factor."),
        ],
        danger=True,
    )
    form = RemovalForm(request.POST or None)
    act = partial(removing.ask_removal, holder=holder)
    return perform(request, form, act, page, now, explain=explain)


@require_POST
def confirm(request: SignedInRequest, username: str) -> HttpResponse:
    """Confirm the request of another administrator."""
    done = _("The second factor has been removed, and all sessions of the officer have ended.")
    return _decided(request, username, removing.confirm_removal, done)


@require_POST
def withdraw(request: SignedInRequest, username: str) -> HttpResponse:
    """Withdraw a request."""
    done = _("Request withdrawn.")
    return _decided(request, username, removing.withdraw_removal, done)


def _decided(
    request: SignedInRequest, username: str, act: Callable[..., None], done: str
) -> HttpResponse:
    now = timezone.now()
    holder = administered_member(request, username, now)
    removal = queries.open_removal(holder, now)
    try:
        if removal is not None:
            act(removal=removal, actor=request.user, now=now)
            messages.success(request, done)
    except Refusal as refusal:
        messages.error(request, explain(refusal))
    return redirect("factors:member-second-factor", holder.username)
