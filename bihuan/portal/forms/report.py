"""The form for a public report: photo, place, description, and a check before it is sent.

One form for all steps. The page shows the fields of one step and carries the others along, so that
nothing typed depends on a session, a cookie or a script alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from bihuan.core import places as points
from bihuan.core.routing import NoUnitAbove
from bihuan.grievances import categories
from bihuan.orgs.models import Unit, User
from bihuan.portal.actions import reporting
from bihuan.portal.actions.reporting import Matter, Report
from bihuan.portal.forms.fields import (
    AccusedField,
    AddresseeField,
    OfficesField,
    PhotosField,
    PlaceField,
    SeatsField,
    with_office,
)
from bihuan.portal.forms.posted import FromPoster
from bihuan.portal.queries import offices, places
from bihuan.portal.queries.offices import OfficePost
from bihuan.portal.queries.places import UNKNOWN
from bihuan.receipts.accounts import Account, Identity
from bihuan.web.fields import line, prose

STEPS = ("photo", "place", "words", "check")
# Filled in on the step of the place without a visible field.
BESIDE = {"place": ("latitude", "longitude", "find", "site")}
CONTACT = ("my_name", "call_me", "write_me", "post_to")
# Who another person is.
OF_OTHERS = ("other_name", "other_call")
# Digits of a telephone number.
SHORTEST_NUMBER = 6
Text = Any  # the stubs name the type of a lazy text, Django does not


def _contact(label: Text, length: int, kind: str, complete: str) -> forms.CharField:
    attributes = {"autocomplete": complete, "inputmode": kind}
    return line(label, length=length, required=False, widget=forms.TextInput(attributes))


def require_whole(number: str) -> None:
    """Refuse a telephone number of a few digits; other words are how the person is found."""
    if re.fullmatch(r"[\d ()+-]+", number) and len(re.sub(r"\D", "", number)) < SHORTEST_NUMBER:
        raise forms.ValidationError(
            _("This telephone number is too short. Complete it, or leave it empty.")
        )


def forget(fields: Iterable[forms.Field]) -> None:
    """Prevent the browser from offering or remembering the values of these fields."""
    for field in fields:
        field.widget.attrs["autocomplete"] = "off"


class ReportForm(FromPoster):
    """What every report has. `steps` assigns the fields to pages."""

    matter: ClassVar[Matter]
    # In which order the pages follow each other.
    order: ClassVar[tuple[str, ...]] = STEPS
    steps: ClassVar[dict[str, tuple[str, ...]]] = {
        "photo": ("photos",),
        "place": ("unit", "place"),
        "words": ("title", "description", "category", *CONTACT),
    }
    categories: ClassVar[tuple[str, ...]] = ()
    # Whether the position of the device may help to find the place.
    offers_position: ClassVar[bool] = True
    # What is sealed; in a collapsed section.
    sealed: ClassVar[tuple[str, ...]] = CONTACT

    photos = PhotosField(
        label=_("Photos"),
        required=False,
        help_text=_("Up to nine. Location and device data are removed when they are received."),
    )
    unit = PlaceField(label=_("Town or village"))
    place = line(_("Where exactly?"), help_text=_("Be exact enough for others to find it."))
    latitude = forms.FloatField(
        widget=forms.HiddenInput, required=False, min_value=-90, max_value=90
    )
    longitude = forms.FloatField(
        widget=forms.HiddenInput, required=False, min_value=-180, max_value=180
    )
    title = line(_("Describe the problem in one line"), length=100)
    description = prose(_("What should the office know?"), rows=6, required=False)
    category = forms.ChoiceField(label=_("Category"), required=False)
    my_name = _contact(_("Your name"), 60, "text", "name")
    call_me = _contact(_("Telephone"), 40, "tel", "tel")
    call_me.validators.append(require_whole)
    write_me = forms.EmailField(
        label=_("E-mail"),
        required=False,
        max_length=120,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    post_to = _contact(_("Postal address for letters"), 200, "text", "street-address")

    def __init__(self, *args: Any, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.on = localdate(now)
        self.takes_documents = reporting.takes_documents(self.matter)
        photos = self.fields["photos"]
        if self.takes_documents and isinstance(photos, PhotosField):
            photos.take_documents()
        for field in self.fields.values():
            if isinstance(field, OfficesField):
                field.on = self.on
        if "category" in self.fields:
            self._offer_categories()
        for name in [name for name in self.fields if name not in self._used()]:
            del self.fields[name]

    def _used(self) -> set[str]:
        beside = {"latitude", "longitude", *(("site",) if self.takes_site else ())}
        return {name for names in self.steps.values() for name in names} | beside

    def _offer_categories(self) -> None:
        field = self.fields["category"]
        assert isinstance(field, forms.ChoiceField)
        # Required only if the list is shown, or something in it was chosen.
        field.choices = self._offered

    def _offered(self) -> list[tuple[str, Any]]:
        offered = categories.offered(*self.categories) if self.categories else []
        return [("", _("I do not know")), *offered]

    @property
    def opens_seal(self) -> bool:
        """Whether the collapsed section contains values."""
        return any(self.data.get(name) or name in self.errors for name in self.sealed)

    @property
    def sealed_names(self) -> str:
        """Return the fields that never stay on a device: who the person is, and the position."""
        return " ".join((*self.sealed, *OF_OTHERS, "latitude", "longitude"))

    # ------------------------------------------------------------------- steps
    @classmethod
    def own(cls, step: str) -> frozenset[str]:
        """Return the fields that the page of this step decides."""
        return frozenset((*cls.steps.get(step, ()), *BESIDE.get(step, ())))

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Return the fields of all steps, except the photos themselves."""
        fields = [name for step in STEPS for name in cls.own(step) if name != "photos"]
        return (*fields, "kept")

    def after(self, step: str) -> str:
        return self.order[min(self.order.index(step) + 1, len(self.order) - 1)]

    def before(self, step: str) -> str:
        return self.order[max(self.order.index(step) - 1, 0)]

    def first_wrong(self, last: str) -> str:
        """Return the first step up to this one with an error, or None."""
        for step in self.order[: self.order.index(last) + 1]:
            if any(name in self.errors for name in self.steps.get(step, ())):
                return step
        return ""

    def show(self, step: str, *, with_errors: bool) -> None:
        """Limit the form to the fields of one step: other errors are shown on their own step."""
        shown = self.steps.get(step, ())
        for name in list(self.errors):
            if name != NON_FIELD_ERRORS and not (with_errors and name in shown):
                del self.errors[name]
        self.shown = [self[name] for name in shown]
        self.carried = [
            self[name] for name in self.fields if name not in shown and name != "photos"
        ]

    # ------------------------------------------------------------------ report
    @property
    def report(self) -> Report:
        """Return the report of the completed form."""
        category = categories.coded(self.cleaned_data.get("category", ""))
        return Report(
            matter=self.matter,
            account=self._account(category.name if category else ""),
            category=category,
        )

    def _account(self, category: str, **more: Any) -> Account:
        said = self.cleaned_data
        return Account(
            **{
                "title": said["title"],
                "unit": self._unit,
                "description": said["description"],
                "place": said.get("place", ""),
                "category": category[:80],
                "point": points.given(said.get("latitude"), said.get("longitude")),
                "identity": self._identity(*CONTACT),
                **more,
            }
        )

    @property
    def _unit(self) -> Unit:
        unit: Unit = self.cleaned_data["unit"][0]
        return unit

    @property
    def is_unplaced(self) -> bool:
        """Whether the person does not know in which town or village it is."""
        return "unit" in self.fields and UNKNOWN in (self["unit"].data or ())

    def _identity(self, *names: str) -> Identity:
        return Identity(*(self.cleaned_data.get(name, "").strip() for name in names))


