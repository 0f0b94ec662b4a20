"""The pages of an operator of sites: its sites, their papers, and the cases that it must solve."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.cases import kinds
from bihuan.core.numerals import whole
from bihuan.core.refusal import Refusal
from bihuan.files.fields import is_busy
from bihuan.notices import voices
from bihuan.notices.models import Notice
from bihuan.orgs.http import SignedInRequest
from bihuan.orgs.models import User
from bihuan.sites import sections as site_sections
from bihuan.sites.models import Site, SitePaper
from bihuan.visits import operating, sections, wording
from bihuan.visits.actions import submitting
from bihuan.visits.operator_forms import SubmitForm
from bihuan.web import paging

# How many of each are on the page of a site.
AT_MOST = 50
# How many new notices are on the first page.
NEWEST = 10


@require_safe
@never_cache
def home(request: SignedInRequest) -> HttpResponse:
    """List the sites of the user's unit."""
    now = timezone.now()
    units = operating.units_of(request.user, now)
    if not units:
        raise Http404
    page = paging.requested(request, operating.operated_by(request.user, now))
    context = {
        "rows": page.rows,
        "units": units,
        "owed": list(sections.of(request.user, now)),
        "unread": list(voices.say(request.user, _unread(request.user), now)),
        "now": now,
        **page.links(),
    }
    return render(request, "visits/operated.html", context)


def _unread(user: User) -> list[Notice]:
    rows = Notice.objects.filter(member=user, read_at=None)
    return list(rows.order_by("-created_at", "-pk")[:NEWEST])


@require_safe
@never_cache
def site(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show one site: its papers, what was submitted, and the open cases of the operator."""
    now = timezone.now()
    found = _own(request, pk, now)
    on = localdate(now)
    submitted = operating.own_submissions(request.user, now).filter(site=found)
    cases = operating.cases_of(found).order_by("due_at", "pk")[:AT_MOST]
    context = {
        "site": found,
        "kind": found.site_kind,
        "papers": [
            (each, _tone(each, now), _is_to_renew(each, now))
            for each in operating.papers_of(found)[:AT_MOST]
        ],
        "submissions": submitted.order_by("-pk")[:AT_MOST],
        "notes": operating.notes_for(found)[:AT_MOST],
        "sections": site_sections.of(found, request.user, now, for_operators=True),
        "buttons": site_sections.buttons_of(found, request.user, now, for_operators=True),
        "cases": [
            (case, kinds.stage_words(case.kind, case.stage), _is_late(case.due_at, now))
            for case in cases
        ],
        "on": on,
    }
    return render(request, "visits/operated_site.html", context)


def _tone(paper: SitePaper, now: datetime) -> str:
    return "tone-bad" if paper.has_expired(localdate(now)) else ""


def _is_to_renew(paper: SitePaper, now: datetime) -> bool:
    last = localdate(now) + operating.RENEWED_AHEAD
    return paper.expires_date is not None and paper.expires_date <= last


def _is_late(due_at: datetime | None, now: datetime) -> bool:
    return due_at is not None and due_at < now


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def submit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Submit a paper; it counts once an officer has accepted it."""
    now = timezone.now()
    found = _own(request, pk, now)
    files = request.FILES if request.method == "POST" else None
    renewed = whole(request.GET.get("renews", ""))
    old = operating.papers_of(found).filter(pk=renewed or 0).first()
    form = SubmitForm(request.POST or None, files, site=found, paper=old)
    if form.is_valid():
        try:
            submitting.submit(
                site=found,
                facts=form.facts(),
                uploads=form.cleaned_data["uploads"] or [],
                actor=request.user,
                now=now,
                form_key=form.key,
            )
        except Refusal as refusal:
            form.add_error(None, wording.explain(refusal))
        else:
            messages.success(request, _("Submitted. An officer accepts or refuses it."))
            return redirect("visits:operated-site", found.pk)
    here = reverse("visits:operated-site", args=[found.pk])
    context = {
        "form": form,
        "heading": _("Submit a paper"),
        "intro": _("It counts once the unit in charge or a regulator has accepted it.")
        if old is None
        else _("Renewal of: %(paper)s. The present one stays until the new one is accepted.")
        % {"paper": old},
        "submit": _("Submit"),
        "cancel_url": here,
        "crumbs": [(_("Sites of my unit"), reverse("visits:operated")), (found.name, here)],
    }
    return render(request, "web/form_page.html", context, status=503 if is_busy(form) else 200)


@require_POST
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take back a paper that was not decided yet."""
    now = timezone.now()
    found = get_object_or_404(operating.own_submissions(request.user, now), pk=pk)
    try:
        submitting.withdraw(submission=found, actor=request.user, now=now)
    except Refusal as refusal:
        messages.error(request, wording.explain(refusal))
    else:
        messages.success(request, _("Taken back."))
    return redirect("visits:operated-site", found.site_id)


def _own(request: SignedInRequest, pk: int, now: datetime) -> Site:
    """Return a site that the user operates; else 404."""
    rows = operating.operated_by(request.user, now).select_related("unit", "operator_unit")
    return get_object_or_404(rows, pk=pk)
