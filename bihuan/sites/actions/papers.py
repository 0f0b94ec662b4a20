"""Add, renew and withdraw the papers of a site; each that expires has a clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from bihuan.core import legible
from bihuan.core.refusal import NotAllowed
from bihuan.journal.actions import record
from bihuan.orgs.models import User
from bihuan.sites import catalogue, queries
from bihuan.sites.actions import watching
from bihuan.sites.actions.registering import locked, required
from bihuan.sites.acts import SiteAct
from bihuan.sites.models import Site, SitePaper
from bihuan.sites.refusals import ExpiresBeforeIssue, PaperEnded, SiteClosed, UnknownKind


@dataclass(frozen=True)
class PaperFacts:
    """What is stated about a paper; of certificates of staff only how many there are."""

    kind: str
    title: str = ""
    number: str = ""
    issuer: str = ""
    issued_date: date | None = None
    expires_date: date | None = None
    count: int | None = None


@transaction.atomic
def add(
    *, site: Site, facts: PaperFacts, actor: User, now: datetime, form_key: UUID | None = None
) -> SitePaper:
    """Add a paper, by an officer of the area or of a trade; a form sent twice adds it once."""
    here = open_to(site, actor, now)
    if form_key and (made := SitePaper.objects.filter(form_key=form_key).first()):
        return made
    return enter(site=here, facts=facts, actor=actor, now=now, form_key=form_key)


def enter(
    *,
    site: Site,
    facts: PaperFacts,
    actor: User | None,
    now: datetime,
    form_key: UUID | None = None,
    act: SiteAct = SiteAct.ADD_PAPER,
) -> SitePaper:
    """Enter a paper, for whom the caller has checked; within a transaction."""
    paper = stated_paper(site, facts, now, form_key)
    paper.save(force_insert=True)
    watching.watch(paper, now)
    _record(paper, act, actor, now)
    return paper


@transaction.atomic
def renew(
    *,
    paper: SitePaper,
    facts: PaperFacts,
    actor: User,
    now: datetime,
    form_key: UUID | None = None,
) -> SitePaper:
    """Put a renewed paper in the place of one, which stays on record."""
    site = open_to(paper.site, actor, now)
    if form_key and (made := SitePaper.objects.filter(form_key=form_key).first()):
        return made
    return put_in_place(old=paper, site=site, facts=facts, actor=actor, now=now, form_key=form_key)


@transaction.atomic
def put_in_place(
    *,
    old: SitePaper,
    site: Site,
    facts: PaperFacts,
    actor: User | None,
    now: datetime,
    form_key: UUID | None = None,
) -> SitePaper:
    """Enter a paper in the place of one, for whom the caller has checked."""
    old = _held(old)
    new = enter(
        site=site, facts=facts, actor=actor, now=now, form_key=form_key, act=SiteAct.RENEW_PAPER
    )
    old.renewed_by, old.ended_at = new, now
    old.save(update_fields=["renewed_by", "ended_at"])
    watching.end(old, now, is_renewed=True)
    record(old.subject, SiteAct.RENEW_PAPER, by=actor, at=now, detail={"by": new.pk})
    return new


@transaction.atomic
def withdraw(*, paper: SitePaper, reason: str, actor: User, now: datetime) -> SitePaper:
    """Withdraw a paper that no longer holds or was entered by mistake; it stays on record."""
    open_to(paper.site, actor, now)
    here = _held(paper)
    here.ended_at = now
    here.save(update_fields=["ended_at"])
    watching.end(here, now, is_renewed=False)
    _record(here, SiteAct.WITHDRAW_PAPER, actor, now, note=required(reason))
    return here


def open_to(site: Site, actor: User, now: datetime) -> Site:
    """Lock the open site for an officer who may add to it."""
    here = locked(site)
    if not queries.may_add(actor, here, now):
        raise NotAllowed
    if here.closed_at is not None:
        raise SiteClosed
    return here


def _held(paper: SitePaper) -> SitePaper:
    rows = SitePaper.objects.select_for_update(of=("self",)).select_related("site__unit")
    here = rows.get(pk=paper.pk)
    if here.ended_at is not None:
        raise PaperEnded
    return here


def stated_paper(site: Site, facts: PaperFacts, now: datetime, form_key: UUID | None) -> SitePaper:
    """Return a paper with these facts, which is not saved yet."""
    if facts.kind not in catalogue.paper_kinds():
        raise UnknownKind
    if facts.issued_date and facts.expires_date and facts.expires_date < facts.issued_date:
        raise ExpiresBeforeIssue
    return SitePaper(
        site=site,
        kind=facts.kind,
        title=legible.clean(facts.title),
        number=legible.clean(facts.number),
        issuer=legible.clean(facts.issuer),
        issued_date=facts.issued_date,
        expires_date=facts.expires_date,
        count=facts.count if catalogue.paper_kind(facts.kind).is_count else None,
        added_at=now,
        form_key=form_key,
    )


def _record(
    paper: SitePaper, act: SiteAct, actor: User | None, now: datetime, note: str = ""
) -> None:
    """Record the act in the history of the paper and in that of its site."""
    record(paper.subject, act, by=actor, at=now, note=note, after=stated(paper))
    record(paper.site.subject, act, by=actor, at=now, note=note, detail=detail(paper))


def stated(paper: SitePaper) -> dict[str, object]:
    """Return what is stated about a paper, for its own history."""
    return {
        "kind": paper.kind,
        "title": paper.title,
        "number": paper.number,
        "issuer": paper.issuer,
        "issued_date": _day(paper.issued_date),
        "expires_date": _day(paper.expires_date),
        "count": paper.count,
    }


def detail(paper: SitePaper) -> dict[str, object]:
    """Return what the history of its site says of a paper."""
    until = _day(paper.expires_date)
    return {"paper": paper.kind, "title": paper.title, "expires_date": until}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
