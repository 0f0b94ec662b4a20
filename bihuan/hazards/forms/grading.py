"""The grade of a hazard: general, or major by a criterion or another named standard."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localdate
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from bihuan.core.hazard import Grade, Move
from bihuan.core.rules import Bilingual
from bihuan.criteria import lists
from bihuan.criteria import queries as criteria
from bihuan.criteria.lists import Criterion
from bihuan.criteria.wording import reason
from bihuan.desk.forms import ComparingForm, MoveForm, NoteForm
from bihuan.hazards import sources, standards
from bihuan.hazards.form_data import Grading
from bihuan.hazards.models import CriterionHint, Hazard
from bihuan.hazards.sources import Proposed
from bihuan.web.fields import Datalist, line, prose


def _said(text: Bilingual) -> str:
    return text.in_language(get_language() or "zh")


class GradeForm(MoveForm[Grading]):
    """General or major, and by which criterion or standard; the system only proposes."""

    gives = Grading

    grade = forms.ChoiceField(
        label=pgettext_lazy("hazard", "Grade"),
        choices=Hazard.Grade.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "Major: needs a full or partial stop of work and time to fix, or has causes outside "
            "the unit's control."
        ),
    )
    criterion = forms.ChoiceField(label=pgettext_lazy("hazard", "Criterion"), required=False)
    standard = line(
        _("Other standard for major hazards"),
        required=False,
        widget=Datalist((standard.zh, standard.en) for standard in standards.standards()),
        help_text=_("If no criterion of the lists fits: name the published standard and its item."),
    )
    note = prose(_("Reason"))

    def prepare(self) -> None:
        found = self.case.hazard.found_date if self.case else localdate(self.now)
        usable = criteria.usable(found)
        field = self.fields["criterion"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("None")), *_grouped(usable)]
        if self.case:
            self.initial.setdefault("grade", self.case.hazard.grade or Grade.GENERAL.value)
            self.initial.setdefault("standard", self.case.hazard.standard)
            if not self.case.hazard.grade:
                self._fill_in(sources.of(self.case.number), {each.id for each in usable})
            field.help_text = self._proposals(usable)

    def _fill_in(self, proposed: Proposed, usable: Collection[str]) -> None:
        """Begin with what the inspection that found it proposes."""
        if proposed.grade in Hazard.Grade.values:
            self.initial["grade"] = proposed.grade
            text = gettext("The inspection proposes: %(grade)s. You decide.")
            said = text % {"grade": Hazard.Grade(proposed.grade).label}
            field = self.fields["grade"]
            field.help_text = format_html("{}<br>{}", field.help_text, said)
        if proposed.grade == Grade.MAJOR and proposed.criterion in usable:
            self.initial["criterion"] = proposed.criterion

    def _proposals(self, usable: list[Criterion]) -> str:
        """Show what the words of the case and failed items point to, each with its reason."""
        case = self.subject
        text = f"{case.title} {case.description} {case.category}"
        hints = CriterionHint.objects.filter(case=case).order_by("pk")
        found = criteria.proposals(text, list(hints.values_list("criterion", flat=True)), usable)
        told = format_html(
            '{} <a href="{}">{}</a>',
            _("For a major hazard, by the lists in force on the day it was found."),
            reverse("criteria:catalogue"),
            _("Criteria for major hazards"),
        )
        if not found:
            return told
        rows = [
            (each.criterion.id, _said(each.criterion.item.text), reason(each)) for each in found
        ]
        proposed = format_html_join("", "<br><strong>{}</strong> {} — {}", rows)
        return format_html("{}<br>{}{}", told, _("Proposed; you decide:"), proposed)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("grade") != Grade.MAJOR or "criterion" in self.errors:
            return given
        if not given.get("standard") and not given.get("criterion"):
            self.add_error("standard", _("Choose the criterion that makes the hazard major."))
        return given


def _grouped(usable: Iterable[Criterion]) -> list[tuple[str, list[tuple[str, str]]]]:
    groups: dict[lists.CriteriaList, list[tuple[str, str]]] = {}
    for each in usable:
        label = f"{each.id} {_said(each.item.text)}"
        groups.setdefault(each.list, []).append((each.id, label))
    return [(f"{_said(each.title)} · {each.number}", rows) for each, rows in groups.items()]


class ConfirmForm(GradeForm, ComparingForm[Grading]):
    duplicate_move = Move.REJECT

    note = prose(_("Remark"), required=False, rows=2)

    def prepare(self) -> None:
        GradeForm.prepare(self)
        if self.case:
            ComparingForm.prepare(self)


class ConfirmManyForm(NoteForm):
    """Many reports are confirmed as general hazards; a major one is graded on its own."""

    note = prose(_("Remark"), required=False, rows=2)
