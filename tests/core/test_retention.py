"""How long files are kept: the lists of the release, and lists that are not sound."""

from __future__ import annotations

from pathlib import Path

import pytest

from bihuan.core import retention
from bihuan.core.retention import KINDS, NoList, Term
from bihuan.core.rules import Bilingual

NAME = Bilingual("永久", "Permanent")
LIST = """
id = "OFFICE"
version = "2026"
confidence = "S"
name = { zh = "某局", en = "An office" }
source = { zh = "某局文件", en = "A document" }
[[term]]
id = "5y"
name = { zh = "5年", en = "5 years" }
years = 5
""" + "".join(
    f"""
[[entry]]
id = "{kind}"
kind = "{kind}"
term = "5y"
name = {{ zh = "甲", en = "a" }}
source = {{ zh = "乙", en = "b" }}
confidence = "S"
"""
    for kind in KINDS
)


def traits(grade: str, led: bool) -> dict[str, str]:
    return {"grade": grade, "led": "yes" if led else "no"}


def written(folder: Path, text: str) -> Path:
    path = folder / "list.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("jurisdiction", ["CN", "GB-ENG"])
def test_each_case_that_can_end_has_a_class(jurisdiction: str) -> None:
    listed = retention.named(jurisdiction)

    for kind, lifecycle in KINDS.items():
        for stage in lifecycle.ended:
            for grade in ("", "general", "major"):
                for led in (True, False):
                    assert listed.entry_for(kind, stage, traits(grade, led)).kind == kind


@pytest.mark.parametrize(
    ("kind", "stage", "grade", "led", "term"),
    [
        ("grievance", "closed", "", False, "30y"),
        ("grievance", "withdrawn", "", False, "10y"),
        ("grievance", "redirected", "", False, "10y"),
        ("grievance", "withdrawn", "", True, "permanent"),
        ("hazard", "closed", "major", False, "30y"),
        ("hazard", "closed", "general", False, "10y"),
        ("hazard", "rejected", "", False, "10y"),
        ("suggestion", "not_adopted", "", False, "10y"),
        ("mediation", "performed", "", False, "30y"),
    ],
)
def test_the_national_list_tells_cases_by_how_they_ended(
    kind: str, stage: str, grade: str, led: bool, term: str
) -> None:
    assert retention.named("CN").entry_for(kind, stage, traits(grade, led)).term.id == term


def test_a_province_without_a_list_has_that_of_the_nation() -> None:
    assert retention.named("CN-SD") == retention.named("CN")


@pytest.mark.parametrize(("this", "is_over"), [(2026, False), (2036, False), (2037, True)])
def test_years_count_from_the_first_of_january_after_the_end(this: int, is_over: bool) -> None:
    assert Term("10y", NAME, 10).is_over(2026, this) is is_over


def test_what_is_kept_for_good_is_never_over() -> None:
    assert not Term("permanent", NAME, None, 10).is_over(1950, 2126)


def test_the_archive_takes_over_after_ten_years() -> None:
    term = Term("permanent", NAME, None, 10)

    assert not term.is_owed_to_archive(2026, 2036)
    assert term.is_owed_to_archive(2026, 2037)
    assert not Term("10y", NAME, 10).is_owed_to_archive(1950, 2126)


def test_an_office_has_its_own_list(tmp_path: Path) -> None:
    listed = retention.named("CN", written(tmp_path, LIST))

    assert listed.id == "OFFICE"
    assert listed.entry_for("hazard", "closed", {"grade": "major"}).term.years == 5


@pytest.mark.parametrize(
    ("was", "now", "text"),
    [
        ("years = 5", "years = 0", "term 5y: 0 is no number of years"),
        ("years = 5", 'years = "5"', "years is no whole number"),
        ("years = 5", "years = true", "years is no whole number"),
        ("years = 5", "years = 5\nhand_over_after = 6", "handed over after it was destroyed"),
        ('kind = "hazard"', 'kind = "hazards"', "kind is one of"),
        ('kind = "mediation"', 'kind = "hazard"', "mediation: the last entry has to fit"),
        ('term = "5y"', 'term = "6y"', "there is no term 6y"),
        ('id = "mediation"', 'id = "hazard"', "two entries have the same id"),
        ('kind = "hazard"', 'kind = "hazard"\nstages = ["closd"]', "closd is none of"),
        ('kind = "hazard"', 'kind = "hazard"\ngrades = ["big"]', "big is none of"),
        ('kind = "hazard"', 'kind = "hazard"\nstage = ["closed"]', "stage is not understood"),
        ('kind = "hazard"', 'kind = "hazard"\nled = "yes"', "led is true or false"),
        ('kind = "hazard"', 'kind = "hazard"\nled = true', "hazard: the last entry has to fit"),
        ('version = "2026"', "", "version is missing"),
        ('name = { zh = "甲", en = "a" }', 'name = "a"', "name is given in zh and en"),
        ('confidence = "S"', 'confidence = "X"', "'X' is not a valid Confidence"),
        ("[[term]]", "[term", "Expected"),
    ],
)
def test_a_list_that_is_not_sound_is_refused(tmp_path: Path, was: str, now: str, text: str) -> None:
    path = written(tmp_path, LIST.replace(was, now, 1))

    with pytest.raises(NoList, match=text) as refused:
        retention.named("CN", path)

    assert str(refused.value).startswith(str(path))


def test_a_list_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoList, match="No such file"):
        retention.named("CN", tmp_path / "none.toml")


def test_a_list_in_another_encoding_is_named(tmp_path: Path) -> None:
    path = tmp_path / "list.toml"
    path.write_bytes(LIST.encode("gb18030"))

    with pytest.raises(NoList, match="not UTF-8"):
        retention.named("CN", path)
