"""Enter many sites of a ledger at once, each with its regulators and its papers.

What is stated about each is checked first, row by row; the rows, the clocks and the entries of the
journal are then written in bulk, for whom the caller has checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from bihuan.clocks.models import Clock
from bihuan.journal.actions import Change, record_first_of_many, record_many
from bihuan.orgs.models import Unit, User
from bihuan.sites.actions import papers, registering, regulators, watching
from bihuan.sites.actions.papers import PaperFacts
from bihuan.sites.actions.registering import SiteFacts
from bihuan.sites.acts import SiteAct
from bihuan.sites.models import Site, SitePaper, SiteRegulator, SiteWords

AT_ONCE = 1_000


@dataclass(frozen=True)
class NewSite:
    """A site that is not yet in the register, with its regulators and papers."""

    site: Site
    regulators: Mapping[str, Unit]
    papers: Sequence[SitePaper]


def checked(
    *,
    unit: Unit,
    kind: str,
    facts: SiteFacts,
    regulated: Mapping[str, Unit],
    stated: Iterable[PaperFacts],
    now: datetime,
) -> NewSite:
    """Return the site as it will be entered; refuse what cannot be."""
    site = registering.stated_site(unit=unit, kind=kind, facts=facts, now=now)
    regulators.require_known(regulated)
    return NewSite(site, regulated, [papers.stated_paper(site, each, now, None) for each in stated])


@transaction.atomic
def enter_many(*, new: Sequence[NewSite], actor: User | None, now: datetime) -> None:
    """Enter these sites in the register."""
    for first in range(0, len(new), AT_ONCE):
        _enter(new[first : first + AT_ONCE], actor, now)


def _enter(new: Sequence[NewSite], actor: User | None, now: datetime) -> None:
    regulated = [each for each in new if each.regulators]
    for each in regulated:
        each.site.version += 1
    sites = Site.objects.bulk_create([each.site for each in new])
    SiteWords.objects.bulk_create(
        SiteWords(site=site, words=registering.words_of(site)) for site in sites
    )
    SiteRegulator.objects.bulk_create(
        SiteRegulator(site=each.site, trade=trade, unit=unit)
        for each in regulated
        for trade, unit in each.regulators.items()
    )
    made = SitePaper.objects.bulk_create([paper for each in new for paper in each.papers])
    clocks = (watching.begun(paper, now) for paper in made)
    Clock.objects.bulk_create(clock for clock in clocks if clock is not None)

    registered = (Change(site.subject, after=registering.stated(site)) for site in sites)
    record_first_of_many(SiteAct.REGISTER, registered, by=actor, at=now)
    record_many(SiteAct.SET_REGULATORS, map(_regulated, regulated), by=actor, at=now)
    added = (Change(paper.subject, after=papers.stated(paper)) for paper in made)
    record_first_of_many(SiteAct.ADD_PAPER, added, by=actor, at=now)
    told = (Change(paper.site.subject, detail=papers.detail(paper)) for paper in made)
    record_many(SiteAct.ADD_PAPER, told, by=actor, at=now)


def _regulated(each: NewSite) -> Change:
    units = dict(sorted((trade, unit.code) for trade, unit in each.regulators.items()))
    return Change(each.site.subject, before={}, after=units)
