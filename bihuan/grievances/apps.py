"""Grievances and suggestions: complaints, requests and ideas from residents."""

from django.apps import AppConfig


class GrievancesConfig(AppConfig):
    name = "bihuan.grievances"
    label = "grievances"

    def ready(self) -> None:
        from bihuan.cases import kinds, lives
        from bihuan.grievances import grievance_kind, life, suggestion_kind, suggestion_life

        lives.register(life.LIFE)
        lives.register(suggestion_life.LIFE)
        kinds.register(grievance_kind.KIND)
        kinds.register(suggestion_kind.KIND)
