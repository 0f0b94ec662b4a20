"""What of XLSForm is a checklist, and what is refused by name; nothing is dropped in silence."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.core import checklist_json, checklist_xlsform
from bihuan.core.checklist import AnswerType, Condition
from bihuan.core.checklist_xlsform import Form, Reading, Refused, Remark, Why
from bihuan.core.rules import Bilingual

ASKED = {"type": "text", "name": "q", "label": "问"}
YES_NO = ({"list_name": "yn", "name": "yes", "label": "是"}, {"list_name": "yn", "name": "no"})
KINDS = (
    {"list_name": "kinds", "name": "Wood", "label": "木"},
    {"list_name": "kinds", "name": "2", "label::English (en)": "Steel"},
)


def _read(*rows: dict[str, str], **more: object) -> Reading:
    form = Form(rows, (*YES_NO, *KINDS), **more)  # type: ignore[arg-type]
    return checklist_xlsform.read(form)


def _why(**changed: str) -> list[tuple[str, Why]]:
    return [(each.name, each.why) for each in _read({**ASKED, **changed}).refused]


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("geopoint", Why.GEOGRAPHIC), ("geoshape", Why.GEOGRAPHIC), ("geotrace", Why.GEOGRAPHIC),
        ("select_multiple kinds", Why.SEVERAL), ("rank kinds", Why.SEVERAL),
        ("select all that apply from kinds", Why.SEVERAL),
        ("select_one kinds or_other", Why.OTHER), ("select one from kinds or other", Why.OTHER),
        ("select_one_external kinds", Why.EXTERNAL),
        ("select_one_from_file kinds.csv", Why.EXTERNAL),
        ("calculate", Why.CALCULATED), ("hidden", Why.CALCULATED), ("note", Why.NOTE),
        ("start", Why.RECORDED), ("deviceid", Why.RECORDED), ("phonenumber", Why.RECORDED),
        ("username", Why.RECORDED), ("audit", Why.RECORDED),
        ("date", Why.TYPE), ("barcode", Why.TYPE), ("audio", Why.TYPE), ("acknowledge", Why.TYPE),
        ("select_one gone", Why.NO_LIST),
    ],
)  # fmt: skip
def test_a_type_that_no_item_has_is_refused_by_name(kind: str, why: Why) -> None:
    assert _why(type=kind) == [("q", why)]


@pytest.mark.parametrize(
    ("column", "value", "why"),
    [
        ("calculation", "1 + 1", Why.CALCULATED), ("default", "x", Why.CALCULATED),
        ("bind::calculate", "1", Why.CALCULATED), ("trigger", "${q}", Why.CALCULATED),
        ("choice_filter", "x=1", Why.CALCULATED), ("media::image", "a.png", Why.MEDIA),
        ("label::Français (fr)", "Porte", Why.LANGUAGE), ("hint:Deutsch", "Tür", Why.LANGUAGE),
        ("read_only", "yes", Why.READ_ONLY), ("required", "${a} = 1", Why.REQUIRED),
        ("relevant", "${a} > 1", Why.RELEVANT), ("Relevance", "today()", Why.RELEVANT),
        ("constraint", "regex(., 'x')", Why.CONSTRAINT), ("bind::orx:x", "1", Why.COLUMN),
        ("bihuan_score", "many", Why.OWN_COLUMN), ("bihuan_confidence", "sure", Why.OWN_COLUMN),
        ("bihuan_hazard", "huge", Why.OWN_COLUMN),
    ],
)  # fmt: skip
def test_a_column_that_no_item_has_is_refused_by_the_name_of_its_question(
    column: str, value: str, why: Why
) -> None:
    assert _why(**{column: value}) == [("q", why)]


@pytest.mark.parametrize("text", [". > 1", ". >= ${a}", "int(.) >= 1"])
def test_a_range_that_says_more_is_refused(text: str) -> None:
    assert _why(type="integer", constraint=text) == [("q", Why.CONSTRAINT)]


def test_everything_is_refused_at_once() -> None:
    found = _read(
        {"type": "begin_repeat", "name": "each"}, ASKED, {"type": "end_repeat"},
        {"type": "begin_group", "name": "a"}, {"type": "begin_group", "name": "b"},
        {**ASKED, "name": "here", "type": "geopoint", "default": "1 2"},
        {"type": "end_group"}, {"type": "end_group"},
        others=("entities",), formulas=("survey!B2",),
    )  # fmt: skip

    assert [(each.name, each.why) for each in found.refused] == [
        ("entities", Why.SHEET), ("survey!B2", Why.FORMULA), ("each", Why.REPEAT),
        ("b", Why.NESTED), ("here", Why.CALCULATED), ("here", Why.GEOGRAPHIC),
    ]  # fmt: skip


def test_a_form_without_questions_is_refused() -> None:
    assert _read().refused == (Refused("survey", Why.NO_QUESTIONS),)


def test_groups_are_sections_and_what_is_in_none_gets_one() -> None:
    found = _read(
        ASKED,
        {"type": "begin group", "name": "Fire", "label": "消防", "relevant": "${q} = 'x'"},
        {**ASKED, "name": "p"},
        {"type": "end group"},
        {**ASKED, "name": "z"},
        {**ASKED, "name": "y"},
    )

    sections = found.content.sections
    assert [[item.key for item in section.items] for section in sections] == [
        ["q"], ["p"], ["z", "y"],
    ]  # fmt: skip
    assert sections[1].title == Bilingual("消防", "")
    assert sections[1].items[0].condition == Condition("q", ("x",))


def test_yes_and_no_are_found_by_their_answers() -> None:
    found = _read({**ASKED, "type": "select_one yn", "required": "yes"})

    (item,) = found.content.items
    assert (item.answer, item.required, item.may_not_apply) == (AnswerType.YES_NO, True, False)
    assert [note.remark for note in found.notes] == [Remark.WHICH_FAILS]


def test_names_that_are_no_keys_get_one_and_conditions_follow() -> None:
    found = _read(
        {**ASKED, "name": "Door Kind", "type": "select one from kinds"},
        {**ASKED, "relevant": "selected(${Door Kind}, 'Wood') or ${Door Kind} = '2'"},
        {**ASKED, "name": "DoorKind", "type": "select_one kinds"},
        {**ASKED, "name": "r", "relevant": "${DoorKind} = 'Wood' or ${DoorKind} = '2'"},
    )

    first, *_, last = found.content.items
    assert first.key == "door_kind"
    assert [choice.text.zh for choice in first.choices] == ["木", "Steel"]
    assert last.condition is not None
    assert last.condition.item == "doorkind"
    assert last.condition.values == tuple(choice.key for choice in first.choices)


def test_what_only_looks_different_is_noted() -> None:
    found = _read({**ASKED, "appearance": "multiline", "my_column": "x"})

    assert [(note.remark, note.names) for note in found.notes] == [
        (Remark.LOOKS, ("appearance",)), (Remark.UNKNOWN, ("my_column",)),
    ]  # fmt: skip
    assert found.refused == ()


columns = st.sampled_from(
    ["type", "name", "label", "label::中文", "hint", "required", "relevant", "constraint",
     "bihuan_low", "bihuan_score", "bihuan_failing", "::", "x"]
)  # fmt: skip
cells = st.sampled_from(
    ["text", "begin group", "end group", "end repeat", "select_one yn", "integer", "image", "",
     "${q} = 'x'", ". >= 1", "yes", "NaN", "1e9"]
) | st.text(max_size=8)  # fmt: skip


@given(st.lists(st.dictionaries(columns, cells), max_size=6))
@settings(max_examples=150)
def test_whatever_is_in_a_form_is_read_or_refused(rows: list[dict[str, str]]) -> None:
    found = _read(*rows)

    if not found.refused:
        text = checklist_json.dump(found.content)
        assert "\x00" in text or checklist_json.load(text) == found.content
