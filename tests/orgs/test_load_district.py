"""A district file is taken whole or not at all, and a second time changes nothing."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import translation

from bihuan.core.powers import Power
from bihuan.journal.models import Entry
from bihuan.orgs import access, district, divisions
from bihuan.orgs.models import Post, Tenure, Unit, User
from tests.factories import NOW
from tests.sources import ROOT

pytestmark = pytest.mark.django_db

DEMO = Path(district.__file__).parent / "data" / "demo_district.toml"
SMALL = """
[[units]]
code = "c"
name = "县"
kind = "government"
division_code = "530499"
units = [{ code = "t", name = "镇", kind = "town", division_code = "530499101" }]

[[posts]]
unit = "c"
title = "管理员"
powers = ["administer"]

[[officers]]
username = "ding"
name = "丁"
phone = "1"

[[tenures]]
officer = "ding"
unit = "c"
post = "管理员"
start_date = 2026-01-01
"""

Load = Callable[[str], str]


@pytest.fixture(autouse=True)
def _in_english(settings: Any) -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def load(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Load:
    def load(text: str) -> str:
        file = tmp_path / "district.toml"
        file.write_text(text, encoding="utf-8")
        call_command("load_district", str(file))
        return capsys.readouterr().out

    return load


def _everything() -> list[list[Any]]:
    models: list[Any] = [Unit, Post, User, Tenure, Entry]
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_a_district_is_loaded_from_nothing(load: Load) -> None:
    load(SMALL)

    town = Unit.objects.get(code="t")
    ding = User.objects.get(username="ding")
    assert access.has(ding, Power.ADMINISTER, unit=town, now=NOW)
    assert ding.must_change_password


def test_a_password_that_the_file_lacks_is_made_and_told_once(load: Load) -> None:
    result = load(SMALL)
    username, password = result.splitlines()[-1].split()

    assert User.objects.get(username=username).check_password(password)
    assert password not in load(SMALL)


def test_the_second_time_changes_nothing(load: Load) -> None:
    load(SMALL)
    before = _everything()

    result = load(SMALL)

    assert _everything() == before
    assert result.split() == ["unchanged:", "5"]


def test_what_differs_is_changed_and_journaled(load: Load) -> None:
    load(SMALL)

    result = load(
        SMALL.replace('name = "镇"', 'name = "新镇"')
        .replace('["administer"]', '["administer", "audit"]')
        .replace('phone = "1"', 'phone = "2"')
    )

    assert Unit.objects.get(code="t").name == "新镇"
    assert Post.objects.get().powers == ["administer", "audit"]
    assert User.objects.get().work_phone == "2"
    acts = list(Entry.objects.order_by("pk").values_list("act", flat=True))
    assert acts[-3:] == ["change-unit", "change-post", "change-member"]
    assert "unchanged: 2" in result


def test_what_the_file_does_not_say_stays(load: Load) -> None:
    load(SMALL)
    User.objects.update(work_phone="7")

    load(SMALL.replace('phone = "1"\n', ""))
    load(SMALL[: SMALL.index("[[posts]]")])

    assert User.objects.get().work_phone == "7"
    assert Post.objects.count() == Tenure.objects.count() == 1


def test_a_unit_is_moved_to_where_the_file_puts_it(load: Load) -> None:
    load(SMALL)

    load(SMALL + '\n[[units]]\ncode = "d"\nname = "局"\nkind = "department"\nparent = "t"\n')
    load(SMALL + '\n[[units]]\ncode = "d"\nname = "局"\nkind = "department"\nparent = "c"\n')

    assert Unit.objects.get(code="d").depth == 1


def test_a_new_holder_takes_the_post_over(load: Load) -> None:
    load(SMALL)

    load(SMALL.replace('"ding"', '"next"').replace("2026-01-01", "2026-07-01"))

    held = list(Tenure.objects.order_by("start_date").values_list("member__username", "end_date"))
    assert [username for username, _end in held] == ["ding", "next"]
    assert str(held[0][1]) == "2026-06-30"


@pytest.mark.parametrize(
    ("wrong", "right", "fault"),
    [
        ("[[units", "[[units]]", "TOML|Expected"),
        ('kinds = "government"', 'kind = "government"', "units 1 (line 5): kinds: unknown key"),
        (
            'kind = "castle"',
            'kind = "government"',
            "units 1 (line 5): kind: “castle”: must be one of gov",
        ),
        ("name = 5", 'name = "县"', "units 1 (line 4): name: “5”: use one line of text"),
        ('name = ""', 'name = "县"', "units 1 (line 4): name: missing"),
        ('code = "a/b"', 'code = "c"', "code: “a/b”: use only letters, digits"),
        (f'name = "{"x" * 81}"', 'name = "县"', f"name: “{'x' * 40}…”: longer than 80"),
        ('{ code = "c"', '{ code = "t"', "units 1, units 1: code: “c”: the same as in units 1"),
        ('"530499102000000"', '"530499101"', "division_code: “530499102000000”: longer than 12"),
        ('"5304991"', '"530499101"', "units 1, units 1: “5304991” is not a division code"),
        ('"530402001"', '"530499101"', "units 1, units 1: Division 530402001 is not within"),
        (
            '["rule"]',
            '["administer"]',
            "posts 1 (line 12): powers: “['rule']”: must be a list of some of",
        ),
        ('unit = "x"\ntitle', 'unit = "c"\ntitle', "posts 1 (line 10): unit: “x”: no such unit"),
        ('officer = "x"', 'officer = "ding"', "tenures 1 (line 20): officer: “x”: no such user"),
        ('post = "x"', 'post = "管理员"', "tenures 1 (line 22): post: “c x”: no such post"),
        (
            '"2026-01-01"',
            "2026-01-01",
            "tenures 1 (line 23): start_date: “2026-01-01”: use a date",
        ),
        (
            "2026-01-01\nend_date = 2025-01-01",
            "2026-01-01",
            "end_date: “2025-01-01”: comes before start_date",
        ),
        (
            '"丁"\npassword = "short"',
            '"丁"',
            "officers 1 (line 17): password: This password is too short",
        ),
        ('"530499"\nparent = "t"', '"530499"', "parent: “t”: the unit would be below itself"),
    ],
)
def test_a_fault_names_its_place_and_nothing_is_written(
    load: Load, wrong: str, right: str, fault: str
) -> None:
    assert right in SMALL

    with pytest.raises(CommandError, match="TOML|Expected" if "|" in fault else re.escape(fault)):
        load(SMALL.replace(right, wrong, 1))

    assert _everything() == [[], [], [], [], []]


def test_all_faults_of_a_file_are_told_together(load: Load) -> None:
    text = SMALL.replace('"government"', '"castle"').replace('["administer"]', '["rule"]')

    with pytest.raises(CommandError, match=r"units 1 .*: kind.*; posts 1 .*: powers"):
        load(text)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_a_file_is_read_as_editors_save_it(load: Load, tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "saved.toml"
    file.write_bytes(SMALL.encode(encoding))

    call_command("load_district", str(file))

    assert Unit.objects.get(code="t").name == "镇"


def test_a_file_of_no_known_encoding_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "garbage.toml"
    file.write_bytes(bytes(range(256)))

    with pytest.raises(CommandError, match="GB 18030"):
        call_command("load_district", str(file))


def test_a_nested_entry_is_found_in_the_file(load: Load) -> None:
    nested = SMALL.replace(
        "[[posts]]", '[[units.units]]\ncode = "v"\nkind = "villag"\n\n[[posts]]', 1
    )
    nested = nested.replace(SMALL.splitlines()[6], "", 1)

    with pytest.raises(CommandError, match=r"units 1, units 1 \(line 11\): kind: “villag”"):
        load(nested)


def test_a_trial_says_what_would_change_and_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "district.toml"
    file.write_text(SMALL, encoding="utf-8")

    call_command("load_district", str(file), "--dry-run")

    output = capsys.readouterr().out
    assert "units: 2 added, 0 changed" in output
    assert "Temporary passwords" not in output
    assert _everything() == [[], [], [], [], []]


def test_a_fault_is_said_in_the_language_of_the_settings(load: Load) -> None:
    with translation.override("zh-hans"), pytest.raises(CommandError, match=r"第 5 行.*“castle”"):
        load(SMALL.replace('"government"', '"castle"', 1))


def test_a_password_is_never_repeated(load: Load) -> None:
    with pytest.raises(CommandError) as refused:
        load(SMALL.replace('name = "丁"', f'name = "丁"\npassword = "{"geheim" * 50}"'))

    assert "geheim" not in str(refused.value)


def test_two_holders_of_one_post_are_told_that_it_has_one(load: Load) -> None:
    second = '[[tenures]]\nofficer = "ding"\nunit = "c"\npost = "管理员"\nstart_date = 2026-01-01\n'

    with pytest.raises(CommandError, match="one holder at a time; tenures 1 begins on the sa"):
        load(SMALL + second)


def test_the_district_of_the_handbook_has_two_administrators_who_need_not_wait(load: Load) -> None:
    handbook = (ROOT / "docs" / "operator.md").read_text(encoding="utf-8")
    example = handbook.split("## First start")[1].split("```toml\n")[1].split("```")[0]

    load(example)

    held = Tenure.objects.select_related("post", "member")
    assert {tenure.member.username for tenure in held} == {"admin.county", "admin.second"}
    assert all(tenure.post.powers == [Power.ADMINISTER] for tenure in held)
    assert all(tenure.granted_at is None and tenure.confirmed_at is None for tenure in held)


def test_every_key_is_in_the_handbook() -> None:
    handbook = (ROOT / "docs" / "operator.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(\w+)`", handbook.split("### district.toml")[1].split("\n## ")[0]))

    keys = re.findall(r"known\([^)]*\)", Path(district.__file__).read_text(encoding="utf-8"), re.S)
    assert len(keys) > 5
    assert set(re.findall(r'"(\w+)"', " ".join(keys))) - {"the file"} <= named


def test_only_a_demo_shares_one_password(load: Load) -> None:
    with pytest.raises(CommandError, match="only a demo"):
        load('[district]\npassword = "Bihuan-Demo-2026"\n' + SMALL)


def test_the_password_of_a_demo_need_not_be_changed(load: Load) -> None:
    load('[district]\ndemo = true\npassword = "Bihuan-Demo-2026"\n' + SMALL)

    ding = User.objects.get()
    assert ding.check_password("Bihuan-Demo-2026")
    assert not ding.must_change_password


def test_the_demo_district_is_whole_and_fictional() -> None:
    call_command("load_district", str(DEMO))

    unit_kinds = set(Unit.objects.values_list("kind", flat=True))
    powers = {power for held in Post.objects.values_list("powers", flat=True) for power in held}
    top = Unit.objects.get(code="530499")
    assert unit_kinds == set(Unit.Kind.values)
    assert powers == set(Power)
    assert divisions.find(top.division_code).name == ""
