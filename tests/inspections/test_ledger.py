"""The register of inspections as a workbook: records on paper come in once, and stay."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from bihuan.core.powers import Power
from bihuan.inspections.models import Inspection, Involved
from bihuan.journal.models import Entry
from bihuan.ledgers.actions.importing import Source, take_in
from bihuan.ledgers.wording import words
from bihuan.orgs.models import User
from bihuan.sites.actions import registering
from tests.factories import NOW, make_officer, make_site, make_unit
from tests.inspections.acts import answer_all, end
from tests.inspections.conftest import Place
from tests.ledgers.books import cells, counts, take, xlsx

pytestmark = pytest.mark.django_db

TITLES = (
    "场所名称",
    "检查部门",
    "检查日期",
    "检查类型",
    "检查内容",
    "发现问题数",
    "检查结果",
    "检查人员",
)
ROW = ("云河镇中心小学", "云河镇", date(2026, 3, 12), "暗访", "校园消防", 2, "两处灯不亮", "甲某某")


def _import(place: Place, path: Path, *, dry_run: bool = False) -> tuple[int, ...]:
    """Import the file; how many rows were created, updated, unchanged and refused."""
    return counts(take(path, place.county, kind="inspections", dry_run=dry_run))


def _file(tmp_path: Path, *rows: tuple[object, ...], titles: tuple[str, ...] = TITLES) -> Path:
    return xlsx(tmp_path / "in.xlsx", [titles, *rows])


def test_a_record_on_paper_is_an_inspection_of_its_site(place: Place, tmp_path: Path) -> None:
    assert _import(place, _file(tmp_path, ROW)) == (1, 0, 0, 0)

    made = Inspection.objects.get()
    assert (made.site, made.unit, made.stage, made.kind) == (
        place.site,
        place.town,
        "done",
        "unannounced",
    )
    assert (made.list_name, made.failed_count, made.result) == ("校园消防", 2, "两处灯不亮")
    assert made.number.startswith("JC-2026-")
    assert set(Involved.objects.values_list("unit", flat=True)) == {place.town.pk, place.school.pk}
    assert Entry.objects.filter(chain__subject=made.subject, act="take_in").count() == 1


def test_names_of_people_do_not_come_in(place: Place, tmp_path: Path) -> None:
    _import(place, _file(tmp_path, ROW))

    made = Inspection.objects.values().get()
    assert "甲某某" not in str(made)
    assert not Entry.objects.filter(detail__icontains="甲某某").exists()


def test_the_same_file_again_changes_nothing(place: Place, tmp_path: Path) -> None:
    path = _file(tmp_path, ROW, ("云河镇中心小学", "云河镇", date(2026, 4, 1), "", "", 0, "", ""))
    assert _import(place, path) == (2, 0, 0, 0)

    assert _import(place, path) == (0, 0, 2, 0)

    assert Inspection.objects.count() == 2


def test_a_dry_run_changes_nothing(place: Place, tmp_path: Path) -> None:
    assert _import(place, _file(tmp_path, ROW), dry_run=True) == (1, 0, 0, 0)

    assert not Inspection.objects.exists()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        (0, "不存在的学校"), (2, date(2027, 1, 1)), (2, ""), (2, "三月"), (3, "聊天"), (3, "自查"),
        (5, ""), (5, "两处"), (5, -1), (5, 40_000), (5, "99999999999999999999"),
    ],
)  # fmt: skip
def test_a_strange_row_is_refused(place: Place, tmp_path: Path, column: int, value: object) -> None:
    row = [*ROW]
    row[column] = value

    assert _import(place, _file(tmp_path, tuple(row))) == (0, 0, 0, 1)
    assert not Inspection.objects.exists()


def test_a_recorded_result_is_never_changed_by_a_workbook(place: Place, tmp_path: Path) -> None:
    _import(place, _file(tmp_path, ROW))

    better = (*ROW[:5], 0, "未发现问题", "")
    assert _import(place, _file(tmp_path, better)) == (0, 0, 0, 1)

    assert Inspection.objects.get().failed_count == 2


def test_a_site_of_others_is_not_inspected_on_paper(place: Place, tmp_path: Path) -> None:
    make_site(make_unit(name="外县"), name="外县宾馆")

    assert _import(place, _file(tmp_path, ("外县宾馆", *ROW[1:]))) == (0, 0, 0, 1)


def test_two_sites_with_one_name_are_told_apart_by_their_codes(
    place: Place, tmp_path: Path
) -> None:
    twin = make_site(place.county, name="云河镇中心小学")
    assert _import(place, _file(tmp_path, ROW)) == (0, 0, 0, 1)

    path = _file(tmp_path, (twin.code, *ROW), titles=("场所编码", *TITLES))
    assert _import(place, path) == (1, 0, 0, 0)

    assert Inspection.objects.get().site == twin


def test_a_code_whose_site_the_officer_does_not_see_is_refused(
    place: Place, tmp_path: Path
) -> None:
    far = make_site(make_unit(name="外县"), name="外县宾馆")
    officer = make_officer(place.town, Power.COORDINATE)
    path = _file(tmp_path, (far.code, "外县宾馆", *ROW[1:]), titles=("场所编码", *TITLES))

    assert _import_as(place, path, officer) == (0, 0, 0, 1)
    assert not Inspection.objects.exists()


def _import_as(place: Place, path: Path, officer: User) -> tuple[int, ...]:
    source = Source(path, path.name, place.town, None, None, kind="inspections")
    return counts(take_in(source, words=words(), actor=officer, now=NOW, errors_to={}))


def test_what_was_inspected_here_comes_back_as_it_went_out(place: Place, tmp_path: Path) -> None:
    made = place.begun()
    answer_all(made, place.inspector)
    end(made, place.inspector)
    place.begun(posts=(place.other_post,))
    _import(place, _file(tmp_path, ROW))
    before = [*Inspection.objects.order_by("pk").values_list()]

    out = tmp_path / "out.xlsx"
    call_command("export", str(out), "--kind", "inspections", "--unit", place.county.code)
    assert len(cells(out)) == 3
    assert _import(place, out) == (0, 0, 2, 0)

    assert [*Inspection.objects.order_by("pk").values_list()] == before


def test_a_number_of_no_inspection_is_refused(place: Place, tmp_path: Path) -> None:
    for number in ("JC-2026-999999", "云检字1号"):
        path = _file(tmp_path, (number, *ROW), titles=("检查编号", *TITLES))
        assert _import(place, path) == (0, 0, 0, 1)


def test_the_page_of_a_record_on_paper_says_what_it_was(
    client: Client, place: Place, tmp_path: Path
) -> None:
    _import(place, _file(tmp_path, ROW))
    made = Inspection.objects.get()
    client.force_login(place.inspector)

    for url in (
        made.get_absolute_url(),
        reverse("inspections:inspections"),
        made.site.get_absolute_url(),
    ):
        assert "校园消防" in client.get(url).content.decode()
    assert client.get(reverse("inspections:sheet", args=[made.pk])).status_code == 404


def test_a_closed_site_keeps_its_past(place: Place, tmp_path: Path) -> None:
    keeper = make_officer(place.town, Power.COORDINATE)
    registering.close(site=place.site, reason="停办", actor=keeper, now=NOW)

    assert _import(place, _file(tmp_path, ROW)) == (1, 0, 0, 0)
