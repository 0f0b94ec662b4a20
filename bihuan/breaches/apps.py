"""The register of data breaches."""

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class BreachesConfig(AppConfig):
    name = "bihuan.breaches"
    label = "breaches"

    def ready(self) -> None:
        from bihuan.breaches import agenda, queries, wording
        from bihuan.breaches.actions import due, telling
        from bihuan.breaches.standing import BreachWitness
        from bihuan.clocks import subjects
        from bihuan.core.powers import HOUSEKEEPING
        from bihuan.journal import standing
        from bihuan.notices import voices
        from bihuan.web import navigation, waiting

        standing.register("breach", BreachWitness())
        navigation.register(
            navigation.Place(
                "breaches:breaches",
                _("Data breaches"),
                "lock",
                navigation.Group.OVERSIGHT,
                powers=HOUSEKEEPING,
            )
        )
        waiting.register(agenda.sections)
        subjects.register(
            "breach", subjects.SubjectType(due.Breaches, due.RETRY_AFTER, wording.OUTCOMES)
        )
        voices.register(
            "breach", voices.NoticeRenderer(wording.notice, str, _page, queries.hidden_from)
        )
        voices.register(
            telling.TO_LEADERS, voices.NoticeRenderer(wording.notice_to_leader, _unnumbered, _today)
        )


def _page(number: str) -> str:
    return reverse("breaches:breach", args=[number])


def _unnumbered(number: str) -> str:
    """A leader learns that a breach exists, but does not see the register."""
    return ""


def _today(number: str) -> str:
    return reverse("cases:today")
