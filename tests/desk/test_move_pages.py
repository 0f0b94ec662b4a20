"""What the form of a move gives is what its action takes: mypy checks it, and here is how."""

from __future__ import annotations

from dataclasses import MISSING, fields, is_dataclass
from typing import TYPE_CHECKING

import pytest

from bihuan.desk import pages
from bihuan.desk.form_data import Note
from bihuan.desk.forms import EvidenceForm, MoveForm
from bihuan.desk.move_pages import MovePage, noted
from bihuan.hazards import forms
from bihuan.hazards.actions import rectification, reporting

PAGES = [
    pytest.param(page, id=f"{each.kind} {move}")
    for each in pages.every()
    for move, page in each.moves.items()
]


@pytest.mark.parametrize("page", PAGES)
def test_a_form_has_a_field_for_each_thing_that_it_gives(page: MovePage[object]) -> None:
    form = page.form
    if form.given is not MoveForm.given:
        return  # it puts together itself what it gives, which mypy checks

    request = set(form.base_fields) - {"version"}

    assert is_dataclass(form.gives)
    taken = {field.name: field for field in fields(form.gives)}
    assert request <= set(taken)
    assert {name for name in taken if taken[name].default is MISSING} <= request
    assert ("is_shown" in request) == issubclass(form, EvidenceForm)


if TYPE_CHECKING:
    # Each of these is an error, or mypy would say that there is nothing to ignore.
    from bihuan.cases.models import Case
    from bihuan.desk.move_pages import MoveRequest
    from bihuan.hazards.form_data import Grading

    def start(request: MoveRequest, data: Note) -> Case:
        return rectification.start(**request, why=data.note)  # type: ignore[call-arg]

    def submit(request: MoveRequest, data: Grading) -> Case:
        return rectification.submit(**request, note=data.words)  # type: ignore[attr-defined]

    MovePage("", forms.StartForm, noted(reporting.assign), "")  # type: ignore[arg-type]
    MovePage("", forms.GradeForm, start, "")  # type: ignore[arg-type]
    MovePage("", forms.GradeForm, lambda by, data: rectification.start(**by, note=data), "")  # type: ignore[arg-type]
    MovePage[Note]("", forms.GradeForm, noted(rectification.start), "")  # type: ignore[arg-type]
