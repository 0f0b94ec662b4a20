"""The one search field finds a case by its number, by that of its ledger, and by short words."""

from __future__ import annotations

import pytest
from django.db import connection

from bihuan.cases.actions import words
from bihuan.cases.models import Case
from bihuan.desk import listing
from bihuan.desk.listing import Filters
from bihuan.orgs.models import User
from tests.conftest import CountQueries
from tests.factories import NOW
from tests.hazards.district import District, report

pytestmark = pytest.mark.django_db


def found(user: User, typed: str) -> list[str]:
    page = listing.page(user, Filters.of({"q": typed}), NOW, after="", before="")
    return [row.title for row in page.rows]


@pytest.fixture
def ledger(d: District) -> User:
    for title, ref in [
        ("一号", "AQ2026001"), ("WC漏水", ""), ("TB-3变压器", "LP-2026-001"), ("路灯", "12"),
    ]:  # fmt: skip
        case = report(d, title=title)
        Case.objects.filter(pk=case.pk).update(source_ref=ref)
        words.index(case)
    return d.coordinator


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ("AQ2026001", ["一号"]),
        ("aq2026001", ["一号"]),
        ("编号：ＡＱ２０２６００１。", ["一号"]),
        ("WC", ["WC漏水"]),
        ("ｗｃ", ["WC漏水"]),
        ("TB", ["TB-3变压器"]),
        ("LP-2026-001", ["TB-3变压器"]),
        ("lp–2026–001", ["TB-3变压器"]),
        ("12", ["路灯"]),
        ("ZZ-9", []),
    ],
)
def test_numbers_of_other_ledgers_and_short_words_are_found(
    ledger: User, typed: str, titles: list[str]
) -> None:
    assert found(ledger, typed) == titles


@pytest.mark.parametrize("typed", ["{n}", "{plain}", "编号{n}", "编号：{n}", "{wide}", "{n} 一号"])
def test_our_own_number_is_found_in_every_writing(ledger: User, typed: str) -> None:
    number = Case.objects.get(title="一号").number
    wide = "".join(chr(ord(c) + 0xFEE0) for c in number)

    answer = typed.format(n=number, plain=number.replace("-", ""), wide=wide)

    assert found(ledger, answer) == ["一号"]


def test_the_number_of_a_ledger_is_found_by_an_index(
    ledger: User, count_queries: CountQueries
) -> None:
    with count_queries() as queries:
        Case.objects.numbered("AQ2026001")

    assert len(queries) == 1
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {queries[0]['sql']}")
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {queries[0]['sql']}")
        plan = str(cursor.fetchall())
    assert "case_by_source_ref" in plan
