"""Everything that the journal finds or refuses can be said."""

import ast
import inspect
from datetime import date

import pytest
from django.utils import translation

from bihuan.core.refusal import Refusal
from bihuan.journal import diagnosis, queries, reading, refusals, wording
from bihuan.journal.diagnosis import Break, Finding

DAY = date(2026, 9, 15)


@pytest.fixture(autouse=True)
def _english() -> object:
    with translation.override("en"):
        yield


@pytest.mark.parametrize("kind", Break)
def test_every_kind_of_break_is_a_sentence(kind: Break) -> None:
    text = wording.describe(Finding(kind, "case/1", 7, last=7, field="journal_anchor", day=DAY))

    named = {Break.ROOT: "2026-09-15", Break.OUTSIDE: "2026-09-15", Break.COUNT: "7 fewer roots"}
    assert text.endswith(".")
    assert named.get(kind, "case/1") in text


def test_every_field_that_a_finding_names_has_words() -> None:
    named = {
        keyword.value.value
        for module in (diagnosis, queries, reading)
        for call in ast.walk(ast.parse(inspect.getsource(module)))
        if isinstance(call, ast.Call)
        for keyword in call.keywords
        if keyword.arg == "field" and isinstance(keyword.value, ast.Constant)
    }

    assert named - {"subject"} <= set(wording.FIELDS)


@pytest.mark.parametrize(
    ("finding", "text"),
    [
        (Finding(Break.REMOVED, "case/1", 3, last=3), "case/1: entry 3 was removed."),
        (Finding(Break.REMOVED, "case/1", 3, last=5), "case/1: entries 3 to 5 were removed."),
        (Finding(Break.EDITED, "case/1", field="subject"), "case/1: the chain was renamed."),
    ],
)
def test_a_finding_is_told_as_it_is(finding: Finding, text: str) -> None:
    assert wording.describe(finding) == text


@pytest.mark.parametrize("refusal", [refusals.DayNotBegun(DAY), refusals.DayPassedOver(DAY)])
def test_a_refusal_names_the_day(refusal: Refusal) -> None:
    assert "2026-09-15" in wording.explain(refusal)
