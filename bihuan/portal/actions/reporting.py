"""Pass public reports to the app of their kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from bihuan.cases.models import Case
from bihuan.core import legible
from bihuan.core.grievance import GRIEVANCE
from bihuan.core.hazard import HAZARD
from bihuan.core.masking import masked
from bihuan.core.mediation import MEDIATION
from bihuan.core.suggestion import SUGGESTION
from bihuan.files.actions import Checked
from bihuan.grievances.models import Category
from bihuan.orgs.models import Unit
from bihuan.receipts import sides
from bihuan.receipts.accounts import Account, Identity, Intake, IntakeResult
from bihuan.receipts.actions import intake
from bihuan.sites.actions.posters import link_reported
from bihuan.sites.models import Site


class Matter(StrEnum):
    """The subject that a person chooses."""

    HAZARD = "hazard"
    GRIEVANCE = "grievance"
    ACCUSATION = "accusation"
    SUGGESTION = "suggestion"
    DISPUTE = "dispute"


# Which kind receives which subject; an accusation is a grievance that goes above those it is about.
KINDS = {
    Matter.HAZARD: HAZARD.kind,
    Matter.GRIEVANCE: GRIEVANCE.kind,
    Matter.ACCUSATION: GRIEVANCE.kind,
    Matter.SUGGESTION: SUGGESTION.kind,
    Matter.DISPUTE: MEDIATION.kind,
}


@dataclass(frozen=True)
class Report:
    """A completed form: the account, and the kind's own arguments."""

    matter: Matter
    account: Account
    category: Category | None = None
    wants_paper: bool = False
    may_publish: bool = False
    other_party: Identity | None = None


def takes_documents(matter: Matter) -> bool:
    """Whether a report may contain documents: never an accusation, whose author they would name."""
    return matter is not Matter.ACCUSATION and sides.of(KINDS[matter]).takes_documents


def destination(*, report: Report, now: datetime) -> Unit:
    """Return the unit that would take it up; raise `NoUnitAbove` if none here may."""
    return intake.route(report.account, now)


# What is linked to the site whose poster was opened: nothing that is kept from the offices there.
AT_SITES = frozenset({Matter.HAZARD, Matter.GRIEVANCE, Matter.SUGGESTION})


def send(
    *,
    report: Report,
    form_key: str,
    photos: Sequence[Checked],
    now: datetime,
    site: Site | None = None,
) -> IntakeResult:
    """Create the case, at the site whose poster was opened. The same form sent twice returns the
    same receipt.
    """
    told = Intake(
        account=report.account,
        form_key=form_key,
        now=now,
        photos=photos,
        subject=report.category,
        is_accusation=report.matter is Matter.ACCUSATION,
        wants_paper=report.wants_paper,
        may_publish=report.may_publish,
        other_party=report.other_party,
    )
    if site is None or report.matter not in AT_SITES:
        return sides.receive(KINDS[report.matter], told)
    with transaction.atomic():
        taken = sides.receive(KINDS[report.matter], told)
        link_reported(site=site, case=taken.case, now=now)
    return taken


def unsaid(case: Case, **typed: str) -> str:
    """Return what a form that was received before now contains and its case does not, field by
    field.
    """
    words = {name: legible.clean(masked(text).text) for name, text in typed.items()}
    new = [name for name, text in words.items() if text and text != getattr(case, name)]
    return "\n".join(typed[name].strip() for name in new)
