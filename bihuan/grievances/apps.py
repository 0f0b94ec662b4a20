"""Grievances and suggestions: complaints, requests and ideas from residents."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GrievancesConfig(AppConfig):
    name = "bihuan.grievances"
    label = "grievances"

    def ready(self) -> None:
        from bihuan.web import handbook

        handbook.register("grievances", "public")
        from bihuan.cases import categories as offered_categories
        from bihuan.cases import kinds, standing
        from bihuan.desk import pages
        from bihuan.grievances import categories, wording
        from bihuan.grievances.actions import leadership
        from bihuan.grievances.kind import grievance, suggestion
        from bihuan.grievances.ledger.types import GRIEVANCES, SUGGESTIONS
        from bihuan.grievances.standing import LENT, PARTS
        from bihuan.orgs import holdings
        from bihuan.receipts import sides
        from bihuan.sheets.ledger import types

        _be_found()
        holdings.register(
            "grievances",
            holdings.Holding(
                words=wording.led_cases,
                of_unit=leadership.of_unit,
                of_post=leadership.of_post,
                pass_on=leadership.pass_on,
                leave=leadership.leave,
            ),
        )
        _be_guarded()
        offered_categories.register(categories.offered_by_name)
        standing.register(*PARTS, lent=LENT)
        kinds.register(grievance.KIND)
        kinds.register(suggestion.KIND)
        pages.register(grievance.PAGES, suggestion.PAGES)
        types.register(GRIEVANCES.type)
        types.register(SUGGESTIONS.type)
        sides.register(grievance.SIDE, suggestion.SIDE)


def _be_found() -> None:
    """Add the desk and the subject tree to the navigation, and sections to Today."""
    from bihuan.core.grievance import RECEIVERS
    from bihuan.grievances.actions.category import EDITORS
    from bihuan.grievances.grievance_agenda import waiting
    from bihuan.grievances.kind import suggestion
    from bihuan.web import agenda, navigation

    agenda.register("grievances", waiting)
    agenda.register("suggestions", suggestion.waiting)
    navigation.register_maker(
        navigation.Place(
            "grievances:intake", _("Desk intake"), "edit", key="d", powers=RECEIVERS, order=2
        )
    )
    navigation.register(
        navigation.Place(
            "grievances:categories",
            _("Categories of grievances"),
            "list",
            navigation.Group.SETUP,
            powers=EDITORS,
        )
    )


def _be_guarded() -> None:
    """Let `journal verify` see whether the checks of this part are there."""
    from bihuan.journal import guards

    guards.register_checks(
        "grievance_ended_exactly_when_the_stage_says_so",
        "suggestion_ended_exactly_when_the_stage_says_so",
    )
