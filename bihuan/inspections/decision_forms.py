"""The form of what follows from a failed item, with everything that is known filled in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils import translation
from django.utils.timezone import localdate
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from bihuan import languages
from bihuan.checklists import kinds
from bihuan.checklists import shown as lists
from bihuan.core.checklist import HazardHint, Item
from bihuan.core.hazard import REPORTERS
from bihuan.core.inspection import Outcome
from bihuan.files.fields import FilesField
from bihuan.hazards.models import Hazard
from bihuan.hazards.report_form import CategoryField
from bihuan.inspections import wording
from bihuan.inspections.actions.settling import Decision, Proposal
from bihuan.inspections.models import Inspection, Settlement
from bihuan.inspections.queries import Record, must_be_reported
from bihuan.orgs.choices import name_of
from bihuan.orgs.forms import UnitField
from bihuan.orgs.models import Unit, User
from bihuan.orgs.queries import units_acted_in
from bihuan.sites.models import Site
from bihuan.web.fields import deadline, line, prose

LONGEST_TITLE = 120


class DecisionForm(forms.Form):
    """One failed item: a hazard, fixed on the spot, or neither with a reason."""

    outcome = forms.ChoiceField(
        label=pgettext_lazy("failed item", "What follows"),
        choices=Settlement.Outcome.choices,
        initial=Outcome.HAZARD,
        widget=forms.RadioSelect,
    )
    title = line(_("Summary of the hazard"), length=LONGEST_TITLE, required=False)
    place = line(_("Place"), required=False)
    unit = UnitField(label=_("Unit where it was found"), required=False)
    description = prose(_("More details"), required=False, rows=2)
    category = CategoryField()
    grade = forms.ChoiceField(
        label=_("Proposed grade"),
        choices=[("", _("No proposal")), *Hazard.Grade.choices],
        required=False,
        help_text=_("A proposal only: who confirms the hazard decides."),
    )
    deadline_date = deadline(_("Proposed deadline"), required=False)
    fixed_photos = FilesField(label=_("Photos of what was fixed"), required=False)
    reason = prose(_("Reason"), required=False, rows=2)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: Any = None,
        *,
        item: Item,
        record: Record,
        units: list[Unit],
        regulators: Mapping[str, Unit],
        now: datetime,
    ) -> None:
        super().__init__(data, files, prefix=item.key)
        self.item, self.record, self.today = item, record, localdate(now)
        field, until = self.fields["unit"], self.fields["deadline_date"]
        assert isinstance(field, UnitField)
        field.offer(units)
        until.begin(self.today)  # type: ignore[attr-defined]
        outcome = self.fields["outcome"]
        assert isinstance(outcome, forms.ChoiceField)
        if not units:  # an operator of sites reports no hazards
            outcome.choices = [e for e in Settlement.Outcome.choices if e[0] != Outcome.HAZARD]
            self.initial["outcome"] = Outcome.FIXED
        elif must_be_reported(record, item.key):
            outcome.choices = [e for e in Settlement.Outcome.choices if e[0] != Outcome.REASON]
        begun = prefilled(item, record, units, regulators, self.today)
        self.initial = {**begun, **self.initial}
        self.fieldsets = (
            (_("The hazard"), HAZARD_FIELDS, f"{item.key}-outcome={Outcome.HAZARD}"),
            (_("Fixed on the spot"), ("fixed_photos",), f"{item.key}-outcome={Outcome.FIXED}"),
            (_("Neither"), ("reason",), f"{item.key}-outcome={Outcome.REASON}"),
        )

    def clean_deadline_date(self) -> date | None:
        found: date | None = self.cleaned_data["deadline_date"]
        if found is not None and found < self.today:
            raise forms.ValidationError(_("This date is in the past."))
        return found

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = self.cleaned_data
        if data.get("outcome") == Outcome.HAZARD:
            for name in ("title", "place", "unit"):
                if name not in self.errors and not data.get(name):
                    self.add_error(name, _("This field is required."))
        elif data.get("outcome") == Outcome.REASON and not data.get("reason"):
            self.add_error("reason", _("Enter a reason."))
        return data

    def decision(self) -> Decision:
        data = self.cleaned_data
        outcome = Outcome(data["outcome"])
        return Decision(
            item=self.item.key,
            outcome=outcome,
            reason=data["reason"] if outcome is Outcome.REASON else "",
            hazard=self._proposal() if outcome is Outcome.HAZARD else None,
            photos=tuple(data["fixed_photos"]) if outcome is Outcome.FIXED else (),
        )

    def _proposal(self) -> Proposal:
        data, hint = self.cleaned_data, self.item.hazard or HazardHint()
        return Proposal(
            **{name: data[name] for name in HAZARD_FIELDS},
            criterion=hint.criterion,
            basis=_stored_basis(self.item),
        )


HAZARD_FIELDS = ("title", "place", "unit", "description", "category", "grade", "deadline_date")


def prefilled(
    item: Item, record: Record, units: list[Unit], regulators: Mapping[str, Unit], today: date
) -> dict[str, Any]:
    """Return what is known of the hazard of a failed item."""
    inspection, hint = record.inspection, item.hazard or HazardHint()
    answer = record.answers[item.key]
    title = gettext("Not in order: %(item)s") % {"item": wording.item_text(item)}
    site = inspection.site
    basis = _basis(item)
    parts = [
        answer.note,
        gettext("Basis: %(basis)s") % {"basis": basis} if basis else "",
        _competent(hint.trade, regulators),
    ]
    unit = _first(units, site, regulators, hint.trade)
    return {
        "title": title[:LONGEST_TITLE],
        "place": " ".join(filter(None, (site.name, site.address)))[:200],
        "unit": str(unit.pk) if unit else None,
        "description": "\n".join(filter(None, parts)),
        "category": hint.category,
        "grade": hint.grade.value if item.hazard else "",
        "deadline_date": today + timedelta(days=hint.days) if hint.days else None,
    }


def _basis(item: Item) -> str:
    """Return the legal basis, and that it is not sure if it is not."""
    basis, doubt = languages.name(item.basis.zh, item.basis.en), lists.doubt(item.confidence)
    if not basis or not doubt:
        return basis
    return gettext("%(basis)s (%(doubt)s)") % {"basis": basis, "doubt": doubt}


def _stored_basis(item: Item) -> str:
    with translation.override(settings.LANGUAGE_CODE):
        return _basis(item)


def _first(
    units: list[Unit], site: Site, regulators: Mapping[str, Unit], trade: str
) -> Unit | None:
    """Return the unit to begin with: the operator's, but where a trade is competent, its regulator
    or the unit in charge of the site.
    """
    if not trade:
        return units[0] if units else None
    competent = regulators.get(trade)
    others = [unit for unit in units if unit.pk != site.operator_unit_id]
    return competent if competent in units else others[0] if others else None


def _competent(trade: str, regulators: Mapping[str, Unit]) -> str:
    if not trade:
        return ""
    unit = regulators.get(trade)
    named = kinds.trade(trade) + (f" · {name_of(unit)}" if unit else "")
    return gettext("Competent: %(unit)s") % {"unit": named}


def regulators_of(site: Site, items: Iterable[Item]) -> Mapping[str, Unit]:
    """Return the units that regulate the site in the trades which these items name."""
    trades = {item.hazard.trade for item in items if item.hazard and item.hazard.trade}
    if not trades:
        return {}
    rows = site.regulators.filter(trade__in=trades).select_related("unit")
    return {row.trade: row.unit for row in rows}


def units_of(
    inspection: Inspection, user: User, now: datetime, regulators: Iterable[Unit] = ()
) -> list[Unit]:
    """Return the units for which the officer may report what was found: the operator's first."""
    site = inspection.site
    competent = [unit.pk for unit in regulators]
    wanted = [site.operator_unit_id, site.unit_id, inspection.unit_id, *competent]
    reach = {unit.pk: unit for unit in units_acted_in(user, REPORTERS, now)}
    return [reach[pk] for pk in dict.fromkeys(wanted) if pk in reach]
