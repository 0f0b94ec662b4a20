"""Link cases to sites: the case itself does not change, the link is a row of its own."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from bihuan.cases.models import Case
from bihuan.cases.queries import seen_among
from bihuan.core.refusal import NotAllowed
from bihuan.journal.actions import record
from bihuan.orgs.models import User
from bihuan.sites import queries
from bihuan.sites.actions.registering import locked, required
from bihuan.sites.acts import SiteAct
from bihuan.sites.models import Site, SiteCase
from bihuan.sites.refusals import LinkedElsewhere, NotLinked


@transaction.atomic
def link(*, site: Site, case: Case, actor: User, now: datetime) -> SiteCase:
    """Link a case to a site, both of which the officer sees; doing so again changes nothing."""
    here = locked(site)
    if not queries.visible_to(actor, now).filter(pk=here.pk).exists():
        raise NotAllowed
    if case.number not in seen_among(actor, [case.number], now):
        raise NotAllowed
    there = SiteCase.objects.filter(case=case, ended_at=None).first()
    if there is not None and there.site_id == here.pk:
        return there
    try:
        with transaction.atomic():
            made = SiteCase.objects.create(site=here, case=case, linked_at=now)
    except IntegrityError as clash:
        raise LinkedElsewhere from clash
    _record(here, case, SiteAct.LINK_CASE, actor, now)
    return made


@transaction.atomic
def unlink(*, site: Site, case: Case, reason: str, actor: User, now: datetime) -> None:
    """Take a case off a site, with a reason; that it was there stays on record."""
    here = locked(site)
    if not queries.may_add(actor, here, now):
        raise NotAllowed
    row = SiteCase.objects.filter(site=here, case=case, ended_at=None).first()
    if row is None:
        raise NotLinked
    row.ended_at = now
    row.save(update_fields=["ended_at"])
    _record(here, case, SiteAct.UNLINK_CASE, actor, now, required(reason))


def reported(key: str, case: Case, actor: User, now: datetime) -> None:
    """Link a case that was reported from the page of a site."""
    link(site=Site.objects.get(pk=key), case=case, actor=actor, now=now)


def _record(
    site: Site, case: Case, act: SiteAct, actor: User, now: datetime, note: str = ""
) -> None:
    record(site.subject, act, by=actor, at=now, note=note, detail={"case": case.number})
