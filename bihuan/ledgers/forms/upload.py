"""Upload a file with its unit, read it again, and choose what happens to refused rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bihuan.ledgers import mapping as mappings
from bihuan.ledgers.actions.drafts import IMPORTERS
from bihuan.ledgers.look import from_json
from bihuan.ledgers.mapping import Mapping
from bihuan.ledgers.models import ImportJob, SavedMapping
from bihuan.orgs import choices
from bihuan.orgs.forms import UnitField
from bihuan.orgs.models import Unit, User
from bihuan.orgs.queries import units_in_reach
from bihuan.sheets.header import HEADER_WITHIN
from bihuan.sheets.ledger import types


def _saved(units: list[Unit]) -> list[SavedMapping]:
    stored = SavedMapping.objects.filter(unit__in=units).select_related("unit")
    return list(stored.order_by("name", "unit__path"))


class SavedMappingField(forms.TypedChoiceField):
    """One of the mappings that the officer's units saved."""

    def offer(self, units: list[Unit]) -> bool:
        """Offer the mappings of these units; return whether there are any."""
        stored = {str(each.pk): each for each in _saved(units)}
        named = [(pk, f"{each.name} · {choices.name_of(each.unit)}") for pk, each in stored.items()]
        self.choices = [("", _("None: detect the columns")), *named]
        self.coerce = stored.__getitem__
        self.empty_value = None
        return bool(stored)


class _WithSaved(forms.Form):
    """A form that offers saved mappings, if there are any."""

    saved = SavedMappingField(label=gettext_lazy("Saved settings"), required=False)

    def offer_saved(self, units: list[Unit]) -> None:
        saved = self.fields["saved"]
        assert isinstance(saved, SavedMappingField)
        if not saved.offer(units):
            del self.fields["saved"]

    @property
    def mapping(self) -> Mapping | None:
        """Return the chosen saved mapping."""
        stored = self.cleaned_data.get("saved")
        return mappings.from_json(stored.mapping, stored.name) if stored else None


class UploadForm(_WithSaved):
    """The office's own file, and its unit."""

    file = forms.FileField(
        label=gettext_lazy("Workbook"),
        help_text=gettext_lazy(
            ".xlsx, .xls, .ods or .csv, in your office's own format. Nothing is imported before "
            "you see and confirm the result."
        ),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.ods,.csv,.txt"}),
    )
    kind = forms.TypedChoiceField(
        label=gettext_lazy("Type of ledger"),
        required=False,
    )
    unit = UnitField(
        label=gettext_lazy("Unit of the ledger"),
        help_text=gettext_lazy(
            "Rows may name this unit and the units below it. The trial run asks about rows "
            "without a unit."
        ),
    )
    field_order = ("file", "kind", "unit", "saved")

    def __init__(self, *args: Any, user: User, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.units = units_in_reach(user, IMPORTERS, now)
        unit = self.fields["unit"]
        assert isinstance(unit, UnitField)
        unit.offer(self.units)
        first = self.units[0].pk if self.units else None
        self.initial = {"unit": first, "kind": types.first().kind, **self.initial}
        kind = self.fields["kind"]
        assert isinstance(kind, forms.TypedChoiceField)
        kind.empty_value = types.first().kind
        kind.choices = [(ledger.kind, ledger.words.name) for ledger in types.every()]
        self.offer_saved(self.units)


class ReadAgainForm(_WithSaved):
    """Another sheet of the file, another header row, another type of ledger, or another saved
    mapping.
    """

    kind = forms.ChoiceField(label=gettext_lazy("Type of ledger"), required=False)
    sheet = forms.ChoiceField(label=gettext_lazy("Sheet"), required=False)
    header_row = forms.IntegerField(
        label=gettext_lazy("Header row"),
        required=False,
        min_value=1,
        max_value=HEADER_WITHIN,
    )
    field_order = ("kind", "sheet", "header_row", "saved")

    def __init__(self, *args: Any, job: ImportJob, units: list[Unit], **options: Any) -> None:
        super().__init__(*args, **options)
        seen = from_json(job.look)
        sheet = self.fields["sheet"]
        assert isinstance(sheet, forms.ChoiceField)
        sheet.choices = [(name, name) for name in seen.sheets]
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = [(ledger.kind, ledger.words.name) for ledger in types.every()]
        self.initial = {
            "kind": mappings.from_json(job.mapping, job.name).kind,
            "sheet": seen.sheet,
            "header_row": seen.header_row,
        }
        if len(seen.sheets) < 2:
            del self.fields["sheet"]
        self.offer_saved(units)

    @property
    def said_row(self) -> int:
        """Return the header row that the user specified, if it differs from the detected one;
        else 0.
        """
        row: int | None = self.cleaned_data["header_row"]
        return (row or 0) if "header_row" in self.changed_data else 0


class GoForm(forms.Form):
    """What happens to the good rows when others are refused."""

    refused = forms.ChoiceField(
        label=gettext_lazy("If rows are refused"),
        choices=[
            ("good", gettext_lazy("Import the valid rows and return the others to me")),
            ("all", gettext_lazy("All or nothing: import only if every row is valid")),
        ],
        initial="good",
        widget=forms.RadioSelect,
    )

    leave_rest = forms.BooleanField(required=False)

    def __init__(self, *args: Any, still_open: int = 0, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["leave_rest"].label = ngettext(
            "Leave out the %(n)s unanswered row; it is returned with the refused rows",
            "Leave out the %(n)s unanswered rows; they are returned with the refused rows",
            still_open,
        ) % {"n": still_open}

    @property
    def whole(self) -> bool:
        return bool(self.cleaned_data["refused"] == "all")
