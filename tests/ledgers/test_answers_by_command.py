"""The questions of an import answered on the command line, through the command itself."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bihuan import cli
from bihuan.cases.models import Case
from bihuan.hazards.models import Hazard
from bihuan.orgs.models import Unit
from tests.factories import make_unit
from tests.ledgers.books import TITLES, hazard, table, xlsx

pytestmark = pytest.mark.django_db
FIRST = [hazard(1), hazard(2), hazard(3)]
CORRECTED = [{**row, "隐患描述": f"{row['隐患描述']}，已报修"} for row in FIRST]


@pytest.fixture(autouse=True)
def county() -> Unit:
    return make_unit(name="云岭县", code="530499")


class Office:
    """Brings ledgers in by the command, and reads what it says."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._folder, self._capsys = folder, capsys

    def brings(
        self, rows: Sequence[dict[str, Any]], *more: str
    ) -> tuple[int, dict[str, Any], list[str]]:
        """The exit status, the figures, and the lines before them or on standard error."""
        path = xlsx(self._folder / "台账.xlsx", table(rows))
        status = cli.main(["import", str(path), "--kind", "hazard", "--unit", "530499", *more])
        output = self._capsys.readouterr()
        if "--json" not in more or not output.out:
            return status, {}, (output.out + output.err).splitlines()
        *lines, last = output.out.splitlines()
        return status, json.loads(last), lines


@pytest.fixture
def office(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Office:
    office = Office(tmp_path, capsys)
    assert office.brings(FIRST)[0] == cli.DONE
    return office


def counted(data: dict[str, Any]) -> tuple[int, ...]:
    return tuple(data[name] for name in ("created", "updated", "unchanged", "refused", "asked"))


def described() -> list[str]:
    return list(Case.objects.order_by("pk").values_list("title", flat=True))


def planned() -> tuple[str, Decimal | None]:
    """The measures and the money of the first hazard."""
    return Hazard.objects.order_by("pk").values_list("measures", "budget")[0]


def test_rows_in_doubt_wait_and_the_command_says_how_to_answer(office: Office) -> None:
    before = described()

    status, data, lines = office.brings(CORRECTED, "--json")

    assert (status, counted(data)) == (cli.FINDINGS, (0, 0, 0, 3, 3))
    assert described() == before
    request = next(line for line in lines if "--same" in line)
    assert "2,3,4" in request
    assert "--new" in request


def test_each_row_has_the_answer_that_names_it(office: Office) -> None:
    first = described()

    status, data, lines = office.brings(CORRECTED, "--same", "2-3", "--new", "4", "--json")

    assert (status, counted(data)) == (cli.DONE, (1, 2, 0, 0, 0))
    assert described() == [
        *(row["隐患描述"] for row in CORRECTED[:2]),
        first[2],
        CORRECTED[2]["隐患描述"],
    ]
    assert [change["row"] for change in data["changes"]] == [2, 3]
    assert any(first[0] in line and CORRECTED[0]["隐患描述"] in line for line in lines)
    assert counted(office.brings(CORRECTED, "--json")[1]) == (0, 0, 3, 0, 0)


def test_a_dry_run_says_the_same_and_keeps_nothing(office: Office) -> None:
    before = described()

    status, data, _lines = office.brings(CORRECTED, "--same", "all", "--dry-run", "--json")

    assert (status, counted(data)) == (cli.DONE, (0, 3, 0, 0, 0))
    assert described() == before


def test_all_stands_for_the_rows_that_are_not_named(office: Office) -> None:
    status, data, _lines = office.brings(CORRECTED, "--same", "2", "--new", "all", "--json")

    assert (status, counted(data)) == (cli.DONE, (2, 1, 0, 0, 0))


@pytest.mark.parametrize(
    ("answers", "named"),
    [
        (("--same", "2", "--new", "2,3"), "--same 与 --new"),
        (("--same", "all", "--new", "all"), "--same 与 --new"),
        (("--same", "two"), "two"),
        (("--new", "5-3"), "5-3"),
        (("--new", "0"), "0"),
    ],
)
def test_an_answer_that_says_nothing_clear_is_refused(
    office: Office, answers: tuple[str, ...], named: str
) -> None:
    before = described()

    status, _told, lines = office.brings(CORRECTED, *answers)

    assert (status, named in lines[-1]) == (cli.FAILED, True)
    assert described() == before


def test_an_empty_cell_empties_nothing_unless_the_command_is_told_so(office: Office) -> None:
    emptied = [{**FIRST[0], "整改措施": "", "整改资金": ""}, *FIRST[1:]]
    assert {"整改措施", "整改资金"} <= {*TITLES}

    stored = office.brings(emptied, "--json")
    still = planned()
    cleared = office.brings(emptied, "--empty-clears", "--json")

    assert (stored[0], counted(stored[1])) == (cli.DONE, (0, 0, 3, 0, 0))
    assert still == ("更换灯具", Decimal(1200))
    assert (cleared[0], counted(cleared[1])) == (cli.DONE, (0, 1, 2, 0, 0))
    assert planned() == ("", None)
    changes = {(each["field"], each["old"]) for each in cleared[1]["changes"]}
    assert changes == {("measures", "更换灯具"), ("budget", "1200.00")}


# ------------------------------------------------------- what another unit's ledger has too
@pytest.fixture
def town(office: Office) -> Unit:
    return make_unit(Unit.objects.get(code="530499"), name="云榆镇", code="530499101")


def test_all_rows_of_one_sort_are_answered_by_its_name(office: Office, town: Unit) -> None:
    of_town = ("--unit", town.code, "--json")
    rows = [*FIRST[:2], hazard(9)]
    before = described()

    status, data, lines = office.brings(rows, *of_town)
    assert (status, counted(data)) == (cli.FINDINGS, (1, 0, 0, 2, 2))
    assert any("elsewhere" in line and "--same" in line for line in lines)

    status, data, lines = office.brings(rows, "--same", "elsewhere", *of_town)
    assert (status, counted(data), data["linked"]) == (cli.DONE, (0, 0, 3, 0, 0), 2)
    assert described() == [*before, rows[2]["隐患描述"]]

    assert counted(office.brings(rows, *of_town)[1]) == (0, 0, 3, 0, 0)
    assert counted(office.brings(FIRST, "--json")[1]) == (0, 0, 3, 0, 0)


def test_a_row_that_is_named_is_answered_apart_from_its_sort(office: Office, town: Unit) -> None:
    of_town = ("--unit", town.code, "--json")

    _, data, _ = office.brings(FIRST, "--same", "elsewhere", "--new", "3", *of_town)

    assert (counted(data), data["linked"]) == ((1, 0, 2, 0, 0), 2)


def test_one_sort_has_one_answer(office: Office, town: Unit) -> None:
    both = ("--same", "elsewhere", "--new", "elsewhere")

    status, _told, lines = office.brings(FIRST, *both, "--unit", town.code)

    assert (status, "--same 与 --new" in lines[-1]) == (cli.FAILED, True)
