"""The state of risks and controls, for `journal verify`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bihuan.files.standing import WithAttachments
from bihuan.journal.parts import Part, RowWitness, WithRows
from bihuan.risks.models import (
    CONTROL_SUBJECT,
    SUBJECT,
    Control,
    ControlCheck,
    Regrading,
    RiskPoint,
)

RISK = Part("risk", RiskPoint, _("the risk and its grade"))
REGRADINGS = Part("regradings", Regrading, _("the lower grades that were proposed"))
CONTROL = Part("control", Control, _("the control"))
CHECKS = Part("checks", ControlCheck, _("the checks of the control"))

RISKS = WithAttachments(SUBJECT, WithRows(RowWitness(SUBJECT, RISK), REGRADINGS, "risk"))
CONTROLS = WithAttachments(
    CONTROL_SUBJECT, WithRows(RowWitness(CONTROL_SUBJECT, CONTROL), CHECKS, "control")
)
