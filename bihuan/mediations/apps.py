"""Mediations: parties, consent, meetings, agreement."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MediationsConfig(AppConfig):
    name = "bihuan.mediations"
    label = "mediations"

    def ready(self) -> None:
        from bihuan.web import handbook

        handbook.register("mediations", "public")
        from bihuan.cases import kinds, standing
        from bihuan.cases.standing import CasePart
        from bihuan.core.mediation import RECEIVERS
        from bihuan.desk import pages
        from bihuan.desk.subject import CASE
        from bihuan.mediations import agenda, wording
        from bihuan.mediations.kind import KIND, PAGES, SIDE
        from bihuan.mediations.ledger.types import LEDGER
        from bihuan.mediations.models import Agreement, Mediation, Party
        from bihuan.notices import voices
        from bihuan.receipts import sides
        from bihuan.sheets.ledger import types
        from bihuan.web import agenda as today
        from bihuan.web import navigation, subjects, work

        _be_guarded()
        standing.register(
            CasePart(
                "mediation", Mediation, _("the content of the mediation"), without=("alerted_at",)
            ),
            CasePart("parties", Party, _("the parties"), case="mediation"),
            CasePart("agreements", Agreement, _("the agreements"), case="mediation"),
        )
        navigation.register_maker(
            navigation.Place(
                "mediations:notice-dispute", _("Record a dispute"), "people", powers=RECEIVERS
            )
        )
        kinds.register(KIND)
        pages.register(PAGES)
        types.register(LEDGER.type)
        sides.register(SIDE)
        today.register("mediations", agenda.agenda)
        subjects.register("mediation", CASE)
        voices.register("mediation", voices.NoticeRenderer(wording.notice))
        work.register("remind parties", _remind, every=timedelta(hours=1))


def _remind(now: datetime) -> Mapping[str, int]:
    from bihuan.mediations.actions.reminders import remind

    return {"reminders": remind(now=now)}


def _be_guarded() -> None:
    """Let `journal verify` see whether the checks of this part are there."""
    from bihuan.journal import guards

    guards.register_checks(
        "mediation_ended_exactly_when_the_stage_says_so",
    )
