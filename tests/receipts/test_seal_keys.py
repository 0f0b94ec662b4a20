"""Keys that are lost or wrong are noticed at once, and no identity is opened to notice it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.test import Client

from bihuan.core.refusal import Refusal
from bihuan.journal.models import Entry
from bihuan.receipts.actions import seal_keys, seals
from bihuan.receipts.models import Seal, SealKey
from bihuan.web import readiness, work
from tests.cases.public import Office, told
from tests.clock import NOW, PRESENT

pytestmark = pytest.mark.django_db

Output = pytest.CaptureFixture[str]


@pytest.fixture
def sealed(office: Office) -> Seal:
    """One seal, after the worker has run once."""
    case = told(office.town).case
    work.run_all(now=PRESENT)
    return case.seals.get()


def another() -> str:
    return Fernet.generate_key().decode()


def reasons() -> list[str]:
    return [text for text in readiness.reasons_not_ready(now=PRESENT) if text.startswith("keys")]


def test_with_its_keys_an_installation_is_ready(sealed: Seal) -> None:
    assert reasons() == []
    assert SealKey.objects.count() == 2


@pytest.mark.parametrize("keep", [[], [1]], ids=["wrong", "one of two"])
def test_a_key_that_is_missing_is_said_by_readiness(
    sealed: Seal, client: Client, settings: Any, keep: list[int]
) -> None:
    gone = seal_keys.label(settings.SEAL_KEYS[0])
    settings.SEAL_KEYS = [another(), *(settings.SEAL_KEYS[n] for n in keep)]

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert any(f"key {gone}" in reason for reason in answer.json()["reasons"])


def test_nothing_starts_with_a_wrong_key_and_its_probe_is_not_laid(
    sealed: Seal, settings: Any
) -> None:
    settings.SEAL_KEYS = [another()]

    with pytest.raises(ImproperlyConfigured, match="BIHUAN_SEAL_KEYS"):
        readiness.require_start(now=PRESENT)

    work.run_all(now=PRESENT + work.KEPT)
    assert not SealKey.objects.filter(label=seal_keys.label(settings.SEAL_KEYS[0])).exists()


def test_a_new_key_in_front_of_the_others_is_well(sealed: Seal, settings: Any) -> None:
    settings.SEAL_KEYS = [another(), *settings.SEAL_KEYS]

    readiness.require_start(now=PRESENT)

    assert reasons() == []


def test_after_a_rotation_the_old_keys_may_go(sealed: Seal, settings: Any, capsys: Output) -> None:
    newest = another()
    settings.SEAL_KEYS = [newest, *settings.SEAL_KEYS]
    readiness.require_start(now=PRESENT)
    call_command("rotate_seals")
    settings.SEAL_KEYS = [newest]

    readiness.require_start(now=PRESENT)

    assert reasons() == []


def test_a_key_that_comes_back_in_front_is_needed_again(
    sealed: Seal, settings: Any, capsys: Output
) -> None:
    (first, other), second = settings.SEAL_KEYS, another()
    settings.SEAL_KEYS = [second, first, other]
    readiness.require_start(now=PRESENT)
    call_command("rotate_seals")
    settings.SEAL_KEYS = [first, second]
    readiness.require_start(now=PRESENT)
    settings.SEAL_KEYS = [second]

    assert reasons()


def test_seals_of_before_the_probes_are_tried_by_the_worker(office: Office, settings: Any) -> None:
    told(office.town)
    settings.SEAL_KEYS = [another()]

    counts = seal_keys.prove(now=PRESENT)
    work.run_all(now=PRESENT)

    assert counts == {"seals": 1, "unreadable": 1}
    (reason,) = reasons()
    assert "1 sealed identity cannot be unsealed with any key" in reason


def test_rotation_says_which_and_why(sealed: Seal, settings: Any, capsys: Output) -> None:
    gone = seal_keys.label(settings.SEAL_KEYS[0])
    settings.SEAL_KEYS = [another(), settings.SEAL_KEYS[1]]

    with pytest.raises(SystemExit) as stop:
        call_command("rotate_seals", "--json")

    *lines, counts = capsys.readouterr().out.splitlines()
    assert stop.value.code == 1
    assert any(str(sealed.pk) in line for line in lines)
    assert any(gone in line for line in lines)
    assert json.loads(counts)["failed"] >= 1


@pytest.mark.parametrize("column", ["wrapped_key", "content"])
def test_a_damaged_row_is_told_from_a_missing_key(sealed: Seal, column: str) -> None:
    text = getattr(sealed, column)
    broken = f"{text[:40]}{'A' if text[40] != 'A' else 'B'}{text[41:]}"
    Seal.objects.filter(pk=sealed.pk).update(**{column: broken})

    (found,) = seal_keys.unopened()

    # A wrapped key that was changed looks like one under another key.
    assert found == seal_keys.Unopened(sealed.pk, is_damaged=column == "content")


def test_no_identity_is_opened_to_prove_the_keys(
    sealed: Seal, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[bytes] = []
    decrypt = Fernet.decrypt

    def noted(key: Fernet, token: bytes | str, ttl: int | None = None) -> bytes:
        read.append(decrypt(key, token, ttl))
        return read[-1]

    monkeypatch.setattr(Fernet, "decrypt", noted)

    assert seal_keys.prove(now=NOW) == {"seals": 1, "unreadable": 0}
    assert reasons() == []
    assert not any(b"{" in each for each in read)


def test_a_key_that_is_lost_for_good_is_given_up_and_that_is_on_record(
    sealed: Seal, settings: Any, capsys: Output
) -> None:
    gone = seal_keys.label(settings.SEAL_KEYS[0])
    settings.SEAL_KEYS = [settings.SEAL_KEYS[1]]

    call_command("rotate_seals", "--lost", gone)

    assert Entry.objects.get(act="give_up_key").details == {"key": gone}
    readiness.require_start(now=PRESENT)
    seal_keys.prove(now=PRESENT)
    assert reasons() == []
    with pytest.raises(Refusal):
        seals.unsealed(sealed)


def test_only_a_missing_key_is_given_up(sealed: Seal, settings: Any) -> None:
    with pytest.raises(CommandError, match="rotate-seals"):
        call_command("rotate_seals", "--lost", "abcdef")
    with pytest.raises(CommandError):
        call_command("rotate_seals", "--lost", seal_keys.label(settings.SEAL_KEYS[0]))
