"""Write the organisation as a workbook that can be imported again; it never has passwords."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import BinaryIO

from bihuan.orgs import naming
from bihuan.orgs.models import Post, Tenure, Unit, User
from bihuan.orgs.wording import POWERS
from bihuan.sheets.writer import Heading, SheetTable, Value, write_tables
from bihuan.staffing import queries
from bihuan.staffing.columns import SHEETS
from bihuan.staffing.reading import NONE


def write(out: BinaryIO, user: User, on: date) -> None:
    """Write what the officer administers: units, posts, officers and appointments from today on."""
    units = list(queries.units_of(user, on).select_related("parent"))
    posts = Post.objects.in_force(on).filter(unit__in=units, end_date=None)
    tenures = list(
        Tenure.objects.not_over(on)
        .filter(post__in=posts)
        .select_related("member", "post__unit")
        .order_by("post__unit__path", "post", "start_date")
    )
    members = {tenure.member.username: tenure.member for tenure in tenures}
    rows: dict[str, Iterator[tuple[Value, ...]]] = {
        "units": _units(units),
        "posts": _posts(posts.select_related("unit").order_by("unit__path", "pk")),
        "officers": ((m.username, m.name, m.work_phone) for _, m in sorted(members.items())),
        "tenures": _tenures(tenures),
    }
    tables = [
        SheetTable(
            str(sheet.title),
            [Heading(str(column.title), column.width) for column in sheet.columns],
            rows[sheet.table],
        )
        for sheet in SHEETS
    ]
    write_tables(out, tables)


def _units(units: Iterable[Unit]) -> Iterator[tuple[Value, ...]]:
    for unit in units:
        above = unit.parent
        yield (
            unit.code,
            unit.name,
            unit.name_en,
            unit.get_kind_display(),
            above.code if above else "",
            naming.name_of(above) if above else "",
            unit.division_code,
        )


def _posts(posts: Iterable[Post]) -> Iterator[tuple[Value, ...]]:
    for post in posts:
        powers = "、".join(str(label) for power, label in POWERS.items() if power in post.powers)
        unit = naming.name_of(post.unit)
        yield post.unit.code, unit, post.title, post.title_en, powers or str(NONE)


def _tenures(tenures: Iterable[Tenure]) -> Iterator[tuple[Value, ...]]:
    for tenure in tenures:
        post, member = tenure.post, tenure.member
        unit = naming.name_of(post.unit)
        yield (
            member.username, member.name, post.unit.code, unit, post.title,
            tenure.start_date, tenure.end_date,
        )  # fmt: skip
