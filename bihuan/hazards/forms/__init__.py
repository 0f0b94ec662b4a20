"""Forms to bring a hazard to its closure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.timezone import localdate
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from bihuan.cases import queries
from bihuan.cases.actions import binding
from bihuan.cases.models import Case
from bihuan.cases.queries import phrases
from bihuan.cases.queries.proposals import Proposal
from bihuan.core import references
from bihuan.core.hazard import HAZARD, Move, RejectReason
from bihuan.core.powers import Power
from bihuan.core.refusal import Refusal
from bihuan.desk import forms as shared
from bihuan.desk.form_data import NewDate, PartOfCase, WithPhotos
from bihuan.desk.forms import ComparingForm, EvidenceForm, MoveForm, NoteForm, SeeingForm
from bihuan.hazards import deadlines, sources
from bihuan.hazards.actions import duplicates, notification
from bihuan.hazards.actions.reporting import Plan
from bihuan.hazards.form_data import (
    Assignment,
    Closure,
    Correction,
    EndedControl,
    NewControl,
    Rejection,
    Verification,
)
from bihuan.hazards.forms.grading import ConfirmForm as ConfirmForm
from bihuan.hazards.forms.grading import ConfirmManyForm as ConfirmManyForm
from bihuan.hazards.forms.grading import GradeForm as GradeForm
from bihuan.hazards.models import SERIES, Control
from bihuan.hazards.report_form import CategoryField, photos_field
from bihuan.hazards.wording import REASONS, explain
from bihuan.orgs import choices
from bihuan.orgs.forms import PostField, UnitField
from bihuan.web.fields import Datalist, Phrase, deadline, line, phrased, prose
from bihuan.web.templatetags.bihuan import day as written_day


class RejectForm(ComparingForm[Rejection]):
    """The reason for the rejection; for a duplicate, the case that continues."""

    gives = Rejection

    reason = forms.ChoiceField(
        label=_("Why"), choices=list(REASONS.items()), widget=forms.RadioSelect
    )
    duplicate_of = line(
        _("Number of the other case"),
        length=300,
        required=False,
        help_text=_("For a duplicate. If that case was closed, it is reopened as a recurrence."),
    )
    note = prose(_("Details of the reason"))

    def prepare(self) -> None:
        super().prepare()
        if notification.is_from_public(self.subject):
            self.fields["note"].help_text = _("The reporter reads this.")
        options = [(each.number, f"{each.number} {each.title}") for each, _stage in self.similar]
        self.fields["duplicate_of"].widget = Datalist(options)

    def start_from(self, given: Mapping[str, str]) -> None:
        """Start as a duplicate of one of the similar cases."""
        number = given.get("duplicate_of", "")
        if number not in {each.number for each, _stage in self.similar}:
            return
        self.initial.update(reason=RejectReason.DUPLICATE.value, duplicate_of=number)
        if not notification.is_from_public(self.subject):
            self.initial["note"] = gettext("The same hazard as %(number)s.") % {"number": number}

    def clean_duplicate_of(self) -> Case | None:
        typed = self.cleaned_data["duplicate_of"]
        number = references.own(typed, {SERIES}) or references.named(typed)
        if not number or self.cleaned_data.get("reason") != RejectReason.DUPLICATE:
            return None
        others = queries.visible_to(self.user, self.now).exclude(pk=self.subject.pk)
        other = others.filter(number=number).first()
        if other is None:
            raise forms.ValidationError(_("There is no such case."))
        try:
            return duplicates.original(self.subject, other, actor=self.user, now=self.now)
        except Refusal as refusal:
            raise forms.ValidationError(explain(refusal)) from refusal

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        duplicate = given.get("reason") == RejectReason.DUPLICATE
        if duplicate and not given.get("duplicate_of") and "duplicate_of" not in self.errors:
            self.add_error("duplicate_of", _("Enter the case that it duplicates."))
        return given


# Fields of a plan for which officers keep phrases.
PHRASES = (("measures", _("Measures")), ("contingency", _("Contingency plan")))


class AssignForm(MoveForm[Assignment]):
    """The five in place (五落实): who, measures, money, deadline, contingency."""

    post = PostField(label=_("Responsible post"))
    measures = phrased(_("Measures"))
    budget = forms.DecimalField(
        label=_("Budget in yuan"), min_value=0, max_digits=14, decimal_places=2
    )
    deadline_date = deadline(_("Deadline"))
    contingency = phrased(_("Contingency plan"), help_text=_("Safety measures during the fix."))
    note = prose(_("Remark"), required=False, rows=2)

    def prepare(self) -> None:
        if self.case:
            hazard = self.case.hazard
            for name in ("measures", "budget", "deadline_date", "contingency"):
                self.initial.setdefault(name, getattr(hazard, name) or None)
            if self.case.post_id:
                self.initial.setdefault("post", self.case.post_id)
            self._propose_day(self.case)
            self._bound(self.case)
        best = self._offer_posts()
        if self.case:
            numbers = [each.number for each in best if each.number]
            self.as_last_time(numbers, self.case.category)
        for use, _label in PHRASES:
            kept = phrases.offered(self.user, use, self.now)
            self.offer_phrases(use, [Phrase(_("Insert"), each.text) for each in kept])

    def _offer_posts(self) -> list[Proposal]:
        """Offer posts; that of the operator is chosen where the inspection found the hazard."""
        unit = sources.of(self.case.number).unit if self.case else None
        own = None
        if self.case and unit is not None and self.case.post_id is None:
            posts = choices.handling_posts(self.user, [Power.COORDINATE], self.now)
            own = next((each.post for each in posts if each.post.unit_id == unit), None)
        if own is not None:
            self.initial["post"] = own.pk
        best = self.offer_posts("post", Power.COORDINATE, is_proposed=True)
        if own is not None:
            self.fields["post"].help_text = _(
                "Proposed: the operator of the site where the inspection found it."
            )
        return best

    def as_last_time(self, numbers: Sequence[str], category: str) -> None:
        """Offer the plan of an earlier case of the same category for which a post is proposed."""
        if not numbers or not category:
            return
        visible = queries.visible_to(self.user, self.now)
        alike = visible.filter(number__in=numbers, category=category)
        columns = ("hazard__measures", "hazard__contingency", "hazard__budget")
        rows = sorted(alike.values_list("number", *columns), key=lambda r: numbers.index(r[0]))
        for number, measures, contingency, budget in rows[:1]:
            label = _("As last time (%(number)s)") % {"number": number}
            fills = {"contingency": contingency, "budget": str(budget or "")}
            self.offer_phrases("measures", [Phrase(label, measures, fills)] if measures else [])
            self.offer_phrases("contingency", [Phrase(label, contingency)] if contingency else [])

    def _propose_day(self, case: Case) -> None:
        """Propose a deadline by category and grade, until one is set."""
        if case.hazard.deadline_date is None:
            today = localdate(self.now)
            asked = sources.of(case.number).deadline_date
            if asked is not None and asked >= today:
                self.initial["deadline_date"] = asked
                self.fields["deadline_date"].help_text = _("Proposed by the inspection.")
                return
            day_ = deadlines.proposed(case.hazard.grade, case.category, today)
            self.initial["deadline_date"] = day_
            self.fields["deadline_date"].help_text = _(
                "Proposed by category and grade; this is not a legal time limit."
            )

    def _bound(self, case: Case) -> None:
        """Explain until when the work may be planned, and where to request more time."""
        latest = binding.latest(case, self.user, HAZARD.powers_of(Move.ASSIGN), self.now)
        if latest is None:
            return
        field = self.fields["deadline_date"]
        field.widget.attrs["max"] = latest.isoformat()
        field.help_text = format_html(
            '{} <a href="{}">{}</a>',
            _("No later than %(day)s, the current deadline. The level above decides extensions.")
            % {"day": written_day(latest)},
            reverse("desk:move", args=[case.number, Move.ASK_EXTENSION.value]),
            _("Request extension"),
        )

    def given(self) -> Assignment:
        data = self.cleaned_data
        names = ("post", "measures", "budget", "deadline_date", "contingency")
        plan = Plan(unit=data["post"].unit, **{name: data[name] for name in names})
        return Assignment(plan, data["note"])


class StartForm(NoteForm):
    note = prose(_("Remark"), required=False, rows=2)


class StepForm(EvidenceForm[WithPhotos]):
    gives = WithPhotos

    note = prose(_("What has been done"))
    photos = photos_field(_("Photos of the work"))


class SubmitForm(EvidenceForm[WithPhotos]):
    """The finished work, with at least one photo of it."""

    gives = WithPhotos

    photos = photos_field(_("Photos after the fix"))
    note = prose(_("What was done"))

    def prepare(self) -> None:
        case, photos = self.subject, self.fields["photos"]
        photos.required = not case.has_after_evidence
        if case.has_after_evidence:
            photos.help_text = _("Photos of the work are already on the case.")
        elif case.returned_at or case.hazard.rebounds:
            photos.help_text = _("Photos from before it was sent back or reopened do not count.")


class VerifyForm(EvidenceForm[Verification], SeeingForm[Verification]):
    gives = Verification

    note = prose(_("Findings on site"))
    photos = photos_field(_("Verification photos"))


class ReturnForm(NoteForm):
    note = prose(_("Remaining problems"))


class CloseForm(SeeingForm[Closure]):
    """The closure; the reporter is notified of the result (HAZ-11)."""

    gives = Closure

    answer = prose(
        _("Result, for the reporter"),
        help_text=_("Read with the tracking code. Do not name officers or other people."),
    )
    note = prose(_("Remark"), required=False, rows=2)

    def prepare(self) -> None:
        if self.case is None or not notification.is_from_public(self.case):
            del self.fields["answer"]


class AskLaterConclusionForm(MoveForm[NewDate]):
    gives = NewDate

    until_date = deadline(_("New date for the conclusion"))
    note = prose(_("Why more time is needed"))

    def prepare(self) -> None:
        promised = notification.promise(self.subject).due
        self.fields["until_date"].help_text = _("The reporter was promised %(day)s.") % {
            "day": written_day(promised)
        }


class DecideExtensionForm(shared.DecideExtensionForm):
    def prepare(self) -> None:
        if self.subject.extension_rule:
            self.fields["note"].help_text = _(
                "If it is granted, the reporter reads this as the reason."
            )


class RecheckForm(EvidenceForm[WithPhotos]):
    gives = WithPhotos

    note = prose(pgettext_lazy("re-check", "Findings"))
    photos = photos_field(_("Verification photos"))


class ReopenForm(NoteForm):
    note = prose(_("What recurred"))


class ReasonForm(NoteForm):
    note = prose(_("Reason"))


class ControlForm(MoveForm[NewControl]):
    """What keeps people safe until the fix, its owner, and its expiry."""

    gives = NewControl

    what = prose(_("Control measures"))
    post = PostField(label=_("Post that sees to it"))
    expiry_date = deadline(_("In force until"))
    note = prose(_("Remark"), required=False, rows=2)

    def prepare(self) -> None:
        case = self.subject
        self.offer_posts("post", Power.COORDINATE, Power.HANDLE, besides=[case.owner])
        self.initial.setdefault("post", case.post_id)


class ControlField(forms.ModelChoiceField[Control]):
    def label_from_instance(self, obj: Control) -> str:
        return f"{obj.what[:60]} · {obj.expiry_date}"


class EndControlForm(MoveForm[EndedControl]):
    gives = EndedControl

    control = ControlField(
        label=_("Interim control"), queryset=Control.objects.none(), widget=forms.RadioSelect
    )
    note = prose(_("Why it is no longer needed"), required=False, rows=2)

    def prepare(self) -> None:
        field = self.fields["control"]
        assert isinstance(field, ControlField)
        open_ones = Control.objects.filter(hazard=self.subject.hazard, ended_at=None)
        field.queryset = open_ones.order_by("expiry_date", "pk")
        field.empty_label = None


class AddChildForm(MoveForm[PartOfCase]):
    gives = PartOfCase

    unit = UnitField(label=_("Unit that takes the part"))
    title = line(_("Summary of the part"))
    note = prose(_("Remark"), required=False, rows=2)

    def prepare(self) -> None:
        self.offer_units("unit", Power.COORDINATE)


class AmendForm(MoveForm[Correction]):
    """Correct the text of a case."""

    gives = Correction

    title = line(_("Summary of the hazard"))
    place = line(_("Place"))
    description = prose(_("More details"), required=False)
    category = CategoryField()
    note = prose(_("Reason for the correction"), rows=2)

    def prepare(self) -> None:
        for name in ("title", "place", "description", "category"):
            self.initial.setdefault(name, getattr(self.subject, name))
        category = self.fields["category"]
        assert isinstance(category, CategoryField)
        category.stated = self.subject.category


class CorrectForm(AmendForm):
    """Correct one's own report, without a reason."""

    note = prose(_("Remark"), required=False, rows=2)
