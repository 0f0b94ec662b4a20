"""Draws by lot (双随机): the seed first, then the pool, then the result; each is kept."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from secrets import token_hex
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from bihuan.checklists.models import Checklist
from bihuan.clocks.actions import running
from bihuan.core import draw as core
from bihuan.core import legible
from bihuan.core.draw import NotEnough
from bihuan.core.recurrence import RuleRefused
from bihuan.core.refusal import Missing
from bihuan.journal.actions import Change, record, record_first_of_many
from bihuan.orgs import access
from bihuan.orgs.models import Post, Unit, User
from bihuan.plans import queries
from bihuan.plans.actions import course, making
from bihuan.plans.acts import Act
from bihuan.plans.models import Conflict, Draw, Kind, Planned, Review, Round
from bihuan.plans.queries import KEEPER, LEFT, pools
from bihuan.plans.queries.pools import Closed, Pool, post_key
from bihuan.plans.queries.selection import Selection
from bihuan.plans.refusals import (
    AlreadyDrawn,
    Cancelled,
    DrewIt,
    NoPosts,
    NoSites,
    NotInUnit,
    TooMany,
)
from bihuan.sites.models import Site


@dataclass(frozen=True)
class DrawOpening:
    """What is stated before anything is drawn; a public seed names where it comes from."""

    unit: Unit
    title: str
    purpose: str
    origin: str
    seed: str = ""
    source: str = ""


@dataclass(frozen=True)
class Extent:
    """How many are drawn, by whom they are taken, and by when."""

    number: int | None
    percent: int | None
    is_weighted: bool
    posts: tuple[Post, ...]
    start_date: date
    complete_date: date
    posts_each: int = 1

    def count(self, there: int) -> int:
        if self.percent is not None:
            return core.share(there, self.percent)
        if self.number is None:
            raise Missing("number")
        if self.number > there:
            raise NotEnough(there)
        return self.number


@dataclass(frozen=True)
class Inspecting:
    """The sites among which is drawn, and how they are inspected."""

    selection: Selection
    checklist: Checklist
    kind: Kind
    not_since: date | None = None


@transaction.atomic
def open_draw(
    *, opening: DrawOpening, actor: User, now: datetime, form_key: UUID | None = None
) -> Draw:
    """Fix the seed: one that the system draws is known by its digest until the draw."""
    access.require(actor, KEEPER, unit=opening.unit, now=now)
    is_public = opening.origin == Draw.Origin.PUBLIC
    seed = core.require_seed(opening.seed if is_public else token_hex(16))
    source = legible.clean(opening.source) if is_public else ""
    if is_public and not legible.has_words(source):
        raise Missing("source")
    try:
        with transaction.atomic():
            made = Draw.objects.create(
                unit=opening.unit,
                title=opening.title,
                purpose=opening.purpose,
                origin=opening.origin,
                seed=seed,
                source=source,
                commitment=core.commitment(seed),
                opened_at=now,
                form_key=form_key,
            )
    except IntegrityError:
        sent = Draw.objects.filter(form_key=form_key, unit=opening.unit).first()
        if form_key is None or sent is None:
            raise
        return sent
    detail = {"commitment": made.commitment, "origin": made.origin, "source": source}
    record(made.subject, Act.OPEN, by=actor, at=now, detail=detail)
    return made


@transaction.atomic
def declare(
    *, draw: Draw, post: Post, site: Site | None, reason: str, actor: User, now: datetime
) -> Conflict:
    """Declare a conflict of interest before the draw: of a post with a site, or with all."""
    here = _locked(draw, actor, now)
    stated = legible.clean(reason)
    if not legible.has_words(stated):
        raise Missing("reason")
    made, is_new = Conflict.objects.get_or_create(
        draw=here, post=post, site=site, defaults={"reason": stated, "declared_at": now}
    )
    if is_new:
        detail = {"post": f"{post.unit.name} {post.title}", "site": site.code if site else ""}
        record(here.subject, Act.DECLARE, by=actor, at=now, note=stated, detail=detail)
    return made


@transaction.atomic
def draw_sites(
    *, draw: Draw, inspecting: Inspecting, extent: Extent, actor: User, now: datetime
) -> Round:
    """Draw sites and the posts that inspect each, and plan these inspections."""
    here = _locked(draw, actor, now)
    _require_sound(here, extent, inspecting.selection.areas, now)
    if extent.posts_each > len(extent.posts):
        raise NoPosts
    pool = pools.of_sites(
        here,
        inspecting.selection,
        extent.posts,
        each=extent.posts_each,
        is_weighted=extent.is_weighted,
        not_since=inspecting.not_since,
    )
    conditions = {**_said(inspecting.selection), "kind": inspecting.kind.value}
    conditions["checklist"] = inspecting.checklist.title
    since = inspecting.not_since
    conditions["not_since"] = since.isoformat() if since else ""
    result = _drawn(here, pool, extent, conditions, now)
    made = _round(here, extent, inspecting.kind, inspecting.checklist, now)
    posts = {post_key(post): post for post in extent.posts}
    chosen = [(pool.ids[key], [posts[each] for each in taken]) for key, taken in result.items()]
    making.plan_at(made, chosen, len(chosen), now)
    making.start(made, {"sites": len(chosen)}, now)
    _record_drawn(here, len(result), len(pool.candidates), actor, now)
    return made


@transaction.atomic
def draw_cases(*, draw: Draw, closed: Closed, extent: Extent, actor: User, now: datetime) -> Round:
    """Draw closed cases and the post that looks back at each."""
    here = _locked(draw, actor, now)
    _require_sound(here, extent, closed.areas, now)
    pool = pools.of_cases(
        here, closed, extent.posts, localdate(now), is_weighted=extent.is_weighted
    )
    conditions = {
        "areas": [unit.name for unit in closed.areas],
        "from": closed.from_date.isoformat(),
        "until": closed.until_date.isoformat(),
        "category": closed.category,
    }
    result = _drawn(here, pool, extent, conditions, now)
    made = _round(here, extent, Kind.LOOK_BACK, None, now)
    posts = {post_key(post): post for post in extent.posts}
    rows = Review.objects.bulk_create(
        Review(round=made, case_number=number, post=posts[taken[0]])
        for number, taken in result.items()
    )
    changes = [Change(row.subject, detail={"round": made.pk}) for row in rows]
    record_first_of_many(Act.MAKE, changes, by=None, at=now)
    making.start(made, {"cases": len(rows)}, now)
    _record_drawn(here, len(result), len(pool.candidates), actor, now)
    return made


@transaction.atomic
def cancel(*, draw: Draw, reason: str, actor: User, now: datetime) -> Draw:
    """Cancel a draw for a stated reason; it stays on record with what it drew. Who drew does not
    cancel what was drawn: otherwise one could draw until the result suits.
    """
    here = _locked(draw, actor, now, is_drawn=True)
    if here.drawn_at is not None and queries.drew(here, actor, now):
        raise DrewIt
    here.reason = legible.clean(reason)
    if not legible.has_words(here.reason):
        raise Missing("reason")
    here.cancelled_at = now
    here.save(update_fields=["cancelled_at", "reason"])
    made = Round.objects.filter(draw=here).first()
    if made is not None:
        _call_off(made, here.reason, actor, now)
    record(here.subject, Act.CANCEL, by=actor, at=now, note=here.reason)
    return here


def repeated(draw: Draw) -> dict[str, list[str]]:
    """Return what the seed draws from the pool that was kept: the same, or the record is wrong."""
    conditions, pool = json.loads(draw.conditions), json.loads(draw.pool)
    excluded = json.loads(draw.excluded)
    candidates = [core.Candidate(key, weight) for key, _name, weight in pool["candidates"]]
    keys = core.drawn(draw.lots, candidates, conditions["count"])
    posts = [key for key, _name in pool["posts"]]
    return core.with_posts(draw.lots, keys, posts, conditions["posts_each"], excluded["conflicts"])


# ----------------------------------------------------------------------- steps
def _locked(draw: Draw, actor: User, now: datetime, *, is_drawn: bool = False) -> Draw:
    here = Draw.objects.select_for_update(of=("self",)).select_related("unit").get(pk=draw.pk)
    access.require(actor, KEEPER, unit=here.unit, now=now)
    if here.cancelled_at is not None:
        raise Cancelled
    if here.drawn_at is not None and not is_drawn:
        raise AlreadyDrawn
    return here


def _require_sound(draw: Draw, extent: Extent, areas: Sequence[Unit], now: datetime) -> None:
    if not extent.posts:
        raise NoPosts
    if any(not area.is_within(draw.unit) for area in areas):
        raise NotInUnit
    if not localdate(now) <= extent.complete_date or extent.complete_date < extent.start_date:
        raise RuleRefused("end")


def _drawn(
    draw: Draw, pool: Pool, extent: Extent, conditions: Mapping[str, object], now: datetime
) -> dict[str, list[str]]:
    """Draw, and keep the pool, what was left out and the result with the draw."""
    there = len(pool.candidates)
    if not there:
        raise NoSites
    if there + len(pool.left_out) > pools.MOST:
        raise TooMany(pools.MOST)
    count = extent.count(there)
    draw.conditions = _text(
        {
            **conditions,
            "algorithm": core.VERSION,
            "count": count,
            "number": extent.number,
            "percent": extent.percent,
            "weighted": extent.is_weighted,
            "posts_each": extent.posts_each,
        }
    )
    draw.pool = _text(
        {
            "candidates": [[c.key, pool.names[c.key], c.weight] for c in pool.candidates],
            "posts": [[post_key(p), f"{p.unit.name} {p.title}"] for p in extent.posts],
        }
    )
    # Only now: who knows the seed cannot choose the pool by what it would draw.
    draw.salt = token_hex(16)
    names = [post_key(post) for post in extent.posts]
    keys = core.drawn(draw.lots, pool.candidates, count)
    result = core.with_posts(draw.lots, keys, names, extent.posts_each, pool.conflicts)
    draw.excluded = _text({"left_out": pool.left_out, "conflicts": pool.conflicts})
    draw.result = _text(list(result.items()))
    draw.drawn_at = now
    draw.save(update_fields=["conditions", "pool", "salt", "excluded", "result", "drawn_at"])
    return result


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _said(selection: Selection) -> dict[str, object]:
    return {
        "areas": [unit.name for unit in selection.areas],
        "site_kinds": list(selection.site_kinds),
        "colours": list(selection.colours),
        "trade": selection.trade,
    }


def _round(
    draw: Draw, extent: Extent, kind: Kind, checklist: Checklist | None, now: datetime
) -> Round:
    return Round.objects.create(
        unit=draw.unit,
        title=draw.title,
        draw=draw,
        kind=kind,
        checklist=checklist,
        start_date=extent.start_date,
        complete_date=extent.complete_date,
        made_at=now,
    )


def _record_drawn(draw: Draw, count: int, there: int, actor: User, now: datetime) -> None:
    detail: dict[str, object] = {"seed": draw.seed, "salt": draw.salt}
    detail["pool"] = core.commitment(draw.pool)
    detail |= {"of": there, "drawn": count}
    record(draw.subject, Act.DRAW, by=actor, at=now, detail=detail)


def _call_off(made: Round, reason: str, actor: User, now: datetime) -> None:
    """Call off what has not been done; what was begun continues."""
    for pk in Planned.objects.filter(round=made, state__in=LEFT).values_list("pk", flat=True):
        here = course.locked(pk)
        if here.state != Planned.State.BEGUN:
            course.end(here, Act.CALL_OFF, actor, now, reason=reason)
    for row in Review.objects.select_for_update().filter(round=made, verdict="due"):
        row.verdict, row.judged_at, row.reason = Review.Verdict.CALLED_OFF, now, reason
        row.save(update_fields=["verdict", "judged_at", "reason"])
        record(row.subject, Act.CALL_OFF, by=actor, at=now, note=reason)
    course.settle(made, now)
    if not Round.objects.filter(pk=made.pk, ended_at=None).exists():
        return
    for clock in running.of_subject(made.subject):
        running.give_way(clock, now)
