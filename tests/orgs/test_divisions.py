"""Division codes against the official table, down to the villages of three counties."""

import csv
from pathlib import Path

import pytest

from bihuan.orgs import divisions
from bihuan.orgs.divisions import Level
from bihuan.orgs.refusals import DivisionElsewhere, NotADivisionCode

DATA = Path(__file__).parent / "data"


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))


@pytest.mark.parametrize(
    ("code", "level", "name"),
    [
        ("53", Level.PROVINCE, "云南省"),
        ("5304", Level.CITY, "玉溪市"),
        ("530402", Level.COUNTY, "红塔区"),
        ("530402001", Level.TOWN, ""),
        ("530402001001", Level.VILLAGE, ""),
    ],
)
def test_the_length_of_a_code_is_its_level(code: str, level: Level, name: str) -> None:
    found = divisions.find(code)

    assert (found.level, found.name) == (level, name)


@pytest.mark.parametrize("code", ["", "5", "530", "53040", "5304021", "53040a", "５３", "53 4"])
def test_what_is_no_division_code_is_refused(code: str) -> None:
    with pytest.raises(NotADivisionCode):
        divisions.find(code)


def test_every_real_village_lies_in_its_town_county_city_and_province() -> None:
    for row in _rows("villages_3_counties.csv"):
        for above in ("streetCode", "areaCode", "cityCode", "provinceCode"):
            divisions.require_under(row["code"], row[above])


def test_every_real_town_lies_in_its_county_and_in_no_other() -> None:
    rows = _rows("streets_4_prefectures.csv")
    counties = {row["areaCode"] for row in rows}

    for row in rows:
        divisions.require_under(row["code"], row["areaCode"])
        with pytest.raises(DivisionElsewhere):
            divisions.require_under(row["code"], min(counties - {row["areaCode"]}))


def test_a_unit_without_a_code_lies_anywhere() -> None:
    divisions.require_under("", "530402")
    divisions.require_under("530402", "")


def test_the_full_name_goes_as_far_as_the_table() -> None:
    assert divisions.full_name("530402001") == "云南省玉溪市红塔区"


def test_a_fictional_county_is_not_said_to_lie_in_a_real_city() -> None:
    assert divisions.full_name("530499101") == ""
