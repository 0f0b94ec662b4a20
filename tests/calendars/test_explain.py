"""`bihuan explain` and the wording of a deadline."""

import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from bihuan.calendars import wording
from bihuan.core import rules

pytestmark = pytest.mark.django_db


def _explained(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    call_command("explain", *arguments, "--json")
    last: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return last


def test_the_json_holds_the_deadline_and_its_arithmetic(
    capsys: pytest.CaptureFixture[str],
) -> None:
    data = _explained(capsys, "PET-5", "--start", "2025-09-26")

    assert (data["rule"], data["version"]) == ("PET-5", "2022")
    assert data["due_at"] == data["due_at_unrolled"] == "2025-10-11T23:59:59+08:00"
    assert len(data["days"]) == 16
    assert [day["counted"] for day in data["days"]] == [False] + [True] * 15
    assert data["days"][5]["holiday"] == "国庆节、中秋节"
    assert data["source"]


def test_both_ends_are_told_where_the_last_day_is_a_holiday(
    capsys: pytest.CaptureFixture[str],
) -> None:
    data = _explained(capsys, "PET-10", "--start", "2026-01-20T15:00", "--calendar", "cn")

    assert data["due_at"] == "2026-02-24T23:59:59+08:00"
    assert data["due_at_unrolled"] == "2026-02-19T23:59:59+08:00"


@pytest.mark.parametrize(
    "start",
    ["2026-03-02T09:00", "2026-03-02T09:00+08:00", "2026-03-02T01:00Z", "2026-03-01T20:00-05:00"],
)
def test_a_start_without_an_offset_is_local_time(
    capsys: pytest.CaptureFixture[str], start: str
) -> None:
    data = _explained(capsys, "INC-1", "--start", start)

    assert data["due_at"] == "2026-03-02T10:00:00+08:00"


def test_a_rule_without_a_length_takes_the_date_of_the_case(
    capsys: pytest.CaptureFixture[str],
) -> None:
    data = _explained(capsys, "HAZ-5", "--start", "2026-03-02", "--due", "2026-04-05")

    assert data["due_at_unrolled"] == "2026-04-05T23:59:59+08:00"
    assert data["due_at"] == "2026-04-07T23:59:59+08:00"


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["NOPE", "--start", "2026-03-02"], "NOPE"),
        (["PET-16", "--start", "2026-03-02"], "PET-16a"),
        (["PET-8", "--start", "soon"], "soon"),
        (["PET-8", "--start", "2026-02-30"], "2026-02-30"),
        (["PET-8", "--start", "2035-12-01"], "2036"),
        (["PET-7", "--start", "2035-12-30"], "203[56]"),
        (["PET-8", "--start", "2021-03-02"], "PET-8"),
        (["PET-8", "--start", "2026-03-02", "--calendar", "XX"], "XX"),
        (["PET-8", "--start", "2026-03-02", "--due", "2026-04-05"], "PET-8"),
        (["HAZ-5", "--start", "2026-03-02"], "HAZ-5"),
        (["HAZ-5", "--start", "2026-03-02", "--due", "never"], "never"),
        (["LOC-1", "--start", "9999-12-31"], None),
        (["LOC-1", "--start", "0001-01-01T00:00+14:00"], None),
    ],
)
def test_what_cannot_be_worked_out_is_refused_in_one_line(
    arguments: list[str], named: str | None
) -> None:
    with pytest.raises(CommandError, match=named) as refused:
        call_command("explain", *arguments)

    assert str(refused.value)
    assert "\n" not in str(refused.value)


def test_the_text_tells_the_rule_every_day_and_both_ends(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with translation.override("en"):
        call_command("explain", "PET-5", "--start", "2025-09-26")

    output = capsys.readouterr().out
    assert "Regulation on Petition Work, Art. 22" in output
    assert (
        "Received Fri 26 Sep 2025; 15 calendar days; 28 Sep: make-up workday; "
        "1 Oct to 8 Oct: holiday, but calendar days count; 11 Oct: make-up workday; "
        "due Sat 11 Oct 2025 23:59:59"
    ) in output
    assert "Fri 26 Sep 2025  start day, not counted" in output
    assert "day 5: National Day, Mid-Autumn Festival, but calendar days count" in output


def test_the_text_says_where_the_term_moves_past_a_holiday(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with translation.override("en"):
        call_command("explain", "PET-10", "--start", "2026-01-20")

    output = capsys.readouterr().out
    assert "the term does not end on a holiday and moves to 24 Feb" in output
    assert "Internal target: Thu 19 Feb 2026 23:59:59" in output


def test_a_term_that_reaches_into_a_year_not_loaded_is_provisional(
    capsys: pytest.CaptureFixture[str],
) -> None:
    concluded = _explained(capsys, "PET-8", "--start", "2026-11-28")
    objected = _explained(capsys, "PET-7", "--start", "2026-12-30")
    request = _explained(capsys, "PET-10", "--start", "2027-01-08")

    # By the shorter reading 1 January alone is off, by the longer 31 December to 3 January.
    assert objected["due_at_unrolled"] == "2027-01-07T23:59:59+08:00"
    assert objected["due_at"] == "2027-01-08T23:59:59+08:00"
    # 7 February is the second day of the lunar year; the longest break lasted to its eighth.
    assert request["due_at_unrolled"] == "2027-02-07T23:59:59+08:00"
    assert request["due_at"] == "2027-02-14T23:59:59+08:00"
    assert concluded["due_at"] == concluded["due_at_unrolled"] == "2027-01-27T23:59:59+08:00"
    assert all(result["provisional"] for result in (concluded, objected, request))


def test_a_term_within_the_loaded_years_is_not_provisional(
    capsys: pytest.CaptureFixture[str],
) -> None:
    data = [
        _explained(capsys, "PET-8", "--start", "2026-10-31"),
        _explained(capsys, "PET-7", "--start", "2026-12-22"),
        _explained(capsys, "INC-1", "--start", "2026-12-31T23:30"),
        _explained(capsys, "INT-2b", "--start", "2027-01-04", "--calendar", "GB-ENG"),
    ]

    assert [each["provisional"] for each in data] == [False] * 4
    assert not any(day["provisional"] for each in data for day in each["days"])


def test_in_england_the_bank_holidays_of_a_year_not_loaded_are_known(
    capsys: pytest.CaptureFixture[str],
) -> None:
    data = _explained(capsys, "INT-2b", "--start", "2028-04-10", "--calendar", "GB-ENG")

    # Good Friday is 14 April 2028, Easter Monday the 17th.
    assert data["due_at"] == data["due_at_unrolled"] == "2028-04-26T23:59:59+08:00"
    assert data["provisional"]


def test_the_text_says_that_an_end_is_provisional_and_why(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with translation.override("en"):
        call_command("explain", "PET-7", "--start", "2026-12-30")

    output = capsys.readouterr().out
    assert "due Fri 8 Jan 2027 23:59:59 (provisional)" in output
    assert "Internal target: Thu 7 Jan 2027 23:59:59 (provisional)" in output
    assert "Fri 1 Jan 2027  New Year, not counted (not published yet)" in output
    assert "the latest possible end" in output
    assert "Two dates were calculated" in output


def test_every_start_event_of_every_rule_has_words() -> None:
    assert {rule.start_event for rule in rules.every_rule()} == set(wording.START_EVENTS)
