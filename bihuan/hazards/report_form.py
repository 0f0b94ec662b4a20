"""The form to report a hazard."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bihuan.cases import categories
from bihuan.core import places
from bihuan.core.hazard import HAZARD, REPORTERS
from bihuan.files.fields import FilesField, sent_key
from bihuan.hazards import standards
from bihuan.hazards.actions.reporting import Finding
from bihuan.orgs.choices import in_language
from bihuan.orgs.forms import UnitField
from bihuan.orgs.models import User
from bihuan.orgs.queries import units_acted_in
from bihuan.web.fields import day, line, prose


class CategoryField(forms.ChoiceField):
    """A category from the list that the public sees too, or the one that a ledger stated."""

    def __init__(self, **options: Any) -> None:
        super().__init__(label=_("Category"), required=False, **options)
        self.stated = ""
        self.choices = self._offered

    def _offered(self) -> list[tuple[str, Any]]:
        """Without a loaded tree, the names that ledgers use."""
        groups = categories.offered(HAZARD.kind) or [(gettext("Others"), _of_ledgers())]
        known = {name for _, names in groups for name, _ in names}
        return [("", gettext("I do not know")), *self._stated(known), *groups]

    def _stated(self, known: set[str]) -> list[tuple[str, str]]:
        return [(self.stated, self.stated)] if self.stated and self.stated not in known else []


def _of_ledgers() -> list[tuple[str, str]]:
    return [(zh, in_language(zh, en)) for zh, en in standards.categories()]


def photos_field(label: Any, **options: Any) -> FilesField:
    return FilesField(
        label=label,
        required=options.pop("required", False),
        help_text=_("Location and camera data are removed when a photo is received."),
        **options,
    )


def _hidden() -> forms.HiddenInput:
    """A part of the location, which the browser keeps with the text."""
    return forms.HiddenInput(attrs={"data-kept": ""})


class ReportForm(forms.Form):
    """Three steps on one page: photo, place, description."""

    fieldsets = (
        (_("1. Photo"), ("photos",)),
        (_("2. Place"), ("unit", "place")),
        (_("3. Hazard"), ("title", "description", "category", "found_date")),
    )

    form_key = forms.UUIDField(widget=forms.HiddenInput)
    # The record on whose page the report began.
    at = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)
    latitude = forms.FloatField(widget=_hidden(), required=False, min_value=-90, max_value=90)
    longitude = forms.FloatField(widget=_hidden(), required=False, min_value=-180, max_value=180)
    photos = photos_field(_("Photos of the hazard"))
    unit = UnitField(label=_("Unit where it was found"))
    place = line(_("Place"), help_text=_("Be exact enough for others to find it."))
    title = line(_("Summary of the hazard"))
    description = prose(_("More details"), required=False)
    category = CategoryField()
    found_date = day(_("Found on"))

    def __init__(self, *args: Any, user: User, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = localdate(now)
        units = units_acted_in(user, REPORTERS, now)
        unit = self.fields["unit"]
        assert isinstance(unit, UnitField)
        unit.offer(units)
        self.initial = {"form_key": uuid4(), "found_date": self.today, **self.initial}
        if self.initial.get("unit") not in {each.pk for each in units}:
            self.initial["unit"] = units[0].pk if units else None

    def clean_found_date(self) -> date:
        found: date = self.cleaned_data["found_date"]
        if found > self.today:
            raise forms.ValidationError(_("This date is in the future."))
        return found

    def finding(self) -> Finding:
        given = self.cleaned_data
        names = ("title", "place", "unit", "found_date", "description", "category")
        return Finding(
            **{name: given[name] for name in names},
            point=places.given(given["latitude"], given["longitude"]),
        )

    @property
    def key(self) -> UUID:
        return sent_key(self, self.cleaned_data["photos"])
