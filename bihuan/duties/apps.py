"""Responsibility lists: who answers for which duty at a site, signed by the holder of the post."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from bihuan.core.powers import Power


class DutiesConfig(AppConfig):
    name = "bihuan.duties"
    label = "duties"

    def ready(self) -> None:
        from bihuan.duties import agenda, guard, panels, queries, standing
        from bihuan.duties.actions import leaving
        from bihuan.duties.models import SUBJECT
        from bihuan.journal import guards, hooks
        from bihuan.orgs import holdings
        from bihuan.sites import hooks as sites
        from bihuan.sites import sections
        from bihuan.web import agenda as today
        from bihuan.web import handbook, navigation, subjects

        handbook.register("duties", "duties")
        overseers = frozenset({Power.COORDINATE, Power.SUPERVISE, Power.APPROVE, Power.AUDIT})
        navigation.register(
            navigation.Place(
                "duties:duties",
                _("Responsibilities"),
                "people",
                navigation.Group.PREVENTION,
                powers=overseers,
                order=7,
            ),
            navigation.Place(
                "duties:mine", _("My responsibilities"), "person", navigation.Group.OWN
            ),
        )
        today.register(SUBJECT, agenda.sections)
        for engine in ("postgresql", "sqlite"):
            guards.register(engine, dict.fromkeys(guard.NAMES, ""))
        holdings.register("duties", leaving.HOLDING)
        subjects.register(SUBJECT, agenda.TYPE)
        hooks.register_witness(SUBJECT, standing.DUTIES)
        sections.register(SUBJECT, 25, panels.section)
        sites.register_reach(SUBJECT, queries.reach)
