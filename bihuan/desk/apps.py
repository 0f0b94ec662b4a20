"""The officers' desk: Today, the ledger, saved views, and the page of a case."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.apps import AppConfig
from django.core import checks
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "bihuan.desk"
    label = "desk"

    def ready(self) -> None:
        from bihuan.web import handbook

        handbook.register(
            "desk",
            "case",
            today="today",
            read_notices="today",
            ledger="ledger",
            ledger_filters="ledger",
            views="ledger",
            batch="ledger",
            batch_report="ledger",
            undo_batch="ledger",
            sheets="export",
            export_chosen="export",
            notices="today",
            notice="today",
        )
        from bihuan.desk import pages

        checks.register(pages.lacking)
        _be_found()
        _be_named()
        _be_run()


def _be_found() -> None:
    """Add cases to the navigation, the search box and Today."""
    from bihuan.desk import agenda, asked
    from bihuan.desk import finding as cases_finding
    from bihuan.notices.queries import count_unread
    from bihuan.orgs import operators
    from bihuan.web import agenda as today
    from bihuan.web import finding, navigation

    today.register("cases", agenda.sections)
    today.register("stand-ins", asked.sections)
    finding.register("cases", _("Cases"), cases_finding.cases)
    own = navigation.Group.OWN
    # Anyone reads the notices that were sent to them, also an operator of sites.
    operators.register("desk:notices", "desk:notice", "desk:read-notices")
    navigation.register(
        navigation.Place(
            "desk:today", _("Today"), "today", key="t", order=1, on_phones=True, count=count_unread
        ),
        navigation.Place("desk:notices", _("Notices"), "bell", own, key="n", order=1),
        navigation.Place("desk:ledger", _("Ledger"), "list", key="l", order=2, on_phones=True),
    )


def _be_named() -> None:
    """Register the pages that cases, and notices of transferred cases, link to."""
    from bihuan.cases import notices_wording
    from bihuan.desk.subject import CASE
    from bihuan.notices import voices
    from bihuan.web import subjects

    subjects.register("case", CASE)
    # A notice of transferred cases names the unit, and links to these cases.
    taken_over = voices.NoticeRenderer(notices_wording.taken_over, subjects.nameless, _cases_of)
    voices.register("unit", taken_over)


def _be_run() -> None:
    """Have the worker carry out what was ordered for many cases."""
    from bihuan.web import work

    work.register("batches", _batches, timedelta(seconds=5), lane=work.Lane.LONG)


def _batches(now: datetime) -> Mapping[str, int]:
    from bihuan.desk import batching

    return batching.run_waiting(now)


def _cases_of(code: str) -> str:
    return f"{reverse('desk:ledger')}?unit={code}"
