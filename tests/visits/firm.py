"""A firm with a site in the village, its user, and the bureau that regulates it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bihuan.cases.models import Case
from bihuan.core.powers import Power
from bihuan.orgs.models import Unit, User
from bihuan.sites.actions.papers import PaperFacts
from bihuan.sites.models import Site, SiteCase
from bihuan.visits.actions import submitting
from bihuan.visits.submitted import PaperSubmission
from tests.factories import NOW, TODAY, make_officer, make_site, make_unit
from tests.visits.scene import Scene

FACTS = PaperFacts(kind="business_licence", number="云执照12号", expires_date=TODAY)


@dataclass(frozen=True)
class Firm:
    unit: Unit
    site: Site
    user: User
    regulator: User


def make_firm(scene: Scene) -> Firm:
    unit = make_unit(scene.town, kind=Unit.Kind.ENTERPRISE)
    bureau = make_unit(kind=Unit.Kind.DEPARTMENT)
    site = make_site(
        scene.village, name="液化气站", operator_unit=unit, regulators={"fire": bureau}
    )
    user = make_officer(unit, Power.OPERATE, name="窦青")
    return Firm(unit, site, user, make_officer(bureau, Power.HANDLE))


def submitted(firm: Firm, **given: Any) -> PaperSubmission:
    facts: dict[str, Any] = {"facts": FACTS, "uploads": (), "actor": firm.user, "now": NOW}
    return submitting.submit(site=firm.site, **(facts | given))


def make_site_with(site: Site, *cases: Case) -> None:
    for case in cases:
        SiteCase.objects.create(site=site, case=case, linked_at=NOW)
