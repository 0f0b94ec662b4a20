"""`bihuan journal`, as somebody at a terminal calls it."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone, translation

from bihuan.journal import handed_out, sealing
from bihuan.journal.actions import record
from bihuan.journal.models import Anchor
from tests.clock import PRESENT, StoppedClock
from tests.factories import NOW, TODAY
from tests.journal.lifting import tamper

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def test_verifying_a_sound_journal_ends_well(capsys: pytest.CaptureFixture[str]) -> None:
    record("case/1", "report", by=None, at=NOW)

    call_command("journal", "verify", "--json")

    data = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert data.pop("seconds") >= 0
    proof = data.pop("proof")
    assert data == {"entries": 1, "chains": 1, "findings": [], "ok": True}
    assert (proof["roots"], proof["unsealed"], proof["sealed_until"]) == (0, 1, None)


def test_a_break_is_told_and_sets_the_exit_status(capsys: pytest.CaptureFixture[str]) -> None:
    record("case/1", "report", by=None, at=NOW)
    tamper("UPDATE journal_entry SET note = 'x'")

    with pytest.raises(SystemExit) as stopped, translation.override("en"):
        call_command("journal", "verify", "--json")

    *sentences, last = capsys.readouterr().out.splitlines()
    data = json.loads(last)
    assert stopped.value.code == 1
    assert sentences == ["case/1: entry 1 was edited: its content."]
    assert data["ok"] is False
    assert data["findings"] == [
        {
            "kind": "edited",
            "subject": "case/1",
            "seq": 1,
            "last": None,
            "field": "content",
            "day": None,
            "until_at": None,
            "hint": "",
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

    output = capsys.readouterr().out
    assert stopped.value.code == 1
    assert "case/1: entry 1 was removed.\n" in output
    assert "2 breaks found." in output


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
    sealing.anchor(date(2025, 9, 15), now=NOW)

    with pytest.raises(CommandError), translation.override("en"):
        call_command("journal", "anchor", "2025-09-14")


# ---------------------------------------------------------------- handing out
def _told(capsys: pytest.CaptureFixture[str], *words: str | Path) -> list[str]:
    with translation.override("en"):
        call_command("journal", *map(str, words))
    return capsys.readouterr().out.splitlines()


def test_roots_are_handed_out_and_prove_what_was_recorded_until_then(
    tmp_path: Path, clock: StoppedClock, capsys: pytest.CaptureFixture[str]
) -> None:
    clock.at = NOW  # a day that is over has one root for all its hours
    record("case/1", "report", by=None, at=NOW - 3 * HOUR)
    record("case/1", "confirm", by=None, at=NOW - 2 * HOUR)
    out = tmp_path / "roots.txt"

    assert _told(capsys, "roots", "--out", out) == ["2 roots were added."]
    assert _told(capsys, "roots", "--out", out) == ["0 roots were added."]
    record("case/1", "assign", by=None, at=NOW)
    read, proven, unsealed = _told(capsys, "verify", "--roots", out)

    assert "No changes found." in read
    assert proven.startswith("Proven by 2 external roots: nothing in the journal before ")
    assert unsealed.startswith("Not yet sealed by a root: 1 entries since ")


def test_without_roots_from_outside_it_says_that_all_could_have_been_made_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    record("case/1", "report", by=None, at=NOW)

    output = _told(capsys, "verify")

    assert output[1].startswith("Not proven: none of the 0 roots was compared with an external one")


@pytest.mark.parametrize("way", ["typed in from a sheet", "from the answer to a mail"])
def test_roots_come_back_from_paper_and_mail(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], way: str
) -> None:
    record("case/1", "report", by=None, at=PRESENT - 3 * HOUR)
    lines = _told(capsys, "roots", *(["--sheet"] if way.startswith("typed") else []))
    quoted = lines if way.startswith("typed") else [f"> {line}" for line in lines]
    (tmp_path / "came.txt").write_text("\n".join(["Dear all,", *quoted, "Regards"]))

    output = _told(capsys, "verify", "--roots", tmp_path / "came.txt")

    assert output[1].startswith("Proven by 1 external roots")


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        ("the roots removed", "the root that was handed out is missing."),
        ("all made again", "the root differs from the one that was handed out."),
    ],
)
def test_what_was_done_behind_the_back_of_the_roots_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], fault: str, text: str
) -> None:
    record("case/1", "report", by=None, at=PRESENT - 3 * HOUR)
    out = tmp_path / "roots.txt"
    _told(capsys, "roots", "--out", out)
    tamper("DELETE FROM journal_anchor", "DELETE FROM journal_written")
    if fault == "all made again":
        tamper("DELETE FROM journal_entry", "DELETE FROM journal_chain")
        record("case/2", "report", by=None, at=PRESENT - 3 * HOUR)
        sealing.seal(now=PRESENT)
        tamper("DELETE FROM journal_written")

    with pytest.raises(SystemExit) as stopped, translation.override("en"):
        call_command("journal", "verify", "--roots", str(out))

    assert stopped.value.code == 1
    assert text in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "contains no root"),
        ("2026-09-15T11:00+08:00 1 1 abc", "line 1: not a root"),
        ("2026-99-15T11:00+08:00 1 1 " + "0" * 64, "line 1: not a root"),
        ("\n2026-09-15T11:00+08:00 1 1 " + "0" * 65, "line 2: not a root"),
        ("2026-09-15T11:00+08:00 1 " + "0" * 64, "line 1: not a root"),
    ],
)
def test_a_file_that_holds_no_roots_is_refused_in_one_line(
    tmp_path: Path, text: str, message: str
) -> None:
    (tmp_path / "roots.txt").write_text(text)

    with pytest.raises(CommandError, match=message), translation.override("en"):
        call_command("journal", "verify", "--roots", str(tmp_path / "roots.txt"))


def test_a_line_of_a_root_reads_back_as_it_was() -> None:
    record("case/1", "report", by=None, at=NOW)
    sealing.seal(now=NOW + HOUR)
    anchor = Anchor.objects.get()

    (root,) = handed_out.read([handed_out.line(anchor)])

    assert root == handed_out.HandedOut(anchor.until_at, anchor.through, 1, bytes(anchor.root))


@pytest.mark.parametrize("before", ["> ", ">> \t", "  "])
def test_a_line_in_the_answer_to_a_mail_is_still_that_of_a_root(before: str) -> None:
    assert len(list(handed_out.read([before + _line()]))) == 1


@pytest.mark.parametrize("before", ["X", "root: ", "# "])
def test_a_line_behind_other_words_is_none(before: str) -> None:
    assert not list(handed_out.read([before + _line()]))


def _line() -> str:
    record("case/1", "report", by=None, at=NOW)
    sealing.seal(now=NOW + HOUR)
    return handed_out.line(Anchor.objects.get())
