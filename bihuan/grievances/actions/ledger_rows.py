"""Import registers of grievances and of suggestions."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Model

from bihuan.cases.models import Case
from bihuan.core import procedure
from bihuan.core.grievance import GRIEVANCE
from bihuan.core.suggestion import SUGGESTION
from bihuan.grievances.models import Grievance, Suggestion
from bihuan.grievances.register import NAMED, row_of
from bihuan.imports.actions.register_rows import Register, Waiting
from bihuan.imports.register import RegisterRow


class Grievances(Register):
    """A register of grievances (信访台账); an officer classifies open ones here."""

    kind = GRIEVANCE.kind

    def own(self, case: Case, row: RegisterRow) -> Model:
        return Grievance(case=case, procedure=procedure.named(settings.PROCEDURE).id)

    def waiting(self) -> Waiting:
        ruled = procedure.named(settings.PROCEDURE)
        birth = GRIEVANCE.transition(GRIEVANCE.birth)
        return Waiting(ruled.clocks_of(birth).starts, ruled.jurisdiction)


class Suggestions(Register):
    """A register of suggestions (建议台账), with what was adopted and why."""

    kind = SUGGESTION.kind
    named = NAMED

    def own(self, case: Case, row: RegisterRow) -> Model:
        return Suggestion(
            case=case,
            adopted=row.adopted,
            answer=row.answer,
            answered_at=row.ended_at if row.answer else None,
        )

    def waiting(self) -> Waiting:
        return Waiting(SUGGESTION.transition(SUGGESTION.birth).starts)

    def row_of(self, case: Case) -> RegisterRow:
        return row_of(case)

    def change_own(self, case: Case, row: RegisterRow) -> None:
        Suggestion.objects.filter(case=case).update(
            adopted=row.adopted,
            answer=row.answer,
            answered_at=row.ended_at if row.answer else None,
        )
