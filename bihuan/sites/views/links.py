"""Cases at a site: link one, and take one off with a reason."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bihuan.cases import kinds
from bihuan.cases import queries as cases
from bihuan.core import references
from bihuan.orgs.http import SignedInRequest
from bihuan.sites import wording
from bihuan.sites.actions import links
from bihuan.sites.acts import SiteAct
from bihuan.sites.forms import LinkForm, ReasonForm
from bihuan.sites.models import SiteCase
from bihuan.sites.views.acting import act, added_to
from bihuan.sites.views.making import FORM


@require_http_methods(FORM)
@never_cache
def add(request: SignedInRequest, pk: int) -> HttpResponse:
    """Link a case that the officer sees, by its number or its address."""
    now = timezone.now()
    site = added_to(request, pk, now)
    form = LinkForm(request.POST or None)
    found = None
    if form.is_valid():
        series = {kind.series for kind in kinds.every()}
        number = references.own(form.cleaned_data["number"], series)
        found = cases.visible_to(request.user, now).filter(number=number).first()
        if found is None:
            form.add_error("number", _("There is no such case."))
    return act(
        request,
        form,
        lambda: found and links.link(site=site, case=found, actor=request.user, now=now),
        done=wording.DONE[SiteAct.LINK_CASE],
        to=site.get_absolute_url(),
        site=site,
        heading=_("Add a case to the site"),
        submit=_("Add"),
    )


@require_http_methods(FORM)
@never_cache
def remove(request: SignedInRequest, pk: int, number: str) -> HttpResponse:
    now = timezone.now()
    site = added_to(request, pk, now)
    linked = SiteCase.objects.filter(site=site, ended_at=None).values("case")
    case = get_object_or_404(cases.visible_to(request.user, now), number=number, pk__in=linked)
    form = ReasonForm(request.POST or None)
    return act(
        request,
        form,
        lambda: links.unlink(
            site=site, case=case, reason=form.cleaned_data["reason"], actor=request.user, now=now
        ),
        done=wording.DONE[SiteAct.UNLINK_CASE],
        to=site.get_absolute_url(),
        site=site,
        template="web/confirm.html",
        heading=_("Take %(number)s off the site") % {"number": case.number},
        submit=_("Take off"),
        consequences=[
            _("The case no longer counts for this site. The case itself does not change."),
            _("To undo this, add it again."),
        ],
    )
