"""The second step of a sign-in, and the set-up of a factor during the sign-in."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from bihuan.core.refusal import Refusal
from bihuan.factors import passkeys, queries
from bihuan.factors.actions import proving
from bihuan.factors.actions.proving import SecondStepProof
from bihuan.factors.actions.setting_up import Setter
from bihuan.factors.forms import FirstAppForm, FirstPasskeyForm, PasskeyForm, SecondStepForm
from bihuan.factors.refusals import SetUpTooSlow
from bihuan.factors.views import setting_up
from bihuan.factors.wording import explain
from bihuan.orgs import devices, second_step
from bihuan.orgs.actions import signing_in
from bihuan.orgs.models import User
from bihuan.orgs.refusals import TooManyTries
from bihuan.orgs.second_step import PendingSignIn

_TO_SIGN = "passkey_to_sign"


@login_not_required
@never_cache
@sensitive_post_parameters("code", "answer")
@require_http_methods(["GET", "POST"])
def take(request: HttpRequest) -> HttpResponse:
    """Take a code, a recovery code or a passkey; redirect an officer without any to the set-up."""
    now = timezone.now()
    held = second_step.held(request, now)
    if held is None:
        return redirect("orgs:sign-in")
    if not queries.has_factor(held.user):
        return redirect("factors:set-up-at-sign-in")
    has_app = queries.has_app(held.user)
    form = SecondStepForm(request.POST if "code" in request.POST else None, has_app=has_app)
    answer = PasskeyForm(request.POST if "answer" in request.POST else None)
    problem, status = "", 200
    try:
        taken = _taken(request, held.user, form, answer, now)
    except Refusal as refusal:
        problem, status = explain(refusal), 429 if isinstance(refusal, TooManyTries) else 200
    else:
        if taken:
            signing_in.note_second_step(user=held.user, taken=taken, now=now)
            _enter(request, held, taken, now)
            return devices.remember(request, HttpResponseRedirect(held.came_for), held.user)
    context = {"form": form, "problem": problem, **_to_sign(request, held.user)}
    return render(request, "factors/second_step.html", context, status=status)


@login_not_required
@never_cache
@sensitive_post_parameters("code", "answer")
@require_http_methods(["GET", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """Set up the first factor, which is required to continue; then show the recovery codes."""
    now = timezone.now()
    held = second_step.held(request, now)
    if held is None:
        return redirect("orgs:sign-in")
    if queries.has_factor(held.user):
        return redirect("factors:second-step")
    by_passkey = "answer" in request.POST
    app = FirstAppForm(None if by_passkey else request.POST or None)
    passkey = FirstPasskeyForm(request.POST if by_passkey else None)
    try:
        codes, taken = _set_up(request, held.user, app, passkey, now)
    except Refusal as refusal:
        form = passkey if by_passkey else app
        form.add_error(setting_up.field_of(refusal, form), explain(refusal))
    else:
        if taken:
            signing_in.note_second_step(user=held.user, taken=taken, now=now)
            _enter(request, held, taken, now)
            page = setting_up.codes_once(request, codes, held.came_for)
            return devices.remember(request, page, held.user)
    context = {
        "app": app,
        "passkey": passkey,
        **setting_up.app_shown(request, held.user),
        **setting_up.passkey_asked_for(request, held.user),
    }
    return render(request, "factors/set_up.html", context)


def _taken(
    request: HttpRequest, user: User, form: SecondStepForm, answer: PasskeyForm, now: datetime
) -> SecondStepProof | None:
    place = setting_up.place_of(request)
    if form.is_valid():
        code = form.cleaned_data["code"]
        return proving.by_code(user=user, code=code, place=place, now=now)
    if not answer.is_valid():
        return None
    challenge = request.session.pop(_TO_SIGN, None)
    if challenge is None:
        raise SetUpTooSlow
    site = passkeys.site_of(request)
    return proving.by_passkey(
        user=user, challenge=challenge, answer=answer.said(), site=site, place=place, now=now
    )


def _set_up(
    request: HttpRequest,
    user: User,
    app: FirstAppForm,
    passkey: FirstPasskeyForm,
    now: datetime,
) -> tuple[list[str], SecondStepProof | None]:
    setter = Setter(user, is_on_the_way_in=True)
    if app.is_valid():
        return setting_up.app_set_up(request, app, setter, now), SecondStepProof.APP
    if passkey.is_valid():
        return setting_up.passkey_added(request, passkey, setter, now), SecondStepProof.PASSKEY
    return [], None


def _to_sign(request: HttpRequest, user: User) -> dict[str, Any]:
    """Return the passkey request for the script, if the officer has a passkey for this host."""
    site = passkeys.site_of(request)
    present = queries.passkeys_of(user, site.host) if site.can_ask else []
    if not present:
        return {"to_sign": ""}
    options, challenge = passkeys.to_sign(present, site)
    request.session[_TO_SIGN] = challenge
    return {"to_sign": json.dumps(options)}


def _enter(
    request: HttpRequest, held: PendingSignIn, taken: SecondStepProof, now: datetime
) -> None:
    second_step.enter(request, held.user, now, taken=taken)
