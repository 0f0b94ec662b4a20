"""Sign-in through an identity provider, and the subjects assigned to officers."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.core import second_factor
from bihuan.core.refusal import Refusal
from bihuan.factors import provider
from bihuan.factors.actions import provided
from bihuan.factors.forms import SubjectForm
from bihuan.factors.models import ProviderSubject
from bihuan.factors.provider import Answer, Question
from bihuan.factors.wording import explain
from bihuan.orgs import second_step
from bihuan.orgs.actions.signing_in import LOCK
from bihuan.orgs.http import SignedInRequest
from bihuan.orgs.views.pages import FormPage, administered_member, crumbs_to_member, perform
from bihuan.orgs.views.signing_in import came_for_in
from bihuan.tallies import counting
from bihuan.tallies.addresses import network_of
from bihuan.web.templatetags.bihuan import moment

_ASKED = "provider"
_LASTS = timedelta(minutes=10)


@login_not_required
@never_cache
@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """Redirect to the provider, which redirects back."""
    _require_provider()
    now, question = timezone.now(), Question.new()
    try:
        _count(request, now)
        address = provider.address(question, _back_to(request))
    except Refusal as refusal:
        return _failed(request, refusal)
    request.session[_ASKED] = {
        "question": asdict(question), "at": now.isoformat(), "to": came_for_in(request),
    }  # fmt: skip
    return HttpResponseRedirect(address)


@login_not_required
@never_cache
@require_safe
def answer(request: HttpRequest) -> HttpResponse:
    """Handle the return from the provider: sign in the officer of that subject."""
    _require_provider()
    now, stored = timezone.now(), request.session.pop(_ASKED, None)
    given = request.GET
    received = Answer(*(given.get(name, "") for name in ("state", "code", "iss", "error")))
    if stored is None or now >= datetime.fromisoformat(stored["at"]) + _LASTS:
        return _failed(request, provider.NotBelieved())
    try:
        _count(request, now)
        question = Question(**stored["question"])
        subject = provider.subject(question, received, _back_to(request), now=now)
        user = provided.come_in(subject=subject, now=now)
    except Refusal as refusal:
        return _failed(request, refusal)
    return second_step.go_on(request, user, stored["to"], now)


@require_http_methods(["GET", "POST"])
def of_member(request: SignedInRequest, username: str) -> HttpResponse:
    """Show and set the subject by which an officer signs in."""
    _require_provider()
    now = timezone.now()
    holder = administered_member(request, username, now)
    present = ProviderSubject.objects.filter(member=holder).first()
    counts_at = present.entered_at + second_factor.SUBJECT_WAITS if present else None
    waits = (
        [_("The entered subject takes effect on %(moment)s.") % {"moment": moment(counts_at)}]
        if counts_at and counts_at > now
        else []
    )
    form = SubjectForm(
        request.POST or None, initial={"subject": present.subject if present else ""}
    )
    page = FormPage(
        heading=_("Sign-in service: %(holder)s") % {"holder": holder},
        submit=_("Save"),
        cancel_url=reverse("orgs:member", args=[holder.username]),
        crumbs=crumbs_to_member(holder),
        done=_("Saved. It takes effect after three days; the officer is notified."),
        consequences=[
            *waits,
            _("The person with this subject at %(issuer)s signs in as %(holder)s.")
            % {"issuer": settings.OIDC_ISSUER, "holder": holder},
            _("It takes effect in %(days)d days, and the officer is notified immediately.")
            % {"days": second_factor.SUBJECT_WAITS.days},
        ],
    )
    act = partial(provided.enter_subject, holder=holder)
    return perform(request, form, act, page, now, explain=explain)


def _require_provider() -> None:
    if not provider.is_configured():
        raise Http404


def _back_to(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("factors:provider-answer"))


def _count(request: HttpRequest, now: datetime) -> None:
    """Limit the requests from one address, so that it cannot occupy the provider and our
    threads.
    """
    mark = counting.mark_of(f"sign-in/provider/{network_of(request)}", now, window=LOCK)
    if not counting.count(mark, now, settings.SIGN_IN_ATTEMPTS_FROM_ADDRESS * 2):
        raise provider.AskedTooOften


def _failed(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    statuses: dict[type[Refusal], int] = {provider.ProviderAway: 503, provider.AskedTooOften: 429}
    context = {"problem": explain(refusal)}
    status = statuses.get(type(refusal), 403)
    return render(request, "factors/provider_failed.html", context, status=status)
