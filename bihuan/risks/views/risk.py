"""One risk: registered on a site, shown, changed, retired and put back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.core import risk as core
from bihuan.files import attachments
from bihuan.orgs.http import SignedInRequest
from bihuan.risks import problems, queries, shown
from bihuan.risks.actions import registration
from bihuan.risks.forms import ReasonForm, RiskForm, WordsForm
from bihuan.risks.models import RiskPoint
from bihuan.risks.views.frame import changed, done, form_page, seen
from bihuan.sites import queries as sites
from bihuan.web import timeline

CHECKS = 20


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def add(request: SignedInRequest, pk: int) -> HttpResponse:
    """Register a risk on a site."""
    now = timezone.now()
    site = get_object_or_404(sites.in_charge(request.user, now).open(), pk=pk)
    form = RiskForm(request.POST or None, now=now)
    if form.is_valid() and done(
        form,
        lambda: registration.register(
            site=site,
            words=form.words(),
            levels=form.levels(),
            actor=request.user,
            now=now,
            form_key=form.mark(str(pk), str(request.user.pk)),
        ),
    ):
        title = registration.RiskWords(form.cleaned_data["title"], "").masked().title
        made = RiskPoint.objects.get(site=site, title=title)
        messages.success(request, _("Registered. Now add the controls."))
        return redirect(made)
    context = {
        "form": form,
        "heading": _("Register risk"),
        "submit": pgettext("a risk", "Register"),
        "crumbs": [(_("Sites"), reverse("sites:sites")), (site.name, site.get_absolute_url())],
        "cancel_url": site.get_absolute_url(),
        "matrix": shown.matrix(core.current(localdate(now))),
    }
    return render(request, "risks/grade.html", context)


@require_safe
@never_cache
def risk(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the grade and how it came about, the controls, their checks, and what was done."""
    now = timezone.now()
    found = seen(request, pk, now)
    may_change = sites.may_change(request.user, found.site, now)
    controls = queries.controls_of([found])[found.pk]
    asked = queries.open_regrading(found)
    context = {
        "risk": found,
        "grade": shown.grade(found),
        "matrix": shown.matrix(found.graded_by, found),
        "controls": shown.controls(controls, request.user, may_change, now),
        "checks": queries.checks_of(found, CHECKS),
        "asked": shown.asked(asked, request.user, found, now) if asked else None,
        "may_change": may_change and found.site.closed_at is None,
        "report_url": problems.address(found, request.user, now),
        "attachments": attachments.known(found.subject, may_add=may_change),
        "timeline": timeline.of(found.subject),
        "now": now,
    }
    return render(request, "risks/risk.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def change(request: SignedInRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    found = changed(request, pk, now)
    first = {"title": found.title, "harm": found.harm}
    form = WordsForm(request.POST or None, initial=first)
    if form.is_valid() and done(
        form,
        lambda: registration.change(risk=found, words=form.words(), actor=request.user, now=now),
    ):
        messages.success(request, _("Saved."))
        return redirect(found)
    return form_page(request, form, found, _("Change description"), submit=_("Save"))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def retire(request: SignedInRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    found = changed(request, pk, now)
    if not found.is_in_force:
        return redirect(found)
    form = ReasonForm(request.POST or None)
    if form.is_valid() and done(
        form,
        lambda: registration.retire(
            risk=found, reason=form.cleaned_data["reason"], actor=request.user, now=now
        ),
    ):
        messages.success(request, _("The risk is retired."))
        return redirect(found)
    consequences = [
        _("The risk leaves the register of risks in force; it stays on record with your reason."),
        _("No further check of its controls is due."),
        _("It can be put back into force."),
    ]
    return form_page(request, form, found, _("Retire risk"), consequences=consequences)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def reopen(request: SignedInRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    found = changed(request, pk, now)
    if found.is_in_force:
        return redirect(found)
    form = ReasonForm(request.POST or None)
    if form.is_valid() and done(
        form,
        lambda: registration.reopen(
            risk=found, reason=form.cleaned_data["reason"], actor=request.user, now=now
        ),
    ):
        messages.success(request, _("The risk is in force again."))
        return redirect(found)
    consequences = [
        _("The risk counts again with the grade that it had."),
        _("Checks of its controls that became due meanwhile are due today."),
    ]
    return form_page(request, form, found, _("Put back into force"), consequences=consequences)
