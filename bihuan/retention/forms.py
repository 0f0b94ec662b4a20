"""Forms for retention."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.orgs import choices
from bihuan.orgs.forms import UnitField
from bihuan.orgs.models import Unit
from bihuan.retention import wording
from bihuan.retention.queries import Due
from bihuan.web.fields import line, prose


class ProposeForm(forms.Form):
    """Which of the cases due are listed, and why they need not be kept."""

    what = forms.TypedChoiceField(label=gettext_lazy("Cases for the list"))
    reason = prose(
        gettext_lazy("Reason"),
        help_text=gettext_lazy("Result of the review: why none of the cases needs to be kept."),
    )

    def offer(self, due: Iterable[Due]) -> None:
        by_key = {each.key: each for each in due}
        what = self.fields["what"]
        assert isinstance(what, forms.TypedChoiceField)
        what.choices = [("", _("Choose")), *((key, _said(each)) for key, each in by_key.items())]
        what.coerce = by_key.__getitem__
        what.empty_value = None


def _said(each: Due) -> str:
    parts = (
        choices.name_of(each.unit),
        str(each.year),
        wording.entry_name(each.entry),
        wording.counted(each.count),
    )
    return " · ".join(parts)


class WhyForm(forms.Form):
    """Why a list is withdrawn, or a hold is lifted."""

    reason = prose(gettext_lazy("Reason"))


class HoldForm(forms.Form):
    """One case, or all cases of a unit and those below it."""

    number = line(
        gettext_lazy("Number of the case"),
        length=32,
        required=False,
        help_text=gettext_lazy("Leave empty to place all cases of a unit on hold."),
    )
    unit = UnitField(label=gettext_lazy("All cases of"), required=False)
    reason = prose(
        gettext_lazy("Reason"),
        help_text=gettext_lazy("Lawsuit, audit or inquiry: requested by whom and when."),
    )

    def offer(self, units: Iterable[Unit]) -> None:
        unit = self.fields["unit"]
        assert isinstance(unit, UnitField)
        unit.offer(units)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors and bool(given.get("number")) == bool(given.get("unit")):
            self.add_error("number", _("Enter a case number, or choose a unit."))
        return given
