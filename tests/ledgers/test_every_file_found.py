"""Every file of `ledgers_found` ends as its README says: on the page, tried out, and taken in.

What the cells of each become is in the tests beside this one; here is that none is left out, that
page, dry run and command say the same, and which rows come in, are handed back or asked about.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse

from bihuan.cases.models import Case
from bihuan.core.powers import Power
from bihuan.ledgers.actions.importing import FIRST_ERRORS
from bihuan.ledgers.models import ImportJob
from bihuan.ledgers.said import all_here, here
from bihuan.ledgers.wording import words
from bihuan.orgs.models import Unit
from tests.clock import StoppedClock
from tests.factories import make_officer
from tests.ledgers.pages import act, columns_of
from tests.ledgers.test_ledgers_found import FOUND
from tests.ledgers.test_public_forms import FORMS, is_right
from tests.ledgers.test_public_forms import columns_of as columns_of_form
from tests.ledgers.test_titles_of_offices import MEANT

pytestmark = pytest.mark.django_db
AFTERWARDS = datetime(2026, 11, 20, 1, tzinfo=UTC)
README = (FOUND / "README.md").read_text(encoding="utf-8")


class Ends(NamedTuple):
    """How a file ends: rows that come in and that change a case, and the cells of the others.

    A row without a cell is handed back as a whole.
    """

    created: int = 0
    updated: int = 0
    refused: str = ""
    after: str = ""

    @property
    def handed_back(self) -> dict[int, list[str]]:
        """The cells of each row that is handed back."""
        rows: dict[int, list[str]] = {}
        for text in self.refused.split():
            column, row = re.fullmatch(r"([A-Z]*)(\d+)", text).groups()  # type: ignore[union-attr]
            rows.setdefault(int(row), []).extend([text] if column else [])
        return rows


CONTRADICTED = (3, 7, 8, 9, 10, 32, 34, 35, 44, 45, 46, 47, 51, 55, 56)
WORDS_ASKED = (*range(16, 27), 31, 33, 52, 57, 58, 59)
D13_REFUSED = [*(f"N{row} L{row}" for row in CONTRADICTED), *(f"N{row}" for row in WORDS_ASKED)]

ENDS = {
    "D02_merged_cells.xlsx": Ends(4),
    "D02b_merged_unit.xlsx": Ends(3),
    "D03_money_unit_above_table.xlsx": Ends(2),
    "D03c_money_unit_after_comma.xlsx": Ends(2),
    "D03e_money_unit_with_more.xlsx": Ends(2),
    "D08_month_sheets.xlsx": Ends(1),
    "D08b_summary_first.xlsx": Ends(1),
    "D09_hidden_rows.xlsx": Ends(5),
    "D11_several_in_cell.xlsx": Ends(2, refused="J2"),
    "D12_officer_phone.xlsx": Ends(4, refused="L6 L7 L8"),
    "D13_closed_words.xlsx": Ends(26, refused=" ".join(D13_REFUSED)),
    "D16_error_cells.xlsx": Ends(refused="F2 J3 N4 F5 J6 E7"),
    "D27_deadline_in_days.xlsx": Ends(3),
    "F1_error_cells.xlsx": Ends(1, refused="F3 H4 G5 E6"),
    "F5a_full.xlsx": Ends(1),
    "F5b_fewer_columns.xlsx": Ends(updated=1, after="F5a_full.xlsx"),
    "F7_home_address.xlsx": Ends(refused="2 3"),
    "F9_phone_column.xlsx": Ends(2),
    "F11_second_sheet.xlsx": Ends(1),
    "P01_person_in_text.xlsx": Ends(5),
    "R01_first.xlsx": Ends(3),
    "R01_corrected.xlsx": Ends(refused="D2 D3 D4", after="R01_first.xlsx"),
    "R05a_town_one.xlsx": Ends(3),
    "R05b_town_two.xlsx": Ends(refused="A2 A3 A4", after="R05a_town_one.xlsx"),
    "Z01_everything.xlsx": Ends(2, refused="N8 J12 J13 B14 J14 L15 16"),
}
# What no row is read of before somebody has answered: in words, and what they name.
ASKED_FIRST = {
    "F2_small.csv": ("第 1 行", "Where it is"),
    "F4_petition_ledger.xlsx": ("信访台账", "--kind grievance"),
}
MAPS = {"F4_map.toml": ("F4_petition_ledger.xlsx", 'origin = "单位"')}


def test_every_file_is_described_and_has_an_end_here() -> None:
    files = {path.name for path in FOUND.iterdir()} - {"README.md"}

    assert files == ENDS.keys() | ASKED_FIRST.keys() | MAPS.keys()
    assert not [name for name in files if name not in README]


@pytest.fixture
def county(demo_county: Unit, clock: StoppedClock) -> Unit:
    """The demo county, after all days in the files."""
    clock.at = AFTERWARDS
    return demo_county


Command = Callable[..., tuple[int, str]]


@pytest.fixture
def command(county: Unit) -> Command:
    """The command, as its exit status and what it says; a refusal to start is said, too."""

    def run(name: str, *more: str) -> tuple[int, str]:
        out, request = StringIO(), ("--kind", "hazard", "--unit", county.code, *more)
        try:
            call_command("import", str(FOUND / name), *request, stdout=out)
        except CommandError as error:
            return 2, str(error)
        except SystemExit as ended:
            return int(str(ended.code)), out.getvalue()
        return 0, out.getvalue()

    return run


@pytest.fixture
def desk(county: Unit, client: Client, settings: Any, tmp_path: Path) -> Client:
    settings.MEDIA_ROOT = tmp_path / "media"
    client.force_login(make_officer(county, Power.COORDINATE, name="李调度"))
    return client


def sent(desk: Client, county: Unit, name: str) -> ImportJob:
    """The file on its page, with the columns that the page has chosen."""
    file = SimpleUploadedFile(name, (FOUND / name).read_bytes())
    desk.post(reverse("ledgers:import"), {"file": file, "unit": county.pk, "kind": "hazard"})
    job = ImportJob.objects.latest("pk")
    act(desk, "ledgers:import-columns", job, {**columns_of(job), "dates": ""})
    return job


def figures(text: str) -> dict[str, Any]:
    data = json.loads(text.splitlines()[-1])
    return {name: value for name, value in data.items() if name != "seconds"}


# Here the page asks for the column of the place; the command hands the rows back.
ASKED_ON_THE_PAGE = {"F7_home_address.xlsx"}


def test_page_dry_run_and_command_end_as_the_readme_says(
    county: Unit, command: Command, desk: Client, tmp_path: Path
) -> None:
    for name, ends in ENDS.items():
        with transaction.atomic():
            if ends.after:
                command(ends.after)
            _require_end(name, ends, county, command, desk, tmp_path / f"refused_{name}")
            transaction.set_rollback(True)


def _require_end(
    name: str, ends: Ends, county: Unit, command: Command, desk: Client, out: Path
) -> None:
    before = Case.objects.count()

    job = sent(desk, county, name)
    tried = command(name, "--json", "--dry-run")
    stored = Case.objects.count()
    status, output = command(name, "--json", "--errors", str(out))

    data = figures(output)
    assert figures(tried[1]) == data, name
    assert (tried[0], status) == (bool(ends.refused), bool(ends.refused)), name
    assert (data["created"], data["updated"], data["unchanged"]) == (ends.created, ends.updated, 0)
    assert (stored, Case.objects.count()) == (before, before + ends.created), name
    assert _rows_in(out) == len(ends.handed_back) == data["refused"], name
    if name in ASKED_ON_THE_PAGE:
        assert job.state == ImportJob.State.MAPPING
    else:
        _require_same_on_the_page(name, ends, data, output, job)


def _require_same_on_the_page(
    name: str, ends: Ends, data: dict[str, Any], text: str, job: ImportJob
) -> None:
    assert job.state == ImportJob.State.TRIED, name
    on_page = {key: value for key, value in data.items() if key in job.result}
    notes = [list(note) for note in all_here(job.result["notes"])]
    assert on_page == {key: job.result[key] for key in on_page} | {"notes": notes}, name
    assert len(on_page) > 20
    cells = _cells_refused(job)
    assert cells == dict(islice(sorted(ends.handed_back.items()), len(cells))), name
    told_of = len(cells) + job.result["asked"]  # the page asks about a row where it can be answered
    assert told_of == len(ends.handed_back) or len(job.result["errors"]) >= FIRST_ERRORS, name
    reasons = [reason for _row, _column, reason in all_here(job.result["errors"])]
    # What can be done is said for where it can be done; what is wrong is the same.
    assert all(re.split("[。？]", reason)[0] in text for reason in reasons), name


def _cells_refused(job: ImportJob) -> dict[int, list[str]]:
    """The cells of each row that is handed back; of many rows only the first are told."""
    found: dict[int, list[str]] = {}
    for row, _column, reason in all_here(job.result["errors"]):
        cell = re.match(r"[A-Z]+\d+(?=：)", reason)
        found.setdefault(row, []).extend([cell[0]] if cell else [])
    return found


def _rows_in(path: Path) -> int:
    """The rows that are handed back: all that have a reason beside them."""
    if not path.exists():
        return 0
    title, *reasons = [row[-1] for row in openpyxl.load_workbook(path).worksheets[0].values]
    while title != here(words().reason_title) and reasons:
        title, *reasons = reasons
    return sum(reason is not None for reason in reasons)


@pytest.mark.parametrize("name", ASKED_FIRST)
def test_what_is_asked_before_the_first_row_is_asked_on_the_page_too(
    name: str, county: Unit, command: Command, desk: Client
) -> None:
    tried, taken, job = command(name, "--dry-run"), command(name), sent(desk, county, name)

    assert tried == taken
    assert taken[0] == 2
    assert all(each in taken[1] for each in ASKED_FIRST[name])
    assert job.state == ImportJob.State.MAPPING
    page = desk.get(reverse("ledgers:import-columns", args=[job.pk])).content.decode()
    assert ASKED_FIRST[name][0] in page
    assert not Case.objects.exists()


@pytest.mark.parametrize("name", MAPS)
def test_a_map_across_the_boundary_is_refused_with_its_reason(name: str, command: Command) -> None:
    file, reason = MAPS[name]

    status, output = command(file, "--map", str(FOUND / name))

    assert (status, reason in output) == (2, True)
    assert not Case.objects.exists()


def test_f4_as_petitions_leaves_the_petitioner_out_and_asks_what_its_days_are(
    command: Command, tmp_path: Path
) -> None:
    (tmp_path / "map.toml").write_text(
        'kind = "grievance"\n[columns]\nreported_at = "收到时间"\ndescription = "主要诉求"\n'
        'closed = "是否终结"\nended_at = "处理时间"\nremark = "备注"\n',
        encoding="utf-8",
    )
    as_petitions = ("F4_petition_ledger.xlsx", "--kind", "grievance", "--json")

    request, question = command(*as_petitions)
    _status, output = command(*as_petitions, "--map", str(tmp_path / "map.toml"))

    assert (request, "“处理时间”：ended_at" in question) == (2, True)
    data = figures(output)
    assert {"来信来访人", "单位", "身份证号", "联系方式", "家庭住址", "社会关系"} <= data[
        "left_out"
    ].keys()
    assert {"接访人", "包案领导"} <= {*data["not_read"]}
    stored = repr([*Case.objects.values_list()])
    for each in ("云榆县第一中学", "青杉木制品厂", "刘某"):
        assert each not in output + stored


def test_z01_every_sheet_comes_in(county: Unit, command: Command) -> None:
    first, second = (
        command("Z01_everything.xlsx"),
        command("Z01_everything.xlsx", "--sheet", "10月"),
    )

    assert "未读取的工作表：10月（1 行）" in first[1]
    assert second[0] == 0
    case = Case.objects.select_related("hazard").get(place="稻香冷链物流")
    assert case.hazard.deadline_date is not None
    assert "2026-10-20" in (
        case.hazard.deadline_date.isoformat(),
        case.hazard.found_date.isoformat(),
    )


# --------------------------------------------------------------------- titles
def test_every_title_that_offices_write_is_tested() -> None:
    table = README.partition("## Titles that offices write")[2].partition("## Header rows")[0]
    found = re.findall(r"^\| [^|]+ \| ([^|]+) \|$", table, re.MULTILINE)[2:]
    listed = {
        title
        for line in found
        for title in re.findall(r"(?<!\()[\u4e00-\u9fff/]{3,}|村（社区）", line)
    }

    assert listed == {title for titles in MEANT.values() for title in titles.split()}


def test_every_public_form_is_tested() -> None:
    rows = re.findall(r"^\| [^|]+ \| ([^|]*→[^|]*) \|$", README, re.MULTILINE)

    assert sorted(rows) == sorted(form.titles for form in FORMS)


def test_the_titles_of_public_forms_are_all_guessed_right() -> None:
    """Nine of ten would do, if the rest were asked about; a form that needs it says so here."""
    right = {
        (form.name, title): is_right(columns_of_form(form)[title], expected)
        for form in FORMS
        for title, expected in form.meant.items()
    }

    assert [title for title, is_so in right.items() if not is_so] == []
    assert len(right) == 71
