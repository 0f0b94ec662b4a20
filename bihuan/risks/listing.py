"""The register of risks (风险库): what the address asks for, and its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import Case as Either
from django.db.models import Exists, OuterRef, Q, SmallIntegerField, When
from django.utils.timezone import localdate

from bihuan.core import risk as core
from bihuan.core.numerals import whole
from bihuan.orgs.models import Unit, User
from bihuan.orgs.queries import posts_of
from bihuan.risks import queries
from bihuan.risks.models import Colour, Control, RiskPoint, RiskQuerySet
from bihuan.sites import catalogue

CHECKS = ("mine", "overdue", "none")
STATES = ("in_force", "retired", "all")


@dataclass(frozen=True)
class Filters:
    """What the address asks for; invalid parts are ignored."""

    words: str = ""
    colour: str = ""
    # The id of a site.
    site: str = ""
    # The id of a unit: its sites and those of the units below it.
    unit: str = ""
    kind: str = ""
    checks: str = ""
    state: str = "in_force"

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Filters:
        unit, kind = asked.get("unit", ""), asked.get("kind", "")
        checks, state = asked.get("checks", ""), asked.get("state", "")
        colour, site = asked.get("colour", ""), asked.get("site", "")
        return cls(
            words=asked.get("q", "").replace("\x00", "").strip()[:100],
            colour=colour if colour in Colour.values else "",
            site=site if whole(site) is not None else "",
            unit=unit if whole(unit) is not None else "",
            kind=kind if kind in catalogue.kinds() else "",
            checks=checks if checks in CHECKS else "",
            state=state if state in STATES else "in_force",
        )

    @property
    def asked(self) -> dict[str, str]:
        """Return them as parameters of an address, without what is usual."""
        values = {
            "q": self.words,
            "colour": self.colour,
            "site": self.site,
            "unit": self.unit,
            "kind": self.kind,
            "checks": self.checks,
            "state": "" if self.state == "in_force" else self.state,
        }
        return {name: value for name, value in values.items() if value}

    @property
    def query(self) -> str:
        return urlencode(self.asked)

    def but(self, **changed: str) -> str:
        """Return the address with these filters changed."""
        kept = {**self.asked, **changed}
        return "?" + urlencode({name: value for name, value in kept.items() if value})


def found(user: User, filters: Filters, now: datetime) -> RiskQuerySet:
    """Return the risks that the officer sees and the filters select."""
    risks = queries.visible_to(user, now)
    if filters.words:
        risks = risks.filter(
            Q(title__icontains=filters.words)
            | Q(harm__icontains=filters.words)
            | Q(site__name__icontains=filters.words)
        )
    if filters.site:
        risks = risks.filter(site=int(filters.site))
    if filters.unit:
        unit = Unit.objects.filter(pk=filters.unit).first()
        risks = risks.filter(site__unit__path__startswith=unit.path) if unit else risks.none()
    if filters.kind:
        risks = risks.filter(site__kind=filters.kind)
    if filters.colour:
        risks = risks.filter(colour=filters.colour)
    if filters.state == "in_force":
        risks = risks.in_force()
    elif filters.state == "retired":
        risks = risks.filter(stage=RiskPoint.Stage.RETIRED)
    return _with_checks(risks, filters.checks, user, now)


def worst_first(risks: RiskQuerySet) -> RiskQuerySet:
    """Return them by colour, the highest level first, and then by unit and site."""
    ranks = [When(colour=colour.value, then=-colour.rank) for colour in core.Colour]
    rank = Either(*ranks, output_field=SmallIntegerField())
    return risks.order_by(rank, "site__unit__path", "site", "pk")


def _with_checks(risks: RiskQuerySet, checks: str, user: User, now: datetime) -> RiskQuerySet:
    on = localdate(now)
    if checks == "overdue":
        return queries.with_overdue_controls(risks, on)
    if checks == "none":
        return queries.without_checker(risks, on)
    if checks == "mine":
        mine = Control.objects.filter(ended_at=None, post__in=posts_of(user, now))
        return risks.in_force().filter(Exists(mine.filter(risk=OuterRef("pk"))))
    return risks
