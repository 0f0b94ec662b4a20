"""The office's own list of sites comes in whole, and out and in again without a change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from bihuan.clocks.models import Clock
from bihuan.core.places import Point
from bihuan.core.powers import Power
from bihuan.journal import queries as journal
from bihuan.journal.models import Entry
from bihuan.ledgers.actions.importing import Source, take_in
from bihuan.ledgers.mapping import Mapping
from bihuan.ledgers.wording import words
from bihuan.orgs.models import Unit
from bihuan.sites.actions import papers
from bihuan.sites.actions.papers import PaperFacts
from bihuan.sites.models import Site, SitePaper, SiteRegulator
from tests.conftest import CountQueries
from tests.factories import NOW, TODAY, make_officer, make_site, make_unit
from tests.ledgers.books import xlsx

pytestmark = pytest.mark.django_db
Cells = Sequence[object]
Bring = Callable[..., str]


@pytest.fixture
def county() -> Unit:
    county = make_unit(name="云榆县", code="county")
    town = make_unit(county, name="青杉镇人民政府", code="town", kind=Unit.Kind.TOWN)
    make_unit(town, name="杉坪村", code="village", kind=Unit.Kind.VILLAGE)
    make_unit(county, name="县教育体育局", code="edu", kind=Unit.Kind.DEPARTMENT)
    make_unit(county, name="县消防救援大队", code="fire", kind=Unit.Kind.DEPARTMENT)
    make_unit(town, name="青杉木制品厂", code="works", kind=Unit.Kind.ENTERPRISE)
    return county


@pytest.fixture
def brought(tmp_path: Path, county: Unit, capsys: pytest.CaptureFixture[str]) -> Bring:
    """Import a table as the county's workbook, and return what the command says."""

    def brought(titles: Cells, *rows: Cells, dry: bool = False, fails: bool = False) -> str:
        file = xlsx(tmp_path / "sites.xlsx", [titles, *rows])
        options = ["--dry-run"] if dry else []
        with pytest.raises(SystemExit) if fails else nullcontext():
            call_command("import", str(file), "--kind", "site", "--unit", "county", *options)
        return capsys.readouterr().out

    return brought


TITLES = (
    "序号", "单位名称", "单位类型", "地址", "所属村居", "行业监管部门", "许可证名称", "许可证号",
    "有效期", "法定代表人", "负责人电话", "身份证号码",
)  # fmt: skip
SCHOOL = (
    1, "杉坪小学", "学校", "杉坪村三组", "杉坪村", "县教育体育局、县消防救援大队", "办学许可证",
    "教民0001", "2024.09.01-2028.08.31", "王某", "13812345678", "",
)  # fmt: skip


def test_an_office_s_own_list_registers_sites_with_regulators_and_papers(brought: Bring) -> None:
    brought(TITLES, SCHOOL)

    site = Site.objects.get()
    assert (site.name, site.kind, site.unit.code) == ("杉坪小学", "school", "village")
    regulators = SiteRegulator.objects.filter(site=site)
    assert {(each.trade, each.unit.code) for each in regulators} == {
        ("education", "edu"),
        ("fire", "fire"),
    }
    paper = SitePaper.objects.get()
    assert (paper.kind, paper.number) == ("school_permit", "教民0001")
    assert paper.expires_date == date(2028, 8, 31)


def test_new_sites_have_their_history_their_words_and_the_clocks_of_their_papers(
    brought: Bring,
) -> None:
    brought(TITLES, SCHOOL)

    site, paper = Site.objects.get(), SitePaper.objects.get()
    acts = [*Entry.objects.filter(chain__subject=site.subject).order_by("seq").values_list("act")]
    assert acts == [("register",), ("set_regulators",), ("add_paper",)]
    assert [*Site.objects.all().matching("杉坪")] == [site]
    assert Clock.objects.get(subject=paper.subject).unit == site.unit
    assert site.version == 2
    assert journal.verify().ok


