"""What imports replaced is listed, with the old values where they are kept."""

from __future__ import annotations

import json
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from bihuan.cases.models import Case
from bihuan.journal.actions import record
from bihuan.ledgers import lost
from bihuan.orgs.models import Unit
from tests.conftest import CountQueries
from tests.factories import NOW
from tests.ledgers.books import hazard, table, take, xlsx

pytestmark = pytest.mark.django_db


def listed() -> tuple[int, dict[str, Any], str]:
    out, status = StringIO(), 0
    try:
        call_command("imports_lost", "--json", stdout=out)
    except SystemExit as stop:
        status = int(stop.code or 0)
    return status, json.loads(out.getvalue().splitlines()[-1]), out.getvalue()


def test_nothing_is_listed_where_no_import_changed_anything(county: Unit, tmp_path: Path) -> None:
    take(xlsx(tmp_path / "台账.xlsx", table([hazard()])), county)

    status, output, _text = listed()

    assert (status, output) == (0, {"updates": 0, "lost": 0, "cases": []})


def test_what_an_import_replaced_is_listed_with_what_it_was(county: Unit, tmp_path: Path) -> None:
    row = hazard(来源编号="AJ-1")
    take(xlsx(tmp_path / "台账.xlsx", table([row], "来源编号")), county)
    later = {**row, "整改期限": date(2026, 10, 8)}
    take(xlsx(tmp_path / "第二次.xlsx", table([later], "来源编号")), county)

    status, output, text = listed()

    [case] = output["cases"]
    assert (status, output["updates"], output["lost"]) == (0, 1, 0)
    assert case["number"] == Case.objects.get().number
    assert (case["file"], case["row"]) == ("第二次.xlsx", 2)
    assert case["changes"] == [["deadline", "2026-09-30", "2026-10-08"]]
    assert "2026-09-30 → 2026-10-08" in text


def test_an_import_of_before_is_listed_as_lost(county: Unit, tmp_path: Path) -> None:
    take(xlsx(tmp_path / "台账.xlsx", table([hazard()])), county)
    case = Case.objects.get()
    record(
        case.subject,
        "update",
        by=None,
        at=NOW,
        before={"digest": "a"},
        after={"digest": "b"},
        detail={"file": "旧台账.xlsx", "row": 7},
    )

    status, output, text = listed()

    assert (status, output["updates"], output["lost"]) == (1, 1, 1)
    assert output["cases"][0]["changes"] is None
    assert "旧台账.xlsx" in text


@pytest.mark.parametrize("rows", [2, 20])
def test_old_values_are_looked_up_for_many_cases_at_once(
    county: Unit, tmp_path: Path, rows: int, count_queries: CountQueries
) -> None:
    first = [hazard(n, 来源编号=f"AJ-{n}") for n in range(rows)]
    take(xlsx(tmp_path / "a.xlsx", table(first, "来源编号")), county)
    later = [{**row, "整改期限": date(2026, 10, 8)} for row in first]
    take(xlsx(tmp_path / "b.xlsx", table(later, "来源编号")), county)

    with count_queries() as queries:
        found = list(lost.replaced())

    assert [each.changes for each in found] == [[("deadline", "2026-09-30", "2026-10-08")]] * rows
    assert len(queries) == 2


def test_fields_and_values_are_named_as_the_pages_name_them(county: Unit, tmp_path: Path) -> None:
    row = hazard(来源编号="AJ-1", 等级="一般")
    take(xlsx(tmp_path / "a.xlsx", table([row], "来源编号")), county)
    later = {**row, "整改期限": date(2026, 10, 8), "整改措施": ""}
    take(xlsx(tmp_path / "b.xlsx", table([later], "来源编号")), county, empty_clears=True)

    _status, _said, text = listed()

    assert "整改期限：2026-09-30 → 2026-10-08" in text
    assert "整改措施：更换灯具 → （空）" in text
    assert "deadline: " not in text
