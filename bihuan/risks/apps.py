"""Risk points of sites, their controls, and who checks them."""

from pathlib import Path

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RisksConfig(AppConfig):
    name = "bihuan.risks"
    label = "risks"

    def ready(self) -> None:
        from bihuan.clocks import subjects as clocked
        from bihuan.core import rules
        from bihuan.journal import guards, hooks
        from bihuan.notices import voices
        from bihuan.orgs import holdings
        from bihuan.risks import guard, ledger, panels, queries, reminding, standing, wording
        from bihuan.risks.actions import leaving
        from bihuan.risks.models import CONTROL_SUBJECT, SUBJECT
        from bihuan.sheets.ledger import types
        from bihuan.sites import hooks as sites
        from bihuan.sites import sections

        for engine in ("postgresql", "sqlite"):
            guards.register(engine, dict.fromkeys(guard.NAMES, ""))
        holdings.register("risks", leaving.HOLDING)
        voices.register(CONTROL_SUBJECT, voices.NoticeRenderer(wording.notice))
        rules.register(Path(__file__).parent / "statutes")
        clocked.register(CONTROL_SUBJECT, clocked.SubjectType(reminding.Controls))
        hooks.register_witness(SUBJECT, standing.RISKS)
        hooks.register_witness(CONTROL_SUBJECT, standing.CONTROLS)
        sections.register(SUBJECT, 20, panels.section)
        sites.register_reach(SUBJECT, queries.reach)
        types.register(ledger.LEDGER.type)
        _be_found()


def _be_found() -> None:
    """Add the register to the navigation, what is due to Today, and risks to the search box."""
    from bihuan.desk import hooks
    from bihuan.risks import agenda, problems
    from bihuan.risks.models import CONTROL_SUBJECT, SUBJECT
    from bihuan.web import agenda as today
    from bihuan.web import finding, handbook, navigation, subjects

    handbook.register("risks", "risks")
    navigation.register(
        navigation.Place("risks:risks", _("Risks"), "warning", navigation.Group.PREVENTION, order=6)
    )
    finding.register(SUBJECT, pgettext_lazy("search", "Risks"), agenda.find)
    today.register(SUBJECT, agenda.sections)
    subjects.register(SUBJECT, agenda.TYPE)
    subjects.register(CONTROL_SUBJECT, agenda.CONTROL_TYPE)
    hooks.register_origin(SUBJECT, problems.OF_RISK)
    hooks.register_origin(CONTROL_SUBJECT, problems.OF_CONTROL)
