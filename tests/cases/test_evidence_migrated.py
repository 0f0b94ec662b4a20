"""What the migrations make of evidence that was there before: nobody sees more than before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from bihuan.cases.actions import evidence, public
from bihuan.cases.models import REPORTER, Evidence
from bihuan.files.actions import check
from tests.clock import PRESENT
from tests.factories import make_photo
from tests.mediations import table
from tests.mediations.table import B

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

BEFORE = [("cases", "0019_what_ledgers_ended")]
Migrate = Callable[[], Any]


@pytest.fixture
def go_back() -> Iterator[Migrate]:
    """Takes the tables back to what they were; afterwards they are as they are now."""

    def back() -> Any:
        executor = MigrationExecutor(connection)
        return executor.migrate(BEFORE).apps

    yield back
    go_on()


def go_on() -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def test_what_was_there_stays_with_the_office_and_with_who_gave_it(go_back: Migrate) -> None:
    office = table.make_office(PRESENT)
    case = table.begun(office)
    for slot in (REPORTER, B):
        public.add(
            case=case, text="", now=PRESENT, form_key=slot, slot=slot,
            photos=[check(make_photo())], is_shown=True,
        )  # fmt: skip
    evidence.attach(
        case=case, actor=office.mediator, now=PRESENT, uploads=[make_photo()], phase="before",
        is_shown=True,
    )  # fmt: skip

    go_back()
    go_on()

    rows = Evidence.objects.order_by("pk").values_list("slot", "shown_to")
    assert list(rows) == [(REPORTER, "giver"), (B, "giver"), ("", "office")]
