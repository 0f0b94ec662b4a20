"""Mediations: parties, consent, meetings, agreement."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.apps import AppConfig
from django.urls import reverse


class MediationsConfig(AppConfig):
    name = "bihuan.mediations"
    label = "mediations"

    def ready(self) -> None:
        from bihuan.cases import kinds, lives
        from bihuan.cases.queries import shut_among
        from bihuan.mediations import wording
        from bihuan.mediations.kind import KIND
        from bihuan.mediations.life import LIFE
        from bihuan.notices import voices
        from bihuan.web import work

        lives.register(LIFE)
        kinds.register(KIND)
        voices.register("mediation", voices.Voice(wording.notice, str, _page, shut_among))
        work.register("remind parties", _remind, every=timedelta(hours=1))


def _page(number: str) -> str:
    return reverse("case", args=[number])


def _remind(now: datetime) -> Mapping[str, int]:
    from bihuan.mediations.actions.reminding import remind

    return {"reminders": remind(now=now)}