class HazardForm(ReportForm):
    """A hazard."""

    matter = Matter.HAZARD
    categories = ("hazard",)


class GrievanceForm(ReportForm):
    """A request or a complaint about a situation."""

    matter = Matter.GRIEVANCE
    sealed = (*CONTACT, "wants_paper")
    categories = ("grievance",)
    steps = {
        **ReportForm.steps,
        "words": ("title", "description", "category", *CONTACT, "wants_paper"),
    }

    wants_paper = forms.BooleanField(
        label=_("I also want the answers on paper"),
        required=False,
        help_text=_("The office needs your name and postal address for this."),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("wants_paper"):
            for name in ("my_name", "post_to"):
                if not given.get(name, "").strip() and name not in self.errors:
                    self.add_error(name, _("Required for answers on paper."))
        return given

    @property
    def report(self) -> Report:
        plain = super().report
        return Report(plain.matter, plain.account, plain.category, self.cleaned_data["wants_paper"])


class SuggestionForm(ReportForm):
    """An idea."""

    matter = Matter.SUGGESTION
    offers_position = False
    categories = ("suggestion", "grievance")
    order = ("words", "place", "photo", "check")
    steps = {
        "words": ("title", "description", "category", "may_publish", *CONTACT),
        "place": ("unit",),
        "photo": ("photos",),
    }

    unit = AddresseeField(label=_("Town, village or office"))
    title = line(_("Your suggestion in one line"), length=100)
    description = prose(_("What should be different, and why?"), rows=6, required=False)

    may_publish = forms.BooleanField(
        label=_("The office may publish my suggestion with its answer"),
        required=False,
        help_text=_("In the office's own words, without your name. You do not have to agree."),
    )

    @property
    def report(self) -> Report:
        plain = super().report
        may = self.cleaned_data["may_publish"]
        return Report(plain.matter, plain.account, plain.category, may_publish=may)


class AccusationForm(ReportForm):
    """A complaint about an office or an officer. It goes above them."""

    matter = Matter.ACCUSATION
    offers_position = False
    takes_site = False
    steps = {
        "photo": ("photos",),
        "place": ("about", "unlisted", "seats", "place"),
        "words": ("title", "description", *CONTACT),
    }

    about = AccusedField(label=_("Office complained of"), required=False)
    unlisted = line(
        _("The office, in your own words"),
        required=False,
        help_text=_("Its name, where it is, or what it does."),
    )
    seats = SeatsField(label=_("Officers complained of, by post"), required=False)
    place = line(_("Where and when it happened"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # The computer may belong to those complained of.
        forget(self.fields.values())

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not (given.get("about") or given.get("unlisted") or "unlisted" in self.errors):
            self.add_error("about", _("Choose an office from the list, or describe it."))
        return given

    def seats_offered(self, units: list[Unit]) -> list[OfficePost]:
        return offices.held_posts(units, self.on)

    @property
    def report(self) -> Report:
        said = self.cleaned_data
        units: list[Unit] = said["about"]
        named = [s for s in self.seats_offered(units) if str(s.post.pk) in said["seats"]]
        with_seats = {seat.post.unit_id for seat in named}
        officers: tuple[User, ...] = tuple({seat.member.pk: seat.member for seat in named}.values())
        account = self._account(
            "",
            about_units=tuple(unit for unit in units if unit.pk not in with_seats),
            about_officers=officers,
            is_confidential=True,
            description=with_office(said["description"], said["unlisted"]),
        )
        return Report(self.matter, account)

    @property
    def _unit(self) -> Unit:
        """Return the first office chosen; the highest unit if one is only described."""
        units: list[Unit] = self.cleaned_data["about"]
        top = places.coordinating(self.on) if self.cleaned_data["unlisted"] else None
        if top is None and not units:
            raise NoUnitAbove
        return top or units[0]


class DisputeForm(ReportForm):
    """A dispute with another person that should be mediated."""

    matter = Matter.DISPUTE
    takes_site = False
    steps = {
        **ReportForm.steps,
        "words": ("title", "description", "other_name", "other_call", *CONTACT),
    }

    other_name = line(
        _("Who is the other party?"),
        length=60,
        required=False,
        help_text=_("Sealed like your own name: needed to ask the other party."),
    )
    other_call = line(_("How to contact the other party"), length=120, required=False)
    other_call.validators.append(require_whole)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        forget(self.fields[name] for name in OF_OTHERS)

    @property
    def report(self) -> Report:
        other = self._identity(*OF_OTHERS)
        return Report(self.matter, self._account(""), other_party=other if other.name else None)


FORMS: dict[str, type[ReportForm]] = {
    form.matter: form
    for form in (HazardForm, GrievanceForm, AccusationForm, SuggestionForm, DisputeForm)
}
