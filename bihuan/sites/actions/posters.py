"""Link what the public reported from a poster to its site."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from bihuan.cases.models import Case
from bihuan.journal.actions import record
from bihuan.sites.acts import SiteAct
from bihuan.sites.models import Site, SiteCase


@transaction.atomic
def link_reported(*, site: Site, case: Case, now: datetime) -> SiteCase | None:
    """Link a case to the site of the poster, unless it is at a site already, or confidential."""
    if case.is_confidential or SiteCase.objects.filter(case=case).exists():
        return None
    try:
        with transaction.atomic():
            made = SiteCase.objects.create(site=site, case=case, linked_at=now)
    except IntegrityError:
        return None
    detail = {"case": case.number}
    record(site.subject, SiteAct.LINK_CASE, by=None, at=now, detail=detail)
    return made
