"""One's own account: contact details, password, and signed-in devices."""

from __future__ import annotations

from datetime import date
from functools import partial

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.core.powers import NO_CASES
from bihuan.core.refusal import Refusal
from bihuan.orgs import access, links, operators, queries, stand_ins
from bihuan.orgs.actions import members, signing_in
from bihuan.orgs.forms import AccountForm, OwnPasswordForm
from bihuan.orgs.http import SignedInRequest
from bihuan.orgs.models import StandInOffer, Tenure
from bihuan.orgs.wording import POWERS, explain, nobody_for


@require_http_methods(["GET", "POST"])
def account(request: SignedInRequest) -> HttpResponse:
    """Show and change telephone and language; list the posts held."""
    now = timezone.now()
    first = {
        "work_phone": request.user.work_phone,
        "language": request.user.language or translation.get_language(),
    }
    form = AccountForm(request.POST or None, initial=first)
    if form.is_valid():
        user = members.change_own_account(actor=request.user, now=now, **form.cleaned_data)
        translation.activate(user.language)
        messages.success(request, _("Your account has been updated."))
        answer = redirect("orgs:account")
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, samesite="Lax")
        return answer
    on = localdate(now)
    lent = Prefetch("stand_ins", queryset=stand_ins.now_and_later(on), to_attr="lent")
    waiting = StandInOffer.objects.waiting(on)
    offered = Prefetch("stand_in_offers", queryset=waiting, to_attr="offered")
    tenures = queries.held_by(request.user).in_force(on).prefetch_related(lent, offered)
    posts = [
        (tenure, [POWERS[power] for power in tenure.post.powers], _no_stand_in(tenure, on))
        for tenure in tenures
    ]
    context = {
        "form": form,
        "posts": posts,
        "links": [e for e in links.of_account() if operators.may_open(request.user, e.name, on)],
        "operates": access.is_operator(request.user, on),
        "may_be_lent": {t.pk for t, _, why in posts if not why and _has_work(t)},
        "represented": stand_ins.now_and_later(on).filter(member=request.user),
        "asked": waiting.filter(member=request.user),
        "on": on,
    }
    return render(request, "orgs/account.html", context)


def _has_work(tenure: Tenure) -> bool:
    return bool(set(tenure.post.powers) - NO_CASES)


def _no_stand_in(tenure: Tenure, on: date) -> str:
    """Say why no officer can act for this one in the post; empty if one can."""
    if not _has_work(tenure) or stand_ins.possible(tenure, on):
        return ""
    lacking, is_missing = stand_ins.lacking(tenure, on)
    return nobody_for(lacking, is_missing=is_missing)


@sensitive_post_parameters("present", "new", "again")
@require_http_methods(["GET", "POST"])
def password(request: SignedInRequest) -> HttpResponse:
    """Change one's own password."""
    form = OwnPasswordForm(request.POST or None, user=request.user)
    if form.is_valid():
        change = partial(
            members.change_own_password,
            actor=request.user,
            session_key=request.session.session_key or "",
            now=timezone.now(),
        )
        try:
            user = change(present=form.cleaned_data["present"], new=form.cleaned_data["new"])
        except Refusal as refusal:
            form.add_error("present", explain(refusal))
        else:
            update_session_auth_hash(request, user)
            messages.success(
                request, _("Your password has been changed; other devices are signed out.")
            )
            return redirect("orgs:account")
    return render(
        request,
        "web/form_page.html",
        {
            "heading": _("Change password"),
            "intro": _("You have a temporary password. Choose your own to continue.")
            if request.user.must_change_password
            else "",
            "form": form,
            "submit": _("Change password"),
            "cancel_url": "" if request.user.must_change_password else reverse("orgs:account"),
        },
    )


@require_safe
def sessions(request: SignedInRequest) -> HttpResponse:
    """List the devices on which one is signed in."""
    live = queries.live_sessions(request.user, timezone.now())
    here = request.session.session_key
    rows = [(sign_in, sign_in.session_key == here) for sign_in in live]
    return render(request, "orgs/sessions.html", {"sessions": rows})


@require_http_methods(["POST"])
def end_session(request: SignedInRequest, handle: str) -> HttpResponse:
    """Sign out one device."""
    if signing_in.end_session(actor=request.user, handle=handle, now=timezone.now()):
        messages.success(request, _("The device has been signed out."))
    return redirect("orgs:account-sessions")


@require_http_methods(["POST"])
def end_other_sessions(request: SignedInRequest) -> HttpResponse:
    """Sign out all other devices."""
    ended = signing_in.end_other_sessions(
        actor=request.user, session_key=request.session.session_key or "", now=timezone.now()
    )
    messages.success(
        request, ngettext("%d device is signed out.", "%d devices are signed out.", ended) % ended
    )
    return redirect("orgs:account-sessions")
