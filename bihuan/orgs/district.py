"""A district defined in a TOML file: parsed and validated as a whole."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from bihuan.core.powers import Power
from bihuan.orgs.models import CODE_PATTERN, Unit

Row = Mapping[str, object]
# Line numbers by the words that name an entry: of its header, and of each of its keys.
Lines = Mapping[str, tuple[int, Mapping[str, int]]]

LONGEST_SHOWN = 40


class Fault(NamedTuple):
    """An error in the file: the entry and key, the value found, and the reason."""

    where: str
    key: str
    text: str
    value: object = None
    line: int = 0

    def __str__(self) -> str:
        at = _(" (line %d)") % self.line if self.line else ""
        named = [f"{self.where}{at}", self.key, self._quoted(), self.text]
        return ": ".join(filter(None, named))

    def _quoted(self) -> str:
        if self.value is None or self.key == "password":
            return ""
        text = str(self.value)
        cut = f"{text[:LONGEST_SHOWN]}…" if len(text) > LONGEST_SHOWN else text
        return f"“{cut}”" if cut.isprintable() else ascii(cut)

    def within(self, lines: Lines) -> Fault:
        """Return a copy with the line number in the file."""
        first, keys = lines.get(self.where, (0, {}))
        return self._replace(line=keys.get(self.key, first))


class BadDistrict(Exception):
    """The file is invalid; each fault names its table, entry and key."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(map(str, faults)))
        self.faults = faults

    def within(self, lines: Lines) -> BadDistrict:
        return BadDistrict([fault.within(lines) for fault in self.faults])


@dataclass(frozen=True)
class PlannedUnit:
    """A unit; values that the file omits are None and are not changed."""

    where: str
    code: str
    name: str
    kind: Unit.Kind
    parent: str | None
    name_en: str | None
    division_code: str | None
    is_public: bool | None = None


@dataclass(frozen=True)
class PlannedPost:
    """A post, identified by its unit's code and its title."""

    where: str
    unit: str
    title: str
    title_en: str | None
    powers: list[Power]


@dataclass(frozen=True)
class PlannedOfficer:
    """An account."""

    where: str
    username: str
    name: str
    work_phone: str | None
    password: str | None


@dataclass(frozen=True)
class PlannedTenure:
    """An officer's tenure in a post, from a day on."""

    where: str
    officer: str
    unit: str
    post: str
    start_date: date
    end_date: date | None


@dataclass(frozen=True)
class District:
    """The whole content of a district file."""

    units: list[PlannedUnit]
    posts: list[PlannedPost]
    officers: list[PlannedOfficer]
    tenures: list[PlannedTenure]
    demo: bool = False
    lines: Lines = field(default_factory=dict)

    def without(self, entries: Collection[str]) -> District:
        """Return a copy without the entries that have these names in faults."""
        return replace(
            self,
            units=[each for each in self.units if each.where not in entries],
            posts=[each for each in self.posts if each.where not in entries],
            officers=[each for each in self.officers if each.where not in entries],
            tenures=[each for each in self.tenures if each.where not in entries],
        )


def parse(tables: Row) -> District:
    """Build a district from tables that have been read already; raise `BadDistrict` for faults."""
    district, faults = examine(tables)
    if faults:
        raise BadDistrict(faults)
    return district


def examine(tables: Row) -> tuple[District, list[Fault]]:
    """Return the entries without a fault, and every fault."""
    reader = _Reader()
    reader.known("the file", tables, "district", "units", "posts", "officers", "tenures")
    head = reader.table(tables, "district")
    reader.known("district", head, "name", "demo", "password")
    demo = head.get("demo") is True
    shared = reader.optional("district", head, "password", 200)
    if shared and not demo:
        text = _("only a demo (demo = true) may share one password")
        reader.faults.append(Fault("district", "password", text))
    district = District(
        units=list(_units(reader, reader.rows(tables, "units"), None)),
        posts=[_post(reader, *row) for row in reader.rows(tables, "posts")],
        officers=[_officer(reader, *row, shared) for row in reader.rows(tables, "officers")],
        tenures=[_tenure(reader, *row) for row in reader.rows(tables, "tenures")],
        demo=demo,
    )
    legible = district.without({fault.where for fault in reader.faults})
    contradictions = list(_contradictions(legible))
    rest = legible.without({fault.where for fault in contradictions})
    found = replace(rest, units=_parents_first(rest.units))
    return found, [*reader.faults, *contradictions]


