"""Who and what can be drawn, and who and what is left out, each with its reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.db.models import Q
from django.utils.timezone import make_aware

from bihuan.cases.models import Case
from bihuan.core.draw import Candidate
from bihuan.core.hazard import Grade, Stage
from bihuan.core.risk import Colour
from bihuan.hazards.models import Hazard
from bihuan.inspections.models import Inspection
from bihuan.orgs.access import acting
from bihuan.orgs.models import Post, Unit
from bihuan.plans.models import Conflict, Draw
from bihuan.plans.queries.selection import Selection, is_near, runs
from bihuan.risks.models import RiskPoint

MOST = 20_000
# The chance to be drawn, by the worst risk of a site, or by the grade of a hazard.
SITE_WEIGHTS: Mapping[str, int] = {
    Colour.RED: 8, Colour.ORANGE: 4, Colour.YELLOW: 2, Colour.BLUE: 1,
}  # fmt: skip
MAJOR_WEIGHT, REBOUND_WEIGHT = 4, 2


class Why:
    """Why something is left out; `wording` has the words."""

    INSPECTED = "inspected"
    NO_POST = "no_post"
    OPERATES = "operates"
    ABOVE_OPERATOR = "above_operator"
    FIXED = "fixed"
    DECLARED = "declared"
    OUT_OF_REACH = "out_of_reach"


@dataclass
class Pool:
    """What can be drawn, with its weights; what is left out; and which post may not take what."""

    candidates: list[Candidate] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    # Each with its reason.
    left_out: list[tuple[str, str, str]] = field(default_factory=list)
    conflicts: dict[str, dict[str, str]] = field(default_factory=dict)


def post_key(post: Post) -> str:
    return f"P{post.pk}"


# ----------------------------------------------------------------------- sites
def of_sites(
    draw: Draw,
    selection: Selection,
    posts: Sequence[Post],
    *,
    each: int,
    is_weighted: bool,
    not_since: date | None = None,
) -> Pool:
    """Return the sites that can be drawn, in the order of their codes."""
    rows = (
        selection.sites()
        .order_by("code")
        .values_list("pk", "code", "name", "operator_unit__path")[: MOST + 1]
    )
    found = list(rows)
    weights = _site_weights([pk for pk, *_ in found]) if is_weighted else {}
    recent = _inspected([pk for pk, *_ in found], not_since)
    declared = _declared(draw)
    pool = Pool()
    for pk, code, name, operator in found:
        if pk in recent:
            pool.left_out.append((code, name, Why.INSPECTED))
            continue
        barred = {**_apart(posts, operator or ""), **_stand_back(posts, declared, pk)}
        if len(posts) - len(barred) < each:
            pool.left_out.append((code, name, Why.NO_POST))
            continue
        pool.candidates.append(Candidate(code, weights.get(pk, 1)))
        pool.names[code], pool.ids[code] = name, pk
        if barred:
            pool.conflicts[code] = barred
    return pool


def _site_weights(sites: Collection[int]) -> dict[int, int]:
    weights: dict[int, int] = {}
    rows = RiskPoint.objects.filter(site__in=sites, stage="in_force")
    for site, colour in rows.values_list("site", "colour"):
        weights[site] = max(weights.get(site, 1), SITE_WEIGHTS[colour])
    return weights


def _inspected(sites: Collection[int], since: date | None) -> frozenset[int]:
    """Return the sites that were inspected here since that day: a record on paper spares none."""
    if since is None:
        return frozenset()
    start = make_aware(datetime.combine(since, time()))
    done = Inspection.objects.filter(site__in=sites, done_at__gte=start)
    checked = done.filter(paper="").exclude(kind=Inspection.Kind.SELF_CHECK)
    return frozenset(checked.values_list("site", flat=True))


def _declared(draw: Draw) -> dict[int, set[int | None]]:
    """Return the declared conflicts: by post, the sites, and None for all."""
    found: dict[int, set[int | None]] = {}
    for post, site in Conflict.objects.filter(draw=draw).values_list("post", "site"):
        found.setdefault(post, set()).add(site)
    return found


def _stand_back(
    posts: Iterable[Post], declared: Mapping[int, set[int | None]], site: int
) -> dict[str, str]:
    return {
        post_key(post): Why.DECLARED
        for post in posts
        if declared.get(post.pk, set()) & {None, site}
    }


def _apart(posts: Iterable[Post], operator_path: str) -> dict[str, str]:
    """Return the posts that belong to the operator, or to the unit directly above it."""
    return {
        post_key(post): Why.OPERATES if runs(post, operator_path) else Why.ABOVE_OPERATOR
        for post in posts
        if is_near(post, operator_path)
    }


# ---------------------------------------------------------------- closed cases
@dataclass(frozen=True)
class Closed:
    """Which closed hazards are looked back at."""

    unit: Unit
    from_date: date
    until_date: date
    areas: tuple[Unit, ...] = ()
    category: str = ""

    def hazards(self) -> list[Hazard]:
        """Return the hazards that were closed in the period and not checked again since."""
        within = Q()
        for unit in self.areas or (self.unit,):
            within |= Q(case__owner__path__startswith=unit.path)
        first, last = (
            make_aware(datetime.combine(day, at))
            for day, at in ((self.from_date, time.min), (self.until_date, time.max))
        )
        found = Hazard.objects.filter(
            within,
            case__kind="hazard",
            case__stage=Stage.CLOSED,
            case__is_confidential=False,
            case__ended_at__range=(first, last),
        )
        if self.category:
            found = found.filter(case__category=self.category)
        rows = found.select_related("case__owner", "case__resolved_unit")
        return list(rows.order_by("case__number")[: MOST + 1])


def of_cases(
    draw: Draw, closed: Closed, posts: Sequence[Post], on: date, *, is_weighted: bool
) -> Pool:
    """Return the closed hazards that can be drawn; posts that fixed or verified one, or whose
    holder did, do not look back at it.
    """
    hazards = closed.hazards()
    took_part = _took_part([hazard.case_id for hazard in hazards])
    members: dict[int, set[int]] = {}
    for tenure in acting([post.pk for post in posts], on):
        members.setdefault(tenure.post_id, set()).add(tenure.member_id)
    declared = _declared(draw)
    pool = Pool()
    for hazard in hazards:
        case = hazard.case
        barred = {
            post_key(post): why
            for post in posts
            if (
                why := _bar(post, case, took_part.get(case.pk, set()) & members.get(post.pk, set()))
            )
        }
        barred |= _stand_back(posts, declared, -1)
        if len(barred) == len(posts):
            pool.left_out.append((case.number, case.title, Why.NO_POST))
            continue
        pool.candidates.append(Candidate(case.number, weight_of(hazard) if is_weighted else 1))
        pool.names[case.number], pool.ids[case.number] = case.title, case.pk
        if barred:
            pool.conflicts[case.number] = barred
    return pool


def weight_of(hazard: Hazard) -> int:
    weight = MAJOR_WEIGHT if hazard.grade == Grade.MAJOR else 1
    return weight * (REBOUND_WEIGHT if hazard.rebounds else 1)


def _took_part(cases: Collection[int]) -> dict[int, set[int]]:
    rows = Case.objects.filter(pk__in=cases, participations__isnull=False)
    found: dict[int, set[int]] = {}
    for case, member in rows.values_list("pk", "participations__member"):
        found.setdefault(case, set()).add(member)
    return found


def _bar(post: Post, case: Case, holders: Collection[int]) -> str:
    """Return why this post does not look back at the case; empty if it may."""
    if post.pk == case.post_id or holders or post.unit_id in (case.resolved_unit_id, case.owner_id):
        return Why.FIXED
    if case.owner is None or not case.owner.is_within(post.unit):
        return Why.OUT_OF_REACH
    return ""
