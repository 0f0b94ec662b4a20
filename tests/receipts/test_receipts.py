"""A receipt proves a report: anybody checks it offline with the published key."""

from __future__ import annotations

import hmac
import io
import json
import string
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.test import Client
from pytest_django import Settings

from bihuan import cli
from bihuan import settings as real
from bihuan.core import codes
from bihuan.core.deadlines import Due
from bihuan.receipts import accounts, slips
from bihuan.receipts import codes as hashes
from bihuan.receipts.actions import receipt_keys
from bihuan.receipts.first_slips import BadSlip
from bihuan.receipts.models import ReceiptKey
from tests.cases.public import make_office, told

pytestmark = pytest.mark.django_db


ALPHABET = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"


def decoded(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))


def encoded(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


@pytest.fixture(autouse=True)
def _no_key_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A committed receipt of an earlier test says nothing of this test's database."""
    monkeypatch.setattr(receipt_keys, "_noted", set())


@pytest.fixture
def taken() -> accounts.IntakeResult:
    return told(make_office().town)


@pytest.fixture
def slip(taken: accounts.IntakeResult, tmp_path: Path) -> Path:
    file = tmp_path / "slip.txt"
    file.write_text(taken.slip, encoding="utf-8")
    return file


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = cli.main(["receipt", *arguments])
    output = capsys.readouterr()
    return status, output.out, output.err


@pytest.fixture
def keys(taken: accounts.IntakeResult, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """What `bihuan receipt keys` prints, in a file."""
    file = tmp_path / "keys.json"
    file.write_text(run(capsys, "keys")[1], encoding="utf-8")
    return file


def test_a_receipt_is_genuine_by_the_published_keys(
    taken: accounts.IntakeResult, slip: Path, keys: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, _ = run(capsys, "check", str(slip), "--key", str(keys), "--json")

    data = json.loads(out)
    assert (status, data["genuine"], data["code"]) == (0, True, codes.written(taken.code))


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


@pytest.mark.parametrize("place", [-1, -3])
@pytest.mark.parametrize("part", range(3))
def test_any_change_is_found(
    part: int, place: int, slip: Path, keys: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parts = slip.read_text().split(".")
    letters = list(parts[part])
    letters[place] = ALPHABET[(ALPHABET.index(letters[place]) + 1) % len(ALPHABET)]
    parts[part] = "".join(letters)
    slip.write_text(".".join(parts))

    status, out, _ = run(capsys, "check", str(slip), "--key", str(keys), "--json")

    assert status == 1
    assert json.loads(out)["genuine"] is False


def test_any_library_for_signatures_can_check_it(
    taken: accounts.IntakeResult, client: Client
) -> None:
    """As RFC 7515 and RFC 8037 say it, without a library of ours."""
    header, payload, signature = taken.slip.split(".")

    data = json.loads(decoded(header))
    key = next(
        key for key in client.get("/receipt-keys/").json()["keys"] if key["kid"] == data["kid"]
    )

    assert (data["alg"], key["kty"], key["crv"]) == ("EdDSA", "OKP", "Ed25519")
    public = Ed25519PublicKey.from_public_bytes(decoded(key["x"]))
    public.verify(decoded(signature), f"{header}.{payload}".encode())
    assert json.loads(decoded(payload))["code"] == codes.written(taken.code)


@pytest.mark.parametrize("algorithm", ["none", "HS256", "Ed25519", "RS256"])
def test_a_slip_chooses_no_algorithm_of_its_own(
    algorithm: str, slip: Path, keys: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not signed, or signed by a person who knows only the public key."""
    header, payload, signature = slip.read_text().split(".")
    data = json.loads(decoded(header)) | {"alg": algorithm}
    public = json.loads(keys.read_text())["keys"][0]["x"]
    begun = f"{encoded(json.dumps(data).encode())}.{payload}"
    forged = hmac.digest(decoded(public), begun.encode(), "sha256")
    sign = {"none": "", "HS256": encoded(forged)}.get(algorithm, signature)
    slip.write_text(f"{begun}.{sign}")

    status, out, _ = run(capsys, "check", str(slip), "--key", str(keys), "--json")

    assert (status, json.loads(out)["why"]) == (1, "signature")


@pytest.mark.parametrize("text", ["", "a", "a.b", "..", "YQ.YQ.YQ", "e30.e30.e30", "BIHUAN-1"])
def test_a_text_that_is_no_slip_is_refused(
    text: str, slip: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    slip.write_text(text)

    status, out, _ = run(capsys, "check", str(slip), "--json")

    assert (status, json.loads(out)["why"]) == (1, "form")


FIRST_SLIP = """BIHUAN-1
code 8958 7829 4346 8425
day 2026-09-16
due 2026-10-09?
content abababababababababababababababababababababababababababababababab
key 081336bc
sign 59hXyCFaYaKwnLpWZNZv6YkDcQvMZyhhq6B5Vf9ImtCI3aiZECypo29SF1h7ITmrRpzZKPs7Wn9kb2k3bK7BCQ==
"""
FIRST_KEY = "iYlU0eZN3UyCEIbqHemfD3NR2CzuM9qvixJM9YF0P_o="


@pytest.mark.parametrize(
    "given",
    [
        {"form": "BIHUAN-1", "keys": {"081336bc": FIRST_KEY}},
        slips.published({"081336bc": FIRST_KEY}),
    ],
    ids=["keys of then", "keys of now"],
)
def test_slips_of_earlier_releases_stay_valid(given: dict[str, object]) -> None:
    keys = slips.keys_of(given)

    slip = slips.read(FIRST_SLIP, keys)

    assert (slip.code, slip.due) == ("8958782943468425", Due(date(2026, 10, 9), True))
    with pytest.raises(BadSlip, match="signature"):
        slips.read(FIRST_SLIP.replace("09-16", "09-15"), keys)


def test_a_slip_that_was_pasted_with_spaces_around_its_lines_still_holds(
    slip: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = slip.read_text()
    slip.write_text("\n\n" + "".join(f"  {text[at : at + 60]} \r\n" for at in range(0, 999, 60)))

    assert run(capsys, "check", str(slip))[0] == 0


def test_standard_input_is_read(
    taken: accounts.IntakeResult,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
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
    taken: accounts.IntakeResult, slip: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    first = ReceiptKey.objects.get()
    settings.SECRET_KEY = "another secret " * 4

    told(make_office().town)

    assert json.loads(decoded(taken.slip.split(".")[0]))["kid"] == first.label
    assert ReceiptKey.objects.count() == 2
    assert run(capsys, "check", str(slip))[0] == 0


def test_the_keys_are_published_to_everybody(taken: accounts.IntakeResult, client: Client) -> None:
    answer = client.get("/receipt-keys/")

    assert answer.headers["Content-Type"] == "application/jwk-set+json"
    assert slips.read(taken.slip, slips.keys_of(answer.json())).code == taken.code


def test_what_a_code_costs_to_guess_stays_and_so_does_what_is_kept_of_it(
    settings: Settings,
) -> None:
    settings.CODE_HASH_COST = real.CODE_HASH_COST

    assert hashes.slow("1234567890123456").hex() == (
        "7bb580872227b222515d5c6b5aa18a4348069dcb2468ceef9b9020bda43ed346"
    )
