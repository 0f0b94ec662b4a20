"""Loading boundaries: one transaction for a whole file."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from bihuan.core.shapes import Area, simplified
from bihuan.journal.actions import record
from bihuan.maps import queries
from bihuan.maps.models import Boundary
from bihuan.maps.reader import BadBoundaries, BadFile, FileFault, Outline, Placed
from bihuan.orgs.models import Unit

LOAD, REPLACE = "load_boundary", "replace_boundary"
SHAPE = ("geometry", "outline", "west", "south", "east", "north")
_SOURCE_LENGTH = Boundary._meta.get_field("source").max_length


@dataclass
class LoadedBoundaries:
    """What became of the features of a file: the units, in their order in the file."""

    added: list[Unit] = field(default_factory=list)
    replaced: list[Unit] = field(default_factory=list)
    unchanged: list[Unit] = field(default_factory=list)


@transaction.atomic
def load_boundaries(
    *, outlines: Sequence[Outline], source: str, now: datetime, is_trial: bool = False
) -> LoadedBoundaries:
    """Give each unit the outline of its feature, or none of them if a feature is refused. A unit
    that has this outline already is left as it is; with a dry run, so are all.
    """
    units = _units_of(outlines)
    known = queries.existing([unit.pk for unit in units])
    outcome = LoadedBoundaries()
    for outline, unit in zip(outlines, units, strict=True):
        _place(unit, known.get(unit.pk), _shape(outline.area), source, now, outcome)
    transaction.set_rollback(is_trial)
    return outcome


def _place(
    unit: Unit,
    known: Boundary | None,
    shape: dict[str, object],
    source: str,
    now: datetime,
    outcome: LoadedBoundaries,
) -> None:
    if known is not None and known.geometry == shape["geometry"]:
        outcome.unchanged.append(unit)
        return
    before = None if known is None else {"source": known.source, **_corners(known)}
    boundary = known or Boundary(unit=unit)
    for name, value in {**shape, "source": source[:_SOURCE_LENGTH], "loaded_at": now}.items():
        setattr(boundary, name, value)
    boundary.save()
    after = {"source": boundary.source, **_corners(boundary)}
    act = LOAD if known is None else REPLACE
    record(boundary.subject, act, by=None, at=now, note=unit.name, before=before, after=after)
    (outcome.added if known is None else outcome.replaced).append(unit)


def _corners(boundary: Boundary) -> dict[str, float]:
    return {name: getattr(boundary, name) for name in SHAPE[2:]}


def _shape(area: Area) -> dict[str, object]:
    bounds = area.bounds
    drawn = simplified(area)
    values = (_text(area), _text(drawn), bounds.west, bounds.south, bounds.east, bounds.north)
    return dict(zip(SHAPE, values, strict=True))


def _text(area: Area) -> str:
    return json.dumps(area.as_geojson(), separators=(",", ":"))


# ----------------------------------------------------------------------- units
def _units_of(outlines: Sequence[Outline]) -> list[Unit]:
    """Return the unit of each feature: by its code, or else by its name if one unit has it."""
    by_code, by_name = _by_code(outlines), _by_name(outlines)
    found: list[Unit] = []
    faults: list[Placed] = []
    taken: dict[int, int] = {}
    for outline in outlines:
        try:
            unit = _unit_of(outline, by_code, by_name)
            if unit.pk in taken:
                raise BadFile(FileFault.TWICE, str(taken[unit.pk]))
        except BadFile as bad:
            faults.append(Placed(bad, outline.feature, outline.name or outline.code))
        else:
            taken[unit.pk] = outline.feature
            found.append(unit)
    if faults:
        raise BadBoundaries(faults)
    return found


def _unit_of(outline: Outline, by_code: dict[str, Unit], by_name: dict[str, list[Unit]]) -> Unit:
    if unit := by_code.get(outline.code):
        return unit
    named = by_name[outline.name] if outline.name else []
    if not named:
        raise BadFile(FileFault.UNKNOWN, outline.code or outline.name)
    if len(named) > 1:
        raise BadFile(FileFault.SEVERAL, ", ".join(unit.code for unit in named[:5]))
    return named[0]


def _by_code(outlines: Iterable[Outline]) -> dict[str, Unit]:
    """Return units by their code, and by the division code if it is that of one unit."""
    codes = {outline.code for outline in outlines if outline.code}
    found = {unit.code: unit for unit in Unit.objects.open().filter(code__in=codes)}
    divided: dict[str, list[Unit]] = defaultdict(list)
    for unit in Unit.objects.open().filter(division_code__in=codes):
        divided[unit.division_code].append(unit)
    alone = {code: units[0] for code, units in divided.items() if len(units) == 1}
    return {**alone, **found}


def _by_name(outlines: Iterable[Outline]) -> dict[str, list[Unit]]:
    names = {outline.name for outline in outlines if outline.name}
    found: dict[str, list[Unit]] = defaultdict(list)
    for unit in Unit.objects.open().filter(name__in=names).order_by("path"):
        found[unit.name].append(unit)
    return found
