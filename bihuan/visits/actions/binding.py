"""Bind sites to posts, end bindings, and undo what was bound together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from bihuan.core import visiting
from bihuan.core.refusal import Missing
from bihuan.core.visiting import Risk
from bihuan.journal.actions import record
from bihuan.orgs import access
from bihuan.orgs.models import Post, Unit, User
from bihuan.sites.models import Site
from bihuan.visits import norms, queries
from bihuan.visits.acts import BindingAct
from bihuan.visits.models import Binding, Group, Visit
from bihuan.visits.refusals import (
    BoundAlready,
    NotAVisitingPost,
    NotBoundAnyMore,
    NotOfTheUnit,
    SiteIsClosed,
    TooMany,
    VisitedSince,
)

AT_MOST = 200


@dataclass(frozen=True)
class Terms:
    """To which post a site is bound, and how often it is visited; without days, as its kind and
    risk say.
    """

    post: Post
    group: Group | None = None
    risk: Risk | None = None
    every_days: int | None = None

    def days(self, site: Site) -> int:
        """Return every how many days this site is visited."""
        return self.every_days or self.decided(site)

    def decided(self, site: Site) -> int:
        """Return the frequency that was decided for its kind and risk."""
        return norms.frequencies().days(site.kind, self.risk)


@transaction.atomic
def bind(*, site: Site, terms: Terms, actor: User, now: datetime) -> Binding:
    """Bind a site to a post; a binding that is in force ends."""
    site = _locked(site)
    _require_bindable(site, terms, actor, now)
    earlier = queries.of_site(site)
    if earlier is not None:
        if _is_the_same(earlier, terms, site):
            return earlier
        _end(earlier, BindingAct.UNBIND, "", actor, now)
    return _begin(site, terms, actor, now)


@transaction.atomic
def bind_many(
    *, sites: Sequence[Site], terms: Terms, batch: UUID, actor: User, now: datetime
) -> list[Binding]:
    """Bind sites that are bound to no post; the same form sent twice binds them once."""
    done = list(Binding.objects.filter(batch=batch))
    if done:
        return done
    if len(sites) > AT_MOST:
        raise TooMany
    made = []
    for site in sorted(sites, key=lambda each: each.pk):
        held = _locked(site)
        _require_bindable(held, terms, actor, now)
        if queries.of_site(held) is not None:
            raise BoundAlready
        made.append(_begin(held, terms, actor, now, batch=batch))
    return made


@transaction.atomic
def undo(*, batch: UUID, actor: User, now: datetime) -> int:
    """End what one form bound; refused after a visit. Return how many bindings ended."""
    rows = Binding.objects.filter(batch=batch, ended_at=None).select_related("site__unit")
    found = list(rows.select_for_update(of=("self",)).order_by("pk"))
    for each in found:
        access.require(actor, queries.BINDER, unit=each.site.unit, now=now)
    if Visit.objects.filter(binding__in=found, withdrawn_at=None).exists():
        raise VisitedSince
    for each in found:
        _end(each, BindingAct.UNDO, "", actor, now)
    return len(found)


@transaction.atomic
def unbind(*, binding: Binding, reason: str, actor: User, now: datetime) -> Binding:
    """End a binding: the site is then on the list of unbound ones."""
    rows = Binding.objects.select_related("site__unit").select_for_update(of=("self",))
    found = rows.get(pk=binding.pk)
    access.require(actor, queries.BINDER, unit=found.site.unit, now=now)
    if found.ended_at is not None:
        raise NotBoundAnyMore
    if not reason.strip():
        raise Missing("reason")
    return _end(found, BindingAct.UNBIND, reason, actor, now)


# -------------------------------------------------------------------- a post ends
@transaction.atomic
def pass_on(*, post: Post, to: Post | None, reason: str, actor: User | None, now: datetime) -> int:
    """Bind the sites of a post that ends to another one, or to none; return how many."""
    rows = Binding.objects.filter(post=post, ended_at=None).select_related("site__unit", "group")
    found = list(rows.select_for_update(of=("self",)).order_by("pk"))
    for each in found:
        _end(each, BindingAct.UNBIND, reason, actor, now)
        if to is not None and _is_in_line(to.unit, each.site.unit) and _visits(to):
            risk = Risk(each.risk) if each.risk else None
            terms = Terms(to, each.group, risk, each.every_days)
            _begin(each.site, terms, actor, now)
    return len(found)


# -------------------------------------------------------------------------- steps
def _locked(site: Site) -> Site:
    """Return the site, locked, so that one act at a time binds it."""
    rows = Site.objects.select_related("unit").select_for_update(of=("self",))
    return rows.get(pk=site.pk)


def _require_bindable(site: Site, terms: Terms, actor: User, now: datetime) -> None:
    access.require(actor, queries.BINDER, unit=site.unit, now=now)
    if site.closed_at is not None:
        raise SiteIsClosed
    post = Post.objects.select_related("unit").get(pk=terms.post.pk)
    is_open = post.end_date is None and post.unit.end_date is None
    if not (is_open and _visits(post) and _is_in_line(post.unit, site.unit)):
        raise NotAVisitingPost
    if terms.group is not None:
        _require_of_unit(terms.group, site)
    visiting.require_frequency(terms.days(site))
    visiting.require_often_enough(terms.days(site), terms.decided(site))


def _require_of_unit(group: Group, site: Site) -> None:
    kept = Group.objects.select_related("unit").get(pk=group.pk)
    if kept.ended_at is not None or not site.unit.is_within(kept.unit):
        raise NotOfTheUnit


def _visits(post: Post) -> bool:
    return bool(queries.VISITORS & set(post.powers))


def _is_in_line(one: Unit, other: Unit) -> bool:
    return one.is_within(other) or other.is_within(one)


def _is_the_same(binding: Binding, terms: Terms, site: Site) -> bool:
    """Whether it is bound like this already: the form was sent twice."""
    return (binding.post_id, binding.group_id, binding.risk, binding.every_days) == (
        terms.post.pk,
        terms.group.pk if terms.group else None,
        terms.risk or "",
        terms.days(site),
    )


def _begin(
    site: Site,
    terms: Terms,
    actor: User | None,
    now: datetime,
    batch: UUID | None = None,
) -> Binding:
    """Begin a binding; a new post is due today at the earliest, whatever the earlier one left."""
    on, days = localdate(now), terms.days(site)
    earlier = Binding.objects.filter(site=site).order_by("pk").last()
    last = earlier.last_date if earlier else None
    due = visiting.owed(
        visiting.next_date(last or on, days),
        earlier.due_date if earlier else None,
        on,
        is_same_post=earlier is not None and earlier.post_id == terms.post.pk,
    )
    binding = Binding(
        site=site, post=terms.post, group=terms.group, risk=terms.risk or "", every_days=days,
        start_date=on, began_at=now, due_date=due, last_date=last, batch=batch,
    )  # fmt: skip
    try:
        with transaction.atomic():
            binding.save()
    except IntegrityError as clash:
        raise BoundAlready from clash
    record(binding.subject, BindingAct.BIND, by=actor, at=now, after=_values(binding))
    return binding


def _end(
    binding: Binding, act: BindingAct, reason: str, actor: User | None, now: datetime
) -> Binding:
    binding.ended_at = max(now, binding.began_at)
    binding.save(update_fields=["ended_at"])
    is_missed = binding.due_date < localdate(now) and binding.site.closed_at is None
    detail = {"missed": binding.due_date.isoformat()} if is_missed else {}
    record(binding.subject, act, by=actor, at=now, note=reason, detail=detail)
    return binding


def _values(binding: Binding) -> dict[str, object]:
    return {
        "site": binding.site.code,
        "post": binding.post_id,
        "group": binding.group_id,
        "risk": binding.risk,
        "every_days": binding.every_days,
    }
