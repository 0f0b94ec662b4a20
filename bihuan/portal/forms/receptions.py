"""Forms for planning a reception day, and for visitors."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.orgs import choices
from bihuan.orgs.choices import Holding
from bihuan.orgs.forms import DayField
from bihuan.portal.actions.receptions import MOST_DAYS, Hours, weekly
from bihuan.receipts import codes
from bihuan.web.fields import line

# The limit of our calendars, within which a series of weeks still ends.
LAST_DAY = date(2199, 12, 31)


def _time(label: Any) -> forms.TimeField:
    return forms.TimeField(label=label, widget=forms.TimeInput({"type": "time"}, format="%H:%M"))


def _number(label: Any, least: int, most: int, initial: int) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=least, max_value=most, initial=initial)


class PlanForm(forms.Form):
    """One day on which a leader meets people, or a series of them."""

    post = forms.TypedChoiceField(label=_("Leader"))
    first = DayField(
        label=_("Day"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        validators=[MaxValueValidator(LAST_DAY)],
    )
    starts_at = _time(pgettext_lazy("time of day", "From"))
    ends_at = _time(pgettext_lazy("time of day", "Until"))
    slot_minutes = _number(_("Minutes per visitor"), 5, 240, 30)
    place = line(_("Where"), length=200)
    topic = line(_("Matter"), length=200, required=False)
    times = _number(_("Number of days in the series"), 1, MOST_DAYS, 1)
    every_weeks = _number(_("Weeks between days"), 1, 8, 1)

    def __init__(self, *args: Any, holdings: Iterable[Holding], **options: Any) -> None:
        super().__init__(*args, **options)
        offered = list(holdings)
        posts = {str(holding.post.pk): holding.post for holding in offered}
        field = self.fields["post"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = choices.grouped(offered)
        field.coerce = posts.__getitem__

    def dates(self) -> list[date]:
        said = self.cleaned_data
        return weekly(said["first"], said["times"], said["every_weeks"])

    def hours(self) -> Hours:
        names = ("starts_at", "ends_at", "slot_minutes", "place", "topic")
        return Hours(**{name: self.cleaned_data[name] for name in names})


class CancelForm(forms.Form):
    """Why a day is cancelled; for the journal."""

    reason = line(_("Reason"), length=200)


class CodeForm(forms.Form):
    """The code of a booking, as it was typed or pasted."""

    code = forms.CharField(
        label=_("Booking code"),
        max_length=120,
        help_text=_("Sixteen digits, or the five words. Spaces and hyphens are ignored."),
        widget=forms.TextInput(
            {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    def clean_code(self) -> str:
        code = codes.understood(self.cleaned_data["code"])
        if not code:
            raise forms.ValidationError(
                _("This is neither a sixteen-digit code nor the five words of one.")
            )
        return code
