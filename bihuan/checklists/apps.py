"""Checklists with versions, and how they are made and exchanged."""

from django.apps import AppConfig

# The triggers that keep versions in use as they are, by engine.
TRIGGERS = ("version_in_use_never_changes",)


class ChecklistsConfig(AppConfig):
    name = "bihuan.checklists"
    label = "checklists"

    def ready(self) -> None:
        from bihuan.checklists.standing import WITNESS
        from bihuan.journal import guards, hooks

        hooks.register_witness("checklist", WITNESS)
        for engine in ("postgresql", "sqlite"):
            guards.register(engine, dict.fromkeys(TRIGGERS, ""))
