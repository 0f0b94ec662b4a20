"""Signing in and out."""

from __future__ import annotations

from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from bihuan.core.refusal import Refusal
from bihuan.orgs import devices, links, second_step
from bihuan.orgs.actions import signing_in
from bihuan.orgs.actions.signing_in import Place
from bihuan.orgs.forms import SignInForm
from bihuan.orgs.http import SignedInRequest
from bihuan.orgs.refusals import Busy, PasswordExpired, TooManyTries
from bihuan.orgs.wording import explain
from bihuan.tallies.addresses import network_of

_DESK = "/desk/"
_STATUS: dict[type[Refusal], int] = {Busy: 503, TooManyTries: 429, PasswordExpired: 200}
_FAILED = gettext_lazy(
    "Sign-in failed. Check the user name and password; after five failures you must wait 15 "
    "minutes."
)


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in; the answer is the same for every error."""
    came_for = came_for_in(request)
    if request.user.is_authenticated:
        return HttpResponseRedirect(came_for)
    form = SignInForm(request.POST or None)
    status = 200
    if form.is_valid():
        now = timezone.now()
        place = Place(network_of(request), request.COOKIES.get(devices.COOKIE, ""))
        try:
            user = signing_in.attempt(place=place, now=now, **form.cleaned_data)
        except (Busy, TooManyTries, PasswordExpired) as refusal:
            form.add_error(None, explain(refusal))
            status = _STATUS[type(refusal)]
        else:
            if user:
                return second_step.go_on(request, user, came_for, now)
            form.add_error(None, _FAILED)
    context = {"form": form, "links": links.of_sign_in()}
    answer = render(request, "orgs/sign_in.html", context, status=status)
    if status == 503:
        answer.headers["Retry-After"] = "5"
    return answer


@require_POST
def sign_out(request: SignedInRequest) -> HttpResponse:
    """Sign out."""
    key = request.session.session_key or ""
    signing_in.sign_out(actor=request.user, session_key=key, now=timezone.now())
    logout(request)
    return redirect("orgs:sign-in")


def came_for_in(request: HttpRequest) -> str:
    """Return the page that the visitor came from, if it is one of ours; other values are not
    addresses.
    """
    address = request.GET.get(REDIRECT_FIELD_NAME, "")
    ours = address.startswith("/") and url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if ours else resolve_url(_DESK)
