"""What is filled in about a site, its papers and its equipment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.files.fields import sent_key
from bihuan.maps.forms import AreaField, PlacedForm, PointField, show_ground
from bihuan.orgs.forms import UnitField
from bihuan.orgs.models import Unit, User
from bihuan.sites import catalogue, queries
from bihuan.sites.actions.equipment import EquipmentFacts
from bihuan.sites.actions.papers import PaperFacts
from bihuan.sites.actions.registering import SiteFacts
from bihuan.sites.catalogue import Attribute, AttributeType, SiteKind
from bihuan.sites.models import Site, SiteEquipment, SitePaper
from bihuan.sites.values import MOST
from bihuan.web.fields import day, line, prose

MOST_COUNTED = 10**6
_OPERATORS = (Unit.Kind.ENTERPRISE, Unit.Kind.SCHOOL, Unit.Kind.FOREST_FARM)
_ATTRIBUTE = "attribute_"


class KeyedForm(forms.Form):
    """A form that creates something once, also when it is sent twice."""

    form_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial = {"form_key": uuid4(), **self.initial}

    @property
    def key(self) -> UUID:
        return sent_key(self)


class SiteForm(KeyedForm, PlacedForm):
    """The facts of a site and the attributes of its kind."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    unit = UnitField(label=_("Unit in charge of the area"))
    name = line(_("Name of the site"), length=120)
    address = line(pgettext_lazy("a site", "Address"), required=False)
    operator_unit = UnitField(
        label=_("Operator, if it is a unit here"),
        required=False,
        help_text=_("An enterprise, a school or a forest farm of the organisation."),
    )
    operator_name = line(
        _("Operator, if it is not"),
        length=120,
        required=False,
        help_text=_("The name of the enterprise or institution, not of a person."),
    )
    point = PointField(unit="unit", required=False, help_text=_("In degrees, WGS 84."))
    boundary = AreaField(
        unit="unit",
        required=False,
        help_text=_("Latitude and longitude of each corner in a line of its own."),
    )

    def __init__(
        self, *args: Any, kind: SiteKind, user: User, now: datetime, site: Site | None = None,
        **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **options)
        self.kind, self.site = kind, site
        units = queries.units_for(user, now)
        if site is not None:
            del self.fields["unit"]
            show_ground(self, site.unit)
            self.initial = {**self.initial, **_initial(site)}
        else:
            _unit(self, "unit").offer(units)
            self.initial.setdefault("unit", units[0].pk if units else None)
        _unit(self, "operator_unit").offer(_operators(units, site))
        names = [_ATTRIBUTE + each.key for each in kind.attributes]
        for name, each in zip(names, kind.attributes, strict=True):
            self.fields[name] = _field(each)
        first = ["name", "address"] if site else ["unit", "name", "address"]
        self.fieldsets = (
            (_("The site"), first),
            (_("Operator"), ["operator_unit", "operator_name"]),
            (_("Position"), ["point", "boundary"]),
            *([(str(kind), names)] if names else ()),
        )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("operator_unit") and given.get("operator_name"):
            self.add_error("operator_name", _("Name the operator once: as a unit or by name."))
        return given

    def placed_in(self, given: Mapping[str, Any]) -> Unit | None:
        return self.site.unit if self.site else super().placed_in(given)

    def facts(self) -> SiteFacts:
        given = self.cleaned_data
        return SiteFacts(
            name=given["name"],
            address=given["address"],
            operator_unit=given["operator_unit"],
            operator_name=given["operator_name"],
            point=given["point"],
            boundary=given["boundary"].as_geojson() if given["boundary"] else None,
            attributes={
                each.key: _value(each, given[_ATTRIBUTE + each.key])
                for each in self.kind.attributes
            },
        )


def _initial(site: Site) -> dict[str, Any]:
    stated = site.attributes
    return {
        "version": site.version,
        "name": site.name,
        "address": site.address,
        "operator_unit": site.operator_unit_id,
        "operator_name": site.operator_name,
        "point": site.point,
        "boundary": site.area,
        **{
            _ATTRIBUTE + each.key: _shown(each, stated.get(each.key))
            for each in site.site_kind.attributes
        },
    }


def _operators(units: list[Unit], site: Site | None) -> list[Unit]:
    found = [unit for unit in units if unit.kind in _OPERATORS]
    chosen = site.operator_unit if site else None
    return [chosen, *found] if chosen and chosen not in found else found


def _unit(form: forms.Form, name: str) -> UnitField:
    found = form.fields[name]
    assert isinstance(found, UnitField)
    return found


def _field(attribute: Attribute) -> forms.Field:
    """Return the field for an attribute of this type; none of them is required."""
    label = str(attribute)
    match attribute.type:
        case AttributeType.NUMBER:
            measured = f"{label}（{attribute.measure}）" if attribute.measure else label
            return forms.DecimalField(
                label=measured, required=False, min_value=0, max_value=MOST - 1, decimal_places=3
            )
        case AttributeType.CHOICE:
            offered = [("", _("Not stated")), *((c.key, str(c)) for c in attribute.choices)]
            return forms.ChoiceField(label=label, required=False, choices=offered)
        case AttributeType.YES_NO:
            answers = [("", _("Not stated")), ("yes", _("Yes")), ("no", _("No"))]
            return forms.ChoiceField(label=label, required=False, choices=answers)
        case AttributeType.DATE:
            return day(label, required=False)
    return line(label, required=False)


def _value(attribute: Attribute, given: Any) -> object:
    if given in (None, ""):
        return None
    if attribute.type is AttributeType.YES_NO:
        return given == "yes"
    return float(given) if attribute.type is AttributeType.NUMBER else given


