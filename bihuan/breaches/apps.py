"""The register of data breaches."""

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class BreachesConfig(AppConfig):
    name = "bihuan.breaches"
    label = "breaches"

    def ready(self) -> None:
        from bihuan.breaches import agenda, queries, wording
        from bihuan.breaches.actions import due, notification
        from bihuan.breaches.standing import WITNESS
        from bihuan.clocks import subjects as clocked
        from bihuan.core.powers import HOUSEKEEPING
        from bihuan.journal import hooks
        from bihuan.notices import voices
        from bihuan.web import agenda as today
        from bihuan.web import handbook, navigation, subjects

        hooks.register_witness("breach", WITNESS)
        handbook.register("breaches", "breaches")
        navigation.register(
            navigation.Place(
                "breaches:breaches",
                _("Data breaches"),
                "lock",
                navigation.Group.OVERSIGHT,
                powers=HOUSEKEEPING,
            )
        )
        today.register("breaches", agenda.sections)
        clocked.register(
            "breach", clocked.SubjectType(due.Breaches, due.RETRY_AFTER, wording.OUTCOMES)
        )
        subjects.register(
            "breach",
            subjects.SubjectType(
                _page, str, queries.hidden_from, queries.may_see, wording.ACTS, queries.may_attach
            ),
        )
        voices.register("breach", voices.NoticeRenderer(wording.notice))
        # A leader learns that a breach exists, but does not see the register.
        subjects.register(notification.TO_LEADERS, subjects.SubjectType(_today, subjects.nameless))
        voices.register(notification.TO_LEADERS, voices.NoticeRenderer(wording.notice_to_leader))


def _page(number: str) -> str:
    return reverse("breaches:breach", args=[number])


def _today(number: str) -> str:
    return reverse("desk:today")