@dataclass
class _Reader:
    """Reads values from tables and collects the faults."""

    faults: list[Fault] = field(default_factory=list)

    def table(self, tables: Row, name: str) -> Row:
        value = tables.get(name, {})
        if isinstance(value, dict):
            return value
        self._refuse(name, "", _("write it as %s") % f"[{name}]")
        return {}

    def rows(self, tables: Row, name: str, within: str = "") -> Iterator[tuple[str, Row]]:
        """Return the entries of an array of tables, each with the words that name it in a fault."""
        entries = tables.get(name, [])
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            self._refuse(f"{within}{name}", "", _("write each as %s") % f"[[{name}]]")
            return
        for number, entry in enumerate(entries, start=1):
            yield f"{within}{name} {number}", entry

    def known(self, where: str, row: Row, *keys: str) -> None:
        """Refuse unknown keys, since a misspelt key would be ignored silently."""
        for key in row:
            if key not in keys:
                self._refuse(where, key, _("unknown key; valid keys are %s") % ", ".join(keys))

    def text(self, where: str, row: Row, key: str, length: int) -> str:
        """Return a required single-line value."""
        value = self.optional(where, row, key, length)
        if not value and row.get(key) in (None, ""):
            self._refuse(where, key, _("missing"))
        return value or ""

    def code(self, where: str, row: Row, key: str, length: int) -> str:
        """Return a required value that is a part of addresses."""
        value = self.text(where, row, key, length)
        if value and not re.match(CODE_PATTERN, value):
            self._refuse(where, key, _("use only letters, digits, points and hyphens"), value)
        return value

    def optional(self, where: str, row: Row, key: str, length: int) -> str | None:
        """Return a single-line value, or None if the file omits it."""
        value = row.get(key)
        if value is None:
            return None
        if not isinstance(value, str) or not value.isprintable() or value != value.strip():
            self._refuse(where, key, _("use one line of text in quotes"), value)
            return None
        if len(value) > length:
            self._refuse(where, key, _("longer than %d characters") % length, value)
        return value

    def kind(self, where: str, row: Row) -> Unit.Kind:
        value = row.get("kind")
        if value not in Unit.Kind.values:
            text = _("must be one of %s") % ", ".join(Unit.Kind.values)
            self._refuse(where, "kind", text, value)
            return Unit.Kind.DEPARTMENT
        return Unit.Kind(value)

    def powers(self, where: str, row: Row) -> list[Power]:
        values = row.get("powers")
        if not isinstance(values, list) or not all(value in list(Power) for value in values):
            text = _("must be a list of some of %s") % ", ".join(Power)
            self._refuse(where, "powers", text, values)
            return []
        return [power for power in Power if power in values]

    def choice(self, where: str, row: Row, key: str) -> bool | None:
        value = row.get(key)
        if isinstance(value, bool):
            return value
        if value is not None:
            self._refuse(where, key, _("use true or false, without quotes"), value)
        return None

    def day(self, where: str, row: Row, key: str) -> date | None:
        value = row.get(key)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if value is not None:
            text = _("use a date such as 2026-01-31, without quotes")
            self._refuse(where, key, text, value)
        return None

    def _refuse(self, where: str, key: str, text: str, value: object = None) -> None:
        self.faults.append(Fault(where, key, text, value))


