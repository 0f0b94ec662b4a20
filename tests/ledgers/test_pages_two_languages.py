"""What a trial found is worded for its reader, in whichever language it ran."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from bihuan.ledgers.mapping import Mapping
from bihuan.ledgers.models import ImportJob, SavedMapping
from bihuan.orgs.models import Unit, User
from tests.clock import PRESENT
from tests.ledgers.books import hazard, table, xlsx
from tests.ledgers.pages import send, try_out, work
from tests.ledgers.workbooks import GOOD, NO_DATE, STRANGE_UNIT, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shelf")]

State = ImportJob.State
# Without a unit of its own, the row says in its remark what a cell says beside its value.
AT_ONCE = (*GOOD[:8], "立行立改", "否", "", "x")


def read_in(desk: Client, language: str) -> None:
    desk.cookies[settings.LANGUAGE_COOKIE_NAME] = language


def shown(desk: Client, job: ImportJob, language: str) -> str:
    read_in(desk, language)
    return desk.get(reverse("ledgers:import-job", args=[job.pk])).content.decode()


def handed_back(desk: Client, job: ImportJob, language: str, to: Path) -> str:
    read_in(desk, language)
    file = desk.get(reverse("ledgers:import-refused", args=[job.pk]))
    to.write_bytes(b"".join(file.streaming_content))  # type: ignore[attr-defined]
    return str(list(openpyxl.load_workbook(to).worksheets[0].values))


@pytest.mark.parametrize("tried_in", ["zh-hans", "en"])
def test_a_trial_is_read_in_either_language(
    desk: Client, town: Unit, tmp_path: Path, tried_in: str
) -> None:
    read_in(desk, tried_in)
    job = send(desk, town, workbook([AT_ONCE, STRANGE_UNIT, NO_DATE]))
    try_out(desk, job)
    assert job.state == State.TRIED

    chinese, english = shown(desk, job, "zh-hans"), shown(desk, job, "en")
    in_chinese = handed_back(desk, job, "zh-hans", tmp_path / "zh.xlsx")
    in_english = handed_back(desk, job, "en", tmp_path / "en.xlsx")

    for text in (chinese, in_chinese):
        assert "“三月某日”不是日期" in text
    for text in (english, in_english):
        assert "“三月某日” is not a date" in text
    assert "期限按发现当日计" in chinese
    assert "due on the day it was found" in english
    for text in (english, in_english):
        assert "不是日期" not in text
        assert "：" not in text


def test_why_a_file_failed_is_read_in_either_language(desk: Client, town: Unit) -> None:
    read_in(desk, "en")
    job = send(desk, town, workbook([GOOD]))
    ImportJob.objects.filter(pk=job.pk).update(attempts=9, state=State.TRYING)

    work()

    assert "多次" in shown(desk, job, "zh-hans")
    assert "It was started several times" in shown(desk, job, "en")


def test_the_page_names_its_own_choices_and_the_command_its_options(
    desk: Client, town: Unit, tmp_path: Path
) -> None:
    days = "2026-09-05\n2026-09-20"
    rows = [hazard(1, 整改期限=days), hazard(2, 是否销号="已上报"), hazard(3, 等级="特大")]
    path = xlsx(tmp_path / "台账.xlsx", table(rows))
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("import", str(path), "--kind", "hazard", "--unit", town.code, stdout=out)
    job = send(desk, town, SimpleUploadedFile(path.name, path.read_bytes()))
    page = try_out(desk, job)

    for option in ("--split", "[words.closed]", "[words.grade]"):
        assert option in out.getvalue()
        assert option not in page
    assert "不认识的用语" in page
    assert "关于行的问题" in page
    assert "不认识的用语" not in out.getvalue()


def test_settings_that_do_not_fit_are_named_without_the_fields_of_a_mapping_file(
    desk: Client, town: Unit
) -> None:
    assert town.parent
    stored = SavedMapping.objects.create(
        unit=town.parent,
        name="镇里的表",
        mapping=Mapping(columns={"found_date": "没有的列"}).as_json(),
        saved_by=User.objects.get(),
        saved_at=PRESENT,
    )

    answer = desk.post(
        reverse("ledgers:import"),
        {"file": workbook([GOOD]), "unit": town.parent.pk, "saved": stored.pk},
        follow=True,
    ).content.decode()

    assert "文件中没有“没有的列”列。" in answer
    assert "found_date =" not in answer
