"""Figures on the pages: nothing small for the public, nothing out of reach for officers."""

from __future__ import annotations

import csv
from datetime import date
from html import unescape
from io import StringIO
from re import DOTALL, findall, sub

import pytest
from django.test import Client

from bihuan.core.powers import Power
from bihuan.figures.queries import REFRESH
from bihuan.formats import moment
from bihuan.orgs.models import Unit
from bihuan.web.models import Run
from tests.clock import PRESENT
from tests.conftest import CountQueries
from tests.factories import make_officer, make_unit
from tests.portal.published import make_figure

pytestmark = pytest.mark.django_db
AT_MOST = 8  # queries, however many units there are
YEAR = PRESENT.year


def make_january(
    unit: Unit | None, answered: int, *, kind: str = "grievance", rated: int = 0
) -> None:
    """A counter of January in which half is rated as solved."""
    make_figure(
        unit,
        kind,
        date(YEAR, 1, 1),
        received=answered,
        settled=answered,
        in_time=answered - answered // 4,
        answered=answered,
        rated=rated,
        solved=rated // 2,
        days_12=answered,
    )


@pytest.fixture
def towns() -> list[Unit]:
    county = make_unit(name="云溪县")
    found = [make_unit(county, name=name) for name in ("双河镇", "青岩镇", "白水镇")]
    for town, answered, rated in zip(found, (40, 20, 3), (20, 12, 1), strict=True):
        make_january(town, answered, rated=rated)
    make_january(None, 4, kind="about_office")
    return found


def rows(page: str) -> list[list[str]]:
    """The table as a reader sees it."""
    found = findall(r"<tr>(.*?)</tr>", page, DOTALL)
    return [
        [unescape(sub(r"<[^>]+>", "", cell)) for cell in findall(r"<t[hd].*?</t[hd]>", row, DOTALL)]
        for row in found
    ]


def test_a_small_unit_and_whatever_gives_it_away_are_withheld(
    client: Client, towns: list[Unit]
) -> None:
    table = rows(client.get("/open/figures/").content.decode())

    assert [line[:4] for line in table[1:]] == [
        ["双河镇", "40", "75%", "40"],
        ["青岩镇", "–", "–", "–"],
        ["白水镇", "<5", "–", "<5"],
        ["所有单位合计", "63", "76%", "63"],
    ]


def test_the_file_is_exactly_the_table(client: Client, towns: list[Unit]) -> None:
    table = rows(client.get("/open/figures/").content.decode())

    answer = client.get("/open/figures.csv")

    text = answer.content.decode("utf-8-sig")
    assert list(csv.reader(StringIO(text))) == table
    assert f"figures-grievance-{YEAR}.csv" in answer.headers["Content-Disposition"]


def test_a_search_withholds_what_the_whole_table_withholds(
    client: Client, towns: list[Unit]
) -> None:
    table = rows(client.get("/open/figures/", {"q": "青岩"}).content.decode())

    assert table[1][:2] == ["青岩镇", "–"]


def test_the_name_of_a_unit_never_becomes_a_formula(client: Client) -> None:
    make_january(make_unit(name="=1+1"), 20)

    answer = client.get("/open/figures.csv").content.decode()

    assert "'=1+1" in answer
    assert "\n=1+1" not in answer


def test_complaints_about_offices_are_figures_of_the_whole_place_only(
    client: Client, towns: list[Unit]
) -> None:
    page = client.get("/open/").content.decode()

    assert "对单位和工作人员的投诉举报" in page
    assert "about_office" not in client.get("/open/figures/").content.decode()


@pytest.mark.parametrize("path", ["/open/figures/", "/desk/satisfaction/"])
def test_the_pages_say_as_of_when_the_figures_are(
    client: Client, towns: list[Unit], path: str
) -> None:
    client.force_login(make_officer(towns[0], Power.APPROVE))
    assert "数据截至" not in client.get(path).content.decode()

    for outcome, hour in ((Run.Outcome.DONE, 4), (Run.Outcome.FAILED, 5)):
        at = PRESENT.replace(hour=hour, minute=0)
        Run.objects.create(
            name=REFRESH, turn_at=at, started_at=at, ended_at=at, outcome=outcome.value
        )

    said = moment(PRESENT.replace(hour=4, minute=0))
    assert f"数据截至 {said}" in unescape(client.get(path).content.decode())


def test_no_figure_is_a_ranking_of_how_many_complained(client: Client, towns: list[Unit]) -> None:
    page = client.get("/open/figures/").content.decode()

    assert "收到" not in "".join(rows(page)[0])
    assert [line[0] for line in rows(page)[1:4]] == [town.name for town in towns]


@pytest.mark.parametrize("path", ["/open/", "/open/figures/", "/open/figures.csv"])
def test_the_cost_follows_the_units_and_asks_nothing_of_the_cases(
    client: Client, towns: list[Unit], count_queries: CountQueries, path: str
) -> None:
    for _number in range(30):
        make_january(make_unit(towns[0]), 12)

    with count_queries() as queries:
        client.get(path)

    assert len(queries) <= AT_MOST
    figures = [each["sql"] for each in queries if "figures_count" in each["sql"]]
    assert figures
    assert not [sql for sql in figures if "cases_case" in sql]


@pytest.mark.parametrize("year", ["99999", "-1", "x", "0000", "２０２６", ""])
def test_a_year_that_is_none_is_this_year(client: Client, towns: list[Unit], year: str) -> None:
    answer = client.get("/open/figures/", {"year": year, "kind": "nothing", "page": "-3"})

    assert answer.status_code == 200
    assert "双河镇" in answer.content.decode()


def test_another_year_has_its_own_figures(client: Client, towns: list[Unit]) -> None:
    answer = client.get("/open/figures/", {"year": str(YEAR - 1)})

    assert "双河镇" not in answer.content.decode()


# --------------------------------------------------------------------- officers
def test_an_officer_sees_the_units_in_reach_as_they_are(client: Client, towns: list[Unit]) -> None:
    client.force_login(make_officer(towns[2], Power.HANDLE))

    table = rows(client.get("/desk/satisfaction/").content.decode())

    assert table[1:] == [["白水镇", "3", "100%", "3", "12", "33%", "1", "0%"]]


def test_an_officer_above_sees_all_of_them(client: Client, towns: list[Unit]) -> None:
    top = towns[0].parent
    assert top is not None
    client.force_login(make_officer(top, Power.SUPERVISE))

    table = rows(client.get("/desk/satisfaction/").content.decode())

    assert [line[0] for line in table[1:]] == [town.name for town in towns]


def test_an_officer_without_a_post_sees_no_figures(client: Client, towns: list[Unit]) -> None:
    member = make_officer(towns[0], Power.HANDLE, end_date=date(2021, 1, 1))
    client.force_login(member)

    assert "双河镇" not in client.get("/desk/satisfaction/").content.decode()