def test_many_new_sites_cost_no_more_queries_than_a_few(
    brought: Bring, count_queries: CountQueries
) -> None:
    counts = []
    for kind, n in (("a", 2), ("b", 25)):
        rows = [
            (k, f"{kind}{k}小学", *SCHOOL[2:7], f"教民{kind}{k}", *SCHOOL[8:]) for k in range(n)
        ]
        with count_queries() as queries:
            brought(TITLES, *rows)
        counts.append(len(queries))

    assert Site.objects.count() == SitePaper.objects.count() == 27
    assert counts[0] == counts[1]


def test_columns_about_persons_are_not_read_and_that_is_said(brought: Bring) -> None:
    said = brought(TITLES, SCHOOL)

    for title in ("法定代表人", "负责人电话", "身份证号码"):
        assert title in said
    assert "王某" not in said
    assert not Site.objects.filter(address__contains="王某").exists()
    assert "王某" not in str([*Site.objects.values()])
    assert "13812345678" not in str([*Site.objects.values(), *SitePaper.objects.values()])


def test_a_second_import_changes_nothing(brought: Bring) -> None:
    brought(TITLES, SCHOOL)
    entries = Entry.objects.count()

    said = brought(TITLES, SCHOOL)

    assert "未变 1" in said
    assert Entry.objects.count() == entries + 1  # that of the import itself
    assert SitePaper.objects.count() == 1


def test_a_later_expiry_renews_the_paper_and_an_empty_cell_changes_nothing(brought: Bring) -> None:
    brought(TITLES, SCHOOL)

    brought(("单位名称", "所属村居", "地址", "许可证名称", "有效期"),
            ("杉坪小学", "杉坪村", "", "办学许可证", date(2031, 8, 31)))  # fmt: skip

    site = Site.objects.get()
    assert site.address == "杉坪村三组"
    old, new = SitePaper.objects.order_by("pk")
    assert (old.renewed_by, new.expires_date) == (new, date(2031, 8, 31))
    assert new.number == "教民0001"


def test_a_dry_run_shows_the_changes_and_makes_none(brought: Bring) -> None:
    brought(TITLES, SCHOOL)

    said = brought(("单位名称", "所属村居", "地址"), ("杉坪小学", "杉坪村", "杉坪村五组"), dry=True)

    assert "更新 1" in said
    assert Site.objects.get().address == "杉坪村三组"


def test_what_is_exported_comes_in_again_unchanged(brought: Bring, tmp_path: Path) -> None:
    brought(TITLES, SCHOOL)
    town = Unit.objects.get(code="town")
    hostile = make_site(
        town, kind="workshop", name="=cmd|' /C calc'!A1", address="+1 路<b>",
        operator_name="-木器厂", point=Point(25.043112, 102.7),
        attributes={"workers": 12, "dust": True},
    )  # fmt: skip
    for facts in (
        PaperFacts("health_certificates", count=12, expires_date=TODAY),
        PaperFacts("other", title="排污登记", number="A；1"),
        PaperFacts("other", title="特种设备使用登记", number="B；2"),
    ):
        with transaction.atomic():
            papers.enter(site=hostile, facts=facts, actor=None, now=NOW)
    out = tmp_path / "out.xlsx"
    call_command("export", str(out), "--kind", "site")
    entries = Entry.objects.exclude(act="import").count()

    said = brought_again(out)

    assert "未变 2" in said
    assert Entry.objects.exclude(act="import").count() == entries
    assert SitePaper.objects.count() == 4


