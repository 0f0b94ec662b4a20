"""Hazards: dangers found, the fix, the proof."""

from django.apps import AppConfig


class HazardsConfig(AppConfig):
    name = "bihuan.hazards"
    label = "hazards"

    def ready(self) -> None:
        from bihuan.cases import kinds
        from bihuan.hazards.kind import KIND

        kinds.register(KIND)
