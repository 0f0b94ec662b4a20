"""The form that classifies a grievance: each route with its law, and the fields of each."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bihuan.cases.wording import in_language
from bihuan.core.procedure import Pathway, SimpleExclusion
from bihuan.grievances.form_data import Classification
from bihuan.grievances.grievance_forms import GrievanceForm
from bihuan.grievances.queries import record_of
from bihuan.grievances.wording import EXCLUSIONS
from bihuan.orgs.forms import UnitField
from bihuan.orgs.models import Unit
from bihuan.web.fields import prose

# What the classifying officer must enter; that another route applies follows from the class.
STATED = frozenset(SimpleExclusion) - {SimpleExclusion.OTHER_ROUTE}
_ONLY_FOR = _("Only for “%(way)s”")


def _group(names: tuple[str, ...], ways: list[Pathway]) -> tuple[str, Any, str]:
    """Return a group of fields that only these pathways have."""
    named = _ONLY_FOR % {"way": in_language(ways[0].name)}
    return named, names, f"way={' '.join(way.id for way in ways)}"


def _described(way: Pathway) -> SafeString:
    """Return the name of a pathway with what the law says of it, and a case of it."""
    return format_html(
        '<span>{}<span class="hint">{}</span><span class="hint">{}{}</span></span>',
        in_language(way.name),
        in_language(way.law),
        gettext("For example: "),
        in_language(way.example),
    )


class ClassifyForm(GrievanceForm[Classification]):
    """The class and the route, which determine everything after."""

    way = forms.ChoiceField(label=_("Class and route"), widget=forms.RadioSelect)
    simple = forms.BooleanField(
        label=_("Use the simple procedure"),
        required=False,
        help_text=_("For small first reports that can be answered quickly."),
    )
    exclusions = forms.MultipleChoiceField(
        label=_("The simple procedure is not allowed if one of these applies"),
        choices=[(name, words) for name, words in EXCLUSIONS.items() if name in STATED],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    about = UnitField(
        label=_("Unit accused"),
        required=False,
        help_text=_(
            "The case then goes to a unit above, and this unit and all units below it are excluded."
        ),
    )
    note = prose(_("Remark"), required=False, rows=2)

    def prepare(self) -> None:
        record = record_of(self.subject)
        way = self.fields["way"]
        assert isinstance(way, forms.ChoiceField)
        ways = self.procedure.ways.values()
        way.choices = [(each.id, _described(each)) for each in ways]
        self.initial.setdefault("way", record.way)
        self.initial.setdefault("simple", record.is_simple)
        simple = [each for each in ways if each.may_be_simple]
        if not simple:
            del self.fields["simple"], self.fields["exclusions"]
        self.fieldsets = (
            *([_group(("simple", "exclusions"), simple)] if simple else []),
            _group(("about",), [self.procedure.confidential_way]),
            ("", ("note",), ""),
        )
        about = self.fields["about"]
        assert isinstance(about, UnitField)
        owner = self.subject.owner
        about.offer(Unit.objects.within(owner).in_force(localdate(self.now)).order_by("path"))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        way = self.procedure.ways.get(given.get("way", ""))
        if way and given.get("about") and not way.confidential:
            self.add_error(
                "about", _("Only an accusation is about a unit. Choose that, or no unit.")
            )
        return given

    def given(self) -> Classification:
        data = self.cleaned_data
        return Classification(
            way=data["way"],
            about=data["about"],
            note=data["note"],
            simple=data.get("simple", False),
            exclusions=[SimpleExclusion(name) for name in data.get("exclusions", ())],
        )
