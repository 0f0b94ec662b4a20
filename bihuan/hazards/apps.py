"""Hazards: dangers found, the fix, the proof."""

from django.apps import AppConfig


class HazardsConfig(AppConfig):
    name = "bihuan.hazards"
    label = "hazards"

    def ready(self) -> None:
        from bihuan.cases import kinds, lives
        from bihuan.hazards.kind import KIND
        from bihuan.hazards.life import LIFE

        lives.register(LIFE)
        kinds.register(KIND)
