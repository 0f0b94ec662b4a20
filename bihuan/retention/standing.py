"""How lists, packages and holds on units stand, so that a change beside the journal shows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from django.db import models
from django.db.models import CharField, Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bihuan.cases.standing import Part
from bihuan.journal import standing
from bihuan.journal.diagnosis import FINDINGS
from bihuan.journal.models import Chain
from bihuan.retention.models import Disposal, HandOver, Hold

# What the worker counts on its way is told at the end.
LIST = Part(
    "list", Disposal, _("who proposed and confirmed the list"), without=("cases_gone", "files_gone")
)
PACKAGE = Part("package", HandOver, _("the content and receipt of the package"))
UNIT_HOLD = Part("hold", Hold, _("disposal holds"))


class RowWitness(standing.Witness):
    """Reads rows each of which is a subject of its own, by its number."""

    def __init__(self, prefix: str, part: Part, only: Q | None = None) -> None:
        self._prefix, self._part, self._only = prefix, part, only or Q()

    def _rows(self) -> models.QuerySet[models.Model]:
        return self._part.model._base_manager.filter(self._only)

    def stands(self, names: Collection[str]) -> Mapping[str, standing.Parts]:
        rows = self._rows().filter(pk__in=[int(name) for name in names if name.isdecimal()])
        name, line = self._part.name, self._part.line
        return {str(row.pk): {name: standing.digest([line(row)])} for row in rows}

    def words(self, part: str) -> Promise | str:
        return self._part.words

    def unwitnessed(self) -> Iterator[str]:
        subject = Concat(Value(f"{self._prefix}/"), Cast(OuterRef("pk"), CharField()))
        untold = self._rows().filter(~Exists(Chain.objects.filter(subject=subject)))
        for pk in untold.order_by("pk").values_list("pk", flat=True)[:FINDINGS]:
            yield str(pk)


def register() -> None:
    """Let `journal verify` see them. For `AppConfig.ready`."""
    standing.register("disposal", RowWitness("disposal", LIST))
    standing.register("handover", RowWitness("handover", PACKAGE))
    standing.register("hold", RowWitness("hold", UNIT_HOLD, Q(unit__isnull=False)))
