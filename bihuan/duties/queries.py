"""Which duties an officer sees and may change; which are vacant, unsigned, or lacking."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import localdate

from bihuan.duties import catalogue
from bihuan.duties.catalogue import EVERY_SITE, DutyKind
from bihuan.duties.models import Duty, DutyQuerySet, Signature
from bihuan.orgs import access
from bihuan.orgs.models import Post, Tenure, User
from bihuan.orgs.queries import posts_of
from bihuan.sites import queries as sites
from bihuan.sites.models import Site, SiteQuerySet
from bihuan.web.subjects import unseen


# ------------------------------------------------------------------ who sees what
def visible_to(user: User, now: datetime) -> DutyQuerySet:
    """Return the duties at sites that the officer sees."""
    return Duty.objects.filter(site__in=sites.visible_to(user, now).values("pk"))


def changeable_by(user: User, now: datetime) -> DutyQuerySet:
    return Duty.objects.filter(site__in=sites.in_charge(user, now).values("pk"))


def hidden_from(user: User, keys: Collection[str], now: datetime) -> set[str]:
    return unseen(visible_to(user, now), keys)


def may_see(user: User, key: str, now: datetime) -> bool:
    return not hidden_from(user, [key], now)


def may_attach(user: User, key: str, now: datetime) -> bool:
    return not unseen(changeable_by(user, now), [key])


def own_posts(user: User, now: datetime) -> list[Post]:
    """Return the posts that the officer holds today; a stand-in answers for nothing."""
    seats = access.own_seats(user, localdate(now))
    return list({seat.post.pk: seat.post for seat in seats}.values())


def reach(user: User, now: datetime) -> QuerySet[Any, Any] | None:
    """Return the sites at which posts of the officer have a duty, as one column."""
    posts = posts_of(user, now)
    if not posts:
        return None
    return Duty.objects.filter(ended_at=None, post__in=posts).values("site")


def term_of(user: User, post: Post, on: date) -> Tenure | None:
    """Return the officer's own term in the post on that day."""
    return Tenure.objects.in_force(on).filter(member=user, post=post).first()


# ---------------------------------------------------------------- signed and held
def _terms(on: date) -> QuerySet[Tenure]:
    """Return the terms of the current holders of the post of each duty."""
    held = Tenure.objects.in_force(on).filter(post=OuterRef("post"), member__is_active=True)
    return held.filter(Q(post__end_date=None) | Q(post__end_date__gte=on))


def _signed(on: date) -> Exists:
    """Whether the current holder has signed the current text."""
    signature = Signature.objects.filter(
        duty=OuterRef(OuterRef("pk")),
        number=OuterRef(OuterRef("number")),
        post=OuterRef("post"),
        since_date=OuterRef("start_date"),
    )
    return Exists(_terms(on).filter(Exists(signature)))


def with_state(duties: DutyQuerySet, on: date) -> DutyQuerySet:
    """Add to each duty whether its post is held, and whether the holder has signed its text."""
    states: dict[str, Exists] = {"is_held": Exists(_terms(on)), "is_signed": _signed(on)}
    return duties.annotate(**states)


def vacant(duties: DutyQuerySet, on: date) -> DutyQuerySet:
    """Return the duties in force whose post no one holds."""
    return duties.in_force(on).filter(~Exists(_terms(on)))


def unsigned(duties: DutyQuerySet, on: date) -> DutyQuerySet:
    """Return the duties in force whose holder has not signed the current text."""
    return duties.in_force(on).filter(Exists(_terms(on)), ~_signed(on))


def to_sign(user: User, now: datetime) -> DutyQuerySet:
    """Return the duties of the officer's own posts that wait for a signature, begun by today."""
    on = localdate(now)
    mine = Duty.objects.filter(post__in=[post.pk for post in own_posts(user, now)])
    return unsigned(mine, on).filter(start_date__lte=on)


def of_post(post: Post, on: date) -> DutyQuerySet:
    """Return the list of the post (责任清单), by site."""
    return with_state(Duty.objects.in_force(on).filter(post=post), on)


# ------------------------------------------------------------------------- gaps
def needing(found: SiteQuerySet, kind: DutyKind) -> SiteQuerySet:
    """Return the open sites among these that must have a duty of this kind."""
    open_sites = found.open()
    if EVERY_SITE in kind.needed:
        return open_sites
    return open_sites.filter(kind__in=sorted(kind.needed))


def gaps(found: SiteQuerySet, kind: DutyKind, on: date) -> SiteQuerySet:
    """Return the sites among these that must have a duty of this kind, and have none."""
    there = Duty.objects.in_force(on).filter(kind=kind.key, site=OuterRef("pk"))
    return needing(found, kind).filter(~Exists(there))


def needed_by(site: Site) -> list[DutyKind]:
    """Return the kinds of duties that the site must have."""
    return [each for each in catalogue.needed() if each.is_needed_by(site.kind)]


def lacking(site: Site, on: date) -> list[DutyKind]:
    """Return the kinds of duties that the site must have, and has not."""
    there = set(of_site(site, on).values_list("kind", flat=True))
    return [each for each in needed_by(site) if each.key not in there]


def like(site: Site, user: User, now: datetime) -> SiteQuerySet:
    """Return the other open sites of the same kind that the officer may change."""
    return sites.in_charge(user, now).open().filter(kind=site.kind).exclude(pk=site.pk)


def signatures_of(duty: Duty) -> QuerySet[Signature, Signature]:
    return duty.signatures.select_related("post__unit").order_by("-pk")


def of_site(site: Site, on: date) -> DutyQuerySet:
    """Return the duties in force at the site."""
    return with_state(Duty.objects.in_force(on).filter(site=site), on)
