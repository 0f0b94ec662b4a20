"""What is filled in about a transfer letter. No field asks for a person."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.cases.models import Case, Evidence
from bihuan.orgs.forms import UnitField
from bihuan.transfers import queries
from bihuan.transfers.actions.letters import Content
from bihuan.transfers.models import Letter
from bihuan.web.fields import day, line, prose
from bihuan.web.forms import OnceForm

NO_NAMES = _(
    "Describe the place and the activity. Do not enter names of people: the competent body finds "
    "out who is responsible."
)


class ContentForm(OnceForm):
    """The competent body, what was found, the legal basis, and what is enclosed."""

    to_unit = UnitField(
        label=_("Competent body in the system"),
        required=False,
        help_text=_("The unit gets a notice and answers here."),
    )
    to_name = line(
        _("Or a body outside"),
        length=120,
        required=False,
        help_text=_("Its official name. Your unit then records the receipt and the answer."),
    )
    title = line(pgettext_lazy("transfer letter", "Subject"), length=200)
    place = line(_("Place"), length=200)
    found = prose(_("What was found at the place"), rows=5, help_text=NO_NAMES)
    basis = line(
        _("Legal basis"),
        length=300,
        help_text=_("The law and article that the activity seems to break."),
    )
    photos = forms.MultipleChoiceField(
        label=_("Photos to enclose"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only photos taken by officers: what a reporter sent is never enclosed."),
    )
    papers = prose(
        _("Other papers attached"), rows=2, required=False, max_length=1000,
        help_text=_("One to a line, for example “record of the inspection, 2 pages”."),
    )  # fmt: skip

    def __init__(self, *args: Any, case: Case, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        unit, photos = self.fields["to_unit"], self.fields["photos"]
        assert isinstance(unit, UnitField)
        assert isinstance(photos, forms.MultipleChoiceField)
        unit.offer(queries.addressees(case.owner, now))
        self.offered = {str(row.pk): row for row in queries.photos_of(case)}
        photos.choices = [(pk, _photo(case, row)) for pk, row in self.offered.items()]
        if not self.offered:
            del self.fields["photos"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        is_complete = not {"to_unit", "to_name"} & self.errors.keys()
        if is_complete and bool(given.get("to_unit")) is bool(given.get("to_name")):
            said = _("Choose a unit, or enter the name of a body outside, not both.")
            self.add_error("to_unit", said)
        return given

    def content(self) -> Content:
        data = {**self.cleaned_data}
        data.pop("form_key", None)
        photos = [self.offered[pk] for pk in data.pop("photos", [])]
        return Content(**data, photos=photos)


def _photo(case: Case, row: Evidence) -> SafeString:
    """Return how a photo is shown where it is chosen."""
    name = " · ".join(filter(None, (row.get_phase_display(), row.caption)))
    url = reverse("desk:evidence", args=[case.number, row.pk])
    thumbnail = '<img src="{}?size=small" alt="" width="64" height="48" loading="lazy"> {}'
    return format_html(thumbnail, url, name)


class _DayForm(OnceForm):
    """A form with a day that is not in the future."""

    def __init__(self, *args: Any, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = localdate(now)

    def _past(self, name: str) -> date:
        found: date = self.cleaned_data[name]
        if found > self.today:
            raise forms.ValidationError(_("This date is in the future."))
        return found


class ReceiveForm(_DayForm):
    received_date = day(_("Received on"))
    receipt = line(
        _("Number of the receipt"), length=60, required=False,
        help_text=_("The number under which the letter was registered, if there is one."),
    )  # fmt: skip

    def clean_received_date(self) -> date:
        return self._past("received_date")


class AnswerForm(_DayForm):
    answer = forms.ChoiceField(
        label=pgettext_lazy("transfer letter", "Answer"),
        choices=Letter.Answer.choices,
        widget=forms.RadioSelect,
    )
    text = prose(_("What the body answers"), rows=3, max_length=2000, help_text=NO_NAMES)
    answer_date = day(_("Answered on"))

    def clean_answer_date(self) -> date:
        return self._past("answer_date")


class ReasonForm(OnceForm):
    reason = prose(_("Reason"), rows=2, max_length=1000)


class IssueForm(OnceForm):
    """Nothing is filled in; the page says what will happen."""
