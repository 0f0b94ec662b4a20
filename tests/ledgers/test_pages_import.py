"""A ledger comes in on the pages: upload, columns, trial, go, result."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from bihuan.cases.models import Case
from bihuan.ledgers.models import ImportJob, SavedMapping
from bihuan.notices.models import Notice
from bihuan.orgs.models import Unit, User
from bihuan.sheets.personal import Personal
from bihuan.sheets.wording import why_left_out
from tests.clock import PRESENT
from tests.ledgers.pages import act, send, try_out, work
from tests.ledgers.workbooks import GOOD, HEADER, NO_DATE, STRANGE_UNIT, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shelf")]

State = ImportJob.State


def test_a_ledger_comes_in_by_upload_columns_trial_and_go(desk: Client, town: Unit) -> None:
    job = send(desk, town, workbook())

    trial = try_out(desk, job)
    assert job.state == State.TRIED
    assert not Case.objects.exists()
    act(desk, "ledgers:import-go", job, {"refused": "good"})
    work()
    page = desk.get(reverse("ledgers:import-job", args=[job.pk])).content.decode()
    job.refresh_from_db()

    assert "双河街道" in trial
    assert "三月某日" in trial
    assert job.state == State.DONE
    assert job.counts == [1, 0, 0, 2]
    assert Case.objects.get().owner == town
    assert reverse("ledgers:import-refused", args=[job.pk]) in page
    assert Notice.objects.get().what == "import-done"


def test_the_result_says_which_closures_wait_for_a_second_officer(desk: Client, town: Unit) -> None:
    job = send(desk, town, workbook())
    trial = try_out(desk, job)
    act(desk, "ledgers:import-go", job, {"refused": "good"})
    work()
    url = reverse("ledgers:import-job", args=[job.pk])
    before = desk.get(url).content.decode()

    Case.objects.update(import_check="waiting", import_by=job.member)

    says = '<a href="/desk/cases/?state=unverified">'
    assert says not in trial
    assert says not in before
    assert says in desk.get(url).content.decode()


def test_the_columns_page_masks_what_names_the_public_and_says_why(
    desk: Client, town: Unit
) -> None:
    job = send(desk, town, workbook())

    page = desk.get(reverse("ledgers:import-columns", args=[job.pk])).content.decode()

    assert "举报人" in page
    assert why_left_out(Personal.PERSON) in page
    assert "周某某" not in page
    assert "13812345678" not in page
    assert "周某某" not in str(job.look)
    assert "13812345678" not in str(job.look)


def test_a_word_of_the_trial_is_told_its_meaning_once(desk: Client, town: Unit) -> None:
    job = send(desk, town, workbook([GOOD, STRANGE_UNIT]))
    try_out(desk, job)
    name = next(iter(_words(desk, job)))

    wrong = act(desk, "ledgers:import-words", job, {name: "没有这个单位"})
    refused_before = job.result["refused"]
    act(desk, "ledgers:import-words", job, {name: town.name})

    assert "这里没有这个单位" in wrong
    assert refused_before == 1
    assert job.result["refused"] == 0
    assert job.mapping["words"] == {"unit": {"双河街道": "双河镇"}}


def _words(desk: Client, job: ImportJob) -> list[str]:
    page = desk.get(reverse("ledgers:import-job", args=[job.pk])).content.decode()
    return [part.split('"')[0] for part in page.split('name="')[1:] if part.startswith("word-")]


def test_a_column_is_corrected_and_the_settings_serve_the_next_file(
    desk: Client, town: Unit
) -> None:
    header = [*HEADER[:3], "现象", *HEADER[4:]]
    job = send(desk, town, workbook([GOOD], header=header))
    missing = try_out(desk, job)
    at = header.index("现象")
    try_out(desk, job, **{f"column-{at}": "description", "keep_as": "镇里的表"})

    kept = SavedMapping.objects.get()
    again = send(desk, town, workbook([GOOD], header=header), saved=kept.pk)

    assert "没有哪一列" in missing
    assert job.state == State.TRIED
    assert kept.unit == town.parent
    assert again.mapping["columns"]["description"] == "现象"


def test_saved_settings_that_do_not_fit_are_said_and_the_columns_guessed(
    desk: Client, town: Unit
) -> None:
    kept = SavedMapping.objects.create(
        unit=town, name="别的表", mapping={"columns": {"title": "没有此列"}},
        saved_by=User.objects.get(), saved_at=PRESENT,
    )  # fmt: skip

    job = send(desk, town, workbook(), saved=kept.pk)
    page = desk.get(reverse("ledgers:import-columns", args=[job.pk])).content.decode()

    assert "没有此列" in page
    assert job.mapping["columns"]["description"] == "隐患描述"


def test_two_columns_cannot_be_the_same_field(desk: Client, town: Unit) -> None:
    job = send(desk, town, workbook())
    at = HEADER.index("说明栏")

    page = try_out(desk, job, **{f"column-{at}": "place"})

    assert job.state == State.MAPPING
    assert f'id="id_column-{at}_error"' in page


def test_a_column_that_names_the_public_cannot_be_chosen(desk: Client, town: Unit) -> None:
    job = send(desk, town, workbook([GOOD]))
    at = HEADER.index("举报人")

    try_out(desk, job, **{f"column-{at}": "finder_name"})

    assert "finder_name" not in job.mapping["columns"]


def test_what_is_the_same_for_every_row_fills_what_the_file_lacks(desk: Client, town: Unit) -> None:
    keep = [at for at, title in enumerate(HEADER) if title != "场所"]
    rows = [[row[at] for at in keep] for row in (GOOD,)]
    job = send(desk, town, workbook(rows, header=[HEADER[at] for at in keep]))

    try_out(desk, job, **{"all-place": "全镇", "all-category": "消防安全"})
    act(desk, "ledgers:import-go", job, {"refused": "good"})
    work()

    case = Case.objects.get()
    assert (case.place, case.category) == ("全镇", "消防安全")


def test_another_sheet_is_read_when_asked(desk: Client, town: Unit) -> None:
    job = send(desk, town, workbook([GOOD], sheets=("一月", "二月")))

    page = act(desk, "ledgers:import-read-again", job, {"sheet": "二月"})

    assert job.look["sheet"] == "二月"
    assert "二月" in page


def test_all_or_nothing_keeps_nothing_when_a_row_is_refused(desk: Client, town: Unit) -> None:
    job = send(desk, town, workbook())
    try_out(desk, job)

    act(desk, "ledgers:import-go", job, {"refused": "all"})
    work()
    page = desk.get(reverse("ledgers:import-job", args=[job.pk])).content.decode()

    assert not Case.objects.exists()
    assert "按您的要求" in page


def test_the_refused_rows_come_back_and_can_be_mended(desk: Client, town: Unit) -> None:
    job = send(desk, town, workbook([GOOD, NO_DATE]))
    try_out(desk, job)
    act(desk, "ledgers:import-go", job, {"refused": "good"})
    work()

    response = desk.get(reverse("ledgers:import-refused", args=[job.pk]))
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    again = send(desk, town, SimpleUploadedFile("refused.xlsx", content))

    assert "attachment" in response.headers["Content-Disposition"]
    assert again.look["rows"][0][HEADER.index("检查日期")] == "三月某日"
    assert "郑某某" not in str(again.look)


def test_a_number_that_stands_twice_is_named_with_its_cell(desk: Client, town: Unit) -> None:
    again = [*GOOD[:2], "第二小学宿舍", "防护栏焊死", *GOOD[4:], "AQ-1"]
    file = workbook([[*GOOD, "AQ-1"], again], header=[*HEADER, "隐患编号"])

    trial = try_out(desk, send(desk, town, file))

    assert "M4：同一编号在文件中出现两次。" in trial


def test_a_file_that_is_in_already_leads_to_its_ledger(desk: Client, town: Unit) -> None:
    job = send(desk, town, workbook([GOOD]))
    try_out(desk, job)
    act(desk, "ledgers:import-go", job, {"refused": "good"})
    work()

    page = try_out(desk, send(desk, town, workbook([GOOD])))

    assert "无需导入" in page
    assert "查看该单位的台账" in page


@pytest.mark.parametrize(("header", "is_said"), [(HEADER, False), ([*HEADER, "经度"], True)])
def test_the_place_on_the_map_is_spoken_of_only_if_the_file_has_it(
    desk: Client, town: Unit, header: list[str], *, is_said: bool
) -> None:
    rows = [[*GOOD, ""][: len(header)]]

    page = try_out(desk, send(desk, town, workbook(rows, header=header)))

    assert ("没有可用的坐标" in page) is is_said


def test_the_page_of_a_case_shows_the_number_that_the_office_gave_it(
    desk: Client, town: Unit
) -> None:
    file = workbook([[*GOOD, "AJ-001"]], header=[*HEADER, "来源编号"])
    job = send(desk, town, file)
    try_out(desk, job)
    act(desk, "ledgers:import-go", job, {"refused": "good"})
    work()

    page = desk.get(reverse("desk:case", args=[Case.objects.get().number])).content.decode()

    assert "AJ-001" in page


def test_the_officer_whom_a_ledger_names_stands_on_the_page_of_the_case(
    desk: Client, town: Unit
) -> None:
    header = [*HEADER[:6], "责任人", *HEADER[6:]]
    job = send(
        desk, town, workbook([[*GOOD[:6], "龙云", *GOOD[6:9], "否", "", "x"]], header=header)
    )
    try_out(desk, job)
    act(desk, "ledgers:import-go", job, {"refused": "good"})
    work()
    case = Case.objects.get()

    page = desk.get(case.get_absolute_url()).content.decode()
    Case.objects.update(resolved_by=job.member)
    later = desk.get(case.get_absolute_url()).content.decode()

    assert "<dt>责任人</dt><dd>龙云 " in page
    assert "台账所写" in page
    assert "台账所写" not in later
