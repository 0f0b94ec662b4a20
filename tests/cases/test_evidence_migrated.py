"""What the migrations make of evidence that was there before: nobody sees more than before."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction

from bihuan.cases.actions import evidence
from bihuan.cases.models import REPORTER, Evidence
from bihuan.files.actions import check
from bihuan.receipts.actions import public
from tests.cases.public import make_office, told
from tests.clock import PRESENT
from tests.factories import make_photo
from tests.going_back import Migrate, go_on, going_back
from tests.mediations import table
from tests.mediations.table import B

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

BEFORE = [("cases", "0019_what_ledgers_ended"), ("files", "0001_stored_files")]


@pytest.fixture
def go_back() -> Iterator[Migrate]:
    with going_back(BEFORE) as back:
        yield back


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


def test_what_was_compared_and_named_before_is_forgotten(go_back: Migrate) -> None:
    office = make_office()
    cases = [told(office.town, kind="grievance").case for _ in range(4)]
    with transaction.atomic():
        given = [
            evidence.keep(case, [make_photo()], "before", actor=None, now=PRESENT, slot=REPORTER)
            for case in cases[:2]
        ]
        shown = [
            evidence.keep(
                case, [make_photo("方案.jpg")], "after", actor=office.handler, now=PRESENT
            )
            for case in cases[2:]
        ]
    first, second, third, fourth = (rows[0].pk for rows in (*given, *shown))

    apps = go_back()
    old = apps.get_model("cases", "Evidence").objects
    old.filter(pk__in=(second, third, fourth)).update(reused_from=first)
    apps.get_model("files", "StoredFile").objects.filter(stored_by=None).update(name="张三.jpg")
    go_on()

    rows = Evidence.objects.select_related("file").in_bulk()
    assert [rows[pk].file.name for pk in (first, second)] == ["photo.jpg", "photo.jpg"]
    assert rows[third].file.name == "方案.jpg"
    assert [rows[pk].reused_from_id for pk in (second, third, fourth)] == [None, None, third]
