"""Import registers of disputes (矛盾纠纷排查台账): noticed ones, without parties."""

from __future__ import annotations

from django.db.models import Model

from bihuan.cases.models import Case
from bihuan.core.mediation import MEDIATION, Move
from bihuan.imports.actions.register_rows import Register, Waiting
from bihuan.imports.register import RegisterRow
from bihuan.mediations.models import Mediation


class Disputes(Register):
    """Noticed disputes; one becomes a mediation only when a person involved asks."""

    kind = MEDIATION.kind

    def own(self, case: Case, row: RegisterRow) -> Model:
        return Mediation(case=case)

    def waiting(self) -> Waiting:
        return Waiting(MEDIATION.transition(Move.NOTICE).starts)
