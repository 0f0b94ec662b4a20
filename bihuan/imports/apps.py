"""Import rows of an office's ledger as cases or changes to cases."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from bihuan.cases.models import Case
    from bihuan.orgs.models import User


class ImportsConfig(AppConfig):
    name = "bihuan.imports"
    label = "imports"

    def ready(self) -> None:
        from bihuan.cases import wording
        from bihuan.desk import panels
        from bihuan.desk.panels import Panel, Spot
        from bihuan.imports.known import IMPORT, LINK, UPDATE

        panels.register(Panel({Spot.END: "imports/note.html"}, _note))
        wording.register(
            wording.Vocabulary(
                acts={
                    IMPORT: _("Imported from a ledger"),
                    UPDATE: _("Changed by a ledger"),
                    LINK: _("A row of another ledger was linked"),
                }
            )
        )


def _note(case: "Case", user: "User", now: datetime) -> Mapping[str, Any]:
    from bihuan.imports import register

    return {"ledger_note": register.note_on(case)}
