"""Hazards: dangers found, the fix, the proof."""

from django.apps import AppConfig


class HazardsConfig(AppConfig):
    name = "bihuan.hazards"
    label = "hazards"

    def ready(self) -> None:
        from bihuan.cases import kinds, lives
        from bihuan.hazards.actions import controls
        from bihuan.hazards.kind import KIND
        from bihuan.hazards.life import LIFE
        from bihuan.hazards.wording import open_controls
        from bihuan.orgs import holdings

        holdings.register(
            "controls",
            holdings.Holding(
                words=open_controls,
                of_unit=controls.of_unit,
                of_post=controls.of_post,
                pass_on=controls.pass_on,
                leave=controls.leave,
            ),
        )
        lives.register(LIFE)
        kinds.register(KIND)
