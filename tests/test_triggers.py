"""The triggers that migrations make are all there in the end, on each database."""

from __future__ import annotations

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db

ON_BOTH = {
    "journal_entry_is_counted",
    "journal_anchor_is_counted",
    *(f"original_is_never_rejected_{what}" for what in ("added", "followed", "ended")),
}
ON_POSTGRESQL = {
    "journal_entry_never_changes",
    "journal_anchor_never_changes",
    *(f"no_open_case_in_a_closed_unit_{what}" for what in ("added", "given", "closed")),
}
ON_SQLITE = {
    "cases_words_added",
    "cases_words_removed",
    "cases_words_changed",
    *(
        f"journal_{table}_never_{what}"
        for table in ("entry", "anchor")
        for what in ("updated", "deleted", "replaced")
    ),
}


def test_no_migration_drops_a_trigger_by_building_its_table_anew() -> None:
    on_postgresql = connection.vendor == "postgresql"
    request = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        if on_postgresql
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )

    with connection.cursor() as cursor:
        cursor.execute(request)
        found = {name for (name,) in cursor.fetchall()}

    assert found >= ON_BOTH | (ON_POSTGRESQL if on_postgresql else ON_SQLITE)
