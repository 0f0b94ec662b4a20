"""A district as an office writes it down in a TOML file, read and checked as a whole."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from bihuan.core.powers import Power
from bihuan.orgs.models import Unit

Row = Mapping[str, object]


class BadDistrict(Exception):
    """The file says something that cannot be; each fault names its table, entry and key."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class PlannedUnit:
    """A unit; what the file does not say is None and stays as it is."""

    where: str
    code: str
    name: str
    kind: Unit.Kind
    parent: str | None
    name_en: str | None
    division_code: str | None


@dataclass(frozen=True)
class PlannedPost:
    """A post, named by its unit's code and its title."""

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
    """An officer in a post from a day on."""

    where: str
    officer: str
    unit: str
    post: str
    start_date: date
    end_date: date | None


@dataclass(frozen=True)
class District:
    """Everything that one file says."""

    units: list[PlannedUnit]
    posts: list[PlannedPost]
    officers: list[PlannedOfficer]
    tenures: list[PlannedTenure]
    demo: bool = False


def read(path: Path) -> District:
    """The district in this file, or `BadDistrict` with everything that is wrong in it."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadDistrict([str(error)]) from error
    return parse(tables)


def parse(tables: Row) -> District:
    """The district in tables that are read already."""
    reader = _Reader()
    reader.known("the file", tables, "district", "units", "posts", "officers", "tenures")
    head = reader.table(tables, "district")
    reader.known("district", head, "name", "demo", "password")
    demo = head.get("demo") is True
    shared = reader.optional("district", head, "password", 200)
    if shared and not demo:
        reader.faults.append("district: password: only a demo (demo = true) shares one password")
    district = District(
        units=list(_units(reader, reader.rows(tables, "units"), None)),
        posts=[_post(reader, *row) for row in reader.rows(tables, "posts")],
        officers=[_officer(reader, *row, shared) for row in reader.rows(tables, "officers")],
        tenures=[_tenure(reader, *row) for row in reader.rows(tables, "tenures")],
        demo=demo,
    )
    faults = reader.faults or list(_contradictions(district))
    if faults:
        raise BadDistrict(faults)
    return replace(district, units=_parents_first(district.units))


@dataclass
class _Reader:
    """Takes values out of tables and notes what is wrong with them."""

    faults: list[str] = field(default_factory=list)

    def table(self, tables: Row, name: str) -> Row:
        value = tables.get(name, {})
        if isinstance(value, dict):
            return value
        self.faults.append(f"{name}: write it as [{name}]")
        return {}

    def rows(self, tables: Row, name: str, within: str = "") -> Iterator[tuple[str, Row]]:
        """The entries of an array of tables, each with the words that name it in a fault."""
        entries = tables.get(name, [])
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            self.faults.append(f"{within}{name}: write each as [[{name}]]")
            return
        for number, entry in enumerate(entries, start=1):
            yield f"{within}{name} {number}", entry

    def known(self, where: str, row: Row, *keys: str) -> None:
        """Refuse keys with another name: a slip of the pen would go unseen."""
        self.faults += [f"{where}: {key}: no such key" for key in row if key not in keys]

    def text(self, where: str, row: Row, key: str, length: int) -> str:
        """One line that must be there."""
        value = self.optional(where, row, key, length)
        if not value and row.get(key) in (None, ""):
            self.faults.append(f"{where}: {key}: missing")
        return value or ""

    def optional(self, where: str, row: Row, key: str, length: int) -> str | None:
        """One line, or None when the file does not say."""
        value = row.get(key)
        if value is None:
            return None
        if not isinstance(value, str) or not value.isprintable() or value != value.strip():
            self.faults.append(f"{where}: {key}: write one line of text in quotes")
            return None
        if len(value) > length:
            self.faults.append(f"{where}: {key}: longer than {length} characters")
        return value

    def kind(self, where: str, row: Row) -> Unit.Kind:
        value = row.get("kind")
        if value not in Unit.Kind.values:
            self.faults.append(f"{where}: kind: one of {', '.join(Unit.Kind.values)}")
            return Unit.Kind.DEPARTMENT
        return Unit.Kind(value)

    def powers(self, where: str, row: Row) -> list[Power]:
        values = row.get("powers")
        if not isinstance(values, list) or not all(value in list(Power) for value in values):
            self.faults.append(f"{where}: powers: a list of {', '.join(Power)}")
            return []
        return [power for power in Power if power in values]

    def day(self, where: str, row: Row, key: str) -> date | None:
        value = row.get(key)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if value is not None:
            self.faults.append(f"{where}: {key}: write a day such as 2026-01-31, without quotes")
        return None


def _units(
    reader: _Reader, rows: Iterator[tuple[str, Row]], parent: str | None
) -> Iterator[PlannedUnit]:
    for where, row in rows:
        reader.known(
            where, row, "code", "name", "name_en", "kind", "parent", "division_code", "units"
        )
        if parent is not None and "parent" in row:
            reader.faults.append(f"{where}: parent: the unit stands within another already")
        unit = PlannedUnit(
            where=where,
            code=reader.text(where, row, "code", 32),
            name=reader.text(where, row, "name", 80),
            kind=reader.kind(where, row),
            parent=parent or reader.optional(where, row, "parent", 32),
            name_en=reader.optional(where, row, "name_en", 120),
            division_code=reader.optional(where, row, "division_code", 12),
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
        username=reader.text(where, row, "username", 60).lower(),
        name=reader.text(where, row, "name", 60),
        work_phone=reader.optional(where, row, "phone", 40),
        password=reader.optional(where, row, "password", 200) or shared,
    )


def _tenure(reader: _Reader, where: str, row: Row) -> PlannedTenure:
    reader.known(where, row, "officer", "unit", "post", "start_date", "end_date")
    start_date = reader.day(where, row, "start_date")
    end_date = reader.day(where, row, "end_date")
    if start_date is None and "start_date" not in row:
        reader.faults.append(f"{where}: start_date: missing")
    if start_date and end_date and end_date < start_date:
        reader.faults.append(f"{where}: end_date: comes before start_date")
    return PlannedTenure(
        where=where,
        officer=reader.text(where, row, "officer", 60).lower(),
        unit=reader.text(where, row, "unit", 32),
        post=reader.text(where, row, "post", 60),
        start_date=start_date or date.max,
        end_date=end_date,
    )


def _contradictions(district: District) -> Iterator[str]:
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
    yield from _twice("start_date", starts)
    placed = {unit.code for unit in _parents_first(district.units)}
    for unit in district.units:
        if unit.code not in placed:
            yield f"{unit.where}: parent: {unit.parent}: the unit would lie below itself"


def _twice(key: str, values: list[tuple[str, str]]) -> Iterator[str]:
    seen: dict[str, str] = {}
    for where, value in values:
        if value in seen:
            yield f"{where}: {key}: {value}: the same as in {seen[value]}"
        seen.setdefault(value, where)


def _parents_first(units: list[PlannedUnit]) -> list[PlannedUnit]:
    """Each unit after the one above it; units in a ring are left out."""
    below: dict[str | None, list[PlannedUnit]] = {}
    codes = {unit.code for unit in units}
    for unit in units:
        below.setdefault(unit.parent if unit.parent in codes else None, []).append(unit)
    ordered = below.pop(None, [])
    for unit in ordered:
        ordered += below.pop(unit.code, [])
    return ordered
