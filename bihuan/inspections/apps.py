"""Inspections of sites: answers, photos, signatures, findings."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class InspectionsConfig(AppConfig):
    name = "bihuan.inspections"
    label = "inspections"

    def ready(self) -> None:
        from bihuan.desk import panels as case_panels
        from bihuan.hazards import sources
        from bihuan.inspections import agenda, ledger, panels, queries, wording
        from bihuan.inspections.models import SUBJECT, Inspection
        from bihuan.inspections.standing import WITNESS
        from bihuan.journal import hooks
        from bihuan.sheets.ledger import types
        from bihuan.sites import sections
        from bihuan.web import agenda as today
        from bihuan.web import finding, subjects, work

        _be_found()
        _be_guarded()
        hooks.register_witness(SUBJECT, WITNESS)
        finding.register(SUBJECT, _("Inspections"), agenda.find)
        today.register(SUBJECT, agenda.sections)
        sections.register("inspections", 30, agenda.at_site, is_for_operators=True)
        sections.register_button("inspections", 10, agenda.button, is_for_operators=True)
        case_panels.register(panels.PANEL)
        types.register(ledger.LEDGER.type)
        sources.register(panels.proposed)
        subjects.register(
            SUBJECT,
            subjects.SubjectType(
                _page,
                lambda key: Inspection.objects.get(pk=key).number,
                queries.hidden_from,
                queries.may_see,
                wording.ACTS,
            ),
        )
        work.register("erase signatures", _erase, every=timedelta(days=1))


# What an operator of sites may open: inspections of its sites, and its own self-checks.
FOR_OPERATORS = (
    *("inspections", "inspection", "begin", "start", "abandon", "walk", "answer", "state"),
    *("add-photo", "photo", "remove-photo", "failed", "withdraw", "end", "sheet"),
)


def _be_found() -> None:
    """Add the register to the navigation, and name its section of the handbook."""
    from bihuan.core.inspection import INSPECTORS
    from bihuan.core.powers import Power
    from bihuan.orgs import operators
    from bihuan.web import handbook, navigation

    handbook.register("inspections", "inspections")
    operators.register(*(f"inspections:{name}" for name in FOR_OPERATORS))
    navigation.register(
        navigation.Place(
            "inspections:inspections",
            _("Inspections"),
            "check",
            navigation.Group.PREVENTION,
            powers=INSPECTORS | {Power.AUDIT},
        )
    )


def _be_guarded() -> None:
    """Let `journal verify` see whether the triggers of this part are there."""
    from bihuan.inspections.guard import TRIGGERS
    from bihuan.journal import guards

    for engine, names in TRIGGERS.items():
        guards.register(engine, dict.fromkeys(names, ""))


def _page(key: str) -> str:
    return reverse("inspections:inspection", args=[key])


def _erase(now: datetime) -> Mapping[str, int]:
    from bihuan.inspections.actions.erasing import erase_due

    return {"signatures": erase_due(now=now)}
