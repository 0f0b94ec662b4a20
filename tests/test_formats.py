"""Days, times, amounts and lists are written in one place, in the way of each language."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from bihuan import formats
from tests.sources import ROOT, files_under, python_files, relative

AT = datetime(2026, 9, 2, 7, 4, 5, tzinfo=UTC)

SAID: list[tuple[Callable[[], str], str, str]] = [
    (lambda: formats.day(date(2026, 9, 2)), "2 Sep 2026", "2026年9月2日"),
    (lambda: formats.short_day(AT), "2 Sep", "9月2日"),
    (lambda: formats.long_day(AT), "Wed 2 Sep 2026", "2026年9月2日 星期三"),
    (lambda: formats.month(AT), "September 2026", "2026年9月"),
    (lambda: formats.moment(AT), "2 Sep 2026 15:04", "2026年9月2日 15:04"),
    (lambda: formats.hour(AT, seconds=True), "15:04:05", "15:04:05"),
    (lambda: formats.hour(time(8, 5)), "08:05", "08:05"),
    (lambda: formats.stamp(AT), "2026-09-02 15:04", "2026-09-02 15:04"),
    (lambda: formats.span(30), "1 minute", "1 分钟"),
    (lambda: formats.span(47 * 3600), "1 day", "1 天"),
    (lambda: formats.span(48 * 3600), "2 days", "2 天"),
    (lambda: formats.length(3, "month"), "3 months", "3 个月"),
    (lambda: formats.money(1200), "¥1,200", "1,200 元"),
    (lambda: formats.money(Decimal("1200.50")), "¥1,200.50", "1,200.50 元"),
    (lambda: formats.money(Decimal("-0.05")), "-¥0.05", "-0.05 元"),
    (lambda: formats.file_size(20 * 1024 * 1024), "20 MB", "20 MB"),
    (lambda: formats.file_size(1536), "1.5 kB", "1.5 kB"),
    (lambda: formats.names("abc"), "a, b, c", "a、b、c"),
    (lambda: formats.clauses("abc"), "a; b; c", "a；b；c"),
    (lambda: formats.sentences(["A.", "B."]), "A. B.", "A.B."),
    (lambda: formats.either("abc"), "a, b, or c", "a、b或c"),
]


MONDAY_NOON = datetime(2026, 9, 7, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (0.5, "30 minutes"),
        (12.5, "12 hours"),  # on Tuesday, but less than a day away
        (23.9, "23 hours"),
        (24, "1 day"),
        (35.9, "1 day"),  # at the end of Tuesday
        (36.1, "2 days"),  # early on Wednesday
        (47, "2 days"),
        (59.9, "2 days"),
        (60.1, "3 days"),
    ],
)
def test_time_that_is_left_or_has_passed_is_in_hours_or_in_days_of_the_calendar(
    hours: float, said: str
) -> None:
    then = MONDAY_NOON + timedelta(hours=hours)

    with override("en"):
        assert formats.between(MONDAY_NOON, then) == formats.between(then, MONDAY_NOON) == said


@pytest.mark.parametrize(("write", "english", "chinese"), SAID)
def test_a_value_is_written_in_the_way_of_the_language(
    write: Callable[[], str], english: str, chinese: str
) -> None:
    with override("en"):
        assert write() == english
    with override("zh-hans"):
        assert write() == chinese


# What a program reads again, byte by byte: keys of acts, addresses and hours, and values of EXIF.
MACHINES = {
    "bihuan/cases/actions/due.py",
    "bihuan/journal/parts.py",
    "bihuan/tallies/hour_keys.py",
    "bihuan/portal/actions/receptions.py",
    "bihuan/portal/templatetags/published.py",
    "bihuan/portal/views/receptions.py",
}
IN_TEMPLATES = re.compile(
    r"\|(date|time|floatformat|intcomma|naturaltime|filesizeformat)\b|\{% load (l10n|humanize)"
)
OF_DJANGO = {"django.utils.formats", "django.contrib.humanize", "django.template.defaultfilters"}


def _formats(path: Path) -> Iterator[str]:
    """Where a module writes a day or a number by a format of its own."""
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.FormattedValue(format_spec=ast.JoinedStr() as spec) if "%" in ast.unparse(
                spec
            ):
                yield f"{relative(path)}:{node.lineno}"
            case ast.Attribute(attr="strftime"):
                yield f"{relative(path)}:{node.lineno}"
            case ast.ImportFrom(module=str() as module) if module in OF_DJANGO:
                yield f"{relative(path)}:{node.lineno}"
            case ast.ImportFrom(module=str() as module) if module.partition(".")[0] == "babel":
                yield f"{relative(path)}:{node.lineno}"


def test_nothing_else_formats_a_day_or_an_amount() -> None:
    modules = [path for path in python_files("bihuan") if path != Path(formats.__file__)]

    found = [place for path in modules for place in _formats(path)]

    assert [place for place in found if place.partition(":")[0] not in MACHINES] == []
    assert {place.partition(":")[0] for place in found} == MACHINES


def test_no_template_formats_a_day_or_an_amount() -> None:
    found = [
        relative(path)
        for path in files_under(ROOT / "bihuan", ".html", ".txt")
        if IN_TEMPLATES.search(path.read_text())
    ]

    assert found == []
