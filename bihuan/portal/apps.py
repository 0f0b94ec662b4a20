"""The public's pages: without accounts, without traces of who used them."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "bihuan.portal"
    label = "portal"

    def ready(self) -> None:
        from bihuan.sites import posters

        posters.register("portal:report")
        from bihuan.web import handbook

        handbook.register("portal", "public")
        from bihuan.core.powers import Power
        from bihuan.figures import sources
        from bihuan.orgs import holdings
        from bihuan.portal import moves, wording
        from bihuan.portal.actions import receptions
        from bihuan.portal.queries.counting import PublicCases
        from bihuan.receipts.actions.desk_codes import SERVING
        from bihuan.web import navigation, work
        from bihuan.web.navigation import Group, Place

        holdings.register(
            "receptions",
            holdings.Holding(
                words=wording.coming_receptions,
                of_unit=receptions.of_unit,
                of_post=receptions.of_post,
                pass_on=receptions.pass_on,
                leave=receptions.leave,
            ),
        )
        navigation.register_front("portal:front")
        coordinators = frozenset({Power.COORDINATE})
        navigation.register(
            Place("portal:with-code", _("Code at the desk"), "edit", powers=SERVING),
            Place("portal:planned-receptions", _("Reception days"), "people"),
            Place("portal:satisfaction", _("Satisfaction"), "check", Group.OVERSIGHT),
            Place("portal:places", _("Names of places"), "place", Group.SETUP, powers=coordinators),
            Place("portal:outlets", _("Where to turn"), "place", Group.SETUP, powers=coordinators),
        )
        moves.register_held()
        sources.register("public cases", PublicCases())
        work.register("forget tallies and drafts", _forget, every=timedelta(hours=1))


def _forget(now: datetime) -> Mapping[str, int]:
    """Delete what protected against spam, and drafts, within a day."""
    from bihuan.files import unsent
    from bihuan.portal import drafts
    from bihuan.tallies import counting

    return {
        "tallies": counting.forget(now),
        "photos": drafts.clear_away(now),
        "forms": unsent.clear_away(now),
    }
