"""Forms for an office's contact details."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.orgs import choices
from bihuan.orgs.models import Unit
from bihuan.portal.actions.outlets import Particulars
from bihuan.web.fields import line, prose


class OutletForm(forms.Form):
    """One way to reach a unit."""

    name = line(_("Channel name"), length=120, help_text=_("For instance: reception hall."))
    name_en = line(_("Channel name in English"), length=160, required=False)
    place = line(_("Location"), length=200, required=False)
    number = line(_("Telephone"), length=60, required=False)
    hours = line(
        _("Opening hours"), length=200, required=False, help_text=_("List every day or range.")
    )
    note = prose(_("Other information"), required=False)
    order = forms.IntegerField(
        label=_("Position in the unit's list"), min_value=0, max_value=999, initial=0
    )
    is_shown = forms.BooleanField(label=_("Visible to the public"), required=False, initial=True)

    def particulars(self) -> Particulars:
        return Particulars(**{name: self.cleaned_data[name] for name in OutletForm.base_fields})


class NewOutletForm(OutletForm):
    """The same with its unit."""

    unit = forms.TypedChoiceField(label=pgettext_lazy("form", "Unit"))
    field_order = ("unit", "name")

    def __init__(self, *args: Any, units: Iterable[Unit], **options: Any) -> None:
        super().__init__(*args, **options)
        known = {str(unit.pk): unit for unit in units}
        field = self.fields["unit"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [(key, choices.name_of(unit)) for key, unit in known.items()]
        field.coerce = known.__getitem__
