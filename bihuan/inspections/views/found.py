"""The inspection that a page is about; one that the officer does not see is not found."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.inspections import queries
from bihuan.inspections.models import Inspection
from bihuan.orgs.http import SignedInRequest


def seen(request: SignedInRequest, pk: int, now: datetime) -> Inspection:
    rows = queries.visible_to(request.user, now).select_related("version")
    return get_object_or_404(rows, pk=pk)


def inspected(request: SignedInRequest, pk: int, now: datetime, *stages: str) -> Inspection:
    """Return one that the officer inspects, in one of these stages."""
    found = seen(request, pk, now)
    if found.stage not in stages or queries.own_post(request.user, found, now) is None:
        raise Http404
    return found


def crumbs(inspection: Inspection) -> list[tuple[str, str]]:
    return [
        (_("Inspections"), reverse("inspections:inspections")),
        (inspection.site.name, inspection.get_absolute_url()),
    ]
