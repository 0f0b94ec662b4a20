"""No ledger reaches beyond the units below the one that imports, by a closed one's name either."""

from __future__ import annotations

from pathlib import Path

import pytest

from bihuan.cases.models import Case
from bihuan.orgs.access import Console
from bihuan.orgs.models import Unit
from tests.cases.closing import close
from tests.factories import make_unit
from tests.ledgers.books import CLOSED, counts, hazard, table, take, xlsx

pytestmark = pytest.mark.django_db


def test_the_name_of_a_closed_unit_opens_no_case_of_a_successor_elsewhere(
    county: Unit, tmp_path: Path
) -> None:
    town, other = (make_unit(county, name=name) for name in ("望湖镇", "东关镇"))
    village = make_unit(town, name="老街村")
    close(village, Console.CONSOLE, other)
    take(xlsx(tmp_path / "theirs.xlsx", table([hazard(1)])), other)
    case = Case.objects.get()
    row = hazard(1, 检查单位="老街村", 隐患编号=case.number, **CLOSED)

    result = take(xlsx(tmp_path / "mine.xlsx", table([row], "检查单位", "隐患编号")), town)

    assert counts(result) == (0, 0, 0, 1)
    assert Case.objects.get().stage == case.stage


def test_no_open_case_comes_in_as_found_by_a_closed_unit(county: Unit, tmp_path: Path) -> None:
    town = make_unit(county, name="望湖镇")
    village = make_unit(town, name="老街村")
    close(village, Console.CONSOLE, town)
    rows = [{**hazard(1), "检查单位": "老街村", "责任单位": "望湖镇"}]

    result = take(xlsx(tmp_path / "a.xlsx", table(rows, "检查单位")), town)

    assert counts(result) == (0, 0, 0, 1)
