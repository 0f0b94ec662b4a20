"""A district file is taken whole or not at all, and a second time changes nothing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from bihuan.core.powers import Power
from bihuan.journal.models import Entry
from bihuan.orgs import access, district, divisions
from bihuan.orgs.models import Post, Tenure, Unit, User
from tests.factories import NOW

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
    told = load(SMALL)
    username, password = told.splitlines()[-1].split()

    assert User.objects.get(username=username).check_password(password)
    assert password not in load(SMALL)


def test_the_second_time_changes_nothing(load: Load) -> None:
    load(SMALL)
    before = _everything()

    told = load(SMALL)

    assert _everything() == before
    assert told.split() == ["unchanged:", "5"]


def test_what_differs_is_changed_and_journaled(load: Load) -> None:
    load(SMALL)

    told = load(
        SMALL.replace('name = "镇"', 'name = "新镇"')
        .replace('["administer"]', '["administer", "audit"]')
        .replace('phone = "1"', 'phone = "2"')
    )

    assert Unit.objects.get(code="t").name == "新镇"
    assert Post.objects.get().powers == ["administer", "audit"]
    assert User.objects.get().work_phone == "2"
    acts = list(Entry.objects.order_by("pk").values_list("act", flat=True))
    assert acts[-3:] == ["change-unit", "change-post", "change-member"]
    assert "unchanged: 2" in told


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
        ('kinds = "government"', 'kind = "government"', "units 1: kinds: no such key"),
        ('kind = "castle"', 'kind = "government"', "units 1: kind: one of government"),
        ("name = 5", 'name = "县"', "units 1: name: write one line of text"),
        ('name = ""', 'name = "县"', "units 1: name: missing"),
        (f'name = "{"x" * 81}"', 'name = "县"', "units 1: name: longer than 80"),
        ('{ code = "c"', '{ code = "t"', "units 1, units 1: code: c: the same as in units 1"),
        ('"530499102000000"', '"530499101"', "units 1, units 1: division_code: longer than 12"),
        ('"5304991"', '"530499101"', "units 1, units 1: “5304991” is not a division code"),
        ('"530402001"', '"530499101"', "units 1, units 1: Division 530402001 does not lie within"),
        ('["rule"]', '["administer"]', "posts 1: powers: a list of report"),
        ('unit = "x"\ntitle', 'unit = "c"\ntitle', "posts 1: unit: no such unit: x"),
        ('officer = "x"', 'officer = "ding"', "tenures 1: officer: no such user name: x"),
        ('post = "x"', 'post = "管理员"', "tenures 1: post: no such post: c x"),
        ('"2026-01-01"', "2026-01-01", "tenures 1: start_date: write a day"),
        ("2026-01-01\nend_date = 2025-01-01", "2026-01-01", "end_date: comes before start_date"),
        ('"丁"\npassword = "short"', '"丁"', "officers 1: password: This password is too short"),
        ('"530499"\nparent = "t"', '"530499"', "parent: t: the unit would lie below itself"),
    ],
)
def test_a_fault_names_its_place_and_nothing_is_written(
    load: Load, wrong: str, right: str, fault: str
) -> None:
    assert right in SMALL

    with pytest.raises(CommandError, match=fault):
        load(SMALL.replace(right, wrong, 1))

    assert _everything() == [[], [], [], [], []]


def test_all_faults_of_a_file_are_told_together(load: Load) -> None:
    text = SMALL.replace('"government"', '"castle"').replace('["administer"]', '["rule"]')

    with pytest.raises(CommandError, match=r"units 1: kind.*; posts 1: powers"):
        load(text)


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
