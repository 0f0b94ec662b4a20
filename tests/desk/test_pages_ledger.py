"""The ledger: what it shows in which order, page after page, and to whom."""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from functools import reduce
from html import escape, unescape
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import get_default_timezone

from bihuan.cases.models import Case, SavedView
from bihuan.core.hazard import Grade, Stage
from bihuan.core.powers import Power
from bihuan.desk import listing, ordering
from bihuan.desk.listing import Filters
from bihuan.orgs.models import User
from tests.clock import PRESENT
from tests.conftest import CountQueries
from tests.desk.pages import AT_MOST, a_case
from tests.factories import Cast, make_officer, make_post, make_unit

pytestmark = pytest.mark.django_db


def many(cast: Cast, count: int) -> list[Case]:
    """Copies of one case, in groups that are due at the same moment, some without a due time."""
    first, now = a_case(cast), PRESENT
    copies = []
    for number in range(count):
        copy = Case.objects.get(pk=first.pk)
        copy.pk, copy.number = None, f"YH-2026-9{number:05}"
        copy.due_at = None if number % 7 == 0 else now + timedelta(days=number % 5 - 2)
        copy.reported_at = copy.round_at = now - timedelta(hours=number % 3)
        copies.append(copy)
    return Case.objects.bulk_create(copies)


def _encoded(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode()


def numbers(page: str) -> list[str]:
    return re.findall(r'<tr data-row id="([^"]+)"', page)


def walk(user: User, filters: Filters) -> list[str]:
    """All numbers, page after page, and the same pages backwards."""
    now, forth, after = PRESENT, [], ""
    while True:
        page = listing.page(user, filters, now, after=after, before="")
        forth.append([row.number for row in page.rows])
        if not page.after:
            break
        after = page.after
    back, before = [forth[-1]], page.before
    while before:
        page = listing.page(user, filters, now, after="", before=before)
        back.insert(0, [row.number for row in page.rows])
        before = page.before
    assert back == forth
    return [number for rows in forth for number in rows]


SORTS = (
    *ordering.COLUMNS,
    *(f"-{name}" for name in ordering.COLUMNS),
    "post,-due",
    "-post,due,unit",
    "place,-reported,due",
    "-due,reported",
)


def various(cast: Cast, count: int) -> None:
    """Cases that share values in every column, some of them without a post."""
    many(cast, count)
    other = make_post(make_unit(cast.post.unit, name="甲村"), title="安全员")
    for number, case in enumerate(Case.objects.all()):
        post = (case.post, other, None)[number % 3]
        place, category = f"第{number % 4}处", ("", "燃气", "校舍")[number % 3]
        Case.objects.filter(pk=case.pk).update(
            post=post, owner=post.unit if post else case.owner, place=place, category=category
        )


@pytest.mark.parametrize("sort", SORTS)
def test_the_pages_hold_every_case_once_in_the_order(cast: Cast, sort: str) -> None:
    various(cast, 130)
    order = ordering.of(sort)

    walked = walk(cast.coordinator, Filters(sort=order))

    assert walked == [case.number for case in ordering.sorted_by(Case.objects.all(), order)]
    assert len(walked) == Case.objects.count()


@pytest.mark.parametrize("sort", ["due", "-due", "post", "-post", "-post,due", "due,-reported"])
def test_rows_without_a_value_come_last_or_first_if_descending(cast: Cast, sort: str) -> None:
    various(cast, 130)
    (first, *_rest) = ordering.of(sort)

    rows = [*ordering.sorted_by(Case.objects.select_related("post"), ordering.of(sort))]

    values = [reduce(getattr, first.column.key.split("__"), row) for row in rows if row.post_id]
    if first.name == "due":
        values = [row.due_at for row in rows]
        empty = [at for at, value in enumerate(values) if value is None]
        start = 0 if first.descending else len(values) - len(empty)
        assert empty == list(range(start, start + len(empty)))
    known = [value for value in values if value is not None]
    assert known == sorted(known, reverse=first.descending)


def test_a_click_sorts_by_a_column_first_and_then_as_before() -> None:
    order = ordering.of("due")

    for name in ("unit", "post", "post", "category"):
        order = ordering.turned(order, name)

    assert ordering.written(order) == "category,-post,unit"


def test_nothing_is_sorted_further_than_by_number() -> None:
    assert ordering.written(ordering.of("unit,-number,due")) == "unit,-number"


@pytest.mark.parametrize("sort", ["", "x", "due,due", "title", "-", "due;unit"])
def test_an_unknown_order_is_left_out(sort: str) -> None:
    assert ordering.written(ordering.of(sort)) == ("due" if sort == "due,due" else "")


@pytest.mark.parametrize(
    "key",
    [
        *("", "x", "1.", "%00"),
        *map(_encoded, ("[1]", "[null,5]", "[1e400,1]", "[true,1]", "[[],1]", "7")),
    ],
)
@pytest.mark.parametrize("way", ["after", "before"])
def test_a_made_up_key_shows_a_page_all_the_same(
    client: Client, cast: Cast, key: str, way: str
) -> None:
    case = a_case(cast)
    client.force_login(cast.coordinator)

    response = client.get(reverse("desk:ledger"), {way: key})

    assert response.status_code == 200
    assert case.number in response.content.decode() or key == _encoded("[null,5]")


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
