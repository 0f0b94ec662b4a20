"""Holiday years: known from the first day, loaded by version, refused when they are no year."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from bihuan.calendars import actions, queries
from bihuan.calendars.models import CalendarYear
from bihuan.calendars.queries import BUNDLED
from bihuan.calendars.refusals import NoCalendar
from bihuan.core.holidays import PublishedYear, parse
from bihuan.core.workdays import YearNotLoaded
from bihuan.journal.models import Entry
from tests.conftest import CountQueries
from tests.factories import NOW, make_member

pytestmark = pytest.mark.django_db

SAMPLES = Path(__file__).parent.parent / "data" / "cn_calendar"
UNPUBLISHED = SAMPLES / "holiday_cn_2027_unpublished.json"


def _year(*off: str, year: int = 2027) -> dict[str, Any]:
    return {
        "year": year,
        "papers": ["https://example.org/notice"],
        "days": [{"name": "元旦", "date": day, "isOffDay": True} for day in off],
    }


def _load(*off: str, jurisdiction: str = "CN", year: int = 2027) -> CalendarYear | None:
    published: PublishedYear = parse(_year(*off, year=year))
    return actions.load_year(
        jurisdiction=jurisdiction, published=published, actor=make_member(), now=NOW
    )


def _file(folder: Path, content: object) -> Path:
    file = folder / "2027.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    return file


def test_a_fresh_database_knows_the_years_of_the_release() -> None:
    calendar = queries.calendar("CN")

    assert calendar.years == frozenset(range(2018, 2027))
    assert not calendar.is_workday(date(2025, 10, 8))
    with pytest.raises(YearNotLoaded):
        calendar.is_workday(date(2027, 1, 1))


def test_a_loaded_year_is_in_force_at_once() -> None:
    before = queries.calendar("CN")

    _load("2027-01-01")

    after = queries.calendar("CN")
    assert after.is_statutory_holiday(date(2027, 1, 1))
    assert after.version != before.version


def test_a_newer_version_replaces_the_older_and_the_older_stays_on_record() -> None:
    _load("2027-01-01")
    _load("2027-01-01", "2027-01-02")

    assert queries.calendar("CN").is_statutory_holiday(date(2027, 1, 2))
    assert list(CalendarYear.objects.order_by("version").values_list("version", flat=True)) == [
        1,
        2,
    ]


def test_a_year_of_the_release_can_be_corrected() -> None:
    _load("2026-01-01", year=2026)

    assert not queries.calendar("CN").is_statutory_holiday(date(2026, 10, 1))
    assert queries.calendar("CN").is_statutory_holiday(date(2025, 10, 1))


def test_the_same_days_twice_change_nothing() -> None:
    _load("2027-01-01")

    assert _load("2027-01-01") is None
    assert CalendarYear.objects.count() == 1


def test_loading_is_journaled() -> None:
    _load("2027-01-01")

    entry = Entry.objects.get(chain__subject="calendar/CN/2027")
    assert entry.act == "load"


def test_a_place_without_holidays_of_its_own_has_those_above_it() -> None:
    assert queries.calendar("CN-SD").jurisdiction == "CN"

    _load("2027-02-02", jurisdiction="CN-SD")

    assert queries.calendar("CN-SD").jurisdiction == "CN-SD"
    assert queries.calendar("CN").jurisdiction == "CN"


def test_a_place_nobody_knows_is_refused() -> None:
    with pytest.raises(NoCalendar):
        queries.calendar("XX")


def test_asking_again_costs_one_query_and_gives_the_kept_calendar(
    count_queries: CountQueries,
) -> None:
    _load("2027-01-01")
    stored = queries.calendar("CN")

    with count_queries() as counted:
        again = queries.calendar("CN")

    assert again is stored
    assert len(counted) == 1


def test_the_command_loads_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = _file(tmp_path, _year("2027-01-01"))

    call_command("load_calendar", str(file), "--confirmed")
    call_command("load_calendar", str(file), "--confirmed")

    assert CalendarYear.objects.get().version == 1
    first, _, second, _ = capsys.readouterr().out.splitlines()
    assert first != second


def test_a_year_of_one_day_is_refused_until_somebody_confirms_it(tmp_path: Path) -> None:
    file = _file(tmp_path, _year("2027-01-01"))

    with pytest.raises(CommandError, match=r"2027-10-01.*--confirmed") as refused:
        call_command("load_calendar", str(file))

    assert "\n" not in str(refused.value)
    assert not CalendarYear.objects.exists()


def test_a_trial_says_what_differs_and_loads_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    year = json.loads((BUNDLED / "cn" / "2026.json").read_text(encoding="utf-8"))
    first = year["days"].pop(0)
    file = _file(tmp_path, year)

    with pytest.raises(SystemExit) as stop:
        call_command("load_calendar", str(file), "--dry-run")

    assert stop.value.code == 1  # the first of January is a day of the law
    assert capsys.readouterr().out.count(first["date"]) == 2
    assert not CalendarYear.objects.exists()


def test_a_trial_of_a_good_year_ends_well(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_calendar", str(BUNDLED / "cn" / "2026.json"), "--dry-run")

    assert len(capsys.readouterr().out.splitlines()) == 1
    assert not CalendarYear.objects.exists()


def test_an_unpublished_year_is_refused_with_its_file_named() -> None:
    with pytest.raises(CommandError, match=r"holiday_cn_2027_unpublished\.json.*2027"):
        call_command("load_calendar", str(UNPUBLISHED))

    assert not CalendarYear.objects.exists()


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe", b"[" * 200_000, b"x" * 1_000_001, b"{}", b'{"year": 2027, "days": [1]}'],
)
def test_a_file_that_is_no_year_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "2027.json"
    file.write_bytes(content)

    with pytest.raises(CommandError, match=r"2027\.json") as refused:
        call_command("load_calendar", str(file))

    assert "\n" not in str(refused.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.json", tmp_path):
        with pytest.raises(CommandError, match=path.name):
            call_command("load_calendar", str(path))