def _units(
    reader: _Reader, rows: Iterator[tuple[str, Row]], parent: str | None
) -> Iterator[PlannedUnit]:
    for where, row in rows:
        reader.known(
            where,
            row,
            "code",
            "name",
            "name_en",
            "kind",
            "parent",
            "division_code",
            "public",
            "units",
        )
        if parent is not None and "parent" in row:
            text = _("the unit is already within another")
            reader.faults.append(Fault(where, "parent", text, row["parent"]))
        unit = PlannedUnit(
            where=where,
            code=reader.code(where, row, "code", 32),
            name=reader.text(where, row, "name", 80),
            kind=reader.kind(where, row),
            parent=parent or reader.optional(where, row, "parent", 32),
            name_en=reader.optional(where, row, "name_en", 120),
            division_code=reader.optional(where, row, "division_code", 12),
            is_public=reader.choice(where, row, "public"),
        )
        yield unit
        yield from _units(reader, reader.rows(row, "units", f"{where}, "), unit.code)


def _post(reader: _Reader, where: str, row: Row) -> PlannedPost:
    reader.known(where, row, "unit", "title", "title_en", "powers")
    return PlannedPost(
        where=where,
        unit=reader.text(where, row, "unit", 32),
        title=reader.text(where, row, "title", 60),
        title_en=reader.optional(where, row, "title_en", 80),
        powers=reader.powers(where, row),
    )


def _officer(reader: _Reader, where: str, row: Row, shared: str | None) -> PlannedOfficer:
    reader.known(where, row, "username", "name", "phone", "password")
    return PlannedOfficer(
        where=where,
        username=reader.code(where, row, "username", 60).lower(),
        name=reader.text(where, row, "name", 60),
        work_phone=reader.optional(where, row, "phone", 40),
        password=reader.optional(where, row, "password", 200) or shared,
    )


def _tenure(reader: _Reader, where: str, row: Row) -> PlannedTenure:
    reader.known(where, row, "officer", "unit", "post", "start_date", "end_date")
    start_date = reader.day(where, row, "start_date")
    end_date = reader.day(where, row, "end_date")
    if start_date is None and "start_date" not in row:
        reader.faults.append(Fault(where, "start_date", _("missing")))
    if start_date and end_date and end_date < start_date:
        text = _("comes before start_date")
        reader.faults.append(Fault(where, "end_date", text, end_date))
    return PlannedTenure(
        where=where,
        officer=reader.text(where, row, "officer", 60).lower(),
        unit=reader.text(where, row, "unit", 32),
        post=reader.text(where, row, "post", 60),
        start_date=start_date or date.max,
        end_date=end_date,
    )


def _contradictions(district: District) -> Iterator[Fault]:
    yield from _twice("code", [(unit.where, unit.code) for unit in district.units])
    yield from _twice(
        "title", [(post.where, f"{post.unit} {post.title}") for post in district.posts]
    )
    yield from _twice(
        "username", [(officer.where, officer.username) for officer in district.officers]
    )
    starts = [
        (tenure.where, f"{tenure.unit} {tenure.post} {tenure.start_date}")
        for tenure in district.tenures
    ]
    one_holder = _("a post has one holder at a time; %s begins on the same day")
    yield from _twice("post", starts, one_holder)
    placed = {unit.code for unit in _parents_first(district.units)}
    for unit in district.units:
        if unit.code not in placed:
            text = _("the unit would be below itself")
            yield Fault(unit.where, "parent", text, unit.parent)


def _twice(key: str, values: list[tuple[str, str]], why: str | None = None) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    for where, value in values:
        if value in seen:
            yield Fault(where, key, (why or _("the same as in %s")) % seen[value], value)
        seen.setdefault(value, where)


def _parents_first(units: list[PlannedUnit]) -> list[PlannedUnit]:
    """Sort each unit after its parent; units in a cycle are left out."""
    below: dict[str | None, list[PlannedUnit]] = {}
    codes = {unit.code for unit in units}
    for unit in units:
        below.setdefault(unit.parent if unit.parent in codes else None, []).append(unit)
    ordered = below.pop(None, [])
    for unit in ordered:
        ordered += below.pop(unit.code, [])
    return ordered
