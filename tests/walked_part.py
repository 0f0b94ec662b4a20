"""A walk through the part of `docs/adding-a-part.md`; `test_adding_a_part` runs it there."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from bihuan import cli
from bihuan.core.powers import Power
from bihuan.notices.models import Notice
from bihuan.orgs.models import Unit, User
from tests.clock import PRESENT, StoppedClock
from tests.factories import make_officer, make_photo, make_unit
from tests.ledgers.books import xlsx

pytestmark = pytest.mark.django_db

Item: Any = apps.get_app_config("lost_property").get_model("Item")

YEAR = timedelta(days=365)
DAYS = (PRESENT.replace(year=PRESENT.year + 1) - PRESENT).days  # a leap day may be among them
UMBRELLA = {"title": "黑色雨伞，木柄", "place": "大厅取号机旁"}


@pytest.fixture
def unit() -> Unit:
    return make_unit(make_unit(), name="云榆镇", code="yunyu")


@pytest.fixture
def keeper(unit: Unit) -> User:
    return make_officer(unit, Power.COORDINATE)


@pytest.fixture
def desk(client: Client, keeper: User) -> Client:
    client.force_login(keeper)
    return client


@pytest.fixture
def item(desk: Client, unit: Unit) -> Any:
    """Recorded on the page, not by the action."""
    said = {**UMBRELLA, "unit": unit.pk, "found_date": PRESENT.date().isoformat()}
    answer = desk.post(reverse("lost_property:add"), said)
    made = Item.objects.get()
    assert answer.headers["Location"] == made.get_absolute_url(), answer.content.decode()
    return made


def _page(desk: Client, address: str, language: str = "zh-hans") -> str:
    answer = desk.get(address, headers={"accept-language": language})
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_item_is_found_wherever_an_officer_looks(desk: Client, item: Any) -> None:
    address = item.get_absolute_url()

    assert address in _page(desk, reverse("lost_property:items"))
    assert address in _page(desk, reverse("desk:today"))
    assert desk.get(reverse("web:find"), {"q": "木柄"}).headers["Location"] == address
    assert reverse("lost_property:items") in _page(desk, reverse("desk:today"))
    assert "云榆镇 · 大厅取号机旁" in _page(desk, address)
    assert '<span class="what">已登记</span>' in _page(desk, address)
    assert f"剩 {DAYS} 天" in _page(desk, address)


def test_no_page_has_a_text_without_translation(desk: Client, item: Any) -> None:
    pages = [
        reverse("lost_property:items"),
        reverse("lost_property:add"),
        item.get_absolute_url(),
        reverse("lost_property:end", args=[item.pk, "return"]),
        reverse("lost_property:end", args=[item.pk, "surrender"]),
        reverse("web:timeline", args=["lost", item.pk]),
        reverse("files:attach", args=["lost", item.pk]),
    ]

    for address in pages:
        chinese, english = _words(_page(desk, address)), _words(_page(desk, address, "en"))
        assert re.findall(r"[A-Za-z]{2,}", chinese) == [], address
        assert re.findall(r"[一-鿿]{2,}", english) == [], address


def _words(page: str) -> str:
    """What a reader sees of the main part of a page, without what was typed in."""
    main = page[page.index("<main") : page.index("</main>")]
    for typed in (*UMBRELLA.values(), "云榆镇", "人员"):
        main = main.replace(typed, "")
    return re.sub(r"<[^>]*>|&\w+;", " ", main)


def test_a_photo_is_attached_to_an_item(desk: Client, item: Any) -> None:
    address = reverse("files:attach", args=["lost", item.pk])
    assert address in _page(desk, item.get_absolute_url())

    answer = desk.post(address, {"uploads": [make_photo("伞.jpg")], "caption": "伞柄"})

    assert answer.headers["Location"] == item.get_absolute_url(), answer.content.decode()
    assert "伞.jpg" in _page(desk, item.get_absolute_url())
    assert "已添加附件" in _page(desk, item.get_absolute_url())
    assert cli.main(["journal", "verify"]) == 0


def test_time_warns_the_keeper_and_then_says_that_it_is_over(
    desk: Client, item: Any, keeper: User, clock: StoppedClock
) -> None:
    assert _tick(clock, PRESENT + 0.8 * YEAR) == []
    assert _tick(clock, PRESENT + 0.95 * YEAR) == ["warning"]
    assert _tick(clock, PRESENT + YEAR + timedelta(days=2)) == ["warning", "overdue"]
    desk.force_login(keeper)  # the session of last year is over
    assert "招领期限已届满。" in _page(desk, reverse("desk:today"))
    assert "招领期限已届满" in _page(desk, item.get_absolute_url())


def _tick(clock: StoppedClock, at: datetime) -> list[str]:
    clock.at = at
    call_command("tick", now=at.isoformat())
    return [*Notice.objects.order_by("pk").values_list("what", flat=True)]


def test_the_ledger_comes_in_as_it_goes_out(desk: Client, item: Any, tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    given = ["--kind", "lost_property", "--unit", "yunyu"]

    assert cli.main(["export", str(out), *given]) == 0
    assert cli.main(["import", str(out), *given]) == 0
    assert [*Item.objects.all()] == [item]


def test_a_workbook_adds_items_and_ends_them_but_brings_none_back(
    desk: Client, item: Any, tmp_path: Path
) -> None:
    known = [*UMBRELLA.values(), PRESENT.date()]
    titles = ["物品名称", "拾得地点", "拾得日期", "状态"]
    given = ["--kind", "lost_property", "--unit", "yunyu"]
    ended = xlsx(
        tmp_path / "ended.xlsx",
        [titles, [*known, "已归还失主"], ["银色保温杯", "公交车上", PRESENT.date(), ""]],
    )
    back = xlsx(tmp_path / "back.xlsx", [titles, [*known, "保管中"]])

    assert cli.main(["import", str(ended), *given]) == 0
    assert cli.main(["import", str(back), *given]) == 1
    assert [*Item.objects.order_by("pk").values_list("title", "stage")] == [
        (UMBRELLA["title"], "returned"),
        ("银色保温杯", "kept"),
    ]
    assert cli.main(["journal", "verify"]) == 0


def test_the_counters_and_the_journal_agree_with_the_table(desk: Client, item: Any) -> None:
    address = reverse("lost_property:end", args=[item.pk, "return"])
    answer = desk.post(address, {"note": "出示购物凭证"})

    assert answer.headers["Location"] == item.get_absolute_url()
    assert "已归还失主" in _page(desk, item.get_absolute_url())
    assert item.get_absolute_url() not in _page(desk, reverse("desk:today"))
    assert cli.main(["recount", "--dry-run"]) == 0
    assert cli.main(["journal", "verify"]) == 0
    Item.objects.update(place="别处")
    assert cli.main(["journal", "verify"]) == 1
