"""Officers' accounts, for administrators."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime
from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bihuan import formats
from bihuan.core.powers import Power
from bihuan.core.refusal import Refusal
from bihuan.orgs import access, holdings, links, naming, officers, passwords, queries
from bihuan.orgs.actions import members
from bihuan.orgs.actions.once import Outcome, once
from bihuan.orgs.forms import MemberForm, NewMemberForm, OnceForm, ReasonForm, first_values
from bihuan.orgs.http import SignedInRequest
from bihuan.orgs.models import User
from bihuan.orgs.views.issued import number_of
from bihuan.orgs.views.pages import (
    FormPage,
    administered_member,
    crumbs_to_member,
    crumbs_to_members,
    perform,
)
from bihuan.orgs.wording import explain

_PAGE = 50


@require_safe
def listing(request: SignedInRequest) -> HttpResponse:
    """List the officers whose accounts the reader administers."""
    on = localdate(timezone.now())
    if not access.units_with(request.user, Power.ADMINISTER, on):
        raise PermissionDenied
    words = request.GET.get("q", "").strip()
    known = queries.members_under(request.user, on)
    rows = list(queries.named(known, words, after=request.GET.get("after", ""))[: _PAGE + 1])
    more = {"q": words, "after": rows[_PAGE - 1].username} if len(rows) > _PAGE else {}
    seats = officers.seats_of(rows[:_PAGE], on)
    context = {
        "members": [(each, seats.get(each.pk, [])) for each in rows[:_PAGE]],
        "words": words,
        "next_url": f"?{urlencode(more)}" if more else "",
    }
    return render(request, "orgs/members.html", context)


@require_safe
def member(request: SignedInRequest, username: str) -> HttpResponse:
    """Show one officer's account and posts."""
    now = timezone.now()
    shown = administered_member(request, username, now)
    tenures = queries.held_by(shown)
    context = {
        "member": shown,
        "heading": shown.name,
        "crumbs": crumbs_to_members(),
        "tenures": tenures,
        "locked": shown.locked_at(now),
        "links": links.of_member(),
        "expired": shown.expired_at(now),
    }
    return render(request, "orgs/member.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def add(request: SignedInRequest) -> HttpResponse:
    """Create an account; the next page shows its first password."""
    now = timezone.now()
    if not access.units_with(request.user, Power.ADMINISTER, localdate(now)):
        raise PermissionDenied
    form = NewMemberForm(request.POST or None)
    if form.is_valid():
        number, given = number_of(request), dict(form.cleaned_data)
        given.pop("form_key")
        given["temporary"] = passwords.derived(number, given["username"].lower())

        def act() -> Outcome:
            return Outcome(members.add_member(actor=request.user, now=now, **given)[0])

        try:
            once(number=number, actor=request.user, now=now, act=act)
        except Refusal as refusal:
            form.add_error(None, explain(refusal))
        else:
            return redirect("orgs:issued", number)
    context = {
        "heading": _("Add officer"),
        "form": form,
        "submit": _("Add officer"),
        "cancel_url": reverse("orgs:members"),
        "crumbs": crumbs_to_members(),
    }
    return render(request, "web/form_page.html", context)


@require_http_methods(["GET", "POST"])
def change(request: SignedInRequest, username: str) -> HttpResponse:
    """Change an officer's name or telephone number."""
    now = timezone.now()
    changed = administered_member(request, username, now)
    page = FormPage(
        heading=_("Change %(member)s") % {"member": changed},
        submit=_("Save"),
        cancel_url=reverse("orgs:member", args=[changed.username]),
        crumbs=crumbs_to_member(changed),
        done=_("Account changed."),
    )
    form = MemberForm(request.POST or None, initial=first_values(changed, MemberForm))
    return perform(request, form, partial(members.change_member, member=changed), page, now)


@require_http_methods(["GET", "POST"])
def deactivate(request: SignedInRequest, username: str) -> HttpResponse:
    """Close an account."""
    now = timezone.now()
    closed = administered_member(request, username, now)
    page = FormPage(
        heading=_("Close the account of %(member)s") % {"member": closed},
        submit=_("Close account"),
        cancel_url=reverse("orgs:member", args=[closed.username]),
        crumbs=crumbs_to_member(closed),
        done=_("Account closed."),
        consequences=[
            _("The officer is signed out immediately and cannot sign in again."),
            _("Posts and open work stay unchanged until you hand the posts over."),
            *_what_waits(closed, localdate(now)),
        ],
        danger=True,
    )
    form = ReasonForm(request.POST or None)
    return perform(request, form, partial(members.deactivate_member, member=closed), page, now)


@never_cache
@require_http_methods(["GET", "POST"])
def reactivate(request: SignedInRequest, username: str) -> HttpResponse:
    """Reopen a closed account, after a page that explains the effect."""
    now = timezone.now()
    closed = administered_member(request, username, now)
    if request.method != "POST":
        heading = _("Reopen the account of %(member)s") % {"member": closed.name}
        lets_in = _("The officer can sign in again, with a new password.")
        return _ask_first(request, closed, heading, _("Reopen account"), lets_in)
    return _give_password(request, closed, members.reactivate_member, now)


@never_cache
@require_http_methods(["GET", "POST"])
def reset_password(request: SignedInRequest, username: str) -> HttpResponse:
    """Set a temporary password, after a page that explains the effect."""
    now = timezone.now()
    forgetful = administered_member(request, username, now)
    if request.method != "POST":
        heading = _("Reset the password of %(member)s") % {"member": forgetful.name}
        ends = _(
            "The current password becomes invalid, and the officer is signed out on every device."
        )
        return _ask_first(request, forgetful, heading, _("Reset password"), ends)
    return _give_password(request, forgetful, members.reset_password, now)


def _what_waits(member: User, on: date) -> list[str]:
    """Describe the open work of each post that the officer would leave vacant."""
    held = queries.held_by(member).in_force(on)
    works = [(naming.seat_of(each.post), holdings.of_post(each.post, on)) for each in held]
    return [
        _("%(post)s has open work: %(work)s.") % {"post": post, "work": formats.clauses(work)}
        for post, work in works
        if work
    ]


def _ask_first(
    request: SignedInRequest, member: User, heading: str, submit: str, first: str
) -> HttpResponse:
    page = FormPage(
        heading=heading,
        submit=submit,
        cancel_url=reverse("orgs:member", args=[member.username]),
        crumbs=crumbs_to_member(member),
        done="",
        consequences=[
            first,
            _(
                "The new password is shown on the next page, for an hour. Give it to the officer "
                "in person."
            ),
            _(
                "The officer and the leader of the unit are notified. It cannot be used for "
                "unsealing for 72 hours, unless a second administrator confirms it."
            ),
        ],
    )
    return render(request, "web/confirm.html", {**asdict(page), "form": OnceForm()})


def _give_password(
    request: SignedInRequest, member: User, give: Callable[..., object], now: datetime
) -> HttpResponse:
    """Set a temporary password, once for each form, and go to the page that shows it."""
    number = number_of(request)
    temporary = passwords.derived(number, member.username)

    def act() -> Outcome:
        give(member=member, actor=request.user, now=now, temporary=temporary)
        return Outcome(member)

    try:
        once(number=number, actor=request.user, now=now, act=act)
    except Refusal as refusal:
        messages.error(request, explain(refusal))
        return redirect("orgs:member", username=member.username)
    return redirect("orgs:issued", number)
