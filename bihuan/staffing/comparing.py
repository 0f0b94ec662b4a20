"""Compare a workbook with the organisation, by a dry run of loading it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from bihuan.core.powers import Power
from bihuan.orgs import district, naming
from bihuan.orgs.actions.district import Difference, load_district
from bihuan.orgs.district import District
from bihuan.orgs.models import Post, Tenure, User
from bihuan.staffing import queries, shown
from bihuan.staffing.columns import SHEETS
from bihuan.staffing.problems import Problem, found_in, refused_in
from bihuan.staffing.reading import Book, Place

# What one import may bring, so that its page can be read and its request ends in time.
MOST_OFFICERS = 300
MOST_NEW = 1_200
MOST_ROWS = 8_000

# Powers that a reader should not overlook in a list of new posts.
_STRONG = (Power.APPROVE, Power.SUPERVISE, Power.ADMINISTER, Power.AUDIT)


@dataclass(frozen=True)
class ShownDifference:
    """An entry that would be added or changed, with its values before and after."""

    place: Place
    name: str
    values: list[tuple[str, str, str]] = field(default_factory=list)
    # What the reader should not overlook.
    marks: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class AddedGroup:
    """The entries of one sheet that would be added."""

    title: str
    rows: list[ShownDifference]


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

    @property
    def groups(self) -> list[AddedGroup]:
        """Return the added entries by sheet."""
        rows: dict[str, list[ShownDifference]] = {}
        for each in self.added:
            rows.setdefault(each.place.sheet, []).append(each)
        return [AddedGroup(title, found) for title, found in rows.items()]


def compare(book: Book, user: User, now: datetime) -> Comparison:
    """Return every problem of the workbook at once, or every difference."""
    on = localdate(now)
    plan, faults = district.examine(dict(book.tables))
    unread = {(fault.where, fault.key) for fault in book.faults}
    wrong = [fault for fault in faults if (fault.where, fault.key) not in unread]
    legible = plan.without({fault.where for fault in book.faults})
    if too_much := _too_much(legible):
        return Comparison(problems=too_much)
    outcome = load_district(district=legible, now=now, is_trial=True, by=user, collects=True)
    problems = found_in(book, [*book.faults, *wrong])
    problems += refused_in(book, outcome.refused)
    if problems:
        return Comparison(problems=sorted(problems, key=_in_order))
    rows = [(each.is_new, _shown(book, each, on)) for each in outcome.differences]
    return Comparison(
        added=[row for is_new, row in rows if is_new],
        changed=[row for is_new, row in rows if not is_new],
        missing=list(_missing(book, user, on)),
        unchanged=outcome.unchanged,
    )


def _in_order(problem: Problem) -> tuple[int, int, int, str]:
    """Sort problems as the workbook shows them."""
    titles = [str(sheet.title) for sheet in SHEETS]
    place = problem.place
    sheet = titles.index(place.sheet) if place.sheet in titles else -1
    return sheet, place.row, len(place.letter), place.letter


def _too_much(plan: District) -> list[Problem]:
    """Refuse what would take longer than a request may, before it is tried."""
    new = queries.new_in(plan)
    bounds = (
        (new["officers"], MOST_OFFICERS, _("%(n)d new officers at once; at most %(most)d.")),
        (sum(new.values()), MOST_NEW, _("%(n)d additions at once; at most %(most)d.")),
        (_rows_of(plan), MOST_ROWS, _("%(n)d rows at once; at most %(most)d.")),
    )
    split = _("Split it.")
    return [
        Problem(Place(_("Workbook")), "", " ".join([text % {"n": n, "most": most}, split]))
        for n, most, text in bounds
        if n > most
    ]


def _rows_of(plan: District) -> int:
    return len(plan.units) + len(plan.posts) + len(plan.officers) + len(plan.tenures)


def _shown(book: Book, each: Difference, on: date) -> ShownDifference:
    table = each.where.partition(" ")[0]
    values = [
        (shown.title_of(table, key), shown.value(key, before), shown.value(key, after))
        for key, (before, after) in each.values.items()
    ]
    return ShownDifference(book.place(each.where), each.name, values, list(_marks(each, on)))


def _marks(each: Difference, on: date) -> Iterator[str]:
    before, after = each.values.get("powers", (None, None))
    if isinstance(after, list):
        held = before if isinstance(before, list) else []
        gained = [power for power in after if power not in held]
        if strong := [power for power in _STRONG if power in gained]:
            yield _("New: %(powers)s") % {"powers": shown.value("powers", strong)}
    _before, starts = each.values.get("start_date", (None, None))
    if isinstance(starts, date) and starts < on:
        yield _("Begins before today")


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
