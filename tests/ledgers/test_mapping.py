"""A mapping says how a file is read; each mistake in one is named where it stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bihuan.ledgers import mapping
from bihuan.ledgers.mapping import Mapping, MappingFault
from bihuan.ledgers.wording import explain
from bihuan.sheets.columns import key
from tests.ledgers.kinds import BY_NAME, DATA, FIELDS, HAZARD, SYNONYMS

MAPS = DATA / "maps"
ROWS = [["编号", "Location", "备注", "备注", "举报人"], ["A-1", "Main St", "x", "y", "某人"]]


def fault(content: dict[str, Any]) -> tuple[str, str]:
    with pytest.raises(MappingFault) as caught:
        mapping.from_json(content, "map.toml")
    assert "map.toml" in explain(caught.value)
    return caught.value.code, caught.value.what


def fault_over(wanted: Mapping) -> tuple[str, str]:
    with pytest.raises(MappingFault) as caught:
        mapping.laid_over(wanted, ROWS)
    assert explain(caught.value)
    return caught.value.code, caught.value.what


# ---------------------------------------------------------------------- files
@pytest.mark.parametrize("path", sorted(MAPS.iterdir()), ids=lambda path: path.name)
def test_a_bundled_mapping_reads_and_can_be_saved(path: Path) -> None:
    read = mapping.read_toml(path, "hazard")

    assert read.month_first
    assert read.zone == "America/New_York"
    assert mapping.from_json(read.as_json()) == read


@pytest.mark.parametrize("content", [b"[columns\n", b"\xff\xfe", b"a = 1\na = 2\n"])
def test_what_is_not_toml_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "map.toml"
    path.write_bytes(content)

    with pytest.raises(MappingFault) as caught:
        mapping.read_toml(path, "hazard")

    assert caught.value.code == "not_toml"
    assert "map.toml" in explain(caught.value)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"colums": {}}, ("unknown_table", "colums")),
        ({"columns": ["title"]}, ("not_texts", "columns")),
        ({"columns": {"title": 3}}, ("not_texts", "columns")),
        ({"columns": {"titel": "Type"}}, ("unknown_field", "titel")),
        ({"constants": {"grade": True}}, ("not_texts", "constants")),
        ({"constants": {"gread": "general"}}, ("unknown_field", "gread")),
        ({"words": "Closed"}, ("not_texts", "words")),
        ({"words": {"closed": "yes"}}, ("not_texts", "words.closed")),
        ({"words": {"close": {"a": "b"}}}, ("unknown_field", "close")),
        ({"options": "month first"}, ("not_texts", "options")),
        ({"options": {"zone": 8}}, ("not_texts", "options")),
        ({"options": {"zone": "Mars/Olympus"}}, ("unknown_zone", "Mars/Olympus")),
        ({"options": {"dates": "year last"}}, ("unknown_option", "year last")),
        ({"options": {"date": "month first"}}, ("unknown_option", "date")),
        ({"kind": "recipe"}, ("unknown_kind", "recipe")),
    ],
)
def test_each_mistake_is_named(content: dict[str, Any], expected: tuple[str, str]) -> None:
    assert fault(content) == expected


def test_words_are_added_to_those_of_the_same_field() -> None:
    first = Mapping(words={"unit": {"教体局": "县教育体育局"}})

    both = first.with_words("unit", {"水务局": "县水利局"})

    assert both.words == {"unit": {"教体局": "县教育体育局", "水务局": "县水利局"}}
    assert first.words == {"unit": {"教体局": "县教育体育局"}}


# ----------------------------------------------------------------- over a file
def test_a_header_text_is_found_whatever_its_case_and_marks() -> None:
    over = mapping.laid_over(Mapping(columns={"place": " LOCATION "}), ROWS)

    assert over.indexes == {"place": 1}
    assert over.data_row == 2


def test_of_two_columns_of_one_title_the_first_is_meant() -> None:
    assert mapping.laid_over(Mapping(columns={"remark": "备注"}), ROWS).indexes == {"remark": 2}


def test_two_fields_may_be_read_from_one_column() -> None:
    over = mapping.laid_over(Mapping(columns={"place": "Location", "title": "Location"}), ROWS)

    assert over.indexes == {"place": 1, "title": 1}


def test_a_column_that_the_file_lacks_is_named() -> None:
    assert fault_over(Mapping(columns={"title": "Type"})) == ("no_such_column", "Type")


def test_a_column_of_the_public_can_not_be_asked_for() -> None:
    assert fault_over(Mapping(columns={"remark": "举报人"})) == (
        "column_names_the_public",
        "举报人",
    )


def test_a_guess_says_what_it_found_what_it_leaves_out_and_what_it_does_not_read() -> None:
    wanted, over = mapping.guessed([[*ROWS[0], "天气"], [*ROWS[1], "晴"]], HAZARD)

    assert wanted.columns == {"number": "编号", "place": "Location"}
    assert [column.title for column in over.left_out] == ["举报人"]
    assert [column.title for column in over.asked] == ["备注", "备注 [D]"]
    assert [column.title for column in over.not_read] == ["备注", "备注 [D]", "天气"]


def test_the_later_of_two_columns_of_one_title_has_a_name_of_its_own() -> None:
    assert mapping.laid_over(Mapping(columns={"remark": "备注 [D]"}), ROWS).indexes == {"remark": 3}


# --------------------------------------------------------------------- columns
def test_no_header_text_means_two_fields() -> None:
    found = [key(text) for texts in SYNONYMS.values() for text in {key(text) for text in texts}]

    assert sorted(found) == sorted(set(found))


def test_every_column_has_both_titles_and_room_for_them() -> None:
    assert len(BY_NAME) == len(FIELDS)
    for field in FIELDS:
        assert field.zh
        assert field.en
        assert field.width >= 2 * len(field.zh)
