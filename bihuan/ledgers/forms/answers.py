"""Questions of a trial run about the file: the unit, splitting rows, and struck-through rows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _

from bihuan import formats
from bihuan.ledgers import mapping as mappings
from bihuan.ledgers.mapping import READ, SKIP
from bihuan.ledgers.models import ImportJob
from bihuan.sheets.ledger.units import Units
from bihuan.web.fields import line

# With one of these in the result there are rows of existing cases.
OF_CASES_HERE = ("updated", "unchanged", "doubts")
PARTED = ("several", "several_days", "parted")


def no_such_unit(text: str, units: Units) -> str:
    """Say that a text names no unit, or several, with those that it may mean."""
    if found := units.suggested(text):
        return _("Which unit is “%(shown)s”: %(units)s?") % {
            "shown": text,
            "units": formats.either(found),
        }
    return _("There is no such unit.")


class EmptyCellsField(forms.BooleanField):
    """Whether an empty cell clears the value of a case."""

    def __init__(self) -> None:
        super().__init__(
            label=_("An empty cell clears the field of an existing case"),
            help_text=_(
                "Usually an empty cell changes nothing. Tick this only if the file is the "
                "complete state of your ledger: empty cells then clear the field of the case, "
                "and the list of changes shows each as “→ (empty)”. Columns missing in the file "
                "stay unchanged; title and place are never cleared."
            ),
            required=False,
        )


class AnswersForm(forms.Form):
    """Asks only what the file left open; its mapping has the answers."""

    def __init__(self, *args: Any, job: ImportJob, unit_name: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.job = job
        self.mapping = mappings.from_json(job.mapping, job.name)
        ledger, noted = self.mapping.ledger, job.result.get("noted", {})
        unit = self.mapping.constants.get("unit", "")
        if unit or noted.get("no_unit"):
            self.fields["rows-unit"] = line(
                _("Rows without a responsible unit belong to"),
                length=80,
                required=False,
                widget=forms.TextInput(attrs={"list": "units", "placeholder": unit_name}),
                help_text=ledger.words.without_unit
                or _("Leave empty: the unit that received them."),
            )
            self.initial["rows-unit"] = unit
        if ledger.parting and (self.mapping.split or any(noted.get(kind) for kind in PARTED)):
            self.fields["rows-split"] = forms.BooleanField(
                label=str(ledger.parting.label), required=False
            )
            self.initial["rows-split"] = self.mapping.split
        if self.mapping.struck or noted.get("struck_rows"):
            self.fields["rows-struck"] = forms.ChoiceField(
                label=_("Rows with strikethrough"),
                choices=[
                    ("", _("return them")),
                    (READ, _("still valid: import them")),
                    (SKIP, _("no longer valid: skip them")),
                ],
                required=False,
                widget=forms.RadioSelect,
            )
            self.initial["rows-struck"] = self.mapping.struck
        if job.empty_clears or any(job.result.get(name) for name in OF_CASES_HERE):
            self.fields["rows-clear"] = EmptyCellsField()
            self.initial["rows-clear"] = job.empty_clears

    @property
    def questions(self) -> list[BoundField]:
        """Return the questions about rows that only a person can answer."""
        return [field for field in self if field.name != "rows-clear"]

    @property
    def clear(self) -> BoundField | None:
        """Return whether empty cells clear values, if that makes a difference."""
        return self["rows-clear"] if "rows-clear" in self.fields else None

    @property
    def empty_clears(self) -> bool:
        """Return whether empty cells clear values; unchanged if not asked."""
        return bool(self.cleaned_data.get("rows-clear", self.job.empty_clears))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        unit = given.get("rows-unit")
        units = Units(self.job.unit)
        if unit and units.find(unit) is None:
            self.add_error("rows-unit", no_such_unit(unit, units))
        constants = dict(self.mapping.constants)
        if "rows-unit" in self.fields:
            constants.pop("unit", None)
            if unit:
                constants["unit"] = unit
        self.mapping = replace(
            self.mapping,
            constants=constants,
            split=bool(given.get("rows-split", False)),
            struck=given.get("rows-struck", ""),
        )
        return given
