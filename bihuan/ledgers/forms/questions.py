"""Which rows are existing cases: one question for each row, or one answer for many."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _

from bihuan.desk import replaced
from bihuan.ledgers.given import Given, key
from bihuan.ledgers.questions import offered
from bihuan.sheets.ledger import types
from bihuan.sheets.ledger.rows import Answer, Doubt

ONE_BY_ONE = "one"


class Beside(NamedTuple):
    """One field with the value of the case and that of the row; empty if neither has one."""

    title: str
    case: str
    row: str
    differs: bool


@dataclass(frozen=True)
class QuestionLine:
    """One row of the file with the case that it may be, and the possible answers."""

    row: int
    number: str
    is_open: bool
    beside: list[Beside]
    choice: BoundField


class QuestionsForm(forms.Form):
    """The questions of one page; `seen` are the numbers of the cases that the officer may see."""

    def __init__(
        self,
        *args: Any,
        sort: Doubt,
        kind: str,
        questions: Sequence[Mapping[str, Any]],
        given: Given,
        seen: Collection[str],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self._questions, self._given, self._sort, self._seen = questions, given, sort, seen
        for question in questions:
            name = _name(question)
            label = _("Row %(row)s and case %(number)s") % question
            self.fields[name] = forms.ChoiceField(
                label=label,
                choices=offered(sort, kind),
                required=False,
                widget=forms.RadioSelect,
            )
            self.initial[name] = given.of(sort, question["row"], question["number"])

    @property
    def lines(self) -> Iterator[QuestionLine]:
        for question in self._questions:
            number = question["number"]
            is_seen = number in self._seen
            answer = self._given.of(self._sort, question["row"], number)
            yield QuestionLine(
                question["row"],
                number if is_seen else "",
                answer is None,
                _beside(question) if is_seen else [],
                self[_name(question)],
            )

    @property
    def said(self) -> dict[str, Answer | None]:
        """Return the answer to each question of the page; None if there is none yet."""
        return {
            key(question["row"], question["number"]): Answer(data) if data else None
            for question in self._questions
            for data in [self.cleaned_data[_name(question)]]
        }


def _name(question: Mapping[str, Any]) -> str:
    return f"answer-{question['row']}-{question['number']}"


def _beside(question: Mapping[str, Any]) -> list[Beside]:
    kind = question["kind"]
    changed = {name for name, _old, _new in question["changes"]}
    return [
        Beside(
            types.title_of(kind, name),
            replaced.said(kind, name, old) if old or name in changed else "",
            replaced.said(kind, name, new) if new or name in changed else "",
            name in changed,
        )
        for name, old, new in question["both"]
    ]


class AllAlikeForm(forms.Form):
    """One answer to all questions of a type."""

    every = forms.ChoiceField(widget=forms.RadioSelect, required=False)

    def __init__(self, *args: Any, sort: Doubt, kind: str, given: Given, **options: Any) -> None:
        super().__init__(*args, **options)
        every = self.fields["every"]
        assert isinstance(every, forms.ChoiceField)
        every.label = _("Give all of these the same answer")
        every.choices = [(ONE_BY_ONE, _("Answer each row")), *offered(sort, kind)]
        self.initial = {"every": given.every.get(sort, ONE_BY_ONE)}

    @property
    def said(self) -> Answer | None:
        data: str = self.cleaned_data["every"]
        return None if data in ("", ONE_BY_ONE) else Answer(data)
