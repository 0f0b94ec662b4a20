"""One rule for what a person can read, on every way in, and the same again after a workbook."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.core.legible import clean, has_words, words
from bihuan.sheets.values import text
from bihuan.web.fields import line

UNSEEN = (
    "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u200e",
    "\u200f", "\u202a", "\u2066", "\u3164", "\uffa0", "\u115f", "\u1160",
    "\u2800", "\ufe0f", "\U000e0041", "\U000e0100", "\u180e", "\u034f", "\u3000",
    "\u00a0", "\x00", "\t", " ",
)  # fmt: skip


@pytest.mark.parametrize("each", UNSEEN)
def test_what_cannot_be_seen_is_no_word(each: str) -> None:
    assert clean(each * 3) == ""
    assert not has_words(each)


@pytest.mark.parametrize("typed", ["……", "-", "/", "？", ""])
def test_marks_alone_are_no_words(typed: str) -> None:
    assert words(typed) == ""


@pytest.mark.parametrize("typed", ["漏电", "A", "3", "👍", "👨\u200d👩\u200d👧", "हिन्दी", "√"])
def test_whatever_is_written_or_drawn_stays_as_it_is(typed: str) -> None:
    assert words(f"\u200b {typed}\u3000") == typed


@given(st.text(st.characters() | st.sampled_from(UNSEEN), max_size=30))
def test_a_cleaned_text_says_the_same_after_a_workbook(typed: str) -> None:
    found = words(typed)

    assert clean(found) == found
    assert text(found) == found


@given(st.text(st.sampled_from(UNSEEN), min_size=1, max_size=8))
def test_no_form_takes_what_cannot_be_seen(typed: str) -> None:
    field = line("x", required=False)

    assert field.clean(typed.replace("\x00", "")) == ""


@pytest.mark.parametrize("blank", list("\t\u00a0\u2000\u200a\u202f\u3000"))
def test_a_blank_of_any_kind_becomes_an_ordinary_one(blank: str) -> None:
    assert clean(f"白{blank}若兰") == "白 若兰"
