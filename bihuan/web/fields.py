"""Basic form fields of every part."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.orgs.forms import FIRST_YEAR, DayField, WordsField, day_field

Label = Any  # the stubs name the type of a lazy text, Django does not


class Datalist(forms.TextInput):
    """A text input that suggests values and accepts others."""

    template_name = "web/datalist.html"

    def __init__(
        self, options: Iterable[tuple[str, str]], attrs: dict[str, Any] | None = None
    ) -> None:
        super().__init__(attrs)
        self.options = options

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        identity = f"{context['widget']['attrs'].get('id', name)}_options"
        context["widget"]["attrs"]["list"] = identity
        return {**context, "options": self.options, "list_id": identity}


class PhrasedText(forms.Textarea):
    """A text with phrases that can be put into it; without scripts they can be read and copied.

    The first one may fill several fields of the form (`fills`, by name).
    """

    template_name = "web/phrased.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.phrases: list[Phrase] = []
        # Where the text can be saved as a phrase, if it can.
        self.keep_url = ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        return {**context, "phrases": self.phrases, "keep_url": self.keep_url}


@dataclass(frozen=True)
class Phrase:
    """A text that is offered, and where it comes from."""

    label: Label
    text: str
    fills: Mapping[str, str] = field(default_factory=dict)

    @property
    def as_json(self) -> str:
        return json.dumps(self.fills, ensure_ascii=False)


def phrased(label: Label, *, rows: int = 3, **options: Any) -> forms.CharField:
    options.setdefault("max_length", 4000)
    return WordsField(label=label, widget=PhrasedText(attrs={"rows": rows}), **options)


def day(label: Label, **options: Any) -> DayField:
    return day_field(label, **options)


class MomentField(forms.DateTimeField):
    """A day and time of this era, that is one in every time zone."""

    def to_python(self, value: Any) -> datetime | None:
        given = super().to_python(value)
        if given is not None and not FIRST_YEAR <= given.year < date.max.year:
            raise forms.ValidationError(self.error_messages["invalid"], "invalid")
        return given


def moment(label: Label, **options: Any) -> MomentField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return MomentField(label=label, widget=widget, **options)


class DeadlineField(DayField):
    """A day by which something is due; one that is years ahead is a wrong year."""

    default_error_messages = {
        "too_late": _("This is more than %(years)d years ahead. Check the year."),
    }

    def __init__(self, *, years: int, **options: Any) -> None:
        super().__init__(**options)
        self.years, self.latest = years, date.max

    def begin(self, on: date) -> None:
        """Count the years from this day."""
        self.latest = on + timedelta(days=366 * self.years)
        self.widget.attrs["max"] = self.latest.isoformat()

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is not None and value > self.latest:
            said = self.error_messages["too_late"]
            raise forms.ValidationError(said, "too_late", {"years": self.years})


def deadline(label: Label, *, years: int = 3, **options: Any) -> DeadlineField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return DeadlineField(label=label, widget=widget, years=years, **options)


def prose(label: Label, *, rows: int = 3, **options: Any) -> forms.CharField:
    options.setdefault("max_length", 4000)
    return WordsField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **options)


def line(label: Label, *, length: int = 200, **options: Any) -> forms.CharField:
    return WordsField(label=label, max_length=length, **options)


def yes_or_no(label: Label, yes: Label, no: Label) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=[("yes", yes), ("no", no)],
        coerce="yes".__eq__,
        widget=forms.RadioSelect,
    )
