"""Checklists with versions, and how they are made and exchanged."""

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

# The triggers that keep versions in use as they are.
TRIGGERS = ("version_in_use_never_changes",)


class ChecklistsConfig(AppConfig):
    name = "bihuan.checklists"
    label = "checklists"

    def ready(self) -> None:
        from bihuan.checklists import agenda, at_desk, queries, wording
        from bihuan.checklists.standing import WITNESS
        from bihuan.core.powers import Power
        from bihuan.journal import guards, hooks
        from bihuan.web import agenda as today
        from bihuan.web import finding, handbook, navigation, subjects

        hooks.register_witness("checklist", WITNESS)
        for engine in ("postgresql", "sqlite"):
            guards.register(engine, dict.fromkeys(TRIGGERS, ""))
        handbook.register("checklists", "checklists")
        subjects.register(
            "checklist",
            subjects.SubjectType(
                _page, at_desk.name, queries.hidden_from, queries.may_see, wording.ACTS
            ),
        )
        navigation.register(
            navigation.Place(
                "checklists:checklists",
                _("Checklists"),
                "check",
                navigation.Group.PREVENTION,
                powers=frozenset({Power.COORDINATE, Power.HANDLE, Power.SUPERVISE, Power.VERIFY}),
            )
        )
        today.register("checklists", agenda.sections)
        finding.register("checklists", _("Checklists"), at_desk.found)


def _page(key: str) -> str:
    return reverse("checklists:checklist", args=[key])