def _shown(attribute: Attribute, stated: Any) -> Any:
    if attribute.type is AttributeType.YES_NO and stated is not None:
        return "yes" if stated else "no"
    return stated


class ReasonForm(forms.Form):
    reason = prose(_("Reason"), rows=2, max_length=400)


class MoveForm(ReasonForm):
    unit = UnitField(label=_("New unit in charge"))

    field_order = ("unit", "reason")

    def __init__(self, *args: Any, user: User, now: datetime, site: Site, **options: Any) -> None:
        super().__init__(*args, **options)
        units = [unit for unit in queries.units_for(user, now) if unit.pk != site.unit_id]
        _unit(self, "unit").offer(units)


class RegulatorsForm(forms.Form):
    """One field for each trade; those that usually regulate such a site come first."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(
        self, *args: Any, site: Site, present: Mapping[str, Unit], offered: list[Unit],
        **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **options)
        self.initial = {"version": site.version, **self.initial}
        usual = site.site_kind.trades
        trades = catalogue.trades()
        self.trades = [*usual, *(key for key in trades if key not in usual)]
        for key in self.trades:
            chosen = present.get(key)
            units = offered if chosen is None or chosen in offered else [chosen, *offered]
            self.fields[f"trade_{key}"] = found = UnitField(label=str(trades[key]), required=False)
            found.offer(units)
            self.initial.setdefault(f"trade_{key}", chosen.pk if chosen else None)
        self.fieldsets = (
            (_("Usual for this kind"), [f"trade_{key}" for key in usual]),
            (_("Other trades"), [f"trade_{key}" for key in self.trades if key not in usual]),
        )

    def regulators(self) -> dict[str, Unit]:
        given = {key: self.cleaned_data[f"trade_{key}"] for key in self.trades}
        return {key: unit for key, unit in given.items() if unit is not None}


class PaperForm(KeyedForm):
    """A paper; of certificates of staff only how many there are and the first day to expire."""

    kind = forms.ChoiceField(label=_("Kind of paper"))
    title = line(_("Name, if the kind does not say it"), length=80, required=False)
    number = line(_("Number of the paper"), length=60, required=False)
    issuer = line(_("Issued by"), length=120, required=False)
    issued_date = day(_("Issued on"), required=False)
    expires_date = day(
        _("Expires on"), required=False, help_text=_("Leave it empty if it does not expire.")
    )
    count = forms.IntegerField(
        label=_("Number of certificates"), required=False, min_value=0, max_value=MOST_COUNTED,
        help_text=_(
            "For certificates of staff: how many there are, and above the first day on which one "
            "expires. Do not enter names."
        ),
    )  # fmt: skip

    def __init__(
        self, *args: Any, site: Site, paper: SitePaper | None = None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        usual, known = site.site_kind.papers, catalogue.paper_kinds()
        keys = [*usual, *(key for key in known if key not in usual)]
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = [("", _("Choose a kind")), *((key, str(known[key])) for key in keys)]
        if paper is not None:
            kind.choices = [(paper.kind, str(paper.paper_kind))]
            same = {"kind": paper.kind, "title": paper.title, "issuer": paper.issuer}
            self.initial = {**self.initial, **same, "count": paper.count}
        counted = " ".join(key for key, each in known.items() if each.is_count)
        self.fieldsets = ((_("Certificates of staff"), ("count",), f"kind={counted}"),)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        issued, expires = given.get("issued_date"), given.get("expires_date")
        if issued and expires and expires < issued:
            self.add_error("expires_date", _("The paper would expire before the day of its issue."))
        return given

    def facts(self) -> PaperFacts:
        names = ("kind", "title", "number", "issuer", "issued_date", "expires_date", "count")
        return PaperFacts(**{name: self.cleaned_data[name] for name in names})


class EquipmentForm(forms.Form):
    """Equipment of one type, its count against the norm, and its next check."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    name = line(_("Equipment"), length=80, help_text=_("For example “fire extinguishers, 4 kg”."))
    count = forms.IntegerField(label=_("How many"), min_value=0, max_value=MOST_COUNTED)
    norm = forms.IntegerField(
        label=_("Required by the norm"), required=False, min_value=0, max_value=MOST_COUNTED
    )
    state = forms.ChoiceField(
        label=_("State of repair"), choices=SiteEquipment.State.choices, widget=forms.RadioSelect
    )
    last_used_date = day(_("Last used on"), required=False)
    next_check_date = day(_("Next check by"), required=False)

    def __init__(
        self, *args: Any, now: datetime, equipment: SiteEquipment | None = None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.today = localdate(now)
        names = [name for name in self.fields if name != "version"]
        found = {name: getattr(equipment, name) for name in names} if equipment else {}
        version = equipment.version if equipment else 0
        self.initial = {"state": "good", "version": version, **found, **self.initial}

    def clean_last_used_date(self) -> date | None:
        found: date | None = self.cleaned_data["last_used_date"]
        if found and found > self.today:
            raise forms.ValidationError(_("This date is in the future."))
        return found

    def facts(self) -> EquipmentFacts:
        names = ("name", "count", "norm", "state", "last_used_date", "next_check_date")
        return EquipmentFacts(**{name: self.cleaned_data[name] for name in names})


class LinkForm(forms.Form):
    number = line(_("Number of the case"), length=300)


def regulators_offered(site: Site) -> list[Unit]:
    """Return the units that may regulate a site: the offices below the units above it."""
    above = [site.unit.path, *site.unit.paths_above()]
    offices = (Unit.Kind.DEPARTMENT, Unit.Kind.GOVERNMENT, Unit.Kind.TOWN)
    beside = Unit.objects.open().filter(kind__in=offices, parent__path__in=above)
    return list(beside.order_by("path")[:300])
