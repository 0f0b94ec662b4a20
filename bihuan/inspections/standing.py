"""The state of inspections, for `journal verify`; names and drawings are erased, and left out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from django.db import models
from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bihuan.inspections.models import (
    SUBJECT,
    Answer,
    Inspection,
    Inspector,
    Photo,
    Settlement,
    Signature,
)
from bihuan.journal import hooks
from bihuan.journal.diagnosis import FINDINGS
from bihuan.journal.models import Chain
from bihuan.journal.parts import Part

INSPECTION = Part("inspection", Inspection, _("the stage, the result and the site"))
RELATED = (
    Part("inspectors", Inspector, _("who inspects")),
    Part("answers", Answer, _("the answers")),
    Part("photos", Photo, _("the photos")),
    Part("decisions", Settlement, _("what followed from failed items")),
)
SIGNATURES = Part(
    "signatures",
    Signature,
    _("how the sides signed"),
    without=("name", "drawing", "erased_at"),
)


class InspectionWitness(hooks.Witness):
    """Reads inspections, and the rows of other tables that belong to each."""

    def stands(self, names: Collection[str]) -> Mapping[str, hooks.Parts]:
        keys = [int(name) for name in names if name.isdecimal()]
        rows = list(Inspection.objects.filter(pk__in=keys))
        found = {
            str(row.pk): {INSPECTION.name: hooks.digest([INSPECTION.line(row)])} for row in rows
        }
        is_signed = any(row.done_at for row in rows)
        # There are signatures from the end on: an answer before it costs no query for them.
        for part in (*RELATED, SIGNATURES) if is_signed else RELATED:
            for inspection, lines in _lines(part, keys).items():
                found[str(inspection)][part.name] = hooks.digest(lines)
        return found

    def words(self, part: str) -> Promise | str:
        return next(each.words for each in (INSPECTION, *RELATED, SIGNATURES) if each.name == part)

    def unwitnessed(self) -> Iterator[str]:
        subject = Concat(Value(f"{SUBJECT}/"), Cast(OuterRef("pk"), CharField()))
        unrecorded = Inspection.objects.filter(~Exists(Chain.objects.filter(subject=subject)))
        for pk in unrecorded.order_by("pk").values_list("pk", flat=True)[:FINDINGS]:
            yield str(pk)


def _lines(part: Part, keys: Iterable[int]) -> dict[int, list[str]]:
    lines: dict[int, list[str]] = {}
    rows: models.QuerySet[models.Model] = part.model._base_manager.filter(inspection__in=list(keys))
    for row in rows:
        lines.setdefault(row.inspection_id, []).append(part.line(row))  # type: ignore[attr-defined]
    return lines


WITNESS = InspectionWitness()
