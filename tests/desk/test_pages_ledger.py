"""The ledger: what it shows, and to whom."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from html import escape, unescape
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import get_default_timezone

from bihuan.cases.models import Case, SavedView
from bihuan.core.hazard import Grade, Stage
from bihuan.core.powers import Power
from bihuan.desk import listing
from bihuan.desk.listing import Filters
from tests.clock import PRESENT
from tests.conftest import CountQueries
from tests.desk.pages import AT_MOST, a_case, many
from tests.factories import Cast, make_officer, make_unit

pytestmark = pytest.mark.django_db


def numbers(page: str) -> list[str]:
    return re.findall(r'<tr data-row id="([^"]+)"', page)


@pytest.mark.parametrize("rows", [5, 50])
def test_the_page_costs_the_same_number_of_queries_whatever_it_shows(
    client: Client, cast: Cast, count_queries: CountQueries, rows: int
) -> None:
    many(cast, rows - 1)
    SavedView.objects.create(member=cast.handler, name="我的", query="mine=1")
    client.force_login(cast.handler)
    client.get(reverse("desk:ledger"))
    code = cast.post.unit.code

    with count_queries() as queries:
        page = client.get(
            reverse("desk:ledger"), {"unit": code, "sort": "due", "from": "2020-01-01"}
        ).content.decode()

    assert len(numbers(page)) == rows
    assert len(queries) <= AT_MOST, "\n".join(q["sql"][:150] for q in queries)
    assert not [q for q in queries if "COUNT(" in q["sql"]]


def test_only_cases_in_reach_are_shown(client: Client, cast: Cast) -> None:
    case = a_case(cast)
    elsewhere = make_officer(make_unit(make_unit()), Power.COORDINATE)

    client.force_login(elsewhere)
    page = client.get(reverse("desk:ledger"), {"q": case.number, "state": "all"}).content.decode()

    assert numbers(page) == []
    assert case.title not in page


@pytest.mark.parametrize(
    ("query", "days"),
    [
        ({"due-from": "2026-03-04"}, {0, 3, 4, 5, 9}),
        ({"due-to": "2026-03-04"}, {-3, 0}),
        ({"due-from": "2026-03-04", "due-to": "2026-03-07"}, {0, 3}),
        ({"due": "this-week"}, {0, 3, 4}),
        ({"due": "week"}, {0, 3, 4, 5}),
        ({"due": "today"}, {0}),
        ({"due-from": "2026-13-04"}, {-3, 0, 3, 4, 5, 9}),
    ],
)
def test_cases_are_found_by_when_they_are_due(
    cast: Cast, query: dict[str, str], days: set[int]
) -> None:
    wednesday = datetime(2026, 3, 4, 9, tzinfo=get_default_timezone())
    numbered = {}
    for day in (-3, 0, 3, 4, 5, 9):
        case = a_case(cast)
        due = wednesday + timedelta(days=day, hours=8)
        Case.objects.filter(pk=case.pk).update(due_at=due)
        numbered[case.number] = day

    page = listing.page(cast.coordinator, Filters.of(query), wednesday, after="", before="")

    assert {numbered[row.number] for row in page.rows} == days


def test_filters_are_named_and_removed_one_by_one(client: Client, cast: Cast) -> None:
    client.force_login(cast.coordinator)
    unit = cast.post.unit
    query = {"kind": "hazard", "unit": unit.code, "due-from": "2026-03-04", "sort": "unit,-due"}

    page = client.get(reverse("desk:ledger"), query).content.decode()

    assert f"单位：{unit.name}" in page
    assert "按单位、到期排序" in page
    rest = urlencode({name: value for name, value in query.items() if name != "due-from"})
    assert f'/desk/cases/?{escape(rest)}">2026年3月4日起到期' in page
    printed = re.search(r'<p class="print-only printed">(隐患.*?)</p>', page)
    assert printed
    assert printed[1] == f"隐患 · 单位：{unit.name} · 2026年3月4日起到期"


def test_a_view_is_saved_from_the_page_that_a_link_opens(client: Client, cast: Cast) -> None:
    client.force_login(cast.coordinator)
    query = "grade=major&due-from=2026-03-04&sort=unit%2Cdue"

    form = client.get(reverse("desk:views"), {"save": query}).content.decode()
    kept = re.search(r'name="query" value="([^"]*)"', form)
    assert kept
    client.post(reverse("desk:views"), {"name": "重大", "query": unescape(kept[1])})

    assert SavedView.objects.get().query == query


def test_a_view_without_a_name_is_asked_for_one(client: Client, cast: Cast) -> None:
    client.force_login(cast.coordinator)

    page = client.post(reverse("desk:views"), {"query": "grade=major"}).content.decode()

    assert "请填写“视图名称”。" in page
    assert 'value="grade=major"' in page
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({}, {"reported", "submitted", "late", "major"}),
        ({"stage": "submitted"}, {"submitted"}),
        ({"grade": "major"}, {"major"}),
        ({"due": "late"}, {"late"}),
        ({"state": "ended"}, {"rejected"}),
        ({"stage": "rejected"}, {"rejected"}),
        ({"state": "all"}, {"reported", "submitted", "late", "major", "rejected"}),
        ({"mine": "1"}, {"submitted", "major"}),
        ({"to": "2020-01-01"}, set()),
        ({"category": "食品安全"}, set()),
        ({"unit": "no-such-unit"}, set()),
        ({"stage": "nonsense", "due": "x", "from": "2026-99-99", "sort": "x"},
         {"reported", "submitted", "late", "major"}),
    ],
)  # fmt: skip
def test_the_address_says_what_is_shown(
    client: Client, cast: Cast, query: dict[str, str], shown: set[str]
) -> None:
    cases = {
        "reported": a_case(cast),
        "submitted": a_case(cast, Stage.SUBMITTED),
        "major": a_case(cast, Stage.RECTIFYING, grade=Grade.MAJOR),
        "rejected": a_case(cast, Stage.REJECTED),
        "late": a_case(cast),
    }
    Case.objects.filter(pk=cases["late"].pk).update(due_at=PRESENT - timedelta(days=3))
    client.force_login(cast.handler)

    page = client.get(reverse("desk:ledger"), query).content.decode()

    assert set(numbers(page)) == {cases[name].number for name in shown}


def test_words_find_a_case_by_title_and_by_the_start_of_its_number(
    client: Client, cast: Cast
) -> None:
    stairs = a_case(cast, title="楼梯扶手松动")
    a_case(cast, title="灭火器过期")
    client.force_login(cast.coordinator)

    by_words = client.get(reverse("desk:ledger"), {"q": "扶手"}).content.decode()
    by_number = client.get(
        reverse("desk:ledger"), {"q": stairs.number[:-1].lower()}
    ).content.decode()

    assert numbers(by_words) == [stairs.number]
    assert stairs.number in numbers(by_number)


def test_opening_a_row_and_coming_back_keeps_the_place(client: Client, cast: Cast) -> None:
    case = a_case(cast)
    client.force_login(cast.coordinator)

    ledger = client.get(reverse("desk:ledger"), {"state": "all", "sort": "number"}).content.decode()
    row = re.search(r'<a href="([^"]+)" data-open>', ledger)
    assert row
    page = client.get(row[1]).content.decode()

    assert f'href="/desk/cases/?state=all&amp;sort=number#{case.number}"' in page


def test_the_way_back_leads_nowhere_else(client: Client, cast: Cast) -> None:
    case = a_case(cast)
    client.force_login(cast.coordinator)

    page = client.get(case.get_absolute_url(), {"back": "//evil.example/?x=1"}).content.decode()

    assert 'href="//evil' not in page
    assert 'href="/desk/cases/?%2F%2Fevil' in page


def test_an_empty_ledger_offers_what_to_do(client: Client, cast: Cast) -> None:
    client.force_login(cast.coordinator)

    nothing_yet = client.get(reverse("desk:ledger")).content.decode()
    nothing_fits = client.get(reverse("desk:ledger"), {"due": "late"}).content.decode()

    assert "导入" in nothing_yet
    assert "没有符合" in nothing_fits


@pytest.mark.parametrize(
    ("power", "is_offered"),
    [(Power.COORDINATE, True), (Power.ADMINISTER, True), (Power.REPORT, False)],
)
@pytest.mark.parametrize("is_empty", [True, False])
def test_importing_is_offered_to_those_who_may(
    client: Client, cast: Cast, power: Power, is_offered: bool, is_empty: bool
) -> None:
    if not is_empty:
        a_case(cast)
    client.force_login(make_officer(cast.post.unit, power))

    page = client.get(reverse("desk:ledger")).content.decode()
    content = page[page.index("<main") :]
    assert (f'href="{reverse("ledgers:import")}"' in content) is is_offered
    assert (reverse("ledgers:import-sample") in content) is (is_offered and is_empty)
    assert reverse("ledgers:export") in content


def test_a_view_is_kept_renamed_and_deleted_by_its_owner_alone(client: Client, cast: Cast) -> None:
    client.force_login(cast.coordinator)
    client.post(reverse("desk:views"), {"name": "镇里逾期", "query": "due=late&evil=1"})
    view = SavedView.objects.get()

    tabs = client.get(reverse("desk:ledger")).content.decode()
    client.post(reverse("desk:rename-view", args=[view.pk]), {"name": "逾期的"})
    view.refresh_from_db()
    client.force_login(cast.handler)
    strange = client.post(reverse("desk:delete-view", args=[view.pk]))
    client.force_login(cast.coordinator)
    client.post(reverse("desk:delete-view", args=[view.pk]))

    assert view.query == "due=late"
    assert "镇里逾期" in tabs
    assert view.name == "逾期的"
    assert strange.status_code == 404
    assert not SavedView.objects.exists()


def test_columns_are_chosen_in_the_address(client: Client, cast: Cast) -> None:
    a_case(cast)
    client.force_login(cast.coordinator)

    usual = client.get(reverse("desk:ledger")).content.decode()
    chosen = client.get(reverse("desk:ledger") + "?cols=category&cols=rebounds").content.decode()

    assert "消防安全" not in usual
    assert "消防安全" in chosen
    assert cast.post.unit.name not in chosen.split("<tbody>")[1]


def test_the_rarer_filters_are_a_page_and_a_panel(client: Client, cast: Cast) -> None:
    client.force_login(cast.coordinator)

    page = client.get(reverse("desk:ledger-filters"), {"stage": "submitted"})
    panel = client.get(reverse("desk:ledger-filters"), headers={"HX-Request": "true"})

    assert '<input type="hidden" name="stage" value="submitted">' in page.content.decode()
    assert "<html" not in panel.content.decode()


def test_the_results_are_counted_beside_the_page_and_up_to_a_limit(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(cast, 4)
    client.force_login(cast.handler)
    url, panel = reverse("desk:ledger-count"), {"HX-Request": "true"}

    assert "共 5 项" in client.get(url).content.decode()
    assert "共 1 项" in client.get(url, {"numbers": Case.objects.first().number}).content.decode()  # type: ignore[union-attr]
    monkeypatch.setattr(listing, "MOST_COUNTED", 3)
    part = client.get(url, headers=panel).content.decode()

    assert "超过3项" in part
    assert "<html" not in part


def test_the_stages_of_the_chosen_kind_are_offered(client: Client, cast: Cast) -> None:
    client.force_login(cast.handler)

    page = client.get(reverse("desk:ledger"), {"kind": "hazard", "stage": "submitted"})

    offered = {each.kind for each in page.context["stages"] if each.is_selectable}
    assert offered == {"hazard"}
    assert page.context["stage"] == "hazard.submitted"
    assert '<optgroup label="诉求" data-kind="grievance" disabled hidden>' in page.content.decode()


def test_one_view_is_marked_even_if_a_saved_one_shows_the_same(client: Client, cast: Cast) -> None:
    SavedView.objects.create(member=cast.handler, name="我的逾期", query="due=late")
    client.force_login(cast.handler)

    tabs = client.get(reverse("desk:ledger"), {"due": "late"}).context["tabs"]

    assert [tab.label for tab in tabs if tab.current] == ["我的逾期"]
