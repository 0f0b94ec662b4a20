"""The clocks of the law as data: complete, sound, and never more certain than they are."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bihuan.core import deadlines, rules
from bihuan.core.rules import (
    Confidence,
    Extension,
    Party,
    Rule,
    RuleNotInForce,
    Unit,
    UnknownRule,
)
from tests.core.calendars import china

TODAY = date(2026, 11, 4)
SHANGHAI = ZoneInfo("Asia/Shanghai")

# id: (length, unit, extension, confidence), copied by hand from the law's text.
WRITTEN = {
    "PET-5": (15, Unit.DAYS, None, "S"),
    "PET-6": (15, Unit.DAYS, None, "S"),
    "PET-7": (5, Unit.WORKING_DAYS, None, "S"),
    "PET-8": (60, Unit.DAYS, Extension(30, 1), "S"),
    "PET-10": (30, Unit.DAYS, None, "S"),
    "PET-11": (30, Unit.DAYS, None, "S"),
    "PET-12": (30, Unit.DAYS, None, "S"),
    "PET-13": (30, Unit.DAYS, None, "S"),
    "PET-16a": (3, Unit.WORKING_DAYS, None, "R"),
    "PET-16b": (10, Unit.WORKING_DAYS, None, "R"),
    "PET-16c": (1, Unit.WORKING_DAYS, None, "R"),
    "MED-3": (1, Unit.MONTHS, Extension(1), "S2"),
    "MED-6": (30, Unit.DAYS, None, "S"),
    "HAZ-5": (0, Unit.DATE, Extension(), "D"),
    "HAZ-7": (10, Unit.DAYS, None, "R"),
    "HAZ-11a": (60, Unit.DAYS, Extension(30, 1), "S2"),
    "HAZ-14": (7, Unit.WORKING_DAYS, None, "S"),
    "INC-1": (1, Unit.HOURS, None, "S"),
    "INC-2": (2, Unit.HOURS, None, "S"),
    "INC-7a": (30, Unit.MINUTES, None, "R"),
    "INC-8a": (60, Unit.DAYS, Extension(60, 1), "S"),
    "INC-9": (12, Unit.MONTHS, None, "S"),
    "LOC-1": (2, Unit.DAYS, None, "D"),
    "LOC-2": (2, Unit.DAYS, None, "D"),
    "LOC-3": (5, Unit.DAYS, None, "D"),
    "LOC-4": (30, Unit.DAYS, None, "D"),
    "LOC-5": (2, Unit.DAYS, None, "D"),
    "LOC-6": (2, Unit.DAYS, None, "D"),
    "LOC-7": (0, Unit.DATE, Extension(), "D"),
    "LOC-8": (3, Unit.DAYS, None, "D"),
    "REM-3": (20, Unit.WORKING_DAYS, Extension(20, 1), "S"),
}

SOUND = """
[[rule]]
id = "X-1"
version = "1"
start_event = "received"
length = 5
unit = "days"
name = { zh = "甲", en = "A" }
source = { zh = "乙", en = "B" }
confidence = "D"
audience = "staff"
"""


def _read(folder: Path, text: str) -> dict[str, tuple[Rule, ...]]:
    place = folder / "xx"
    place.mkdir()
    (place / "rules.toml").write_text(text, encoding="utf-8")
    return rules.read(place)


@pytest.mark.parametrize("rule_id", WRITTEN)
def test_a_clock_is_as_long_as_the_law_says(rule_id: str) -> None:
    rule = rules.rule(rule_id, on=TODAY)

    found = (rule.length, rule.unit, rule.extension, rule.confidence.value)
    assert found == WRITTEN[rule_id]


def test_only_the_re_review_and_the_investigation_may_stand_still() -> None:
    assert {rule.id for rule in rules.every_rule() if rule.suspendable} == {"PET-13", "INC-8a"}


def test_what_is_only_recalled_is_never_shown_as_a_right() -> None:
    rights = [rule for rule in rules.every_rule() if rule.is_public_right]

    assert {rule.confidence for rule in rights} == {Confidence.READ, Confidence.SECOND_HAND}
    assert {rule.audience for rule in rights} == {Party.CITIZEN}
    assert not rules.rule("PET-16a", on=TODAY).is_public_right
    assert not rules.rule("PET-1", on=TODAY).is_public_right
    assert rules.rule("PET-10", on=TODAY).is_public_right


def test_nobody_is_escalated_over_a_citizens_own_window() -> None:
    windows = [rule for rule in rules.every_rule() if rule.owed_by is Party.CITIZEN]

    assert {rule.id for rule in windows} == {"PET-10", "PET-12", "MED-6", "REM-1"}
    assert {rule.escalate_every for rule in windows} == {None}


def test_every_rule_has_both_names_and_both_sources() -> None:
    for rule in rules.every_rule():
        for text in (rule.name.zh, rule.name.en, rule.source.zh, rule.source.en):
            assert text.strip(), rule.id


def test_a_version_counts_from_its_first_day_on() -> None:
    assert rules.rule("PET-8", on=date(2022, 5, 1)).version == "2022"

    with pytest.raises(RuleNotInForce) as refused:
        rules.rule("PET-8", on=date(2022, 4, 30))

    assert refused.value.on == date(2022, 4, 30)


def test_a_new_version_holds_for_what_starts_under_it(tmp_path: Path) -> None:
    old = SOUND + "effective_to = 2026-06-30\n"
    new = SOUND.replace('"1"', '"2"') + "effective_from = 2026-07-01\n"

    versions = _read(tmp_path, old + new)["X-1"]

    assert [each.version for each in versions if each.in_force(date(2026, 6, 30))] == ["1"]
    assert [each.version for each in versions if each.in_force(date(2026, 7, 1))] == ["2"]


def test_a_case_finds_the_very_version_it_pinned() -> None:
    for rule in rules.every_rule():
        assert rules.pinned(rule.id, rule.version) is rule

    with pytest.raises(UnknownRule):
        rules.pinned("PET-8", "1999")


def test_an_unknown_rule_is_refused_and_its_neighbours_are_named() -> None:
    with pytest.raises(UnknownRule) as refused:
        rules.rule("PET-16", on=TODAY)
    with pytest.raises(UnknownRule) as nothing_near:
        rules.rule("NOPE", on=TODAY)

    assert refused.value.near == ("PET-16a", "PET-16b", "PET-16c")
    assert nothing_near.value.near == ()


def test_a_province_has_its_own_rules_and_those_above_it() -> None:
    assert rules.rule("HOT-2a", on=TODAY, jurisdiction="CN-SD").jurisdiction == "CN-SD"
    assert rules.rule("PET-8", on=TODAY, jurisdiction="CN-SD").jurisdiction == "CN"

    with pytest.raises(UnknownRule):
        rules.rule("HOT-2a", on=TODAY)


@pytest.mark.parametrize(("local", "winner"), [(10, "XX"), (90, "CN")])
def test_a_shorter_local_limit_wins_and_a_longer_one_does_not(
    tmp_path: Path, local: int, winner: str
) -> None:
    text = SOUND.replace("length = 5", f"length = {local}").replace('"days"', '"working_days"')
    (ours,) = _read(tmp_path, text)["X-1"]
    at = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)

    shortest = deadlines.shortest(
        [rules.rule("PET-8", on=TODAY), ours], at, zone=SHANGHAI, calendar=china()
    )

    assert shortest.jurisdiction == winner


@pytest.mark.parametrize(
    ("from_", "to"),
    [
        ("length = 5", "length = 0"),
        ("length = 5", ""),
        ('"days"', '"weeks"'),
        ('"days"', '"date"'),
        ('confidence = "D"', 'confidence = "certain"'),
        ('audience = "staff"', 'audience = "staff"\nwarn_at = [0.8, 0.5]'),
        ('audience = "staff"', 'audience = "staff"\nwarn_at = [1.5]'),
        ('audience = "staff"', 'audience = "staff"\nowed_by = "citizen"'),
        ('audience = "staff"', 'audience = "staff"\ncolour = "red"'),
        ('start_event = "received"', ""),
        ('audience = "staff"', 'audience = "staff"\n' + SOUND),
    ],
)
def test_a_mistake_in_the_data_names_the_file(tmp_path: Path, from_: str, to: str) -> None:
    with pytest.raises(ValueError, match=r"rules\.toml"):
        _read(tmp_path, SOUND.replace(from_, to))


@pytest.fixture
def roots(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(rules, "_roots", [*rules._roots])
    yield
    monkeypatch.undo()
    rules._statutes.cache_clear()


def _root(folder: Path, text: str) -> Path:
    (folder / "cn").mkdir(parents=True)
    (folder / "cn" / "rules.toml").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.usefixtures("roots")
def test_an_app_brings_rules_of_its_own(tmp_path: Path) -> None:
    root = _root(tmp_path / "statutes", SOUND)

    rules.register(root)
    rules.register(root)

    assert rules.rule("X-1", on=TODAY).length == 5
    assert rules.rule("PET-8", on=TODAY).jurisdiction == "CN"


@pytest.mark.usefixtures("roots")
def test_two_apps_never_share_a_version_of_a_rule(tmp_path: Path) -> None:
    rules.register(_root(tmp_path / "one", SOUND))
    rules.register(_root(tmp_path / "two", SOUND))

    with pytest.raises(ValueError, match="X-1 1 clashes"):
        rules.rule("X-1", on=TODAY)
