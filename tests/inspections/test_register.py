"""Pages of failed items, of the end, and of the register; no page finds who signed for a site."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from bihuan.cases.models import Case
from bihuan.core.inspection import Outcome
from bihuan.inspections import exported
from bihuan.inspections.models import Inspection, Signature
from bihuan.journal.models import Entry
from bihuan.orgs.models import User
from tests.clock import PRESENT
from tests.conftest import CountQueries
from tests.factories import make_checklist, make_inspection, make_photo, make_site
from tests.inspections.acts import DRAWING, answer_all, decide, end, photograph
from tests.inspections.conftest import Place, item

pytestmark = pytest.mark.django_db


def page(client: Client, user: User, name: str, *args: object, status: int = 200) -> str:
    client.force_login(user)
    response = client.get(reverse(f"inspections:{name}", args=args))
    assert response.status_code == status
    return response.content.decode()


def send(client: Client, user: User, name: str, *args: object, **data: object) -> HttpResponse:
    client.force_login(user)
    return client.post(reverse(f"inspections:{name}", args=args), data)  # type: ignore[return-value]


def begun(place: Place, **given: object) -> Inspection:
    return place.begun(now=PRESENT, **given)


# -------------------------------------------------------------------- failed items
def failing(place: Place) -> Inspection:
    made = begun(place)
    answer_all(made, place.inspector, exits="no", alarm="broken")
    photograph(made, "exits", place.inspector)
    return made


def test_the_form_of_failed_items_is_filled_in(client: Client, place: Place) -> None:
    shown = page(client, place.inspector, "failed", failing(place).pk)

    assert "学府路1号" in shown
    assert "消防法第二十八条" in shown or "Fire Protection Law, Art. 28" in shown


def test_all_failed_items_are_decided_in_one_form(client: Client, place: Place) -> None:
    made = failing(place)
    hazard = {
        "exits-outcome": "hazard",
        "exits-title": "疏散通道堵塞",
        "exits-place": "教学楼",
        "exits-unit": place.town.pk,
        "alarm-outcome": "fixed",
        "alarm-fixed_photos": make_photo(),
    }

    response = send(client, place.inspector, "failed", made.pk, **hazard)

    assert response["Location"] == reverse("inspections:end", args=[made.pk])
    assert Case.objects.get().title == "疏散通道堵塞"
    assert set(made.settlements.values_list("outcome", flat=True)) == {"hazard", "fixed"}


def test_a_wrong_row_reports_nothing_and_names_its_field(client: Client, place: Place) -> None:
    made = failing(place)
    data = {"exits-outcome": "hazard", "exits-title": "通道", "alarm-outcome": "reason"}

    response = send(client, place.inspector, "failed", made.pk, **data)

    assert response.status_code == 200
    assert "#id_alarm-reason" in response.content.decode()
    assert not Case.objects.exists()


def test_the_page_of_the_hazard_shows_what_the_inspection_proposes(
    client: Client, place: Place
) -> None:
    made = failing(place)
    decide(made, place.inspector, "exits")
    client.force_login(place.inspector)

    shown = client.get(Case.objects.get().get_absolute_url()).content.decode()

    assert made.number in shown


# ------------------------------------------------------------------------- the end
def done(client: Client, place: Place) -> Inspection:
    made = begun(place)
    answer_all(made, place.inspector)
    return end(made, place.inspector, now=PRESENT)


def test_it_ends_by_the_form_with_both_signatures(client: Client, place: Place) -> None:
    made = begun(place)
    answer_all(made, place.inspector)
    data = {
        "result": "未发现问题。",
        "own_way": "drawn",
        "own_drawing": DRAWING,
        "site_way": "refused",
        "refusal": "不认可",
        "witness": place.other_post.pk,
    }

    for _ in range(2):
        response = send(client, place.inspector, "end", made.pk, **data)
        assert response.status_code == 302

    assert Signature.objects.count() == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"own_drawing": ""},
        {"own_drawing": "<script>"},
        {"site_name": ""},
        {"site_drawing": "1,1"},
        {"site_way": "elsewhere"},
        {"result": " "},
        {"site_name": "x" * 500},
    ],
)
def test_a_record_that_is_not_signed_does_not_end(
    client: Client, place: Place, wrong: dict[str, object]
) -> None:
    made = begun(place)
    answer_all(made, place.inspector)
    data = {
        "result": "未发现问题。",
        "own_way": "drawn",
        "own_drawing": DRAWING,
        "site_way": "drawn",
        "site_name": "周代表",
        "site_drawing": DRAWING,
        **wrong,
    }

    response = send(client, place.inspector, "end", made.pk, **data)

    assert response.status_code == 200
    assert "error-summary" in response.content.decode()
    made.refresh_from_db()
    assert made.stage == "begun"


def test_the_sheet_has_the_record_and_its_signatures(client: Client, place: Place) -> None:
    shown = page(client, place.inspector, "sheet", done(client, place).pk)

    assert "周代表" in shown
    assert '<path d="M10,10 L200,100' in shown


def test_the_sheet_has_every_photo_with_what_it_shows(client: Client, place: Place) -> None:
    made = failing(place)
    found = made.photos.get()
    fixed = photograph(made, "exits", place.inspector, purpose="fixed")

    shown = page(client, place.inspector, "sheet", made.pk)

    for photo in (found, fixed):
        assert f'src="{reverse("inspections:photo", args=[made.pk, photo.pk])}"' in shown
        assert photo.get_purpose_display() in shown


def test_a_fix_on_the_spot_shows_its_photos_where_it_was_decided(
    client: Client, place: Place
) -> None:
    made = failing(place)
    fixed = photograph(made, "alarm", place.inspector, purpose="fixed")
    decide(made, place.inspector, "alarm", Outcome.FIXED)

    for name in ("failed", "inspection"):
        shown = page(client, place.inspector, name, made.pk)
        assert reverse("inspections:photo", args=[made.pk, fixed.pk]) in shown


# ---------------------------------------------------------------------- boundary
def test_only_the_sheet_names_who_signed_for_the_site(client: Client, place: Place) -> None:
    made = done(client, place)
    addresses = [
        made.get_absolute_url(),
        reverse("inspections:inspections"),
        reverse("inspections:inspections") + "?q=周代表",
        reverse("web:timeline", args=["inspection", made.pk]),
        place.site.get_absolute_url(),
        "/desk/find/?q=周代表",
        "/desk/",
    ]
    client.force_login(place.inspector)

    for address in addresses:
        shown = client.get(address).content.decode().replace("q=周代表", "")
        assert "周代表" not in shown.replace('value="周代表"', "").replace("“周代表”", ""), address


def test_the_workbook_names_no_person(client: Client, place: Place) -> None:
    made = done(client, place)
    client.force_login(place.inspector)

    response = client.get(reverse("inspections:export"))

    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    sheet = load_workbook(BytesIO(content)).active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows(values_only=True) for cell in row]
    assert made.number in cells
    assert not any("周代表" in str(cell) for cell in cells)


def test_the_export_is_journaled_and_says_when_it_is_not_the_whole_list(
    client: Client, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(place)
    begun(place)
    monkeypatch.setattr(exported, "MOST_ROWS", 1)
    client.force_login(place.inspector)

    content = b"".join(client.get(reverse("inspections:export")))

    sheet = load_workbook(BytesIO(content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(min_row=2, max_col=1, values_only=True))
    assert len(rows) == 2
    assert "只有前 1 行" in str(rows[1])
    assert Entry.objects.filter(chain__subject=place.inspector.subject, act="export").count() == 1


# ---------------------------------------------------------------------- register
def test_the_register_filters_by_what_the_address_says(client: Client, place: Place) -> None:
    made = begun(place)
    client.force_login(place.inspector)
    register = reverse("inspections:inspections")

    for query, is_shown in {
        f"q={made.number}": True,
        "q=中心小学": True,
        "q=加油站": False,
        "stage=begun": True,
        "stage=done": False,
        "kind=joint": False,
        f"site={place.site.pk}": True,
        "since=2999-01-01": False,
        "until=2999-01-01": True,
        "since=x&until=99999&stage=%00&kind=<b>&site=-1&older=x": True,
        "failed=1": False,
    }.items():
        shown = client.get(f"{register}?{query}").content.decode()
        assert (f'href="{made.get_absolute_url()}"' in shown) == is_shown, query


def test_pages_cost_the_same_whatever_the_rows(
    client: Client, place: Place, count_queries: CountQueries
) -> None:
    made = begun(place)
    client.force_login(place.inspector)

    def cost(address: str) -> int:
        client.get(address)
        with count_queries() as queries:
            client.get(address)
        return len(queries)

    addresses = [reverse("inspections:inspections"), "/desk/", made.get_absolute_url()]
    before = [cost(address) for address in addresses]
    for _ in range(3):
        make_inspection(make_site(place.town), place.version, posts=[place.post], now=PRESENT)
    answer_all(made, place.inspector, exits="no")

    assert [cost(address) for address in addresses] == before


def test_today_shows_what_was_begun(client: Client, place: Place) -> None:
    made = begun(place)
    client.force_login(place.inspector)

    shown = client.get("/desk/").content.decode()

    assert reverse("inspections:walk", args=[made.pk]) in shown


def test_the_score_of_an_ended_inspection_leaves_out_what_does_not_apply(
    client: Client, place: Place
) -> None:
    items = (item("exits", score=60), item("canteen", score=20), item("alarm", score=20))
    scored = replace(place, version=make_checklist(place.county, items=items))
    made = begun(scored)
    answer_all(made, place.inspector, exits="yes", canteen="not_applicable", alarm="no")
    decide(made, place.inspector, "alarm", Outcome.REASON, reason="已停用")
    assert "75" not in page(client, place.inspector, "inspection", made.pk)

    end(made, place.inspector)

    for name in ("inspection", "sheet"):
        assert "75 分（满分 100 分）" in page(client, place.inspector, name, made.pk)


def test_a_list_without_scores_has_no_score(client: Client, place: Place) -> None:
    made = begun(place)
    answer_all(made, place.inspector)
    end(made, place.inspector)

    assert "满分" not in page(client, place.inspector, "inspection", made.pk)
