"""Record a visit, look at one, and withdraw it."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.core.refusal import Refusal
from bihuan.core.visiting import Outcome
from bihuan.desk import hooks
from bihuan.files import attachments
from bihuan.files.fields import is_busy
from bihuan.orgs.http import SignedInRequest
from bihuan.visits import queries, wording
from bihuan.visits.actions import recording
from bihuan.visits.forms import VisitForm, WithdrawForm
from bihuan.visits.models import Binding, Visit
from bihuan.web import timeline
from bihuan.web.forms import OnceForm


def _own(request: SignedInRequest, pk: int, now: datetime) -> Binding:
    """Return a binding to one of the officer's posts; else 404."""
    found = queries.mine(request.user, now).select_related("site", "post__unit", "group")
    return get_object_or_404(found, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def record(request: SignedInRequest, pk: int) -> HttpResponse:
    """Record a visit with a day, a note and photos; what was found is reported next."""
    now = timezone.now()
    binding = _own(request, pk, now)
    files = request.FILES if request.method == "POST" else None
    form = VisitForm(request.POST or None, files, binding=binding, now=now)
    if form.is_valid():
        try:
            made = recording.record_visit(
                binding=binding,
                actor=request.user,
                now=now,
                form_key=form.mark(str(pk), str(request.user.pk)),
                **form.arguments(),
            )
        except Refusal as refusal:
            form.add_error(None, wording.explain(refusal))
        else:
            return _after(request, made, now)
    context = {
        "form": form,
        "binding": binding,
        "site": binding.site,
        "heading": _("Record a visit"),
        "submit": _("Record visit"),
        "cancel_url": reverse("visits:mine"),
        "crumbs": [(_("My sites"), reverse("visits:mine"))],
    }
    status = 503 if is_busy(form) else 200
    return render(request, "visits/record.html", context, status=status)


@require_POST
def in_order(request: SignedInRequest, pk: int) -> HttpResponse:
    """Record with one tap that all was in order today; it can be undone for ten minutes."""
    now = timezone.now()
    binding = _own(request, pk, now)
    form = OnceForm(request.POST)
    form.is_valid()
    try:
        made = recording.record_visit(
            binding=binding,
            visited_date=localdate(now),
            outcome=Outcome.IN_ORDER,
            actor=request.user,
            now=now,
            form_key=form.mark("in-order", str(pk), str(request.user.pk)),
        )
    except Refusal as refusal:
        messages.error(request, wording.explain(refusal))
        return redirect("visits:mine")
    return redirect(_address(made, request))


def _after(request: SignedInRequest, made: Visit, now: datetime) -> HttpResponse:
    """Lead on to the report of what was found, or back to the list."""
    url = _report_url(request, made, now)
    if made.is_in_order or not url:
        return redirect(_address(made, request))
    text = _("Visit recorded. Now report what you found at %(site)s.")
    messages.success(request, text % {"site": made.site.name})
    return redirect(url)


def _report_url(request: SignedInRequest, visit: Visit, now: datetime) -> str:
    """Return where something found at the site is reported; empty if nowhere."""
    form = hooks.report_address(request.user, now)
    return f"{form}?{urlencode({'at': visit.site.subject})}" if form else ""


def _address(made: Visit, request: SignedInRequest) -> str:
    shows_all = "show=all&" if request.GET.get("show") == "all" else ""
    return f"{reverse('visits:mine')}?{shows_all}made={made.pk}"


@require_safe
@never_cache
def visit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show one visit with its photos."""
    now = timezone.now()
    found = _seen(request, pk, now)
    context = {
        "visit": found,
        "site": found.site,
        "heading": _("Visit to %(site)s") % {"site": found.site.name},
        "crumbs": [(found.site.name, found.site.get_absolute_url())],
        "may_withdraw": not found.withdrawn_at and queries.of_post(found, request.user, now),
        "report_url": "" if found.withdrawn_at else _report_url(request, found, now),
        "attachments": attachments.of(found.subject, request.user, now),
        "timeline": timeline.of(found.subject),
    }
    return render(request, "visits/visit.html", context)


def _seen(request: SignedInRequest, pk: int, now: datetime) -> Visit:
    rows = queries.visible_to(request.user, now)
    return get_object_or_404(rows.select_related("site__unit", "post__unit", "binding"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Withdraw a visit, with a reason; “Undo” in the list of one's sites has one already."""
    now = timezone.now()
    found = _seen(request, pk, now)
    is_undo = request.POST.get("undo") == "1"
    data = {"reason": str(wording.BY_MISTAKE)} if is_undo else request.POST
    form = WithdrawForm(data or None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            recording.withdraw(visit=found, reason=reason, actor=request.user, now=now)
        except Refusal as refusal:
            form.add_error(None, wording.explain(refusal))
        else:
            messages.success(request, _("Visit withdrawn."))
            return redirect("visits:mine") if is_undo else redirect(found)
    context = {
        "form": form,
        "heading": _("Withdraw the visit"),
        "consequences": [
            _("The visit stays on record, marked as withdrawn, with your reason."),
            _("It no longer counts: the next visit is due as if it had not taken place."),
        ],
        "submit": _("Withdraw"),
        "danger": True,
        "cancel_url": found.get_absolute_url(),
        "crumbs": [(str(found.site), found.site.get_absolute_url())],
    }
    return render(request, "web/confirm.html", context)
