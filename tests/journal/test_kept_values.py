"""What an act replaced is kept beside its entry, and may be erased without breaking the chain."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, connection, transaction

from bihuan.journal import actions, kept_values
from bihuan.journal.actions import Change, record, record_many
from bihuan.journal.diagnosis import Break, Finding
from bihuan.journal.models import Entry, KeptValues
from bihuan.journal.queries import verify
from tests.factories import NOW
from tests.journal.lifting import tamper

pytestmark = pytest.mark.django_db
CASE = "case/YH-2026-000001"
SECRET = "住在东关的那位老人说的"


@pytest.fixture(autouse=True)
def _journal() -> None:
    """A case that was imported, then changed by a ledger; and a neighbour."""
    record("case/YH-2026-000000", "import", by=None, at=NOW)
    record(CASE, "import", by=None, at=NOW, detail={"file": 'x"kept":.xlsx'})
    before = {"remark": SECRET, "deadline": "2026-12-15"}
    after = {"remark": "", "deadline": "2026-12-31"}
    with transaction.atomic():
        record_many("update", [Change(CASE, before, after)], by=None, at=NOW, keep=True)


def erased(reason: str = "涉及个人") -> list[int]:
    return actions.erase_values(CASE, by=None, at=NOW, note=reason)


def values_found() -> list[Finding]:
    return [each for each in verify().findings if each.kind is Break.VALUES]


def test_old_and_new_values_lie_beside_the_entry_that_names_the_fields() -> None:
    entry = Entry.objects.get(chain__subject=CASE, seq=2)

    rows = kept_values.beside([entry])[2]

    assert rows.changes == [("deadline", "2026-12-15", "2026-12-31"), ("remark", SECRET, "")]
    assert entry.details == {"kept": ["deadline", "remark"]}
    assert SECRET not in entry.detail
    assert verify().ok


def test_erasing_leaves_the_chain_whole_and_says_who_erased_what_and_why() -> None:
    assert erased() == [2]
    assert erased() == []

    last = Entry.objects.filter(chain__subject=CASE).latest("seq")
    found = verify()
    assert (last.act, last.note, last.details) == ("erase_values", "涉及个人", {"entries": [2]})
    assert (found.ok, found.erased) == (True, 1)
    assert KeptValues.objects.get().changes == []
    assert not KeptValues.objects.filter(before__contains=SECRET).exists()


@pytest.mark.parametrize(
    ("statement", "field"),
    [
        ("UPDATE journal_keptvalues SET before = replace(before, '-15', '-16')", "edited"),
        ("UPDATE journal_keptvalues SET after = 'no json'", "edited"),
        ("DELETE FROM journal_keptvalues", "missing"),
        (
            "UPDATE journal_keptvalues SET before = '', after = '', "
            "erased_at = '2026-09-15 00:00:00+00:00'",
            "missing",
        ),
    ],
)
def test_values_changed_by_hand_are_found_and_named(statement: str, field: str) -> None:
    tamper(statement)

    assert values_found() == [Finding(Break.VALUES, CASE, 2, field=field)]


def test_values_beside_an_entry_that_keeps_none_are_found() -> None:
    KeptValues.objects.update(seq=1)

    assert {each.field for each in values_found()} == {"stray", "missing"}


def test_erased_values_are_never_there() -> None:
    with pytest.raises(IntegrityError, match="erased_values_are_never_there"), transaction.atomic():
        KeptValues.objects.update(erased_at=NOW)


def test_values_are_kept_once_for_an_entry() -> None:
    stored = KeptValues.objects.get()
    name = "values_kept_once_for_an_entry" if connection.vendor == "postgresql" else "UNIQUE"

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        KeptValues.objects.create(chain_id=stored.chain_id, seq=2)


def test_the_command_erases_and_verify_says_erased() -> None:
    out = StringIO()
    call_command("journal", "erase", CASE, "--reason", "涉及个人", stdout=out)
    call_command("journal", "verify", "--json", stdout=out)

    output, *_, figures = out.getvalue().splitlines()
    assert CASE in output
    assert json.loads(figures)["erased"] == 1
    with pytest.raises(CommandError):
        call_command("journal", "erase", CASE, "--reason", "again")
    with pytest.raises(CommandError):
        call_command("journal", "erase", CASE, "--reason", " ")
