"""Shared by the set-up pages for signed-in officers and during the sign-in.

The state of a page is kept in the session until it is answered: the secret of an app, encrypted as
it will be stored, and the passkey request.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from bihuan.core.refusal import Refusal
from bihuan.factors import locking, passkeys, queries, totp
from bihuan.factors.actions import setting_up
from bihuan.factors.actions.setting_up import Setter
from bihuan.factors.forms import FirstAppForm, FirstPasskeyForm
from bihuan.factors.refusals import NameTaken, NotProven, SetUpTooSlow, WrongCode
from bihuan.orgs import devices
from bihuan.orgs.actions.signing_in import Place
from bihuan.orgs.models import User
from bihuan.orgs.views.pages import Crumb
from bihuan.tallies.addresses import network_of

_FIELDS: dict[type[Refusal], str] = {WrongCode: "code", NotProven: "proof", NameTaken: "name"}
_SECRET, _TO_MAKE = "app_secret", "passkey_to_make"


def place_of(request: HttpRequest) -> Place:
    return Place(network_of(request), request.COOKIES.get(devices.COOKIE, ""))


def app_shown(request: HttpRequest, user: User) -> dict[str, Any]:
    """Return the key of an app as a QR code and as text; it stays the same until it is used."""
    locked = request.session.setdefault(_SECRET, locking.lock(totp.new_secret()))
    secret = locking.unlock(locked)
    return {"picture": totp.picture(secret, user.username), "key": totp.to_type(secret)}


def app_set_up(
    request: HttpRequest, form: FirstAppForm, setter: Setter, now: datetime
) -> list[str]:
    """Save the app whose code was typed; return the recovery codes if it is the first factor."""
    locked = request.session.get(_SECRET)
    if locked is None:
        raise SetUpTooSlow
    code, secret = form.cleaned_data["code"], locking.unlock(locked)
    made = setting_up.set_up_app(actor=setter, secret=secret, code=code, now=now)
    request.session.pop(_SECRET, None)
    return made


def passkey_asked_for(request: HttpRequest, user: User) -> dict[str, Any]:
    """Return the passkey request for the script; None if this address cannot have passkeys."""
    site = passkeys.site_of(request)
    if not site.can_ask:
        return {"to_make": ""}
    options, challenge = passkeys.to_make(user, queries.passkeys_of(user, site.host), site)
    request.session[_TO_MAKE] = challenge
    return {"to_make": json.dumps(options)}


def passkey_added(
    request: HttpRequest, form: FirstPasskeyForm, setter: Setter, now: datetime
) -> list[str]:
    """Save the passkey that the browser created; return the recovery codes if it is the first
    factor.
    """
    challenge = request.session.pop(_TO_MAKE, None)
    if challenge is None:
        raise SetUpTooSlow
    return setting_up.add_passkey(
        actor=setter,
        name=form.cleaned_data["name"],
        challenge=challenge,
        answer=form.said(),
        site=passkeys.site_of(request),
        now=now,
    )


def field_of(refusal: Refusal, form: forms.Form) -> str | None:
    """Return the field that the refusal is about; None if it is about no field."""
    name = _FIELDS.get(type(refusal))
    return name if name in form.fields else None


def codes_once(
    request: HttpRequest, codes: list[str], go_on: str, crumbs: Sequence[Crumb] = ()
) -> HttpResponse:
    """Show the recovery codes, which no page shows again."""
    context = {
        "codes": codes,
        "go_on": go_on,
        "heading": _("Recovery codes"),
        "crumbs": crumbs,
    }
    return render(request, "factors/codes_once.html", context)
