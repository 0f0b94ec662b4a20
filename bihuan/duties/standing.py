"""The state of duties, for `journal verify`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bihuan.duties.models import SUBJECT, Duty, DutyText, Signature
from bihuan.files.standing import WithAttachments
from bihuan.journal.parts import Part, RowWitness, WithRows

DUTY = Part("duty", Duty, _("the duty and its post"))
TEXTS = Part("texts", DutyText, _("the versions of the text"))
SIGNATURES = Part("signatures", Signature, _("the signatures"))

DUTIES = WithAttachments(
    SUBJECT, WithRows(WithRows(RowWitness(SUBJECT, DUTY), TEXTS, "duty"), SIGNATURES, "duty")
)
