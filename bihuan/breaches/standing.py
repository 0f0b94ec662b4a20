"""The state of a breach, for `journal verify`: its statements and its clocks."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime

from django.db import models
from django.db.models import Exists, OuterRef, Value
from django.db.models.functions import Coalesce, Concat
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bihuan.breaches.models import BREACH_SUBJECT, Breach, Particulars, Step
from bihuan.clocks.models import Clock
from bihuan.files.standing import WithAttachments
from bihuan.journal import hooks
from bihuan.journal.diagnosis import FINDINGS
from bihuan.journal.models import Chain

# Each part: its table, the field that leads to the number, and columns that change by time alone or
# are irrelevant.
PARTS: Mapping[str, tuple[type[models.Model], str, frozenset[str]]] = {
    "register": (Breach, "number", frozenset()),
    "particulars": (Particulars, "breach__number", frozenset({"form_key"})),
    "steps": (Step, "breach__number", frozenset({"form_key"})),
}
OF_CLOCKS = ("rule_id", "rule_version", "started_at", "due_at", "stopped_at", "outcome")
WORDS: Mapping[str, Promise | str] = {
    "register": _("the stage, the grade and who checked it"),
    "particulars": _("details of the breach"),
    "steps": _("actions on the breach"),
    "clocks": _("the time limits"),
}


class BreachWitness(hooks.Witness):
    """Reads the state of breaches by number."""

    def stands(self, names: Collection[str]) -> Mapping[str, hooks.Parts]:
        found: dict[str, dict[str, str]] = {}
        for part, (model, way, without) in PARTS.items():
            for number, lines in _lines(model, way, without, names).items():
                found.setdefault(number, {})[part] = hooks.digest(lines)
        for number, lines in _clocks(names).items():
            found.setdefault(number, {})["clocks"] = hooks.digest(lines)
        return found

    def words(self, part: str) -> Promise | str:
        return WORDS.get(part, part)

    def unwitnessed(self) -> Iterable[str]:
        chain = Chain.objects.filter(subject=Concat(Value("breach/"), OuterRef("number")))
        untold = Breach.objects.filter(~Exists(chain)).order_by("pk")
        return list(untold.values_list("number", flat=True)[:FINDINGS])


WITNESS = WithAttachments("breach", BreachWitness())


def _lines(
    model: type[models.Model], way: str, without: frozenset[str], names: Collection[str]
) -> dict[str, list[str]]:
    """Return the rows of one part, each as one line of its columns."""
    fields = [field.attname for field in model._meta.concrete_fields if field.name not in without]
    lines: dict[str, list[str]] = {}
    rows = model._default_manager.filter(**{f"{way}__in": sorted(names)})
    for number, *values in rows.values_list(way, *fields):
        lines.setdefault(number, []).append(json.dumps([_written(each) for each in values]))
    return lines


def _clocks(names: Collection[str]) -> dict[str, list[str]]:
    """Return the clocks in the format of their former table."""
    named = {BREACH_SUBJECT + number: (number, pk) for number, pk in _keys(names)}
    rows = Clock.objects.filter(subject__in=sorted(named)).annotate(
        known_as=Coalesce("journal_key", "pk", output_field=models.BigIntegerField())
    )
    lines: dict[str, list[str]] = {}
    for subject, key, *values in rows.values_list("subject", "known_as", *OF_CLOCKS):
        number, pk = named[subject]
        line = [_written(each) for each in (key, pk, *values)]
        lines.setdefault(number, []).append(json.dumps(line))
    return lines


def _keys(names: Collection[str]) -> Iterable[tuple[str, int]]:
    return Breach.objects.filter(number__in=sorted(names)).values_list("number", "pk")


def _written(value: object) -> object:
    """Format a value identically on both engines: an instant in UTC, everything else as JSON."""
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