def brought_again(file: Path) -> str:
    out = StringIO()
    call_command("import", str(file), "--kind", "site", "--unit", "county", stdout=out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"单位名称": ""}, "没有写明"),
        ({"单位类型": "宇宙飞船"}, "宇宙飞船"),
        ({"行业监管部门": "不存在的局"}, "不存在的局"),
        ({"所属村居": "不存在的村"}, "不存在的村"),
        ({"纬度": "north", "经度": "102"}, "north"),
        ({"纬度": "25.04"}, "坐标"),
        ({"纬度": "1e9", "经度": "102"}, "1e9"),
        ({"有效期": "不知道"}, "不知道"),
        ({"有效期": "2027-02-30"}, "2027-02-30"),
        ({"场所编码": "zzzzzzzzzz"}, "编码"),
        ({"使用状态": "注销"}, "页面"),
        ({"基本情况": "学段：大学"}, "基本情况"),
        ({"其他证照": "x" * 300}, "xxx"),
        ({"单位名称": "校" * 200}, "120"),
    ],
)
def test_a_row_that_is_refused_names_its_column_and_the_others_come_in(
    brought: Bring, cells: dict[str, str], words: str
) -> None:
    row = {"单位名称": "甲校", "单位类型": "学校", "所属村居": "杉坪村", **cells}
    good = {name: {"单位名称": "乙校", "所属村居": "杉坪村"}.get(name, "") for name in row}

    said = brought([*row], [*row.values()], [*good.values()], fails=True)

    assert words in said
    assert [site.name for site in Site.objects.all()] == ["乙校"]


def test_two_sites_of_one_name_are_told_apart_by_their_code(brought: Bring) -> None:
    village = Unit.objects.get(code="village")
    first, second = (make_site(village, name="杉坪小学") for _ in range(2))

    said = brought(("单位名称", "所属村居", "地址"), ("杉坪小学", "杉坪村", "新址"), fails=True)
    brought(("场所编码", "单位名称", "地址"), (second.code, "杉坪小学", "新址"))

    assert "编码" in said
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.address, second.address) == ("", "新址")


def test_a_closed_site_and_one_of_another_unit_are_refused(brought: Bring) -> None:
    closed = make_site(Unit.objects.get(code="village"), name="旧校")
    Site.objects.filter(pk=closed.pk).update(closed_at=NOW)
    other = make_site(Unit.objects.get(code="town"), name="镇校")

    said = brought(
        ("场所编码", "单位名称", "所属村居", "地址"),
        (closed.code, "旧校", "杉坪村", "新址"),
        (other.code, "镇校", "杉坪村", "新址"),
        fails=True,
    )

    assert "已关闭" in said
    assert "其他单位" in said


def test_the_same_site_twice_in_a_file_is_refused_once(brought: Bring) -> None:
    row = ("杉坪小学", "杉坪村")

    said = brought(("单位名称", "所属村居"), row, row, fails=True)

    assert "两次" in said
    assert Site.objects.count() == 1


def test_an_administrator_who_keeps_no_register_imports_no_site(
    county: Unit, tmp_path: Path
) -> None:
    officer = make_officer(county, Power.ADMINISTER)
    file = xlsx(tmp_path / "sites.xlsx", [("单位名称", "所属村居"), ("杉坪小学", "杉坪村")])

    result = take_in(
        Source(file, file.name, county, Mapping(kind="site")),
        words=words(),
        actor=officer,
        now=NOW,
    )

    assert result.refused == 1
    assert not Site.objects.exists()


def test_the_register_exports_what_it_shows_and_takes_it_in_again(
    client: Client, county: Unit, tmp_path: Path
) -> None:
    keeper = make_officer(county, Power.COORDINATE)
    bureau = Unit.objects.get(code="edu")
    kept = make_site(county, name="=cmd()", kind="school", regulators={"education": bureau})
    make_site(county, name="加油站", kind="fuel_station")
    make_site(make_unit(), name="外县学校", kind="school")
    client.force_login(keeper)
    address = reverse("sites:export") + "?kind=school"

    assert address in client.get(reverse("sites:sites") + "?kind=school").content.decode()
    content = b"".join(client.get(address))
    file = tmp_path / "out.xlsx"
    file.write_bytes(content)

    sheet = load_workbook(BytesIO(content)).worksheets[0]
    assert sheet.max_row == 2
    assert {cell.data_type for cell in sheet[2]} <= {"s", "n"}
    assert Entry.objects.filter(chain__subject=keeper.subject, act="export").count() == 1
    assert "未变 1" in brought_again(file)
    assert Site.objects.get(pk=kept.pk).name == "=cmd()"
