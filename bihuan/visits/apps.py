"""Which posts visit which sites, and how often."""

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class VisitsConfig(AppConfig):
    name = "bihuan.visits"
    label = "visits"

    def ready(self) -> None:
        from bihuan.journal import hooks as journal
        from bihuan.orgs import holdings
        from bihuan.sites import hooks as sites
        from bihuan.visits import agenda, queries, standing, wording
        from bihuan.visits.actions.leaving import HOLDING
        from bihuan.visits.models import BINDING, GROUP, VISIT
        from bihuan.web import agenda as today
        from bihuan.web import handbook, navigation, subjects
        from bihuan.web.navigation import Group, Place

        navigation.register(
            Place("visits:mine", _("My sites"), "place", Group.PREVENTION, powers=queries.VISITORS),
            Place(
                "visits:coverage",
                _("Visits to sites"),
                "check",
                Group.PREVENTION,
                powers=frozenset({queries.BINDER}),
            ),
        )
        handbook.register("visits", "visits")
        today.register("visits", agenda.sections)
        sites.register_reach("visits", queries.sites_of)
        _show_on_sites()
        holdings.register("visits", HOLDING)
        subjects.register(
            VISIT,
            subjects.SubjectType(
                _page, _name, queries.hidden_from, queries.may_see, wording.DONE, queries.may_attach
            ),
        )
        journal.register_witness(BINDING, standing.BINDINGS)
        journal.register_witness(GROUP, standing.GROUPS)
        journal.register_witness(VISIT, standing.VISITS)


def _show_on_sites() -> None:
    from bihuan.sites import sections
    from bihuan.visits import shown

    sections.register("visits", 40, shown.section)
    sections.register_button("visits", 20, shown.record_button)
    sections.register_button("binding", 30, shown.bind_button)
    sections.register_button("poster", 90, shown.poster_button)


def _page(key: str) -> str:
    return reverse("visits:visit", args=[key])


def _name(key: str) -> str:
    from bihuan.visits.models import Visit

    return Visit.objects.select_related("site").get(pk=key).site.name
