"""What was published: found by its own words, drawn on a map, and “me too” counts nobody."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from bihuan.cases.models import Case
from bihuan.core.places import Point
from bihuan.orgs.models import Unit
from bihuan.portal import guard, tokens
from bihuan.portal.queries import publications
from bihuan.receipts.models import Publication
from bihuan.tallies.models import Tally
from tests.clock import PRESENT
from tests.conftest import CountQueries
from tests.factories import NOW, make_unit
from tests.portal.published import make_publication

pytestmark = pytest.mark.django_db
AT_MOST = 6  # queries of a page
MOST_BYTES = 100_000
STYLES = sum(
    (settings.BASE / "bihuan/portal/static/portal" / name).stat().st_size
    for name in ("portal.css", "published.css")
)
POINT = (32.123456, 110.654321)


@pytest.fixture
def town() -> Unit:
    return make_unit(make_unit(name="云溪县"), name="双河镇", code="shuanghe", kind=Unit.Kind.TOWN)


# ---------------------------------------------------------------------- answers
def test_a_published_answer_is_shown_with_its_unit_and_month(client: Client, town: Unit) -> None:
    shown = make_publication(town, answer="已在学校门口增设一站。")

    listed = client.get("/open/").content.decode()
    page = client.get(f"/open/{shown.pk}/").content.decode()

    for text in ("增设公交站", "已在学校门口增设一站。", "双河镇", "2026年9月"):
        assert text in listed
        assert text in page
    assert "早晚高峰等车的人多。" in page


@pytest.mark.parametrize("how", ["withdrawn", "unanswered", "confidential"])
def test_what_is_not_public_is_nowhere(client: Client, town: Unit, how: str) -> None:
    shown = make_publication(
        town,
        kind="hazard",
        answer="" if how == "unanswered" else "答复",
        withdrawn_at=NOW if how == "withdrawn" else None,
    )
    if how == "confidential":
        Case.objects.update(is_confidential=True)

    assert shown.title not in client.get("/open/").content.decode()
    assert client.get(f"/open/{shown.pk}/").status_code == 404
    if how != "unanswered":
        assert shown.title not in client.get("/near/").content.decode()


def test_only_the_words_of_the_publication_are_searched_and_shown(
    client: Client, town: Unit
) -> None:
    make_publication(town, answer="已增设。")

    for words in ("公交 增设", "双河镇 公交"):
        assert "增设公交站" in client.get("/open/", {"q": words}).content.decode()
    for words in ("内部标题", "内部说明", "T-0"):
        page = client.get("/open/", {"q": words}).content.decode()
        assert "增设公交站" not in page
    assert "内部" not in client.get("/open/").content.decode()


def test_a_unit_shows_its_own_and_those_below(client: Client, town: Unit) -> None:
    village = make_unit(town, name="石桥村")
    other = make_unit(town.parent, name="青岩镇")
    for unit, title in ((village, "甲"), (other, "乙")):
        make_publication(unit, title=f"建议{title}", answer="已答复。")

    page = client.get("/open/", {"unit": "shuanghe"}).content.decode()

    assert "建议甲" in page
    assert "建议乙" not in page


@pytest.mark.parametrize("path", ["/open/", "/near/"])
def test_pages_follow_one_another_without_gap_or_repetition(
    client: Client, town: Unit, path: str
) -> None:
    for n in range(45):
        make_publication(
            town,
            kind="hazard",
            title=f"编号{n:02}",
            answer="已答复。",
            published_at=NOW - timedelta(hours=n // 3),
        )

    seen: list[str] = []
    url = path
    while url:
        page = client.get(url).content.decode()
        seen += re.findall(r"编号(\d\d)<(?:/a></h3|/h3)", page)
        found = re.search(r'rel="next" href="([^"]+)"', page)
        url = found[1].replace("&amp;", "&") if found else ""

    assert len(seen) == 45
    assert len(set(seen)) == 45


@pytest.mark.parametrize(
    "query",
    [
        {"after": "9" * 40},
        {"after": "-1"},
        {"after": "３"},
        {"unit": "x" * 500},
        {"q": "\x00%_' OR 1=1 --"},
        {"q": "字" * 5000},
    ],
    ids=["huge", "negative", "wide", "long unit", "hostile", "long"],
)
@pytest.mark.parametrize("path", ["/open/", "/near/", "/where/", "/open/figures/"])
def test_an_address_that_makes_no_sense_still_gets_a_page(
    client: Client, town: Unit, path: str, query: dict[str, str]
) -> None:
    assert client.get(path, query).status_code == 200


def test_markup_in_published_words_is_shown_as_words(client: Client, town: Unit) -> None:
    make_publication(
        town, kind="hazard", title="<script>x</script>", answer="<b>y</b>", place="<i>z</i>"
    )

    for path in ("/open/", "/near/"):
        page = client.get(path).content.decode()
        assert "<script>x" not in page
        assert "&lt;script&gt;x" in page


# ---------------------------------------------------------------------- dangers
def test_a_danger_is_known_to_about_a_hundred_metres(client: Client, town: Unit) -> None:
    shown = make_publication(town, kind="hazard", place="教学楼", point=POINT)

    page = client.get("/near/").content.decode()

    assert publications.points(publications.PublicationSearch()) == {
        shown.pk: Point(32.123, 110.654)
    }
    assert "32.1234" not in page
    assert "110.6543" not in page
    assert "教学楼" in page


def test_only_dangers_are_on_the_map_and_only_those_with_a_point(
    client: Client, town: Unit
) -> None:
    make_publication(town, kind="suggestion", answer="已答复。", point=POINT)
    make_publication(town, kind="hazard", title="无坐标的隐患")

    page = client.get("/near/").content.decode()

    assert "无坐标的隐患" in page
    assert "增设公交站" not in page
    assert 'class="map"' not in page


def test_the_map_comes_with_the_page_and_needs_nothing_else(client: Client, town: Unit) -> None:
    make_publication(town, kind="hazard", point=POINT)

    page = client.get("/near/").content.decode()

    assert "<svg" in page
    assert "<script" not in page
    assert not re.findall(r'(?:src|href)="https?://', page.replace("http://www.w3.org", ""))


def test_a_full_page_is_small_and_costs_few_queries(
    client: Client, town: Unit, count_queries: CountQueries
) -> None:
    for n in range(320):
        place = (32 + n % 17 / 40, 110 + n % 23 / 40)
        make_publication(
            town, kind="hazard", title="宿舍外窗防护栏焊死，无法逃生", text="情况" * 200,
            answer="已答复", place="第二小学宿舍北门", point=place,
        )  # fmt: skip

    with count_queries() as queries:
        answer = client.get("/near/")

    assert len(queries) <= AT_MOST
    assert len(answer.content) + STYLES < MOST_BYTES
    drawing = answer.content.decode().partition('class="map"')[2].partition("</svg>")[0]
    assert drawing.count("<circle") == publications.ON_THE_MAP


# ----------------------------------------------------------------------- me too
def form_on(client: Client) -> str:
    found = re.search(r'name="form" value="([^"]+)"', client.get("/near/").content.decode())
    assert found
    return found[1]


def count_of(shown: Publication) -> int:
    shown.refresh_from_db()
    return shown.me_too


def test_one_press_adds_one_and_the_same_page_pressed_twice_adds_no_more(
    client: Client, town: Unit
) -> None:
    shown = make_publication(town, kind="hazard")
    form = form_on(client)

    for _ in range(3):
        client.post(f"/near/{shown.pk}/me-too/", {"form": form})
    assert count_of(shown) == 1

    client.post(f"/near/{shown.pk}/me-too/", {"form": form_on(client)})
    assert count_of(shown) == 2


def test_nothing_is_kept_of_who_pressed(client: Client, town: Unit) -> None:
    shown = make_publication(town, kind="hazard")

    answer = client.post(
        f"/near/{shown.pk}/me-too/", {"form": form_on(client)}, REMOTE_ADDR="203.0.113.77"
    )

    assert not client.cookies
    assert not answer.cookies
    stored = [field.name for field in Publication._meta.concrete_fields]
    assert "me_too" in stored
    assert all(b"203.0.113.77" not in bytes(row.mark) for row in Tally.objects.all())


def test_from_one_place_it_is_pressed_so_often_within_an_hour(
    client: Client, town: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "MOST", {**guard.MOST, guard.Tried.ME_TOO: 2})
    shown = make_publication(town, kind="hazard")

    pressed = [
        client.post(f"/near/{shown.pk}/me-too/", {"form": form_on(client)}).status_code
        for _ in range(3)
    ]

    assert pressed == [302, 302, 429]
    assert count_of(shown) == 2


@pytest.mark.parametrize("form", ["", "x", "old"])
def test_a_form_that_is_not_ours_or_too_old_counts_nothing(
    client: Client, town: Unit, form: str
) -> None:
    shown = make_publication(town, kind="hazard")
    if form == "old":
        form = tokens.new(PRESENT - timedelta(hours=2), "me-too")

    answer = client.post(f"/near/{shown.pk}/me-too/", {"form": form})

    assert answer.status_code == 200
    assert "请再点一次" in answer.content.decode()
    assert count_of(shown) == 0


def test_me_too_is_for_dangers_that_are_public(client: Client, town: Unit) -> None:
    other = make_publication(town, answer="已答复。")
    gone = make_publication(town, kind="hazard", withdrawn_at=NOW)

    for shown in (other, gone):
        assert client.post(f"/near/{shown.pk}/me-too/", {"form": "x"}).status_code == 404
        assert count_of(shown) == 0
    assert client.get(f"/near/{gone.pk}/me-too/").status_code == 405
