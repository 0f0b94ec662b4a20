"""Forms for a clerk who records what a person says who calls, writes or comes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan import formats
from bihuan.cases import kinds
from bihuan.cases.models import Case
from bihuan.core.grievance import GRIEVANCE
from bihuan.core.powers import Power
from bihuan.core.suggestion import SUGGESTION
from bihuan.files.actions import Checked
from bihuan.files.fields import FilesField, sent_key
from bihuan.grievances import categories
from bihuan.grievances.actions.intake import IntakeStatement, kinds_taken
from bihuan.grievances.models import Category
from bihuan.orgs import choices
from bihuan.orgs.forms import UnitField
from bihuan.orgs.models import Unit, User
from bihuan.orgs.queries import units_acted_in
from bihuan.receipts import sides
from bihuan.receipts.accounts import Account, Identity
from bihuan.web.fields import line, prose

CLERKS = frozenset({Power.REPORT, Power.HANDLE, Power.COORDINATE, Power.DUTY})
CHANNELS = (Case.Channel.PHONE, Case.Channel.LETTER, Case.Channel.VISIT)
MOST_NAMED = 5
_BETWEEN = re.compile(r"[;,\n；，、]+")
_PRIVATE = {"autocomplete": "off", "data-no-draft": ""}


class NamesField(forms.CharField):
    """Several names in one line, each of which is one record."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=300, required=False, **options)
        self.widget.attrs.update(_PRIVATE, **{"data-unkept": ""})

    def clean(self, value: Any) -> list[Any]:
        names = [name.strip() for name in _BETWEEN.split(super().clean(value)) if name.strip()]
        if len(names) > MOST_NAMED:
            raise forms.ValidationError(_("Name at most five."))
        return [self.named(name) for name in names]

    def named(self, name: str) -> Any:
        raise NotImplementedError


class UnitsField(NamesField):
    """Units by name or code, anywhere in the tree."""

    def named(self, name: str) -> Unit:
        found = list(Unit.objects.filter(code=name)) or list(Unit.objects.filter(name=name)[:2])
        if not found:
            raise forms.ValidationError(_("There is no unit named “%(name)s”.") % {"name": name})
        if len(found) > 1:
            raise forms.ValidationError(
                _("Several units are named “%(name)s”: enter the code.") % {"name": name}
            )
        return found[0]


class OfficersField(NamesField):
    """Officers by user name, or by a full name that is unique."""

    def named(self, name: str) -> User:
        accounts = User.objects.filter(is_active=True)
        found = list(accounts.filter(username=name.lower())) or list(accounts.filter(name=name)[:2])
        if not found:
            raise forms.ValidationError(
                _("There is no officer named “%(name)s”. You can enter the unit instead.")
                % {"name": name}
            )
        if len(found) > 1:
            raise forms.ValidationError(
                _("Several officers are named “%(name)s”: enter the user name.") % {"name": name}
            )
        return found[0]


# Wishes that only one kind of case has.
_ONLY_OF = {"wants_paper": GRIEVANCE.kind, "may_publish": SUGGESTION.kind}


