"""The papers and the equipment of a site."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.files import attachments
from bihuan.orgs.http import SignedInRequest
from bihuan.sites import queries, wording
from bihuan.sites.actions import papers
from bihuan.sites.acts import SiteAct
from bihuan.sites.forms import PaperForm, ReasonForm
from bihuan.sites.models import Site, SitePaper
from bihuan.sites.views.acting import act, added_to, seen
from bihuan.sites.views.making import FORM
from bihuan.web import timeline


def _of(site: Site, pk: int) -> SitePaper:
    paper = get_object_or_404(SitePaper, site=site, pk=pk)
    paper.site = site
    return paper


@require_safe
@never_cache
def paper(request: SignedInRequest, pk: int, paper: int) -> HttpResponse:
    """One paper, its files and those whose place it took."""
    now = timezone.now()
    site = seen(request, pk, now)
    found = _of(site, paper)
    context = {
        "heading": str(found),
        "site": site,
        "paper": found,
        "is_expired": found.has_expired(localdate(now)),
        "earlier": queries.earlier_papers(found),
        "may_change": _may_change(request, found, now),
        "attachments": attachments.of(found.subject, request.user, now),
        "timeline": timeline.of(found.subject),
        "crumbs": [(_("Sites"), reverse("sites:sites")), (site.name, site.get_absolute_url())],
    }
    return render(request, "sites/paper.html", context)


def _may_change(request: SignedInRequest, found: SitePaper, now: datetime) -> bool:
    site = found.site
    is_open = found.ended_at is None and site.closed_at is None
    return is_open and queries.may_add(request.user, site, now)


@require_http_methods(FORM)
@never_cache
def add(request: SignedInRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    site = added_to(request, pk, now)
    start = {"kind": request.GET.get("kind", "")}
    form = PaperForm(request.POST or None, site=site, initial=start)
    return act(
        request,
        form,
        lambda: papers.add(
            site=site, facts=form.facts(), actor=request.user, now=now, form_key=form.key
        ),
        done=_("Paper added. You can attach its file here."),
        to="made",
        site=site,
        heading=_("Add a paper"),
        submit=_("Add"),
    )


@require_http_methods(FORM)
@never_cache
def renew(request: SignedInRequest, pk: int, paper: int) -> HttpResponse:
    now = timezone.now()
    site = added_to(request, pk, now)
    old = _of(site, paper)
    form = PaperForm(request.POST or None, site=site, paper=old)
    return act(
        request,
        form,
        lambda: papers.renew(
            paper=old, facts=form.facts(), actor=request.user, now=now, form_key=form.key
        ),
        done=wording.DONE[SiteAct.RENEW_PAPER],
        to="made",
        site=site,
        heading=_("Renew: %(paper)s") % {"paper": old},
        intro=_("The renewed paper takes the place of this one, which stays on record."),
        submit=_("Renew"),
        cancel_url=old.get_absolute_url(),
    )


@require_http_methods(FORM)
@never_cache
def withdraw(request: SignedInRequest, pk: int, paper: int) -> HttpResponse:
    now = timezone.now()
    site = added_to(request, pk, now)
    old = _of(site, paper)
    form = ReasonForm(request.POST or None)
    return act(
        request,
        form,
        lambda: papers.withdraw(
            paper=old, reason=form.cleaned_data["reason"], actor=request.user, now=now
        ),
        done=wording.DONE[SiteAct.WITHDRAW_PAPER],
        to=site.get_absolute_url(),
        site=site,
        template="web/confirm.html",
        heading=_("Withdraw: %(paper)s") % {"paper": old},
        submit=_("Withdraw"),
        consequences=[
            _("The paper no longer counts for the site and causes no reminders."),
            _("It stays on record with the reason. To undo this, add it again."),
        ],
        cancel_url=old.get_absolute_url(),
    )
