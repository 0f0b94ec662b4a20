"""Compare a workbook with the organisation, by a dry run of loading it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from bihuan import formats
from bihuan.core.refusal import Refusal
from bihuan.orgs import district, naming
from bihuan.orgs.actions.district import Difference, LoadResult, Refused, load_district
from bihuan.orgs.district import BadDistrict, Fault
from bihuan.orgs.models import Post, Tenure, Unit, User
from bihuan.orgs.wording import POWERS, explain
from bihuan.staffing import queries
from bihuan.staffing.columns import SHEETS
from bihuan.staffing.reading import NONE, Book, Place


@dataclass(frozen=True)
class Problem:
    """Why the workbook cannot be imported: where, what it says, and the reason."""

    place: Place
    value: str
    reason: str


@dataclass(frozen=True)
class ShownDifference:
    """An entry that would be added or changed, with its values before and after."""

    place: Place
    name: str
    values: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass
class Comparison:
    """What importing the workbook would do; with problems, nothing."""

    problems: list[Problem] = field(default_factory=list)
    added: list[ShownDifference] = field(default_factory=list)
    changed: list[ShownDifference] = field(default_factory=list)
    # What the organisation has and the workbook lacks; it stays as it is.
    missing: list[tuple[str, str]] = field(default_factory=list)
    unchanged: int = 0

    @property
    def is_importable(self) -> bool:
        return not self.problems and bool(self.added or self.changed)


def compare(book: Book, user: User, now: datetime) -> Comparison:
    """Return every problem, or every difference."""
    found = Comparison(problems=[_problem(book, fault) for fault in book.faults])
    try:
        plan = district.parse(dict(book.tables))
    except BadDistrict as bad:
        found.problems += [_problem(book, fault) for fault in bad.faults]
        return found
    if found.problems:
        return found
    outcome = load_district(district=plan, now=now, is_trial=True, by=user, collects=True)
    found.problems = [each for bad in outcome.refused for each in _problems(book, bad)]
    found.unchanged = outcome.unchanged
    for each in outcome.differences:
        (found.added if each.is_new else found.changed).append(_shown(book, each))
    found.missing = list(_missing(book, user, localdate(now)))
    return found


def carry_out(book: Book, user: User, now: datetime) -> LoadResult:
    """Import the workbook; all of it, or nothing if the rules now refuse any of it."""
    return load_district(
        district=district.parse(dict(book.tables)), now=now, by=user, collects=True
    )


def _problems(book: Book, bad: BadDistrict) -> Iterator[Problem]:
    if isinstance(bad, Refused):
        yield Problem(book.place(bad.where), "", _reason(bad.reason))
        return
    yield from (_problem(book, fault) for fault in bad.faults)


def _reason(refusal: Refusal) -> str:
    return explain(refusal)


def _problem(book: Book, fault: Fault) -> Problem:
    value = "" if fault.value is None else str(fault.value)
    place = book.place(fault.where, fault.key)
    if not place.row:
        place = Place(place.sheet, letter=fault.key)
    words = _CHOICES.get(fault.key)
    reason = _("must be one of %s") % formats.names(map(str, words())) if words else fault.text
    return Problem(place, value[: district.LONGEST_SHOWN], reason)


# What a cell may say in these columns; a district file has keys instead.
_CHOICES: Mapping[str, Callable[[], Iterable[object]]] = {
    "kind": lambda: Unit.Kind.labels,
    "powers": lambda: [*POWERS.values(), NONE],
}


def _shown(book: Book, each: Difference) -> ShownDifference:
    table = each.where.partition(" ")[0]
    sheet = next(sheet for sheet in SHEETS if sheet.table == table)
    values = []
    for key, (before, after) in each.values.items():
        column = sheet.column_of("phone" if key == "work_phone" else key)
        values.append((str(column.title) if column else key, _said(key, before), _said(key, after)))
    return ShownDifference(book.place(each.where), each.name, values)


def _said(key: str, value: object) -> str:
    if isinstance(value, date):
        return formats.day(value)
    if key == "kind":
        return str(Unit.Kind(str(value)).label)
    if isinstance(value, list):
        return formats.names(str(label) for power, label in POWERS.items() if power in value)
    return str(value or "")


def _missing(book: Book, user: User, on: date) -> Iterator[tuple[str, str]]:
    """Return the sheet and name of what the officer administers and the workbook lacks."""
    units = list(queries.units_of(user, on))
    posts = list(
        Post.objects.in_force(on).filter(unit__in=units, end_date=None).select_related("unit")
    )
    held = Tenure.objects.not_over(on).filter(post__in=posts)
    tenures = list(held.select_related("member", "post__unit"))
    if "units" in book.tables:
        known = _keys(book, "units", "code")
        yield from ((_("Units"), naming.name_of(u)) for u in units if (u.code,) not in known)
    if "posts" in book.tables:
        known = _keys(book, "posts", "unit", "title")
        lacking = (p for p in posts if (p.unit.code, p.title) not in known)
        yield from ((_("Posts"), naming.seat_of(post)) for post in lacking)
    if "officers" in book.tables:
        known = _keys(book, "officers", "username")
        members = dict.fromkeys(tenure.member for tenure in tenures)
        yield from ((_("Officers"), m.name) for m in members if (m.username,) not in known)
    if "tenures" in book.tables:
        known = _keys(book, "tenures", "officer", "unit", "post", "start_date")
        for t in tenures:
            if (t.member.username, t.post.unit.code, t.post.title, str(t.start_date)) not in known:
                yield _("Appointments"), f"{t.member.name} · {naming.seat_of(t.post)}"


def _keys(book: Book, table: str, *keys: str) -> set[tuple[str, ...]]:
    names: Iterable[str] = ("username", "officer")
    return {
        tuple(
            str(row.get(key, "")).lower() if key in names else str(row.get(key, "")) for key in keys
        )
        for row in book.tables[table]
    }
