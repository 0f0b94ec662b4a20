"""An export has the columns that were chosen, in their order; without a choice it has all."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from bihuan.core.hazard import Stage
from bihuan.sheets.ledger import types
from tests.clock import PRESENT
from tests.factories import Cast, make_case, make_cast, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast(make_unit(name="双河镇"))


@pytest.fixture
def officer(client: Client, cast: Cast) -> Client:
    make_case(cast.post.unit, stage=Stage.CONFIRMED, cast=cast, now=PRESENT)
    client.force_login(cast.coordinator)
    return client


def headings(officer: Client, url: str) -> list[object]:
    answer = officer.get(url)
    content = b"".join(answer)
    sheet = load_workbook(BytesIO(content), read_only=True).worksheets[0]
    return [cell.value for cell in next(sheet.iter_rows(max_row=1))]


def titles(*names: str) -> list[str]:
    fields = {each.name: str(each.title) for each in types.first().vocabulary.fields}
    return [fields[name] for name in names] if names else [*fields.values()]


def test_the_workbook_has_the_chosen_columns_in_their_order(officer: Client) -> None:
    url = reverse("ledgers:export")

    assert headings(officer, url) == titles()
    assert headings(officer, f"{url}?export=title,number") == titles("title", "number")
    assert headings(officer, f"{url}?export=nothing,of,this") == titles()


def test_the_page_leads_on_with_the_ticked_columns_by_their_places(officer: Client) -> None:
    url = reverse("ledgers:export-columns")
    given = {"column": ["number", "title"], "place-number": "2", "place-title": "1", "q": "灯"}

    export = officer.get(url, {**given, "go": "export"})
    ledger = officer.get(url, {**given, "go": "ledger"})

    assert export["Location"].startswith(reverse("ledgers:export") + "?")
    assert "export=title,number" in export["Location"]
    assert "q=" in ledger["Location"]
    assert "导出列：2" in officer.get(ledger["Location"]).content.decode()


def test_every_column_in_the_usual_order_is_no_choice(officer: Client) -> None:
    page = officer.get(reverse("ledgers:export-columns"))
    columns = [each for sheet in page.context["sheets"] for each in sheet.columns]
    given = {f"place-{each.name}": str(each.place) for each in columns}

    answer = officer.get(
        page.request["PATH_INFO"],
        {**given, "column": [each.name for each in columns], "go": "ledger"},
    )

    assert answer["Location"] == reverse("desk:ledger") + "?"


def test_chosen_cases_are_exported_with_the_columns_of_the_view(
    officer: Client, cast: Cast
) -> None:
    case = make_case(cast.post.unit, stage=Stage.CONFIRMED, cast=cast, now=PRESENT)

    answer = officer.get(
        reverse("desk:export-chosen"), {"case": [case.number], "query": "export=title"}
    )

    assert answer["Location"].endswith(f"numbers={case.number}&export=title")


def test_all_columns_or_none_are_ticked_by_a_link(officer: Client) -> None:
    url = reverse("ledgers:export-columns")

    def ticked(**given: str) -> set[bool]:
        sheets = officer.get(url, given).context["sheets"]
        return {each.is_chosen for sheet in sheets for each in sheet.columns}

    assert ticked(export="title", tick="all") == {True}
    assert ticked(export="title", tick="none") == {False}


def test_nothing_is_exported_while_no_column_is_ticked(officer: Client) -> None:
    page = officer.get(reverse("ledgers:export-columns"), {"go": "export"})

    assert page.status_code == 200
    assert "请至少勾选一列。" in page.content.decode()


def test_the_columns_of_last_time_are_ticked_by_a_link(officer: Client) -> None:
    url = reverse("ledgers:export-columns")
    officer.get(url, {"column": ["title", "number"], "place-title": "1", "go": "ledger"})

    page = officer.get(url)
    again = officer.get(url, {"tick": "last"})

    assert "同上次（2列）" in page.content.decode()
    columns = [each for sheet in again.context["sheets"] for each in sheet.columns]
    assert [each.name for each in columns if each.is_chosen] == ["title", "number"]


def test_the_four_lists_tick_exactly_their_columns_in_their_order(officer: Client) -> None:
    page = reverse("ledgers:export-columns")

    shown = officer.get(f"{page}?kind=hazard&tick=four-lists").content.decode()
    names = re.findall(r'name="column" value="(\w+)" checked', shown)

    assert names == [
        "title", "place", "measures", "unit", "resolver_name", "deadline", "stage",
    ]  # fmt: skip
    url = f"{reverse('ledgers:export')}?kind=hazard&export={','.join(names)}"
    assert headings(officer, url) == titles(*names)


def test_only_ledgers_of_cases_offer_columns(officer: Client) -> None:
    shown = officer.get(reverse("ledgers:export-columns")).content.decode()

    assert 'value="likelihood"' not in shown
