"""Grievances and suggestions: complaints, requests and ideas from residents."""

from django.apps import AppConfig


class GrievancesConfig(AppConfig):
    name = "bihuan.grievances"
    label = "grievances"

    def ready(self) -> None:
        from bihuan.cases import kinds, lives
        from bihuan.grievances import (
            grievance_kind,
            life,
            suggestion_kind,
            suggestion_life,
            wording,
        )
        from bihuan.grievances.actions import leading
        from bihuan.orgs import holdings

        holdings.register(
            "grievances",
            holdings.Holding(
                words=wording.led_cases,
                of_unit=leading.of_unit,
                of_post=leading.of_post,
                pass_on=leading.pass_on,
                leave=leading.leave,
            ),
        )
        lives.register(life.LIFE)
        lives.register(suggestion_life.LIFE)
        kinds.register(grievance_kind.KIND)
        kinds.register(suggestion_kind.KIND)
