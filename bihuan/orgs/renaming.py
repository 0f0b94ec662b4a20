"""Names that units had before, and names that still say the old place of a unit that was moved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from bihuan.journal.models import Entry
from bihuan.orgs import naming
from bihuan.orgs.acts import OrgAct
from bihuan.orgs.models import Unit

MOST = 50
# A village says “望湖” where its town is “望湖镇”.
_SUFFIXES = ("街道办事处", "人民政府", "街道", "镇", "乡", "村", "县", "区", "市", "局")
_SHORTEST = 2


def former_names(units: Iterable[Unit]) -> dict[int, list[str]]:
    """Return the names that these units had before, by id, as the journal has them; the last one
    first. One query: units are renamed rarely.
    """
    known = {unit.subject: unit for unit in units}
    changes = Entry.objects.filter(
        chain__subject__startswith="unit/", act=OrgAct.CHANGE_UNIT.value, detail__contains='"name'
    )
    former: dict[int, list[str]] = defaultdict(list)
    for entry in changes.select_related("chain").order_by("-at", "-seq"):
        unit = known.get(entry.chain.subject)
        for field in ("name", "name_en"):
            name = (entry.details.get(field) or ("",))[0]
            if unit and name and name not in (unit.name, unit.name_en, *former[unit.pk]):
                former[unit.pk].append(name)
    return former


def old_names(unit: Unit) -> tuple[str, list[Unit]]:
    """Return the unit above it before the last move, and which units at or below it are still
    named after that; empty if it was never moved.
    """
    moves = Entry.objects.filter(chain__subject=unit.subject, act=OrgAct.MOVE_UNIT.value)
    last = moves.order_by("-seq").first()
    codes = last.details.get("parent") if last else None
    old = Unit.objects.filter(code=codes[0]).first() if codes else None
    if old is None or unit.is_within(old):
        return "", []
    stem = _stem(old.name)
    here = Unit.objects.within(unit).open().order_by("path")
    return naming.name_of(old), list(here.filter(name__contains=stem)[:MOST]) if stem else []


def _stem(name: str) -> str:
    """Return the name without its kind; empty if too short to mean this place only."""
    for suffix in _SUFFIXES:
        if name.endswith(suffix):
            name = name.removesuffix(suffix)
            break
    return name if len(name) >= _SHORTEST else ""
