"""The equipment of a site."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bihuan.orgs.http import SignedInRequest
from bihuan.sites import wording
from bihuan.sites.actions import equipment
from bihuan.sites.acts import SiteAct
from bihuan.sites.forms import EquipmentForm, ReasonForm
from bihuan.sites.models import Site, SiteEquipment
from bihuan.sites.views.acting import act, added_to
from bihuan.sites.views.making import FORM


def _of(site: Site, pk: int) -> SiteEquipment:
    found = get_object_or_404(SiteEquipment, site=site, pk=pk, removed_at=None)
    found.site = site
    return found


@require_http_methods(FORM)
@never_cache
def add(request: SignedInRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    site = added_to(request, pk, now)
    form = EquipmentForm(request.POST or None, now=now)
    return act(
        request,
        form,
        lambda: equipment.add(site=site, facts=form.facts(), actor=request.user, now=now),
        done=wording.DONE[SiteAct.ADD_EQUIPMENT],
        to=site.get_absolute_url(),
        site=site,
        heading=_("Add equipment"),
        submit=_("Add"),
    )


@require_http_methods(FORM)
@never_cache
def change(request: SignedInRequest, pk: int, item: int) -> HttpResponse:
    now = timezone.now()
    site = added_to(request, pk, now)
    row = _of(site, item)
    form = EquipmentForm(request.POST or None, now=now, equipment=row)
    return act(
        request,
        form,
        lambda: equipment.change(
            equipment=row,
            version=form.cleaned_data["version"] or 0,
            facts=form.facts(),
            actor=request.user,
            now=now,
        ),
        done=wording.DONE[SiteAct.CHANGE_EQUIPMENT],
        to=site.get_absolute_url(),
        site=site,
        heading=_("Change equipment"),
        submit=_("Save"),
    )


@require_http_methods(FORM)
@never_cache
def remove(request: SignedInRequest, pk: int, item: int) -> HttpResponse:
    now = timezone.now()
    site = added_to(request, pk, now)
    row = _of(site, item)
    form = ReasonForm(request.POST or None)
    return act(
        request,
        form,
        lambda: equipment.remove(
            equipment=row, reason=form.cleaned_data["reason"], actor=request.user, now=now
        ),
        done=wording.DONE[SiteAct.REMOVE_EQUIPMENT],
        to=site.get_absolute_url(),
        site=site,
        template="web/confirm.html",
        heading=_("Remove: %(equipment)s") % {"equipment": row},
        submit=_("Remove"),
        consequences=[
            _("The equipment leaves the register of the site; its history stays."),
            _("To undo this, add it again."),
        ],
    )
