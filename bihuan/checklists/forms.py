"""Forms for checklists: the list itself, a section, and an item with all of its properties."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bihuan.checklists import kinds, queries, shown, values, wording
from bihuan.checklists.actions import versions
from bihuan.checklists.models import Checklist, Version
from bihuan.core import checklist as core
from bihuan.core import checklist_edit as edit
from bihuan.core import checklist_json
from bihuan.core.checklist import (
    MOST_DAYS,
    NO,
    YES,
    AnswerType,
    Condition,
    Content,
    HazardHint,
    Item,
)
from bihuan.core.checklist_json import UnreadableContent
from bihuan.core.hazard import Grade
from bihuan.core.rules import Bilingual, Confidence
from bihuan.orgs.forms import UnitField
from bihuan.orgs.models import User
from bihuan.web.fields import line, prose
from bihuan.web.forms import OnceForm

IN_ENGLISH = _("In English")


class TitleForm(OnceForm):
    """The title of a list, and for which kinds of sites it is."""

    title = line(_("Title"), length=core.LONGEST_TITLE)
    title_en = line(_("Title in English"), length=core.LONGEST_TITLE, required=False)
    site_kinds = forms.MultipleChoiceField(
        label=_("Kinds of sites"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose none if the list is for every kind."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["site_kinds"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = kinds.sites()
        if not field.choices:
            del self.fields["site_kinds"]

    def arguments(self) -> dict[str, Any]:
        return {"site_kinds": (), **super().arguments()}


class MakeForm(TitleForm):
    """A new list of a unit, empty or with the items of another one."""

    unit = UnitField(label=_("Unit that keeps the list"))
    copied = forms.ModelChoiceField(
        label=_("Begin with"),
        queryset=Version.objects.none(),
        required=False,
        empty_label=_("An empty list"),
    )
    field_order = ("title", "title_en", "unit", "copied", "site_kinds")

    def __init__(self, *args: Any, user: User, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        units = queries.units_for(user, now)
        unit, copied = self.fields["unit"], self.fields.get("copied")
        assert isinstance(unit, UnitField)
        unit.offer(units)
        if isinstance(copied, forms.ModelChoiceField):
            copied.queryset = queries.offered_to(user, now)
        if units:
            self.initial.setdefault("unit", str(units[0].pk))


class ImportForm(forms.Form):
    """An XLSForm; nothing is kept before its preview is confirmed."""

    file = forms.FileField(
        label=_("XLSForm"), help_text=_("A workbook (.xlsx or .xls) of at most 4 MB.")
    )


class ReadForm(forms.Form):
    """What was read from an XLSForm, as it was previewed."""

    content = forms.CharField(widget=forms.HiddenInput, max_length=checklist_json.LONGEST)

    def clean_content(self) -> Content:
        """Read it again: it came back from a browser."""
        try:
            content = checklist_json.load(self.cleaned_data["content"])
        except UnreadableContent as refusal:
            raise forms.ValidationError(wording.explain(refusal)) from refusal
        if versions.kept_out(content):
            raise forms.ValidationError(gettext("The file was refused. Import it again."))
        return content


class KeepForm(ReadForm, MakeForm):
    """It becomes a list of its own."""

    copied = None  # type: ignore[assignment]


class NextForm(ReadForm):
    """It becomes the next version; 0 is the revision of a draft that is not there yet."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class RenameForm(TitleForm):
    """The same of a list that is there."""

    def __init__(self, *args: Any, checklist: Checklist, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.update(
            title=checklist.title,
            title_en=checklist.title_en,
            site_kinds=checklist.site_kinds,
        )


class ReasonForm(OnceForm):
    reason = prose(_("Reason"), rows=2)


class RevisionForm(forms.Form):
    """Which revision of a draft the page showed."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class SectionForm(RevisionForm):
    title = line(_("Title of the section"), length=core.LONGEST_TITLE)
    title_en = line(IN_ENGLISH, length=core.LONGEST_TITLE, required=False)

    def read(self) -> Bilingual:
        return Bilingual(self.cleaned_data["title"], self.cleaned_data["title_en"])


class FullScoreForm(RevisionForm):
    full_score = forms.IntegerField(
        label=_("Full score"),
        min_value=0,
        max_value=core.LARGEST_FULL_SCORE,
        required=False,
        help_text=_("If it is empty, the scores of the items are added up."),
    )


class ItemForm(RevisionForm):
    """One item; what does not belong to its type of answer is left out when it is saved."""

    text = prose(_("What is asked"), rows=2, max_length=core.LONGEST_TEXT)
    text_en = prose(IN_ENGLISH, rows=2, max_length=core.LONGEST_TEXT, required=False)
    section = forms.ChoiceField(label=_("Section"))
    answer = forms.ChoiceField(
        label=_("Type of answer"), choices=[*wording.ANSWERS.items()], initial=AnswerType.YES_NO
    )
    failing = forms.ChoiceField(
        label=_("The answer that fails"),
        choices=[(NO, wording.PLAIN[NO]), (YES, wording.PLAIN[YES])],
        widget=forms.RadioSelect,
        required=False,
        initial=NO,
    )
    low = forms.DecimalField(label=_("Lowest value in order"), required=False, decimal_places=6)
    high = forms.DecimalField(label=_("Highest value in order"), required=False, decimal_places=6)
    measure = line(_("Unit of measurement"), length=core.LONGEST_TITLE, required=False)
    choices = prose(
        _("Answers"),
        rows=5,
        required=False,
        help_text=_(
            "One answer on each line, with the English text behind “ / ”. Put * before an answer "
            "that fails."
        ),
    )
    may_not_apply = forms.BooleanField(
        label=_("“Not applicable” may be answered"), required=False, initial=True
    )
    required = forms.BooleanField(label=_("Must be answered"), required=False, initial=True)
    condition = forms.ChoiceField(label=_("Ask only if"), required=False)
    help = prose(_("Help for the inspector"), rows=2, max_length=core.LONGEST_HELP, required=False)
    help_en = prose(IN_ENGLISH, rows=2, max_length=core.LONGEST_HELP, required=False)
    basis = line(_("Legal basis"), length=core.LONGEST_BASIS, required=False)
    basis_en = line(IN_ENGLISH, length=core.LONGEST_BASIS, required=False)
    confidence = forms.ChoiceField(
        label=_("How sure the basis is"),
        choices=[("", _("Not stated")), *wording.CONFIDENCES.items()],
        required=False,
    )
    photo_when_failed = forms.BooleanField(label=_("Require a photo when failed"), required=False)
    score = forms.IntegerField(
        label=_("Score"), min_value=0, max_value=core.LARGEST_SCORE, required=False
    )
    grade = forms.ChoiceField(
        label=_("Propose a hazard when failed"),
        choices=[
            ("", _("No proposal")),
            *wording.GRADES.items(),
        ],
        required=False,
    )
    category = forms.ChoiceField(label=_("Category of the hazard"), required=False)
    days = forms.IntegerField(
        label=_("Deadline in days"), min_value=1, max_value=MOST_DAYS, required=False
    )
    criterion = line(
        _("Criterion of major hazards"),
        length=40,
        required=False,
        help_text=_("The number of a published criterion. An officer decides."),
    )
    trade = forms.ChoiceField(
        label=_("Competent trade"),
        required=False,
        help_text=_(
            "If the operator of the site does not answer for it, such as for a stall before a "
            "school: the unit that regulates the site in this trade, else the unit in charge."
        ),
    )

    fieldsets = (
        (_("Yes or no"), ("failing",), "answer=yes_no"),
        (_("Number"), ("low", "high", "measure"), "answer=number"),
        (_("Choice"), ("choices",), "answer=choice"),
        (_("When it is asked"), ("required", "may_not_apply", "condition")),
        (_("Help and basis"), ("help", "help_en", "basis", "basis_en", "confidence")),
        (
            _("When it fails"),
            ("photo_when_failed", "score", "grade", "category", "days", "criterion", "trade"),
            "answer=yes_no number choice",
        ),
    )

    def __init__(
        self, *args: Any, content: Content, key: str, item: Item | None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.content, self.key, self.item = content, key, item
        self._offer("section", [(s.key, shown.words(s.title)) for s in content.sections])
        self._offer("condition", self._conditions())
        hint = item.hazard if item else None
        self._offer("category", _known(kinds.categories(), hint.category if hint else ""))
        self._offer("trade", _known(kinds.trades(), hint.trade if hint else ""))
        if item is not None:
            self.initial.update(_initial(item))

    def _offer(self, name: str, choices: Iterable[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [*choices]

    def _conditions(self) -> list[tuple[str, Any]]:
        """Offer each answer of the items before this one; a condition with several stays one."""
        numbers = shown.numbered(self.content)
        names = {item.key: item for item in self.content.items}
        offered: list[tuple[str, Any]] = [("", _("Always asked"))]
        own = self.item.condition if self.item else None
        for other in self.content.items:
            if other.key == self.key:
                break
            offered += [
                (_said(each), shown.condition(each, numbers, names))
                for each in (Condition(other.key, (value,)) for value in other.values)
            ]
        if own and _said(own) not in dict(offered):
            offered.append((_said(own), shown.condition(own, numbers, names)))
        return offered

    def clean(self) -> dict[str, Any]:
        """Refuse what the rules of a list refuse for this item."""
        data: dict[str, Any] = super().clean() or {}
        if self.errors:
            return data
        said = ("category", "days", "criterion", "trade")
        if not data["grade"] and any(data[name] for name in said):
            self.add_error("grade", gettext("Choose which hazard is proposed."))
            return data
        for found in versions.faults_of(self.changed()):
            if found.item == self.key:
                self.add_error(FIELDS.get(found.fault), wording.fault(found))
        return data

    def changed(self) -> Content:
        """Return the list with the item as it was filled in."""
        section, item = self.cleaned_data["section"], self.read()
        if self.item is None:
            return edit.add_item(self.content, section, item)
        return edit.change_item(self.content, item, section)

    def read(self) -> Item:
        """Return the item as it was filled in."""
        data = self.cleaned_data
        answer = AnswerType(data["answer"])
        before = self.item.choices if self.item else ()
        item = Item(
            key=self.key,
            text=Bilingual(data["text"], data["text_en"]),
            answer=answer,
            help=Bilingual(data["help"], data["help_en"]),
            basis=Bilingual(data["basis"], data["basis_en"]),
            confidence=Confidence(data["confidence"]) if data["confidence"] else None,
            may_not_apply=data["may_not_apply"],
            required=data["required"],
            condition=_condition(data["condition"]),
            **_of_answer(answer, data, before),
        )
        return item if not item.can_fail else _weighed(item, data)


def _known(offered: list[tuple[str, str]], own: str) -> list[tuple[str, Any]]:
    """Return what is offered, with what the item has, also if it is no longer offered."""
    extra = [(own, own)] if own and own not in dict(offered) else []
    return [("", _("Not stated")), *offered, *extra]


def _of_answer(
    answer: AnswerType, data: dict[str, Any], before: tuple[core.Choice, ...]
) -> dict[str, Any]:
    match answer:
        case AnswerType.YES_NO:
            return {"failing": data["failing"] or NO}
        case AnswerType.NUMBER:
            return {name: data[name] for name in ("low", "high", "measure")}
        case AnswerType.CHOICE:
            return {"choices": values.read(data["choices"], before)}
    return {}


def _weighed(item: Item, data: dict[str, Any]) -> Item:
    hint = None
    if data["grade"]:
        given = (data["category"], Grade(data["grade"]), data["days"], data["criterion"])
        hint = HazardHint(*given, data["trade"])
    photo, score = data["photo_when_failed"], data["score"] or 0
    return core.weighed(item, photo_when_failed=photo, score=score, hazard=hint)


def _said(condition: Condition) -> str:
    return f"{condition.item}={' '.join(condition.values)}"


def _condition(said: str) -> Condition | None:
    item, _equals, values = said.partition("=")
    return Condition(item, tuple(values.split())) if item else None


def _initial(item: Item) -> dict[str, Any]:
    """Return what the form shows of an item."""
    hint = item.hazard or HazardHint()
    return {
        "text": item.text.zh, "text_en": item.text.en, "answer": item.answer,
        "failing": item.failing, "low": item.low, "high": item.high, "measure": item.measure,
        "choices": values.write(item.choices), "may_not_apply": item.may_not_apply,
        "required": item.required, "condition": _said(item.condition) if item.condition else "",
        "help": item.help.zh, "help_en": item.help.en, "basis": item.basis.zh,
        "basis_en": item.basis.en, "confidence": item.confidence or "",
        "photo_when_failed": item.photo_when_failed, "score": item.score or None,
        "grade": hint.grade if item.hazard else "", "category": hint.category,
        "days": hint.days, "criterion": hint.criterion,
        "trade": hint.trade,
    }  # fmt: skip


# The field at which a fault is shown; the others are shown at the top.
FIELDS = {
    core.Fault.BAD_RANGE: "high",
    core.Fault.TOO_FEW_CHOICES: "choices",
    core.Fault.TOO_MANY_CHOICES: "choices",
    core.Fault.CHOICE_TWICE: "choices",
    core.Fault.CHOICE_WITHOUT_TEXT: "choices",
    core.Fault.ASKS_FOR_PERSON: "text",
    core.Fault.CONDITION_VALUE: "condition",
    core.Fault.LATER_CONDITION: "condition",
    core.Fault.UNKNOWN_CONDITION: "condition",
}
