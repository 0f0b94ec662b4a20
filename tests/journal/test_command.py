"""`bihuan journal`, as somebody at a terminal calls it."""

import json
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone, translation

from bihuan.journal import actions
from bihuan.journal.actions import record
from bihuan.journal.models import Anchor
from tests.clock import PRESENT
from tests.factories import NOW, TODAY
from tests.journal.lifting import tamper

pytestmark = pytest.mark.django_db


def test_verifying_a_sound_journal_ends_well(capsys: pytest.CaptureFixture[str]) -> None:
    record("case/1", "report", by=None, at=NOW)

    call_command("journal", "verify", "--json")

    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told.pop("seconds") >= 0
    assert told == {"entries": 1, "chains": 1, "findings": [], "ok": True}


def test_a_break_is_told_and_sets_the_exit_status(capsys: pytest.CaptureFixture[str]) -> None:
    record("case/1", "report", by=None, at=NOW)
    tamper("UPDATE journal_entry SET note = 'x'")

    with pytest.raises(SystemExit) as stopped, translation.override("en"):
        call_command("journal", "verify", "--json")

    *sentences, last = capsys.readouterr().out.splitlines()
    told = json.loads(last)
    assert stopped.value.code == 1
    assert sentences == ["case/1: entry 1 was edited: what it says."]
    assert told["ok"] is False
    assert told["findings"] == [
        {
            "kind": "edited",
            "subject": "case/1",
            "seq": 1,
            "last": None,
            "field": "content",
            "day": None,
            "message": sentences[0],
        }
    ]


def test_verifying_says_in_words_what_was_read(capsys: pytest.CaptureFixture[str]) -> None:
    record("case/1", "report", by=None, at=NOW)

    with translation.override("en"):
        call_command("journal", "verify")

    assert capsys.readouterr().out.startswith("1 entries in 1 chains read in ")


def test_a_break_without_json_sets_the_exit_status_too(capsys: pytest.CaptureFixture[str]) -> None:
    record("case/1", "report", by=None, at=NOW)
    tamper("DELETE FROM journal_entry")

    with pytest.raises(SystemExit) as stopped, translation.override("en"):
        call_command("journal", "verify")

    assert stopped.value.code == 1
    assert capsys.readouterr().out.rstrip().endswith("1 break found.")


def test_a_day_that_is_over_is_sealed_and_printed(capsys: pytest.CaptureFixture[str]) -> None:
    record("case/1", "report", by=None, at=NOW - timedelta(days=365))
    day = TODAY - timedelta(days=365)

    with translation.override("en"):
        call_command("journal", "anchor", day.isoformat())

    anchor = Anchor.objects.get()
    assert capsys.readouterr().out.splitlines() == [
        "day: 2025-09-15",
        "chains: 1",
        f"root: {bytes(anchor.root).hex()}",
        f"previous root: {'00' * 32}",
    ]


def test_printing_a_day_again_prints_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    record("case/1", "report", by=None, at=NOW - timedelta(days=365))

    call_command("journal", "anchor", "2025-09-15")
    first = capsys.readouterr().out
    call_command("journal", "anchor", "2025-09-15")

    assert capsys.readouterr().out == first


def test_todays_root_is_provisional(capsys: pytest.CaptureFixture[str]) -> None:
    today = timezone.localdate(PRESENT)

    with translation.override("en"):
        call_command("journal", "anchor", today.isoformat())

    assert "Provisional" in capsys.readouterr().out.splitlines()[-1]
    assert not Anchor.objects.exists()


@pytest.mark.parametrize("words", [[], ["erase", "case/YH-2026-000001"]])
def test_what_to_do_and_the_reason_for_erasing_must_be_said(words: list[str]) -> None:
    with pytest.raises(CommandError, match="required"):
        call_command("journal", *words)


@pytest.mark.parametrize("day", ["2999-01-01", "yesterday", "2026-13-01", ""])
def test_a_day_without_a_root_is_refused_in_one_line(day: str) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("journal", "anchor", day)

    assert "\n" not in str(refused.value)


def test_a_day_before_the_last_sealed_one_is_refused() -> None:
    actions.anchor(date(2025, 9, 15), now=NOW)

    with pytest.raises(CommandError), translation.override("en"):
        call_command("journal", "anchor", "2025-09-14")
