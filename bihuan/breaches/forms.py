"""Forms for breaches. No field asks for a person."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from django import forms
from django.utils.timezone import localtime
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from bihuan.breaches import queries, wording
from bihuan.breaches.actions.registration import BreachFacts
from bihuan.breaches.models import Breach, Particulars, Step
from bihuan.cases.queries import seen_among
from bihuan.core.breach import Authority, BreachAct, Data, Grade, Known
from bihuan.orgs.forms import UnitField
from bihuan.orgs.models import User
from bihuan.web.fields import Label, line, moment, prose
from bihuan.web.forms import OnceForm

NO_NAMES = _("Do not enter names of people, neither officers nor the people affected.")
BETWEEN_NUMBERS = re.compile(r"[\s,，、;；]+")


class FoundForm(OnceForm):
    """A breach as known in the first hour; the rest is completed later."""

    unit = UnitField(label=_("Unit concerned"))
    found_at = moment(
        _("When it was found"),
        help_text=_("The time limit for the report runs from here, day and night."),
    )
    how_found = prose(_("How it was found"), rows=2, help_text=NO_NAMES)
    happened = prose(pgettext_lazy("a breach", "What happened"), rows=3, help_text=NO_NAMES)
    kinds = forms.MultipleChoiceField(
        label=_("Which kinds of data"),
        choices=[*wording.KINDS.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    people = forms.IntegerField(
        label=_("Approximate number of people"),
        min_value=0,
        max_value=2_000_000_000,
        required=False,
        help_text=_("Leave empty while unknown."),
    )
    grade = forms.ChoiceField(
        label=_("Grade"),
        choices=[each for each in Breach.Grade.choices if each[0] != Grade.NONE],
        widget=forms.RadioSelect,
        initial=Grade.UNKNOWN,
        help_text=_("When in doubt, choose “not known yet”: the limit of four hours then applies."),
    )
    cases = line(
        _("Related cases"),
        required=False,
        length=400,
        help_text=_("Case numbers, if any. Only officers who may see a case see it here."),
    )

    def __init__(self, *args: Any, user: User, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user, self.now = user, now
        self.prepare()

    def prepare(self) -> None:
        units = queries.units_for(self.user, self.now)
        field = self.fields["unit"]
        assert isinstance(field, UnitField)
        field.offer(units)
        if units:
            self.initial.setdefault("unit", str(units[0].pk))
        self.initial.setdefault("found_at", localtime(self.now))

    def clean_cases(self) -> tuple[str, ...]:
        """Validate the case numbers: those that the officer may not see count as unknown."""
        given = dict.fromkeys(filter(None, BETWEEN_NUMBERS.split(self.cleaned_data["cases"])))
        seen = seen_among(self.user, list(given), self.now)
        for number in given:
            if number not in seen:
                raise forms.ValidationError(
                    gettext("There is no case %(number)s that you may see.") % {"number": number}
                )
        return tuple(given)

    def found(self) -> BreachFacts:
        data = self.cleaned_data
        named = {each.name: data[each.name] for each in fields(BreachFacts) if each.name in data}
        return BreachFacts(**{**named, "kinds": tuple(map(Data, data["kinds"]))})


class CorrectForm(FoundForm):
    """Everything that the report and the notice to the people affected contain."""

    unit = None  # type: ignore[assignment]
    grade = None  # type: ignore[assignment]
    cause = prose(_("Cause, as far as known"), required=False, help_text=NO_NAMES)
    harm = prose(_("Harm caused or possible"), required=False)
    advice = prose(_("What the people affected can do themselves"), required=False)
    contact = prose(
        _("Where to get information"),
        required=False,
        rows=2,
        help_text=_("Office telephone, address and opening hours."),
    )
    reason = prose(_("New information or corrections"), rows=2, help_text=NO_NAMES)
    field_order = (
        "found_at", "how_found", "happened", "kinds", "people", "cause", "harm", "advice",
        "contact", "cases", "reason",
    )  # fmt: skip

    def __init__(self, *args: Any, particulars: Particulars, **options: Any) -> None:
        self.particulars = particulars
        super().__init__(*args, **options)

    def prepare(self) -> None:
        copied = ("how_found", "happened", "kinds", "people", "cause", "harm", "advice", "contact")
        self.initial.update({name: getattr(self.particulars, name) for name in copied})
        self.initial["found_at"] = localtime(self.particulars.found_at)
        self.initial["cases"] = " ".join(self._shown())
        self.fields["found_at"].help_text = _("It can only be corrected to an earlier time.")

    def clean_found_at(self) -> datetime:
        """Keep the original seconds, which the field does not show: left unchanged, it is not a
        correction.
        """
        given: datetime = self.cleaned_data["found_at"]
        before = self.particulars.found_at
        return before if given == before.replace(second=0, microsecond=0) else given

    def clean_cases(self) -> tuple[str, ...]:
        """Keep the cases that this officer may not see, without showing them."""
        given, shown = super().clean_cases(), self._shown()
        unseen = [number for number in self.particulars.cases if number not in shown]
        return (*given, *(number for number in unseen if number not in given))

    def _shown(self) -> list[str]:
        return queries.cases_of(self.particulars, self.user, self.now)


class StepForm(OnceForm):
    """One statement about a breach."""

    def __init__(
        self, *args: Any, breach: Breach, known: Known, now: datetime, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.breach, self.known, self.now = breach, known, now
        if "at" in self.fields:
            self.initial.setdefault("at", localtime(now))
        self.prepare()

    def prepare(self) -> None:
        """Fill in what depends on the state of the breach."""

    def clean_at(self) -> datetime:
        """Accept the minute of discovery, since the field shows no seconds."""
        given: datetime = self.cleaned_data["at"]
        found_at = self.breach.found_at
        return found_at if given == found_at.replace(second=0, microsecond=0) else given


class ContainForm(StepForm):
    at = moment(_("Effective since"))
    remedy = prose(
        pgettext_lazy("a breach", "What was done"),
        help_text=_("For example: sessions ended, passwords and keys changed, the sheet recalled."),
    )


class GradeForm(StepForm):
    grade = forms.ChoiceField(
        label=_("Grade"), choices=Breach.Grade.choices, widget=forms.RadioSelect
    )
    reason = prose(_("Reason"), help_text=NO_NAMES)

    def prepare(self) -> None:
        field = self.fields["grade"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [each for each in Breach.Grade.choices if each[0] != self.breach.grade]

    def clean_grade(self) -> Grade:
        return Grade(self.cleaned_data["grade"])


class TellForm(StepForm):
    authority = forms.ChoiceField(
        label=pgettext_lazy("an authority", "Authority notified"),
        choices=Step.Authority.choices,
        widget=forms.RadioSelect,
    )
    at = moment(_("When"))
    means = line(_("How"), length=120, help_text=_("For example: telephone, reporting site, fax."))
    receipt = line(
        _("Number or name of the receipt"),
        length=120,
        required=False,
        help_text=_("The reference number given by the authority; do not enter names."),
    )
    words = prose(
        pgettext_lazy("an authority", "Content of the report"), required=False, help_text=NO_NAMES
    )

    def prepare(self) -> None:
        first = next(iter(self.known.untold), Authority.DEPARTMENT)
        self.initial.setdefault("authority", first)

    def clean_authority(self) -> Authority:
        return Authority(self.cleaned_data["authority"])


class TellPersonsForm(StepForm):
    at = moment(_("When"))
    means = line(
        _("How"), length=120, help_text=_("For example: letter, message on the tracking page.")
    )
    words = prose(
        _("Information given to them"),
        rows=5,
        help_text=_("The text of the notice is on a separate page, ready to copy."),
    )


def _one(name: str, label: Label, **options: Any) -> type[StepForm]:
    """Create a form of one field."""
    return type(f"{name.title()}Form", (StepForm,), {name: prose(label, **options)})


FORMS: Mapping[BreachAct, type[StepForm]] = {
    BreachAct.CONTAIN: ContainForm,
    BreachAct.GRADE: GradeForm,
    BreachAct.TELL: TellForm,
    BreachAct.TELL_PERSONS: TellPersonsForm,
    BreachAct.SPARE_PERSONS: _one(
        "reason",
        _("Why no harm is possible"),
        help_text=_("The authority may still order that they be notified."),
    ),
    BreachAct.ADD: _one("words", _("Note"), help_text=NO_NAMES),
    BreachAct.ASK_CHECK: _one("summary", _("Lessons and improvements")),
    BreachAct.SEND_BACK: _one("reason", _("What is missing")),
    BreachAct.CLOSE: _one("findings", _("What you checked and what you found")),
    BreachAct.REOPEN: _one("reason", _("New findings")),
}


class StrikeForm(OnceForm):
    reason = prose(_("Why it is wrong"), rows=2, help_text=NO_NAMES)
