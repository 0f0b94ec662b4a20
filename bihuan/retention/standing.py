"""The state of lists, packages and unit holds, so that changes made outside the journal are
detected.
"""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bihuan.journal import hooks
from bihuan.journal.parts import Part, RowWitness
from bihuan.retention.models import Disposal, HandOver, Hold

# Counters that the worker updates are recorded at the end.
LIST = Part(
    "list", Disposal, _("who proposed and confirmed the list"), without=("cases_gone", "files_gone")
)
PACKAGE = Part("package", HandOver, _("the content and receipt of the package"))
UNIT_HOLD = Part("hold", Hold, _("disposal holds"), without=("case",))


def register() -> None:
    """Register with `journal verify`. For `AppConfig.ready`."""
    hooks.register_witness("disposal", RowWitness("disposal", LIST))
    hooks.register_witness("handover", RowWitness("handover", PACKAGE))
    hooks.register_witness("hold", RowWitness("hold", UNIT_HOLD, Q(unit__isnull=False)))
