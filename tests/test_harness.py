"""The tests' own ground: no network, tables that can be emptied, and whatever is started ends."""

import shutil
import socket
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core import signing
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from tests import migrated
from tests.clock import PRESENT, StoppedClock
from tests.conftest import CountQueries, NetworkUsed
from tests.factories import make_unit

REFUSAL = "rows are never removed"
FORBID_REMOVAL = {
    "sqlite": [
        "CREATE TRIGGER keep_units BEFORE DELETE ON orgs_unit "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    ],
    "postgresql": [
        "CREATE FUNCTION keep_units() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$",
        "CREATE TRIGGER keep_units BEFORE DELETE OR TRUNCATE ON orgs_unit "
        "EXECUTE FUNCTION keep_units()",
    ],
}


def test_a_changed_migration_is_another_schema(tmp_path: Path) -> None:
    shutil.copytree(
        migrated.ROOT / "bihuan",
        tmp_path / "bihuan",
        ignore=shutil.ignore_patterns("locale", "static"),
    )
    stored = migrated.digest(tmp_path)
    assert stored == migrated.digest()

    with (tmp_path / "bihuan/orgs/migrations/0001_units_posts_members.py").open("a") as file:
        file.write("# changed")

    assert migrated.digest(tmp_path) != stored


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1"])
def test_no_test_reaches_another_machine(host: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET

    with socket.socket(family) as probe, pytest.raises(NetworkUsed):
        probe.connect((host, 80))


def test_no_test_asks_for_another_machines_address() -> None:
    with pytest.raises(NetworkUsed):
        socket.getaddrinfo("example.org", 80)


def test_pages_and_signatures_read_a_clock_that_stands_still(clock: StoppedClock) -> None:
    clock.wait(timedelta(hours=1))

    signed = signing.TimestampSigner().timestamp()
    assert timezone.now() == PRESENT + timedelta(hours=1)  # noqa: TID251 - as a page does
    assert signing.b62_decode(signed) == int(PRESENT.timestamp()) + 3600


@pytest.mark.django_db
def test_queries_of_a_block_are_counted(count_queries: CountQueries) -> None:
    with count_queries() as queries:
        make_unit()

    assert len(queries) == 2


@pytest.mark.django_db(transaction=True)
def test_a_table_that_refuses_removal_is_emptied_and_refuses_again() -> None:
    make_unit()
    with connection.cursor() as cursor:
        for statement in FORBID_REMOVAL[connection.vendor]:
            cursor.execute(statement)

    call_command("flush", interactive=False, verbosity=0)

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM orgs_unit")
        assert cursor.fetchone() == (0,)
        cursor.execute("DROP TRIGGER keep_units" + _of_table())


@pytest.mark.django_db(transaction=True)
def test_what_django_makes_after_migrating_stays() -> None:
    kinds = ContentType.objects.count()

    call_command("flush", interactive=False, verbosity=0)

    assert ContentType.objects.count() == kinds > 0


def _of_table() -> str:
    return " ON orgs_unit" if connection.vendor == "postgresql" else ""
