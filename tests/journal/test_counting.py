"""The database counts what is written, in the transaction that writes it."""

import threading
from contextlib import suppress

import pytest
from django.db import connection, transaction

from bihuan.journal import queries
from bihuan.journal.actions import record
from bihuan.journal.models import Written
from tests.factories import NOW

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_was_undone_is_not_missed() -> None:
    with suppress(LookupError), transaction.atomic():
        record("case/undone", "report", by=None, at=NOW)
        raise LookupError
    with transaction.atomic():
        record("case/done", "report", by=None, at=NOW)

    assert queries.verify() == queries.Verification(1, 1, [])


@pytest.mark.postgres
def test_counting_makes_nobody_wait() -> None:
    """Each counts on a line of its own while the other's transaction goes on."""

    def write() -> None:
        with transaction.atomic():
            record("case/other", "report", by=None, at=NOW)
        connection.close()

    other = threading.Thread(target=write)
    with transaction.atomic():
        record("case/one", "report", by=None, at=NOW)
        other.start()
        other.join(timeout=20)

        assert not other.is_alive()

    assert queries.verify().ok
    assert Written.objects.filter(name="journal_entry").count() == 2
