"""Which risks an officer sees and may change, and which controls are to be checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.timezone import localdate

from bihuan.core.deadlines import Cause
from bihuan.core.numerals import whole
from bihuan.core.powers import Power
from bihuan.orgs import access
from bihuan.orgs.models import Post, Unit, User
from bihuan.orgs.queries import holders, posts_of
from bihuan.risks.models import Control, ControlCheck, Regrading, RiskPoint, RiskQuerySet
from bihuan.sites import queries as sites
from bihuan.web.subjects import unseen

SOON = timedelta(days=7)
# Who confirms a lower grade, in addition to those who may change the register.
CONFIRMERS = (Power.APPROVE, Power.SUPERVISE)
Controls = QuerySet[Control, Control]


# ------------------------------------------------------------------ who sees what
def visible_to(user: User, now: datetime) -> RiskQuerySet:
    """Return the risks of the sites that the officer sees."""
    return RiskPoint.objects.filter(site__in=sites.visible_to(user, now).values("pk"))


def changeable_by(user: User, now: datetime) -> RiskQuerySet:
    return RiskPoint.objects.filter(site__in=sites.in_charge(user, now).values("pk"))


def hidden_from(user: User, keys: Collection[str], now: datetime) -> set[str]:
    return unseen(visible_to(user, now), keys)


def may_see(user: User, key: str, now: datetime) -> bool:
    return not hidden_from(user, [key], now)


def hidden_controls(user: User, keys: Collection[str], now: datetime) -> set[str]:
    return unseen(controls_seen_by(user, now), keys)


def may_see_control(user: User, key: str, now: datetime) -> bool:
    return not hidden_controls(user, [key], now)


def controls_seen_by(user: User, now: datetime) -> Controls:
    return Control.objects.filter(risk__in=visible_to(user, now).values("pk"))


def reach(user: User, now: datetime) -> QuerySet[Any, Any]:
    """Return the sites at which posts of the officer check a control, as one column."""
    mine = Control.objects.filter(ended_at=None, post__in=posts_of(user, now))
    return mine.values("risk__site")


def may_check(user: User, control: Control, now: datetime) -> bool:
    """Whether the officer may record a check: from the post named, or in charge of the site."""
    return control.post_id in posts_of(user, now) or sites.may_change(user, control.risk.site, now)


def checking_post(user: User, control: Control, now: datetime) -> Post:
    """Return the post from which the officer checks: the one named, else the nearest in charge of
    the site.
    """
    if control.post is not None and control.post_id in posts_of(user, now):
        return control.post
    return access.require(user, sites.KEEPER, unit=control.risk.site.unit, now=now).post


def may_attach(user: User, key: str, now: datetime) -> bool:
    """Whether the officer may attach files to the control with this key."""
    if whole(key) is None:
        return False
    control = Control.objects.select_related("risk__site__unit").filter(pk=key).first()
    return control is not None and may_check(user, control, now)


def may_attach_to_risk(user: User, key: str, now: datetime) -> bool:
    if whole(key) is None:
        return False
    risk = RiskPoint.objects.select_related("site__unit").filter(pk=key).first()
    return risk is not None and sites.may_change(user, risk.site, now)


def may_confirm(user: User, risk: RiskPoint, now: datetime) -> bool:
    """Whether the officer could be the second one for a lower grade."""
    unit = risk.site.unit
    leads = any(access.has(user, power, unit=unit, now=now) for power in CONFIRMERS)
    return leads or sites.may_change(user, risk.site, now)


# ------------------------------------------------------------------ the register
def open_controls() -> Controls:
    """Return the controls that are in force, of risks and sites that are."""
    return Control.objects.filter(
        ended_at=None, risk__stage=RiskPoint.Stage.IN_FORCE, risk__site__closed_at=None
    )


def overdue(on: date) -> Controls:
    return open_controls().filter(next_due_date__lt=on)


def with_overdue_controls(risks: RiskQuerySet, on: date) -> RiskQuerySet:
    late = Control.objects.filter(ended_at=None, next_due_date__lt=on, risk=OuterRef("pk"))
    return risks.in_force().filter(Exists(late))


def without_checker(risks: RiskQuerySet, on: date) -> RiskQuerySet:
    """Return the risks in force with a control that no post in force checks, or without any."""
    held = Control.objects.filter(ended_at=None, risk=OuterRef("pk"))
    ended = Q(post=None) | Q(post__end_date__lt=on)
    return risks.in_force().filter(Exists(held.filter(ended)) | ~Exists(held))


def controls_of(risks: Iterable[RiskPoint]) -> Mapping[int, list[Control]]:
    """Return the open controls of each of these risks, in one query."""
    found: dict[int, list[Control]] = {risk.pk: [] for risk in risks}
    rows = Control.objects.filter(risk__in=[*found], ended_at=None).select_related("post__unit")
    for control in rows.order_by("pk"):
        found[control.risk_id].append(control)
    return found


def checks_of(risk: RiskPoint, most: int) -> list[ControlCheck]:
    rows = ControlCheck.objects.filter(control__risk=risk).select_related("control", "post__unit")
    return list(rows.prefetch_related("photos__file").order_by("-pk")[:most])


def open_regrading(risk: RiskPoint) -> Regrading | None:
    return Regrading.objects.filter(risk=risk, is_granted=None).first()


def counted(user: User, now: datetime) -> list[tuple[Unit, Counter[str]]]:
    """Count the risks in force by colour, for each unit of the officer together with those below
    it; in the order of the tree.
    """
    rows = visible_to(user, now).in_force().order_by().values_list("site__unit__path", "colour")
    by_path: dict[str, Counter[str]] = {}
    direct: set[str] = set()
    for path, colour, n in rows.annotate(n=Count("pk")):
        direct.add(path)
        for above in _with_above(path):
            by_path.setdefault(above, Counter())[colour] += n
    units = Unit.objects.filter(path__in=[*by_path]).order_by("path")
    tops = access.acting_tops(user, Power, localdate(now))
    return [
        (unit, by_path[unit.path])
        for unit in units
        if unit.path in direct or any(unit.is_within(top) for top in tops)
    ]


def _with_above(path: str) -> list[str]:
    """Return the paths of the unit and of all units above it."""
    steps = path.rstrip("/").split("/")
    return ["/".join(steps[:n]) + "/" for n in range(1, len(steps) + 1)]


# ------------------------------------------------------------------ what is to do
def to_check(user: User, now: datetime) -> Controls:
    """Return the controls that posts of the officer have to check within days, or had to."""
    mine = open_controls().filter(post__in=posts_of(user, now))
    return mine.filter(next_due_date__lte=localdate(now) + SOON)


def overdue_of_others(user: User, now: datetime) -> Controls:
    """Return overdue controls of sites that the officer coordinates, checked by other posts."""
    on = localdate(now)
    others = Q(post=None) | ~Q(post__in=posts_of(user, now))
    return overdue(on).filter(_of_sites(user, [Power.COORDINATE], on), others)


def _of_sites(user: User, powers: Iterable[Power], on: date) -> Q:
    """Return the condition for rows of risks at sites that the officer reaches so."""
    reach = Q(pk__in=())
    for top in access.tops(user, powers, on):
        reach |= Q(risk__site__unit__path__startswith=top.path)
    return reach


def regradings_to_decide(user: User, now: datetime) -> QuerySet[Regrading, Regrading]:
    """Return lower grades that wait for a second officer, who may be this one."""
    reach = _of_sites(user, (Power.COORDINATE, *CONFIRMERS), localdate(now))
    in_force = {"risk__stage": RiskPoint.Stage.IN_FORCE, "risk__site__closed_at": None}
    return Regrading.objects.filter(reach, is_granted=None, **in_force).exclude(asked_by=user)


def told_of(control: Control, path: str, cause: Cause, now: datetime) -> list[User]:
    """Return who is notified of a due check: the holder of the post; once it is overdue, also the
    coordinators of the unit with this path; on escalation only those.
    """
    found: list[User] = []
    if control.post_id and cause is not Cause.ESCALATION:
        found += [each.member for each in access.acting([control.post_id], localdate(now))]
    if cause is not Cause.WARNING or not found:
        found += holders([path], [Power.COORDINATE], now)
    return list(dict.fromkeys(found))
