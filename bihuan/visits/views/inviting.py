"""The users of the operator of a site: invited, given a new password, and ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.core.refusal import Refusal
from bihuan.orgs import passwords
from bihuan.orgs.actions.once import Outcome, issued, once
from bihuan.orgs.http import SignedInRequest
from bihuan.orgs.models import User
from bihuan.orgs.views.issued import number_of
from bihuan.sites import queries as sites
from bihuan.sites.models import Site
from bihuan.visits import operating, wording
from bihuan.visits.actions import inviting
from bihuan.visits.operator_forms import InviteForm
from bihuan.web.forms import OnceForm


@require_safe
@never_cache
def users(request: SignedInRequest, pk: int) -> HttpResponse:
    """List who acts for the operator of a site."""
    now = timezone.now()
    site = _regulated(request, pk, now)
    assert site.operator_unit is not None
    context = {
        "site": site,
        "heading": _("Users of the operator"),
        "rows": operating.users_of(site.operator_unit, now),
        "crumbs": _crumbs(site)[:1],
    }
    return render(request, "visits/operator_users.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def invite(request: SignedInRequest, pk: int) -> HttpResponse:
    """Create a user of the operator; the next page shows the first password."""
    now = timezone.now()
    site = _regulated(request, pk, now)
    form = InviteForm(request.POST or None)
    if form.is_valid():
        name, username = form.cleaned_data["name"], form.cleaned_data["username"].lower()

        def act(number: str) -> User:
            temporary = passwords.derived(number, username)
            return inviting.invite(
                site=site, username=username, name=name, temporary=temporary, actor=request.user,
                now=now,
            )  # fmt: skip

        if answer := _carried_out(request, form, site, now, act):
            return answer
    context = {
        "form": form,
        "heading": _("Invite a user of the operator"),
        "intro": _(
            "The user sees the sites of this enterprise or school, and submits their papers. "
            "Nothing else is open to the user."
        ),
        "submit": _("Invite"),
        "cancel_url": reverse("visits:operator-users", args=[site.pk]),
        "crumbs": _crumbs(site),
    }
    return render(request, "web/form_page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def reset(request: SignedInRequest, pk: int, username: str) -> HttpResponse:
    """Give a user of the operator a new temporary password."""
    now = timezone.now()
    site = _regulated(request, pk, now)
    member = _member(site, username, now)
    form = OnceForm(request.POST or None)
    if form.is_valid():

        def act(number: str) -> User:
            temporary = passwords.derived(number, member.username)
            return inviting.reset(
                site=site, member=member, temporary=temporary, actor=request.user, now=now
            )

        if answer := _carried_out(request, form, site, now, act):
            return answer
    consequences = [_("The old password no longer works, and the user is signed out everywhere.")]
    return _confirm(request, site, form, member, _("New password"), consequences)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def end(request: SignedInRequest, pk: int, username: str) -> HttpResponse:
    """End the access of a user of the operator."""
    now = timezone.now()
    site = _regulated(request, pk, now)
    member = _member(site, username, now)
    form = OnceForm(request.POST or None)
    if form.is_valid():
        try:
            inviting.end(site=site, member=member, actor=request.user, now=now)
        except Refusal as refusal:
            form.add_error(None, wording.explain(refusal))
        else:
            messages.success(request, _("The access has ended."))
            return redirect("visits:operator-users", site.pk)
    consequences = [
        _("The account is closed at once. What the user submitted stays on record."),
        _("Another user can be invited at any time."),
    ]
    return _confirm(request, site, form, member, _("End the access"), consequences)


@require_safe
@never_cache
def shown(request: SignedInRequest, pk: int, number: str) -> HttpResponse:
    """Show the temporary password for an hour, to the officer who issued it."""
    now = timezone.now()
    site = _regulated(request, pk, now)
    found = issued(number, request.user, now)
    if found is None or found.member is None:
        raise Http404
    context = {
        "site": site,
        "found": found,
        "member": found.member,
        "heading": _("Temporary password"),
        "sign_in": request.build_absolute_uri(reverse("orgs:sign-in")),
        "crumbs": _crumbs(site),
    }
    return render(request, "visits/operator_issued.html", context)


def _carried_out(
    request: SignedInRequest, form: OnceForm, site: Site, now: datetime, act: Callable[[str], User]
) -> HttpResponse | None:
    """Carry the form out once, and lead to the password; None if it was refused."""
    number = number_of(request)
    try:
        once(number=number, actor=request.user, now=now, act=lambda: Outcome(act(number)))
    except Refusal as refusal:
        form.add_error(None, wording.explain(refusal))
        return None
    return redirect("visits:operator-issued", site.pk, number)


def _confirm(
    request: SignedInRequest,
    site: Site,
    form: OnceForm,
    member: User,
    label: str,
    consequences: list[str],
) -> HttpResponse:
    colon = _(": ")
    context = {
        "form": form,
        "heading": f"{label}{colon}{member.name}",
        "consequences": consequences,
        "submit": label,
        "danger": True,
        "cancel_url": reverse("visits:operator-users", args=[site.pk]),
        "crumbs": _crumbs(site),
    }
    return render(request, "web/confirm.html", context)


def _regulated(request: SignedInRequest, pk: int, now: datetime) -> Site:
    """Return a site whose operator's users the officer may invite; else 404."""
    rows = sites.visible_to(request.user, now).select_related("unit", "operator_unit")
    site = get_object_or_404(rows, pk=pk)
    if not operating.may_invite(request.user, site, now):
        raise Http404
    return site


def _member(site: Site, username: str, now: datetime) -> User:
    assert site.operator_unit is not None
    held = operating.users_of(site.operator_unit, now)
    found = next((each.member for each in held if each.member.username == username), None)
    if found is None:
        raise Http404
    return found


def _crumbs(site: Site) -> list[tuple[str, str]]:
    return [
        (site.name, site.get_absolute_url()),
        (_("Users of the operator"), reverse("visits:operator-users", args=[site.pk])),
    ]
