"""The clocks of papers: each that expires has one, as long as it holds and its site is open."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils.timezone import make_aware

from bihuan.clocks.actions import running
from bihuan.clocks.models import Clock
from bihuan.orgs.models import Unit
from bihuan.sites.models import Site, SitePaper

RULE = "SITE-1"
# The clock of a paper begins this long before the paper expires.
NOTICE = timedelta(days=60)


def watch(paper: SitePaper, now: datetime) -> Clock | None:
    """Start the clock of a paper that expires."""
    clock = begun(paper, now)
    if clock is not None:
        clock.save()
    return clock


def begun(paper: SitePaper, now: datetime) -> Clock | None:
    """Return the clock of a paper that expires, which is not saved yet."""
    if paper.expires_date is None or paper.ended_at is not None:
        return None
    first = datetime.combine(paper.expires_date - NOTICE, time())
    began_at = make_aware(first, running.zone())
    clock = running.begun_towards(RULE, began_at, paper.expires_date, seen_at=now)
    clock.subject, clock.unit = paper.subject, paper.site.unit
    return clock


def watch_all(site: Site, now: datetime) -> None:
    """Start the clocks of the papers of a reopened site."""
    for paper in SitePaper.objects.filter(site=site, ended_at=None).select_related("site__unit"):
        watch(paper, now)


def rest(site: Site, now: datetime) -> None:
    """Cancel the clocks of the papers of a closed site."""
    running.cancel(_begun(_clocks(site), now), now)


def end(paper: SitePaper, now: datetime, *, is_renewed: bool) -> None:
    """End the clock of a paper: met in time or missed if it was renewed, else cancelled."""
    begun = _begun(running.of_subject(paper.subject), now)
    if not is_renewed:
        running.cancel(begun, now)
        return
    for clock in begun:
        running.stop(clock, now)


def _begun(clocks: list[Clock], now: datetime) -> list[Clock]:
    """Return those that have begun; the others have no history yet, and are deleted."""
    for clock in clocks:
        if clock.started_at > now:
            clock.delete()
    return [clock for clock in clocks if clock.started_at <= now]


def follow(site: Site, unit: Unit) -> None:
    """Have the clocks of the papers follow the site to another unit."""
    for clock in _clocks(site):
        running.follow(clock, unit)


def _clocks(site: Site) -> list[Clock]:
    papers = SitePaper.objects.filter(site=site, ended_at=None, expires_date__isnull=False)
    subjects = [paper.subject for paper in papers]
    return list(Clock.objects.filter(subject__in=subjects, stopped_at=None).order_by("pk"))
