"""The ledger as a workbook: exactly what the page shows, to whoever sees it, on record."""

from __future__ import annotations

import json
import re
from io import BytesIO

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from bihuan.cases.models import Case
from bihuan.core.hazard import Stage
from bihuan.core.powers import Power
from bihuan.desk import ordering
from bihuan.journal.models import Entry
from bihuan.ledgers.actions import exporting, jobs
from bihuan.ledgers.models import ExportJob
from bihuan.ledgers.wording import speaking
from bihuan.notices.models import Notice
from tests.clock import PRESENT
from tests.factories import Cast, make_case, make_cast, make_officer, make_unit
from tests.ledgers.kinds import FIELDS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shelf")]


@pytest.fixture
def cast() -> Cast:
    return make_cast(make_unit(make_unit(name="云溪县"), name="双河镇"))


@pytest.fixture
def desk(client: Client, cast: Cast) -> Client:
    client.force_login(cast.coordinator)
    return client


def some_cases(cast: Cast) -> list[Case]:
    stages = (Stage.REPORTED, Stage.ASSIGNED, Stage.REJECTED, Stage.RECTIFYING)
    now = PRESENT
    return [make_case(cast.post.unit, stage=stage, cast=cast, now=now) for stage in stages]


def rows_of(response: HttpResponseBase) -> list[tuple[object, ...]]:
    assert response.status_code == 200
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    return list(load_workbook(BytesIO(content)).active.values)  # type: ignore[union-attr]


@pytest.mark.parametrize("sort", ["", *ordering.COLUMNS, "unit,-due"])
@pytest.mark.parametrize("asked", [{}, {"state": "all"}, {"stage": "assigned"}, {"q": "无此词"}])
def test_the_workbook_has_the_rows_of_the_page_in_their_order(
    desk: Client, cast: Cast, asked: dict[str, str], sort: str
) -> None:
    some_cases(cast)
    query = {**asked, "sort": sort}

    page = desk.get(reverse("desk:ledger"), query).content.decode()
    rows = rows_of(desk.get(reverse("ledgers:export"), query))

    assert [row[0] for row in rows[1:]] == re.findall(r'<tr data-row id="([^"]+)"', page)


def test_the_workbook_has_every_column_whatever_the_page_shows(desk: Client, cast: Cast) -> None:
    some_cases(cast)

    header = rows_of(desk.get(reverse("ledgers:export"), {"cols": "place"}))[0]

    assert header == tuple(field.zh for field in FIELDS)


def test_an_officer_exports_only_what_is_in_reach(client: Client, cast: Cast) -> None:
    some_cases(cast)
    client.force_login(make_officer(make_unit(), Power.COORDINATE))

    rows = rows_of(client.get(reverse("ledgers:export"), {"state": "all"}))

    assert len(rows) == 1


def test_who_exported_what_is_on_record(desk: Client, cast: Cast) -> None:
    some_cases(cast)

    rows_of(desk.get(reverse("ledgers:export"), {"stage": "assigned", "evil": "1"}))

    entry = Entry.objects.get(act="export")
    assert entry.actor == cast.coordinator
    assert json.loads(entry.detail) == {"filter": {"stage": "assigned"}, "rows": 1}


# ------------------------------------------------------------------ long ledgers
@pytest.fixture
def long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four cases are a long ledger."""
    monkeypatch.setattr(exporting, "AT_ONCE", 2)


@pytest.mark.usefixtures("long")
def test_a_long_ledger_is_prepared_by_the_worker_and_fetched_later(
    desk: Client, cast: Cast
) -> None:
    some_cases(cast)
    address = reverse("ledgers:export") + "?state=all"

    asked = desk.get(address).content.decode()
    waits = desk.post(address, follow=True).content.decode()
    jobs.run_exports(now=PRESENT, speaking=speaking)
    job = ExportJob.objects.get()
    ready = desk.get(reverse("ledgers:export-job", args=[job.pk])).content.decode()
    rows = rows_of(desk.get(reverse("ledgers:export-file", args=[job.pk])))

    assert "后台" in asked
    assert "<progress" in waits
    assert "4 行" in ready
    assert len(rows) == 5
    assert Notice.objects.filter(what="export-done").count() == 1
    assert Entry.objects.filter(act="export").count() == 1


@pytest.mark.usefixtures("long")
def test_another_officers_export_is_not_found(desk: Client, cast: Cast) -> None:
    some_cases(cast)
    desk.post(reverse("ledgers:export") + "?state=all")
    jobs.run_exports(now=PRESENT, speaking=speaking)
    job = ExportJob.objects.get()
    desk.force_login(cast.leader)

    answers = {
        desk.get(reverse(name, args=[job.pk])).status_code
        for name in ("ledgers:export-job", "ledgers:export-file")
    }

    assert answers == {404}


@pytest.mark.usefixtures("long")
def test_an_export_that_waits_cannot_be_fetched(desk: Client, cast: Cast) -> None:
    some_cases(cast)
    desk.post(reverse("ledgers:export") + "?state=all")

    response = desk.get(reverse("ledgers:export-file", args=[ExportJob.objects.get().pk]))

    assert response.status_code == 404


@pytest.mark.usefixtures("long")
def test_a_notice_of_an_export_leads_to_it(desk: Client, cast: Cast) -> None:
    some_cases(cast)
    desk.post(reverse("ledgers:export") + "?state=all")
    jobs.run_exports(now=PRESENT, speaking=speaking)

    today = desk.get(reverse("desk:today")).content.decode()
    notice = Notice.objects.get(what="export-done")
    opened = desk.get(reverse("desk:notice", args=[notice.pk]))

    assert "导出的表格已可下载" in today
    assert opened["Location"] == reverse("ledgers:export-job", args=[ExportJob.objects.get().pk])
