"""One's own second factor: what is set up, and how to change it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.core.refusal import Refusal
from bihuan.factors import queries
from bihuan.factors.actions import proving, removing
from bihuan.factors.actions import setting_up as actions
from bihuan.factors.actions.setting_up import Setter
from bihuan.factors.forms import AppForm, NewPasskeyForm, ProofForm
from bihuan.factors.models import CodeApp, Passkey
from bihuan.factors.views import setting_up
from bihuan.factors.wording import explain
from bihuan.orgs.http import SignedInRequest
from bihuan.orgs.second_step import TAKEN
from bihuan.orgs.views.pages import Crumb, FormPage, perform


@require_safe
def overview(request: SignedInRequest) -> HttpResponse:
    """List what is set up, and pending removals."""
    now, user = timezone.now(), request.user
    context = {
        "app": CodeApp.objects.filter(member=user).first(),
        "passkeys": queries.passkeys_of(user),
        "codes_left": queries.codes_left(user),
        "is_needed": queries.needs_factor(user, localdate(now)),
        "removal": queries.open_removal(user, now),
    }
    return render(request, "factors/overview.html", context)


@never_cache
@sensitive_post_parameters("code", "proof")
@require_http_methods(["GET", "POST"])
def set_up_app(request: SignedInRequest) -> HttpResponse:
    """Set up a code app: its key as a QR code and as text, confirmed by a first code."""
    form = AppForm(request.POST or None)
    done = _done(request, form, setting_up.app_set_up)
    if done is not None:
        return done
    context = {
        "form": form,
        "heading": _("Set up a code app"),
        "crumbs": _crumbs(),
        **setting_up.app_shown(request, request.user),
    }
    return render(request, "factors/set_up_app.html", context)


@never_cache
@sensitive_post_parameters("answer", "proof")
@require_http_methods(["GET", "POST"])
def add_passkey(request: SignedInRequest) -> HttpResponse:
    """Add a passkey of this device, or of a security key connected to it."""
    form = NewPasskeyForm(request.POST or None)
    done = _done(request, form, setting_up.passkey_added)
    if done is not None:
        return done
    context = {
        "form": form,
        "heading": _("Add a passkey"),
        "crumbs": _crumbs(),
        **setting_up.passkey_asked_for(request, request.user),
    }
    return render(request, "factors/add_passkey.html", context)


@sensitive_post_parameters("proof")
@require_http_methods(["GET", "POST"])
def remove_app(request: SignedInRequest) -> HttpResponse:
    """Remove the code app."""
    page = FormPage(
        heading=_("Remove the code app"),
        submit=_("Remove"),
        cancel_url=reverse("factors:second-factor"),
        crumbs=_crumbs(),
        done=_("Code app removed."),
        consequences=[_("The codes it shows stop working.")],
        danger=True,
    )
    return _proven(request, actions.remove_app, page)


@sensitive_post_parameters("proof")
@require_http_methods(["GET", "POST"])
def remove_passkey(request: SignedInRequest, pk: int) -> HttpResponse:
    """Remove a passkey."""
    passkey = get_object_or_404(Passkey, pk=pk, member=request.user)
    page = FormPage(
        heading=_("Remove the passkey %(name)s") % {"name": passkey.name},
        submit=_("Remove"),
        cancel_url=reverse("factors:second-factor"),
        crumbs=_crumbs(),
        done=_("Passkey removed."),
        consequences=[_("It can no longer be used to sign in.")],
        danger=True,
    )
    return _proven(request, partial(actions.remove_passkey, passkey=passkey), page)


@never_cache
@sensitive_post_parameters("proof")
@require_http_methods(["GET", "POST"])
def make_codes(request: SignedInRequest) -> HttpResponse:
    """Create new recovery codes, shown once."""
    if not queries.has_factor(request.user):
        return redirect("factors:second-factor")
    now, form = timezone.now(), ProofForm(request.POST or None)
    if form.is_valid():
        try:
            _prove(request, form, now)
            codes = actions.make_recovery_codes(actor=request.user, now=now)
        except Refusal as refusal:
            form.add_error(setting_up.field_of(refusal, form), explain(refusal))
        else:
            return setting_up.codes_once(
                request, codes, reverse("factors:second-factor"), _crumbs()
            )
    context = {
        "heading": _("New recovery codes"),
        "form": form,
        "submit": _("Create new codes"),
        "cancel_url": reverse("factors:second-factor"),
        "crumbs": _crumbs(),
        "consequences": [_("All earlier recovery codes stop working.")],
    }
    return render(request, "web/confirm.html", context)


@require_POST
def keep(request: SignedInRequest) -> HttpResponse:
    """Withdraw a removal request: the factor is not lost."""
    now = timezone.now()
    removal = queries.open_removal(request.user, now)
    try:
        if removal is not None:
            removing.withdraw_removal(removal=removal, actor=request.user, now=now)
            messages.success(request, _("Your second factor stays unchanged."))
    except Refusal as refusal:
        messages.error(request, explain(refusal))
    return redirect("factors:second-factor")


def _crumbs() -> list[Crumb]:
    return [
        (_("My account"), reverse("orgs:account")),
        (_("Second factor"), reverse("factors:second-factor")),
    ]


def _done(
    request: SignedInRequest, form: forms.Form, act: Callable[..., list[str]]
) -> HttpResponse | None:
    """Return the page after a successful set-up; None if it failed."""
    now = timezone.now()
    if not form.is_valid():
        return None
    setter = Setter(request.user, session_key=request.session.session_key or "")
    try:
        _prove(request, form, now)
        codes = act(request, form, setter, now)
    except Refusal as refusal:
        form.add_error(setting_up.field_of(refusal, form), explain(refusal))
        return None
    request.session.setdefault(TAKEN, "set-up")
    if codes:
        return setting_up.codes_once(request, codes, reverse("factors:second-factor"), _crumbs())
    messages.success(request, _("Set-up complete."))
    return redirect("factors:second-factor")


def _proven(request: SignedInRequest, act: Callable[..., object], page: FormPage) -> HttpResponse:
    """Run the action once the officer has proved their identity again."""
    form = ProofForm(request.POST or None)

    def proven(*, now: datetime, proof: str, **given: Any) -> None:
        _prove(request, form, now)
        act(now=now, **given)

    return perform(request, form, proven, page, timezone.now(), explain=explain)


def _prove(request: SignedInRequest, form: forms.Form, now: datetime) -> None:
    place, proof = setting_up.place_of(request), form.cleaned_data["proof"]
    proving.by_password_or_code(user=request.user, text=proof, place=place, now=now)
