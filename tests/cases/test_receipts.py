"""A receipt proves a report: anybody checks it offline with the published key."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from bihuan import cli
from bihuan import settings as real
from bihuan.cases import codes as hashes
from bihuan.cases import receipts
from bihuan.cases.actions import intake
from bihuan.cases.models import ReceiptKey
from bihuan.core import codes
from tests.cases.public import make_office, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def taken() -> intake.Taken:
    return told(make_office().town)


@pytest.fixture
def slip(taken: intake.Taken, tmp_path: Path) -> Path:
    file = tmp_path / "slip.txt"
    file.write_text(taken.slip, encoding="utf-8")
    return file


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = cli.main(["receipt", *arguments])
    said = capsys.readouterr()
    return status, said.out, said.err


@pytest.fixture
def keys(taken: intake.Taken, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """What `bihuan receipt keys` prints, in a file."""
    file = tmp_path / "keys.json"
    file.write_text(run(capsys, "keys")[1], encoding="utf-8")
    return file


def test_a_receipt_is_genuine_by_the_published_keys(
    taken: intake.Taken, slip: Path, keys: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, _ = run(capsys, "check", str(slip), "--key", str(keys), "--json")

    said = json.loads(out)
    assert (status, said["genuine"], said["code"]) == (0, True, codes.written(taken.code))


def test_it_is_checked_without_the_database(
    slip: Path, keys: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.db.backends.utils.CursorWrapper.execute", _no_database)
        status, out, _ = run(capsys, "check", str(slip), "--key", str(keys))

    assert status == 0
    assert "content " in out


def _no_database(*arguments: object) -> None:
    raise AssertionError("the database was asked")


@pytest.mark.parametrize("line", range(7))
def test_any_change_is_found(
    line: int, slip: Path, keys: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = slip.read_text().splitlines()
    at = len(lines[line]) - 3
    lines[line] = (
        f"{lines[line][:at]}{'1' if lines[line][at] != '1' else '2'}{lines[line][at + 1 :]}"
    )
    slip.write_text("\n".join(lines))

    status, out, _ = run(capsys, "check", str(slip), "--key", str(keys), "--json")

    assert status == 1
    assert json.loads(out)["genuine"] is False


def test_a_slip_that_was_pasted_with_spaces_around_its_lines_still_holds(
    slip: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    slip.write_text("\n\n" + "".join(f"  {line} \r\n" for line in slip.read_text().splitlines()))

    assert run(capsys, "check", str(slip))[0] == 0


def test_standard_input_is_read(
    taken: intake.Taken, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(taken.slip))

    assert run(capsys, "check", "-")[0] == 0


@pytest.mark.parametrize("key", ["", "[]", "{}", '{"keys": 3}', "\x00", '{"keys": {"a": []}}'])
def test_a_file_without_keys_cannot_be_used(
    key: str, slip: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "odd.json"
    file.write_text(key)

    status, _, err = run(capsys, "check", str(slip), "--key", str(file))

    assert (status, err.count("\n")) in [(2, 1), (1, 0)]


def test_a_file_that_is_not_there_is_one_line_on_standard_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, _, err = run(capsys, "check", str(tmp_path / "none.txt"))

    assert (status, err.count("\n")) == (2, 1)


def test_the_key_is_on_record_with_the_first_receipt_and_stays_after_the_secret_changed(
    taken: intake.Taken, slip: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    first = ReceiptKey.objects.get()
    settings.SECRET_KEY = "another secret " * 4

    told(make_office().town)

    assert first.label in taken.slip
    assert ReceiptKey.objects.count() == 2
    assert run(capsys, "check", str(slip))[0] == 0


def test_the_keys_are_published_to_everybody(taken: intake.Taken, client: Client) -> None:
    answer = client.get("/receipt-keys/")

    assert receipts.read(taken.slip, answer.json()["keys"]).code == taken.code


def test_what_a_code_costs_to_guess_stays_and_so_does_what_is_kept_of_it(
    settings: Settings,
) -> None:
    settings.CODE_HASH_COST = real.CODE_HASH_COST

    assert hashes.slow("1234567890123456").hex() == (
        "7bb580872227b222515d5c6b5aa18a4348069dcb2468ceef9b9020bda43ed346"
    )