class IntakeForm(forms.Form):
    """What the person said, recorded faithfully (PET-24); the identity is sealed on creation."""

    fieldsets = (
        (_("1. Channel"), ("channel", "kind")),
        (_("2. Content"), ("title", "description", "category", "unit", "place")),
        (_("3. Subject of the complaint"), ("about_units", "about_officers")),
        (_("4. Reporter (optional)"), ("name_given", "call_me", "write_me", "post_to")),
        (_("5. Reporter's wishes"), ("wants_paper", "may_publish")),
    )

    form_key = forms.UUIDField(widget=forms.HiddenInput)
    channel = forms.ChoiceField(
        label=_("How received"),
        choices=[(each.value, each.label) for each in CHANNELS],
        widget=forms.RadioSelect,
    )
    kind = forms.ChoiceField(label=_("Kind"), widget=forms.RadioSelect)
    title = line(_("Summary (one line)"))
    description = prose(_("In the reporter's own words"), rows=6, required=False)
    category = forms.ChoiceField(label=_("Category"), required=False)
    unit = UnitField(label=_("Receiving unit"))
    place = line(_("Place"), required=False, help_text=_("Required for a hazard."))
    about_units = UnitsField(
        label=_("Units complained of"),
        help_text=_(
            "Names or codes. The case then goes to a unit above, and you can no longer see it."
        ),
    )
    about_officers = OfficersField(
        label=_("Officers complained of"), help_text=_("Names or user names, at most five.")
    )
    name_given = line(
        pgettext_lazy("of the person who tells it", "Name"),
        length=60,
        required=False,
        help_text=_("Optional. Leaving it out does not affect the time limits or the answer."),
    )
    call_me = line(_("Telephone number"), length=40, required=False)
    write_me = forms.EmailField(label=_("Mail"), max_length=120, required=False)
    post_to = line(_("Postal address"), required=False)
    wants_paper = forms.BooleanField(
        label=_("A written answer on paper is requested"), required=False
    )
    may_publish = forms.BooleanField(
        label=_("The suggestion may be published with the answer, without naming its author"),
        required=False,
    )

    def __init__(self, *args: Any, user: User, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        units = units_acted_in(user, CLERKS, now)
        self.is_open = bool(units)
        self._offer(units)
        for name in ("name_given", "call_me", "write_me", "post_to"):
            self.fields[name].widget.attrs.update(_PRIVATE)
        self.on = localdate(now)
        self.initial = {
            "form_key": uuid4(),
            "unit": units[0].pk if units else None,
            "kind": GRIEVANCE.kind,
            **self.initial,
        }

    def _offer(self, units: list[Unit]) -> None:
        unit, kind, category = (self.fields[name] for name in ("unit", "kind", "category"))
        assert isinstance(unit, UnitField)
        assert isinstance(kind, forms.ChoiceField)
        assert isinstance(category, forms.ChoiceField)
        unit.offer(units)
        labels = dict(kinds.choices())
        kind.choices = [(each, labels[each]) for each in kinds_taken()]
        category.choices = [("", _("Not decided yet")), *categories.offered()]

    def clean_category(self) -> Category | None:
        code = self.cleaned_data["category"]
        return categories.coded(code) if code else None

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        needs = sides.of(given["kind"]).needs if "kind" in given else {}
        for name, refusal in needs.items():
            if not given.get(name):
                self.add_error(name, str(refusal))
        if given.get("kind") != GRIEVANCE.kind:
            for name in ("about_units", "about_officers"):
                if given.get(name):
                    self.add_error(
                        name, _("Register a complaint about a unit or an officer as a grievance.")
                    )
        return given

    def key(self, photos: Sequence[Checked]) -> str:
        return str(sent_key(self, photos))

    def told(self) -> IntakeStatement:
        given = self.cleaned_data
        account = Account(
            title=given["title"],
            description=given["description"],
            place=given["place"],
            unit=given["unit"],
            channel=given["channel"],
            about_units=tuple(given["about_units"]),
            about_officers=tuple(given["about_officers"]),
            identity=Identity(
                name=given["name_given"],
                phone=given["call_me"],
                email=given["write_me"],
                address=given["post_to"],
            ),
        )
        return IntakeStatement(
            kind=given["kind"],
            account=account,
            category=given["category"],
            wants_paper=given["wants_paper"],
            may_publish=given["may_publish"],
        )

    def read_back(self) -> Iterator[tuple[str, str]]:
        """Return what was recorded, with labels, to be read to the person."""
        kind = self.cleaned_data["kind"]
        for _legend, names in self.fieldsets:
            for name in names:
                is_theirs = _ONLY_OF.get(name, kind) == kind
                text = self._said(name) if is_theirs else ""
                if text:
                    yield str(self.fields[name].label), text

    def _said(self, name: str) -> str:
        value = self.cleaned_data[name]
        if value is None or value == "" or value == []:
            return ""
        if isinstance(value, bool):
            return str(_("yes")) if value else str(_("no"))
        if name == "kind":
            return str(kinds.label(value))
        if name == "channel":
            return str(Case.Channel(value).label)
        if isinstance(value, Category):
            return categories.name_of(value)
        if isinstance(value, Unit):
            return choices.name_of(value)
        if isinstance(value, list):
            return formats.clauses(str(each) for each in value)
        return str(value)

    def again(self) -> Iterator[tuple[str, str]]:
        """Return the same form as it was sent, for the page that reads it back."""
        assert isinstance(self.data, QueryDict)
        for name in self.fields:
            for value in self.data.getlist(name):
                yield name, value


class PhotosForm(forms.Form):
    """Photos, or the letter itself, added after the text was read back."""

    photos = FilesField(
        label=_("Photos, or a photo of the letter"),
        required=False,
        help_text=_(
            "Location and camera data are removed when a photo is received. The photos stay with "
            "the office: they are not shown with the tracking code."
        ),
    )
