"""The order of the ledger by one or several columns, page after page."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from functools import reduce

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.cases.models import Case
from bihuan.desk import listing, ordering
from bihuan.desk.listing import Filters
from bihuan.orgs.models import User
from tests.clock import PRESENT
from tests.desk.pages import a_case, many
from tests.factories import Cast, make_post, make_unit

pytestmark = pytest.mark.django_db


def _encoded(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode()


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
