"""Ledgers as offices really send them: every file ends as its README says.

One test or more for each file, named after it; `tests/data/ledgers_found/README.md` says what is
in each.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from bihuan.cases.models import Case, CaseWords
from bihuan.journal.models import Entry
from bihuan.ledgers.actions.results import Result
from bihuan.orgs.management.commands import load_district
from bihuan.orgs.models import Unit
from tests.ledgers.books import cells, counts, hazard, table, take, xlsx

pytestmark = pytest.mark.django_db

FOUND = Path(__file__).parents[1] / "data/ledgers_found"
DISTRICT = Path(load_district.__file__).parents[2] / "data/demo_district.toml"


@pytest.fixture
def county() -> Unit:
    """The demo county 云榆县, with all its units, posts and officers."""
    call_command("load_district", str(DISTRICT), verbosity=0)
    return Unit.objects.get(code="530499")


def read_in(name: str, county: Unit, **how: Any) -> Result:
    return take(FOUND / name, county, **how)


def refused_at(result: Result) -> list[str]:
    """Where and why rows were refused, as `F2: …`."""
    return [reason for _row, _column, reason in result.errors]


def test_every_file_is_spoken_of() -> None:
    described = (FOUND / "README.md").read_text(encoding="utf-8")
    files = {path.name for path in FOUND.iterdir()} - {"README.md"}

    assert files
    assert not [name for name in files if name not in described]


# ------------------------------------------------------- P01: people in words
def test_p01_names_and_numbers_of_people_are_masked_before_anything_is_stored(
    county: Unit, tmp_path: Path
) -> None:
    refused = tmp_path / "refused.xlsx"

    result = read_in("P01_person_in_text.xlsx", county, errors_to=refused)

    first, second = Case.objects.order_by("number")[:2]
    assert counts(result) == (5, 0, 0, 0)
    assert "群众×××（身份证×××，电话×××）举报通道堵塞" in (first.title, first.description)
    assert second.hazard.remark == "联系人×××"
    assert result.noted["masked"] == 2
    kept = str(
        [
            *Case.objects.values_list("title", "description"),
            *CaseWords.objects.values_list("words"),
            *Entry.objects.values_list("note", "detail"),
        ]
    )
    for said in ("张某某", "李某1", "530499194912310024", "13800000000", "13800000014"):
        assert said not in kept


def test_p01_refused_rows_are_handed_back_without_people(county: Unit, tmp_path: Path) -> None:
    path, refused = tmp_path / "台账.xlsx", tmp_path / "refused.xlsx"
    row = hazard(隐患描述="举报人王强13800000000称通道堵塞", 整改期限="长期")
    xlsx(path, table([row]))

    result = take(path, county, errors_to=refused)

    assert counts(result) == (0, 0, 0, 1)
    handed_back = str(cells(refused))
    assert "138" not in handed_back
    assert "王强" not in handed_back
